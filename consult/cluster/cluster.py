"""This process as one of several nodes: it beats, takes and lets go, and says where a consult is.

Rules of this file:
- What is taken is noted where the log looks it up (`epochs`), before anybody acts on it.
- What others have taken from this node, or may have, is told to `on_lost` before anything else is done.
- Nobody waits longer than FIND_S for who has a consult; a node that dies is found out within that.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Collection, MutableMapping
from typing import Protocol
from weakref import WeakValueDictionary

from msgspec.structs import replace

from consult.clock import now as wall_now
from consult.clock import steady
from consult.cluster.peers import BEAT_S, DEAD_S, LAPSE_S, Peers
from consult.model.errors import OurFault, Refused, StoreFailed
from consult.model.identifiers import ConsultId
from consult.store.leases import Leases, Node, Replaced, Seen

logger = logging.getLogger(__name__)
FIND_S = 5.0
AGAIN_S = 0.1
MOST = 1 << 30
"""More load than any node has."""
APART_S = 30.0
"""So far a node's wall clock may be from the store's: links, seats and deadlines go by it."""


class Elsewhere(OurFault):
    """Another node has the consult."""

    def __init__(self, node: str) -> None:
        super().__init__("elsewhere", "This consult is on another server just now. Try again in a moment.")
        self.node = node


class NamedLeases(Leases, Protocol):
    """Leases that also tell whose a name is."""

    async def taken_by(self, name: str) -> Seen | None:
        """The process that has a name, and its beat."""


class Cluster:
    """One node. `join` first, `leave` last.

    Args:
        leases: of the store.
        node: who this is.
        epochs: of the leases that it has; the log reads them.
        load: how much this node has to do.
    """

    shared = True
    """What it lets go another node may take (`runtime.registry.Ownership`)."""

    def __init__(
        self, leases: NamedLeases, node: Node, epochs: MutableMapping[ConsultId, int],
        load: Callable[[], int] = lambda: 0,
    ) -> None:  # fmt: skip
        self.node, self.load = node, load
        self._leases, self._epochs = leases, epochs
        self._held: set[str] = set()
        self._newer: set[str] = set()
        """Consults that a newer release has written, as this node has learnt when it would have taken them."""
        self._peers = Peers(node.incarnation, steady())
        self._on_lost: list[Callable[[Collection[str]], None]] = []
        self._on_wanted: list[Callable[[str], None]] = []
        self._ends = WeakValueDictionary[str, asyncio.Event]()
        self._task: asyncio.Task[None] | None = None
        self._replaced: Replaced | None = None
        self.apart_s = 0.0
        """This machine's wall clock less the store's."""

    async def join(self) -> None:
        """Be a node; of a process of the same name that has died, wait until it is known to be dead.

        Raises:
            Refused: "same_name", "clock_apart".
            StoreFailed: the store is not reached.
        """
        until, seen, since = steady() + FIND_S, None, steady()
        while await self._leases.join(self.node, seen if steady() - since >= DEAD_S else None) is not None:
            found = await self._leases.taken_by(self.node.name)
            if found != seen:
                seen, since = found, steady()
            if steady() > until:
                raise Refused(
                    "same_name",
                    f"A node named {self.node.name!r} runs already: give this one another name with --node.",
                )
            await asyncio.sleep(AGAIN_S)
        await self._beat()
        if abs(self.apart_s) > APART_S:
            await self._leases.leave(self.node)
            raise Refused(
                "clock_apart",
                f"The clock of this machine is {self.apart_s:+.0f} s from that of Redis: links would expire at other "
                "times here than on other nodes. Let both be set by NTP (chrony, systemd-timesyncd).",
            )
        self._task = asyncio.create_task(self._run(), name="beats")

    def on_lost(self, lost: Callable[[Collection[str]], None]) -> None:
        """Call this with the consults that this node must not act for any more."""
        self._on_lost.append(lost)

    def on_wanted(self, wanted: Callable[[str], None]) -> None:
        """Call this with a consult that another node wants to have: let it go once it may."""
        self._on_wanted.append(wanted)

    async def check(self) -> None:
        """Raises StoreFailed: this node cannot act as one now."""
        if self._replaced is not None:
            raise StoreFailed(self._replaced.code, self._replaced.sentence)
        if self._peers.lapsed(steady()):
            raise StoreFailed("lapsed", "This server has lost touch with Redis, and other servers go on without it.")
        if abs(self.apart_s) > APART_S:
            sentence = f"The clock of this machine is {self.apart_s:+.0f} s from that of Redis."
            raise StoreFailed("clock_apart", sentence)

    async def own(self, consult: str, *, new: bool = False, insist: bool = False) -> None:
        """Have a consult, or go on having it.

        Args:
            new: there need not be such a consult yet.
            insist: ask another that has it to let it go, and wait for that.

        Raises:
            Elsewhere: another has it, and lives.
            Refused: "unknown_consult".
            StoreFailed.
        """
        if consult in self._held and not self._peers.lapsed(steady()):
            return
        until = steady() + FIND_S
        while True:
            try:
                await self._take(consult, new=new)
                return
            except Elsewhere:
                if not insist or steady() > until:
                    raise
            await self._leases.ask(consult)
            await asyncio.sleep(AGAIN_S)

    async def _take(self, consult: str, *, new: bool) -> None:
        if self._replaced is not None or self.node.leaving:
            raise Elsewhere("")
        holder = await self._leases.holder(consult)
        seen = None if holder is None else self._peers.dead(holder, steady())
        grant = await self._leases.take(consult, self.node, seen, new=new)
        if grant.kind == "unknown":
            raise Refused("unknown_consult", "There is no such consult here.")
        if grant.kind == "newer":
            self._newer.add(consult)
        if grant.kind != "granted":
            raise Elsewhere(grant.holder)
        self._held.add(consult)
        self._epochs[ConsultId(consult)] = grant.epoch

    async def release(self, consult: str) -> None:
        """Let it go; who has it next has a greater epoch."""
        self._held.discard(consult)
        self._epochs.pop(ConsultId(consult), None)
        await self._leases.release(consult, self.node)

    async def whose(self, consult: str) -> Node | None:
        """The node that answers for it; None: this one. Who may have died is waited for.

        Raises:
            Elsewhere: it is another's that answers nobody, or nobody's that can be known.
            StoreFailed.
        """
        if consult in self._held:
            return None
        until = steady() + FIND_S
        while True:
            holder = await self._leases.holder(consult)
            node = None
            if holder is not None and self._peers.dead(holder, steady()) is None:
                node = self._peers.find(holder, steady())
            elif consult not in self._newer:
                return self._chosen()
            elif (newer := self._peers.choose(steady(), self.node.form + 1, load=MOST)) is not None:
                return newer
            if node is not None and node.incarnation == self.node.incarnation:
                return None
            if node is not None and node.address and not node.leaving:
                return node
            if steady() > until:
                raise Elsewhere("" if node is None else node.name)
            await asyncio.sleep(AGAIN_S)

    async def elsewhere(self, consult: str) -> Node | None:
        """The other node that has it now, if one that lives does. Raises StoreFailed."""
        holder = None if consult in self._held else await self._leases.holder(consult)
        node = None if holder is None else self._peers.find(holder, steady())
        return node if node is not None and node.incarnation != self.node.incarnation and node.address else None

    def end_of(self, node: Node) -> asyncio.Event:
        """Set once that process has died, been paused or cut off for long, or left: it answers nothing any more."""
        end = self._ends.get(node.incarnation)
        if end is None:
            end = self._ends[node.incarnation] = asyncio.Event()
        return end

    def living(self) -> list[Node]:
        """All nodes that live, by their names."""
        return self._peers.living(steady())

    def least(self) -> Node | None:
        """The node that shall have what is new; None: this one."""
        node = self._chosen()
        if node is not None:
            self._peers.gave(node.incarnation)
        return node

    async def drain(self) -> None:
        """Take nothing more: what comes goes to others, which are told."""
        self.node = replace(self.node, leaving=True)
        with contextlib.suppress(OurFault):  # else they learn it when this one has gone
            await self._beat()

    async def leave(self) -> None:
        """Let all go, and be no node any more."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None
            await self._leases.leave(self.node)

    def _chosen(self) -> Node | None:
        if self.node.leaving or self._replaced is not None:
            return self._peers.other(steady())
        return self._peers.choose(steady(), load=self.load())

    async def _run(self) -> None:
        while self._replaced is None:
            at = steady()
            try:
                async with asyncio.timeout(LAPSE_S):
                    await self._beat()
            except Replaced as replaced:
                self._replaced = replaced
                logger.error("node %s: %s", self.node.name, replaced.sentence)
            except (StoreFailed, TimeoutError):
                logger.warning("node %s: a beat was not answered", self.node.name)
            if self._replaced is not None or self._peers.lapsed(steady()):
                self._lose(set(self._held))
            await asyncio.sleep(max(0.0, at + BEAT_S - steady()))

    async def _beat(self) -> None:
        sent = steady()
        pulse = await self._leases.beat(replace(self.node, load=self.load()))
        self._peers.beaten(pulse.nodes, sent, steady())
        for incarnation, end in self._ends.items():
            if self._peers.find(incarnation, steady()) is None:
                end.set()
        self.apart_s = wall_now() - pulse.wall
        self._lose(self._held.intersection(pulse.lost))
        for consult in pulse.wanted:
            for tell in self._on_wanted:
                tell(consult)

    def _lose(self, consults: Collection[str]) -> None:
        """Others have them, or may."""
        if not consults:
            return
        logger.warning("node %s: %d consults have gone to other nodes", self.node.name, len(consults))
        self._held.difference_update(consults)
        for consult in consults:
            self._epochs.pop(ConsultId(consult), None)
        for tell in self._on_lost:
            tell(consults)
