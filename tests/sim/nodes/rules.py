"""What must hold of nodes in every course, as somebody sees it who sees everything. It knows nothing of any bug.

18. Each lease has a greater epoch than the one before.
19. What a process has that lives and beats is not taken from it: the former holder has left, is dead, or has not beaten
    for DEAD_S. Nor is its name.
20. Whoever was awake and has been overtaken stops soon: nothing is done for a consult that has had another owner for
    longer than that takes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from consult.cluster.peers import BEAT_S, DEAD_S, LAPSE_S

if TYPE_CHECKING:
    from tests.sim.nodes.process import OwnedNode, Process
    from tests.sim.nodes.world import ClusterSimulation

STOPS_S = LAPSE_S - DEAD_S + BEAT_S + 0.6
"""Since another has it, or since it woke up: until it has found out."""


class Rules:
    """Notes what processes do, and says what is wrong with it to the checker."""

    def __init__(self, sim: ClusterSimulation) -> None:
        self.sim = sim
        self.epoch, self.since = 0, 0.0
        self.holder: Process | None = None
        self.held = ""
        self._beats: dict[str, float] = {}
        self._left: set[str] = set()
        self._names: dict[str, tuple[Process, str]] = {}

    def beat(self, incarnation: str) -> None:
        """It has beaten now."""
        self._beats[incarnation] = self.sim.now

    def left(self, incarnation: str) -> None:
        """It lets all go."""
        self._left.add(incarnation)

    def joined(self, process: Process) -> None:
        """A process has a name now."""
        former = self._names.get(process.name)
        if former is not None and self._lives(*former):
            self.sim.checker.wrong(f"{process.me.incarnation} has the name of one that lives")
        self._names[process.name] = process, process.me.incarnation
        self.beat(process.me.incarnation)

    def granted(self, process: Process, epoch: int) -> None:
        """A process has the consult now."""
        incarnation = process.me.incarnation
        if incarnation == self.held and epoch == self.epoch:
            return  # it has had it, and opens it anew
        if epoch <= self.epoch:
            self.sim.checker.wrong(f"epoch {epoch} behind {self.epoch}")
        if self.holder is not None and self.held != incarnation and self._lives(self.holder, self.held):
            self.sim.checker.wrong(f"{incarnation} took the consult from {self.held}, which lives")
        self.epoch, self.since, self.holder, self.held = epoch, self.sim.now, process, incarnation

    def acts(self, node: OwnedNode) -> None:
        """A process does something for the consult."""
        began = max(self.since, node.process.awake_since)
        if node.epoch < self.epoch and self.sim.now - began > STOPS_S:
            self.sim.checker.wrong(f"{node.process.me.incarnation} acts although another has had the consult for long")

    def _lives(self, process: Process, incarnation: str) -> bool:
        is_that = process.me.incarnation == incarnation and not process.is_dead
        recently = self.sim.now - self._beats.get(incarnation, -DEAD_S) < DEAD_S
        return is_that and recently and incarnation not in self._left
