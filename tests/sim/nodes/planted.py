"""Bugs of several nodes, as variants of the real parts. Only the simulation's own test uses them: the checker must find
each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import msgspec

from consult.cluster.peers import Peers
from consult.model.errors import Conflict, StoreFailed
from consult.model.identifiers import ConsultId
from consult.sessions.effects import Append
from consult.sessions.events import Entry
from consult.sessions.stored_state import StoredState
from consult.store.leases import Grant, Node, Pulse, Seen
from consult.store.leases.memory import MemoryLeases, _Lease
from tests.sim.nodes.person import Person
from tests.sim.nodes.process import OwnedNode
from tests.sim.nodes.store import Store
from tests.sim.nodes.world import PEOPLE, NodeOdds, NodesMake
from tests.sim.world import Make, Odds
from tests.support.cases import CONSULT

ONE = ConsultId(CONSULT)


class TakesAtOnce(Peers):
    """Takes what another has as soon as it is asked for."""

    def dead(self, incarnation: str, now: float) -> Seen | None:
        """Every beat stands still."""
        node = self._nodes.get(incarnation)
        return None if node is None or incarnation == self._me else Seen(incarnation, node.beat)


class JudgesWithoutLooking(Peers):
    """Was asleep itself, and takes that for the others' silence."""

    def beaten(self, nodes: Iterable[Node], sent: float, now: float) -> None:
        """As if it had always looked."""
        self._looked = now
        super().beaten(nodes, sent, now)


class NeverLapses(Peers):
    """Goes on though it has not beaten for long."""

    def lapsed(self, now: float) -> bool:
        """Never."""
        return False


class AnyBeat(MemoryLeases):
    """Gives away a lease whose holder has beaten meanwhile."""

    async def take(self, consult: str, node: Node, seen: Seen | None = None, *, new: bool = False) -> Grant:
        """See `Leases.take`."""
        lease = self.leases.get(consult)
        had = None if lease is None else self.nodes.get(lease.node)
        newest = seen if seen is None or had is None else Seen(had.incarnation, had.beat)
        return await super().take(consult, node, newest, new=new)


class AnybodyReleases(MemoryLeases):
    """Lets a lease go whoever asks."""

    async def leave(self, node: Node) -> None:
        """Whatever anybody has."""
        for lease in self.leases.values():
            lease.node = lease.incarnation = ""
        await super().leave(node)


class SameEpoch(MemoryLeases):
    """Grants the epoch of before once more."""

    async def take(self, consult: str, node: Node, seen: Seen | None = None, *, new: bool = False) -> Grant:
        """See `Leases.take`."""
        grant = await super().take(consult, node, seen, new=new)
        if grant.kind == "granted" and grant.epoch > 1:
            lease = self.leases[consult]
            self.leases[consult] = _Lease(lease.node, lease.incarnation, 1, lease.form)
            return Grant("granted", 1, node.name)
        return grant


class AnyName(MemoryLeases):
    """Lets two processes have one name."""

    async def join(self, node: Node, seen: Seen | None = None) -> int | None:
        """See `Leases.join`."""
        self.nodes[node.name] = node
        return None


class ForgetsNobody(MemoryLeases):
    """Does not tell a holder what was taken from it."""

    async def beat(self, node: Node) -> Pulse:
        """See `Leases.beat`."""
        pulse = await super().beat(node)
        return Pulse(pulse.nodes, (), pulse.wall)


class Fenceless(Store):
    """Takes entries of whoever brings some, at the end of what there is."""

    def put(self, operation: int, epoch: int, after: int, entries: Sequence[Entry]) -> None:
        """No epoch, no head."""
        super().put(operation, self.leases.epoch(CONSULT), len(self.stored), entries)

    def _append(self, consult: ConsultId, after: int, entries: Sequence[Entry]) -> None:
        self._open().setdefault(consult, []).extend(entries)


class NeverVoid(Store):
    """Stores what was said not to be."""

    def settle(self, operation: int, after: int, entries: Sequence[Entry]) -> bool:
        """See `Store.settle`."""
        found = super().settle(operation, after, entries)
        self.void.clear()
        return found


