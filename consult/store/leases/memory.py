"""Nodes and leases that are gone with their process: for tests and the simulation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from msgspec.structs import replace

from consult.store.leases import HOUSE, Grant, Node, Pulse, Replaced, Seen


@dataclass
class _Lease:
    node: str = ""
    incarnation: str = ""
    epoch: int = 0
    form: int = 0


@dataclass
class MemoryLeases:
    """Implements `Leases`; each step at once.

    Args:
        exists: whether there is such a consult.
        wall: the wall clock.
    """

    exists: Callable[[str], bool] = lambda consult: True
    wall: Callable[[], float] = lambda: 0.0
    nodes: dict[str, Node] = field(default_factory=dict)
    leases: dict[str, _Lease] = field(default_factory=dict)
    lost: dict[str, set[str]] = field(default_factory=dict)
    wanted: dict[str, set[str]] = field(default_factory=dict)
    granted: int = 0

    async def join(self, node: Node, seen: Seen | None = None) -> int | None:
        """See `Leases.join`."""
        had = self.nodes.get(node.name)
        if had is not None and had.incarnation != node.incarnation and not _stands_still(had, seen):
            return had.beat
        self.nodes[node.name] = replace(node, beat=0)
        return None

    async def beat(self, node: Node) -> Pulse:
        """See `Leases.beat`."""
        self._check(node)
        self.nodes[node.name] = replace(node, beat=self.nodes[node.name].beat + 1)
        lost = self.lost.pop(node.incarnation, set())
        wanted = self.wanted.pop(node.incarnation, set())
        return Pulse(tuple(self.nodes.values()), tuple(sorted(lost)), self.wall(), tuple(sorted(wanted)))

    async def leave(self, node: Node) -> None:
        """See `Leases.leave`."""
        had = self.nodes.get(node.name)
        if had is not None and had.incarnation == node.incarnation:
            del self.nodes[node.name]

    async def take(self, consult: str, node: Node, seen: Seen | None = None, *, new: bool = False) -> Grant:
        """See `Leases.take`."""
        self._check(node)
        if not new and consult != HOUSE and not self.exists(consult):
            return Grant("unknown")
        lease = self.leases.setdefault(consult, _Lease())
        if lease.incarnation == node.incarnation:
            return Grant("granted", lease.epoch, node.name)
        if lease.form > node.form:
            return Grant("newer", holder=lease.node)
        if lease.incarnation:
            had = self.nodes.get(lease.node)
            if had is not None and had.incarnation == lease.incarnation and not _stands_still(had, seen):
                return Grant("held", holder=lease.node)
            self.lost.setdefault(lease.incarnation, set()).add(consult)
        self.granted += 1
        self.leases[consult] = _Lease(node.name, node.incarnation, self.granted, node.form)
        return Grant("granted", self.granted, node.name)

    async def release(self, consult: str, node: Node) -> None:
        """See `Leases.release`."""
        lease = self.leases.get(consult)
        if lease is not None and lease.incarnation == node.incarnation:
            lease.node = lease.incarnation = ""

    async def ask(self, consult: str) -> None:
        """See `Leases.ask`."""
        if (holder := await self.holder(consult)) is not None:
            self.wanted.setdefault(holder, set()).add(consult)

    async def holder(self, consult: str) -> str | None:
        """See `Leases.holder`."""
        lease = self.leases.get(consult)
        return None if lease is None else lease.incarnation or None

    def epoch(self, consult: str) -> int:
        """Of the newest lease; what a log compares with."""
        lease = self.leases.get(consult)
        return 0 if lease is None else lease.epoch

    def _check(self, node: Node) -> None:
        had = self.nodes.get(node.name)
        if had is None or had.incarnation != node.incarnation:
            raise Replaced(node.name)


def _stands_still(had: Node, seen: Seen | None) -> bool:
    return seen is not None and (seen.incarnation, seen.beat) == (had.incarnation, had.beat)
