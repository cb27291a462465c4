"""A page of a consult on nodes: as any other, but less busy, and at times all of them only look on and point. Who asks
for nothing learns late that its node has lost the consult, and what comes late to the log finds its place free."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consult.model.identifiers import SeatId
from tests.sim.client import Client

if TYPE_CHECKING:
    from tests.sim.nodes.world import ClusterSimulation

POINTS_S = 0.3
PATIENCE_S = 4.0
"""So long a page stays with a node that says nothing: it may have been paused."""
ACTS_S = 0.12
"""More than other pages wait in the mean between two acts."""


class Person(Client):
    """One page."""

    sim: ClusterSimulation

    def __init__(self, sim: ClusterSimulation, seat: SeatId) -> None:
        super().__init__(sim, seat)
        self.patience_s = PATIENCE_S

    def act(self) -> None:
        """See `Client.act`."""
        if self.sim.is_calm or self.is_out or self.sim.now >= self.sim.lull_until:
            super().act()
            return
        if self.is_welcome:
            self._point()
        self.sim.after(POINTS_S, self.act)

    def _again(self) -> float:
        return super()._again() + ACTS_S * self.sim.random.random()