class Unsynced(Store):
    """Confirms what is in memory alone: appendfsync everysec."""

    def sync(self) -> None:
        """Once a second."""
        if self.sim.now - getattr(self, "_at", 0.0) > 1.0 or self.sim.is_calm:
            self._at = self.sim.now
            super().sync()


class LosesConfirmed(Store):
    """A replica without the last writes takes its place when the power fails."""

    def fail(self) -> None:
        """Some of what was on the disk is gone too."""
        self.synced -= 3 if self.synced > len(PEOPLE) * 2 + 6 else 0
        super().fail()


class StoresHalves(Store):
    """When the power fails the first entry of an append stays that was not stored."""

    def fail(self) -> None:
        """One more than was synced."""
        self.synced = min(len(self.stored), self.synced + 1)
        super().fail()

    def settle(self, operation: int, after: int, entries: Sequence[Entry]) -> bool:
        """Whatever is there is all of it."""
        self.void.add(operation)
        return len(self.stored) > after


class Unchecked(Store):
    """Reads entries without their checksums."""

    def read(self) -> list[Entry]:  # type: ignore[override]  # at once
        """What can be decoded."""
        try:
            return [msgspec.json.decode(line, type=Entry) for line in self.stored]
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise StoreFailed("unreadable_entry", "It cannot be decoded.") from error


class UncheckedState(Store):
    """Gives back a kept state as if it were sound."""

    def kept(self) -> StoredState | None:
        """With the checksum of what there is."""
        from consult.sessions.stored_state import _marked

        state = super().kept()
        return None if state is None else StoredState(state.seq, _marked(state.data), state.data)


class GoesOn(OwnedNode):
    """Serves its pages on though its log is another's: what it cannot store it confirms."""

    def _answered(self, outcome: Conflict | StoreFailed | None) -> None:
        super()._answered(None if isinstance(outcome, Conflict) else outcome)


def unknown_is_stored(store: Store, operation: int, append: Append) -> bool:
    """Whatever was not answered is taken for stored."""
    store.settle(operation, append.after, append.entries)
    return True


def unknown_is_not(store: Store, operation: int, append: Append) -> bool:
    """Whatever was not answered is taken for lost."""
    return False


REAL = NodesMake()
PAUSED, QUIET = NodeOdds(pause=0.3), NodeOdds(pause=0.0, lull=1.0, mishaps=(0, 1, 0, 0, 0, 0, 0))
DAMAGED = NodeOdds(mishaps=(10, 0, 0, 0, 0, 90, 0))
RESTLESS = Make(client=Person, odds=Odds(cut=0.2))
SWITCHING = Make(client=Person, odds=Odds(cut=0.04, switches=0.6))
PLANTED_NODES = {
    "a lease taken from who lives": replace(REAL, peers=TakesAtOnce, leases=AnyBeat),
    "a lease given away though its holder has beaten": replace(REAL, peers=JudgesWithoutLooking, leases=AnyBeat),
    "a node that is cut off goes on": replace(REAL, peers=NeverLapses),
    "a lease that anybody lets go": replace(REAL, leases=AnybodyReleases),
    "an epoch granted twice": replace(REAL, leases=SameEpoch),
    "two processes of one name": replace(REAL, leases=AnyName),
    "a holder that is not told": replace(REAL, leases=ForgetsNobody, odds=QUIET),
    "a holder that does not heed": replace(REAL, heeds_losses=False, odds=QUIET),
    "a log without a fence": replace(REAL, store=Fenceless),
    "a late append that was refused": replace(REAL, store=NeverVoid),
    "a lost answer taken for stored": replace(REAL, settle=unknown_is_stored),
    "a lost answer taken for not stored": replace(REAL, settle=unknown_is_not),
    "confirmed before it is on the disk": replace(REAL, store=Unsynced),
    "a replica without the last writes": replace(REAL, store=LosesConfirmed),
    "half an append behind a power cut": replace(REAL, store=StoresHalves, make=SWITCHING, odds=NodeOdds(crash=0.2)),
    "a flipped bit in an entry": replace(REAL, store=Unchecked, odds=DAMAGED),
    "a flipped bit in a kept state": replace(REAL, store=UncheckedState, odds=DAMAGED),
    "an owner that confirms what it could not store": replace(REAL, node=GoesOn, make=RESTLESS, odds=PAUSED),
}
"""By what goes wrong."""
