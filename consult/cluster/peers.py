"""Which nodes live, as one node sees it, and whether it may still act as one itself. Pure: the time comes in.

Rules of this file:
- Only the steady clock of this machine is read. A node lives while its beat counts up; it is dead once it has stood
  still for DEAD_S in which this node looked on. So a clock that is set wrong, here or there, changes nothing.
- A node that cannot beat for LAPSE_S acts no longer for what it has: others may have taken it meanwhile, also such as
  it took for dead, which woke up. Where it has never known of another node it goes on: it is the only one.
- What has no holder goes to the node that has the least to do; of equal ones this one is taken. What was given to
  another counts at once: it tells what it has to do with its next beat alone.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from consult.store.leases import Node, Seen

BEAT_S = 0.25
DEAD_S = 1.5
"""Six beats."""
LAPSE_S = 3.0


class Peers:
    """What one node knows of the others.

    Args:
        me: incarnation of this node.
        now: it has just joined.
    """

    def __init__(self, me: str, now: float) -> None:
        self._me, self._beaten = me, now
        self._looked, self._was_alone = now, True
        self._nodes: dict[str, Node] = {}
        self._since: dict[str, float] = {}
        """By incarnation: when its newest beat was first seen."""

    def beaten(self, nodes: Iterable[Node], sent: float, now: float) -> None:
        """A beat of this node was answered.

        Args:
            nodes: all that there are.
            sent: when the beat was sent.
            now: when its answer came.
        """
        before = self._nodes
        nodes = list(nodes)
        self._was_alone &= not any(node.incarnation != self._me and node.address for node in nodes)
        self._nodes = {node.incarnation: node for node in nodes}
        for incarnation, node in self._nodes.items():
            had = before.get(incarnation)
            if had is None or had.beat != node.beat or now - self._looked > DEAD_S:
                self._since[incarnation] = now  # where nobody has looked for long, nobody has seen it stand still
        self._since = {incarnation: self._since[incarnation] for incarnation in self._nodes}
        self._beaten, self._looked = sent, now

    def dead(self, incarnation: str, now: float) -> Seen | None:
        """That node's beat, where it has stood still for so long that what it has may be taken; of one that is not
        known any more any beat."""
        if incarnation == self._me:
            return None
        node = self._nodes.get(incarnation)
        if node is None:
            return Seen(incarnation, -1)
        stood = now - self._since[incarnation]
        return Seen(incarnation, node.beat) if stood >= DEAD_S else None

    def lapsed(self, now: float) -> bool:
        """This node has been silent for so long that others may have what it had."""
        return not self._was_alone and now - self._beaten >= LAPSE_S

    def find(self, incarnation: str, now: float) -> Node | None:
        """A node that lives, by its incarnation."""
        node = self._nodes.get(incarnation)
        return node if node is not None and self.dead(incarnation, now) is None else None

    def living(self, now: float) -> list[Node]:
        """All that live, this one too, by their names."""
        found = [node for incarnation, node in self._nodes.items() if self.find(incarnation, now) is not None]
        return sorted(found, key=lambda node: node.name)

    def choose(self, now: float, form: int = 0, *, load: int = 0) -> Node | None:
        """The node that shall have what nobody has; None: this one.

        Args:
            form: it can read at least entries of that form.
            load: of this node, now.
        """
        others = [
            node for node in self.living(now)
            if node.incarnation != self._me and node.address and not node.leaving and node.form >= form
        ]  # fmt: skip
        least = min(others, key=lambda node: node.load, default=None)
        return least if least is not None and least.load < load else None

    def gave(self, incarnation: str) -> None:
        """That node shall have one more."""
        if (node := self._nodes.get(incarnation)) is not None:
            self._nodes[incarnation] = replace(node, load=node.load + 1)

    def other(self, now: float) -> Node | None:
        """Another that takes what this one cannot: the one that has the least to do."""
        return self.choose(now, load=1 << 30)
