"""A whole consult on a heap of events: one seed, one course of things. No clock, no socket, no sleep.

Rules of this network:
- A link keeps the order of what is reliable, as a WebSocket does; it is cut at any moment, and what was under way is
  lost, or still arrives while its page has long come back by another link.
- Shows, explored views, cursors and hands are dropped, doubled, delayed and arrive in another order. What replaces its
  like (`replacement_key`) is overwritten by newer ones while they wait for a slow page.
- The log takes time to reach and to answer; a server may die in between, fall asleep and wake up, or meet a full disk.
"""

from __future__ import annotations

import heapq
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from consult.model.errors import Conflict, OurFault, StoreFailed
from consult.model.identifiers import ConnectionId, ConsultId, InvitationId, SeatId
from consult.sessions.core import SessionCore
from consult.sessions.effects import Append, Close, Effect, Send, ShowIndependentView, ShowView, WakeAt
from consult.sessions.features.consult.commands import OpenConsult
from consult.sessions.features.kinds import ClientMessage, ServerMessage
from consult.sessions.features.seats.commands import Invite, TakeSeat
from consult.sessions.features.view.messages import Show
from consult.sessions.fold import fold_all
from consult.sessions.presence.messages import Cursor, Explore, RaiseHand
from consult.sessions.replaceable import replacement_key
from consult.store.log.memory import MemoryLog
from tests.sim.checker import Checker
from tests.sim.client import Client
from tests.support.cases import CONSULT, case

COMMANDS = 200
"""What people ask for in a course, used or refused, before it is calm."""
LONGEST_S = 60.0
INDEPENDENT_VIEWS = 2
QUIET_S = 30.0
CASES = (case("c1", ("s-1", "s-2")), case("c2", ("s-9",), "OTHER^MAN"), case("c3", ("s-1",)))
PEOPLE = (
    ("host", "host"), ("ann", "participant"), ("bob", "participant"), ("cid", "participant"), ("dan", "participant"),
    ("fay", "participant"), ("eve", "viewer"), ("gus", "viewer"),
)  # fmt: skip


@dataclass(frozen=True)
class Make:
    """Which classes play: the real ones, or variants with a planted bug."""

    core: type[SessionCore] = SessionCore
    log: type[MemoryLog] = MemoryLog
    client: type[Client] = Client


class Simulation:
    """Time, chance and everybody in it."""

    def __init__(self, seed: int, make: Make) -> None:
        self.random = random.Random(seed)
        self.now = 0.0
        self.make = make
        self.log = make.log()
        self.checker = Checker(seed)
        self.is_calm = False
        self.nodes: list[Node] = []
        self.clients: list[Client] = []
        self._heap: list[tuple[float, int, Callable[..., None], tuple[Any, ...]]] = []
        self._order = 0

    def after(self, delay: float, do: Callable[..., None], *args: Any) -> None:
        """Something happens later."""
        self._order += 1
        heapq.heappush(self._heap, (self.now + delay, self._order, do, args))

    def chance(self, probability: float) -> bool:
        """A fault happens, unless it is calm."""
        return not self.is_calm and self.random.random() < probability

    def latency(self) -> float:
        """Mostly short, sometimes long."""
        r = self.random.random()
        return 0.002 + 0.02 * r if r < 0.9 or self.is_calm else 0.1 + 3 * (r - 0.9)

    def run_until(self, end: float, *, done: Callable[[], bool] | None = None) -> None:
        """Let things happen until then, or until all is done."""
        while self._heap and self._heap[0][0] <= end:
            at, _, do, args = heapq.heappop(self._heap)
            self.now = at
            do(*args)
            if done is not None and done():
                return
        self.now = max(self.now, end)

    @property
    def owner(self) -> Node:
        """The newest server: where pages are sent."""
        return self.nodes[-1]

    def connect(self, client: Client, identifier: ConnectionId) -> Link:
        """A page connects: mostly to the owner, sometimes to a server that is it no longer."""
        alive = [node for node in self.nodes[-2:] if not node.is_dead]
        node = self.random.choice(alive) if alive and self.chance(0.2) else self.owner
        link = Link(self, client, node, identifier, _last_up=self.now + 0.5)
        self.after(self.latency(), node.accept, link)
        return link

    def take_over(self) -> None:
        """Another server folds the log and goes on."""
        entries = self.log._logs.get(CONSULT, [])
        if not entries:
            return
        try:
            state = fold_all(entries)
        except ValueError as error:
            self.checker.wrong(f"the log cannot be folded: {error}")
            self._heap.clear()
            return
        owner = f"server-{len(self.nodes) + 1}"
        core = self.make.core(state, owner=owner, tail=entries, independent_views=INDEPENDENT_VIEWS)
        node = Node(self, core)
        self.nodes.append(node)
        node.do(node.core.start(self.now))


@dataclass(eq=False)
class Link:
    """One WebSocket between a page and a server."""

    sim: Simulation
    client: Client
    node: Node
    id: ConnectionId
    up_dead: bool = False
    down_dead: bool = False
    _last_up: float = 0.0
    _waiting: dict[str, ServerMessage | None] = field(default_factory=dict)
    _number: int = 0
    _is_busy: bool = False

    def up(self, message: ClientMessage) -> None:
        """From the page to the server."""
        sim = self.sim
        if isinstance(message, Show | Explore | Cursor | RaiseHand):
            if sim.chance(0.15):
                return
            if sim.chance(0.1):
                sim.after(sim.latency() + 0.1, self._arrive, message)
            if sim.chance(0.1):
                sim.after(sim.latency(), self._arrive, message)
                return
        self._last_up = max(self._last_up, sim.now + sim.latency())
        sim.after(self._last_up - sim.now, self._arrive, message)

    def down(self, message: ServerMessage | None) -> None:
        """From the server to the page; None: closed."""
        key = replacement_key(message) if message is not None else ""
        if key:
            self._waiting.pop(key, None)
        self._number += 1
        self._waiting[key or str(self._number)] = message
        self._next()

    def cut(self, *, half: bool) -> None:
        """The page is cut off. `half`: what it sent still arrives, and the server learns of it late."""
        self.down_dead, self.up_dead = True, not half
        self.client.link = None
        self.sim.after(self.sim.latency() * (5 if half else 1), self.node.gone, self.id)

    def _next(self) -> None:
        if self._waiting and not self._is_busy:
            self._is_busy = True
            self.sim.after(self.sim.latency(), self._deliver)

    def _deliver(self) -> None:
        self._is_busy = False
        key = next(iter(self._waiting))
        message = self._waiting.pop(key)
        if self.down_dead:
            return
        if message is None:
            self.cut(half=False)
            return
        self.client.receive(self, message)
        self._next()

    def _arrive(self, message: ClientMessage) -> None:
        if not self.up_dead:
            self.node.receive(self, message)


class Node:
    """One server process: the shell around a core, as runtime has it."""

    def __init__(self, sim: Simulation, core: SessionCore) -> None:
        self.sim, self.core = sim, core
        self.links: dict[ConnectionId, Link] = {}
        self.is_dead = False
        self.asleep_until = 0.0
        self._queue: list[Effect] = []
        self._is_storing = False
        self._wake = 0

    def accept(self, link: Link) -> None:
        """A page connects."""
        if not self.is_dead and not self._later(self.accept, link):
            self.links[link.id] = link
            self.do(self.core.connect(link.id, link.client.seat, self.sim.now))

    def receive(self, link: Link, message: ClientMessage) -> None:
        """A page's message."""
        if not self.is_dead and not self._later(self.receive, link, message):
            effects = self.core.receive(link.id, message, self.sim.now)
            self.sim.checker.decided(self.core, effects)
            self.do(effects)

    def gone(self, connection: ConnectionId) -> None:
        """A page has gone."""
        if not self.is_dead and not self._later(self.gone, connection) and connection in self.links:
            del self.links[connection]
            self.do(self.core.disconnect(connection, self.sim.now))

    def die(self) -> None:
        """kill -9, or nobody needs it any more: everybody is cut off."""
        self.is_dead = True
        for link in list(self.links.values()):
            link.up_dead = True
            if link.client.link is link:
                link.cut(half=False)

    def do(self, effects: list[Effect]) -> None:
        """Do them in order; what is behind an append waits for it."""
        self._queue += effects
        while self._queue and not self._is_storing and not self.is_dead:
            match self._queue.pop(0):
                case Append() as append:
                    self._is_storing = True
                    self.sim.after(self.sim.latency(), self._reach_log, append)
                case Send(to, message):
                    for connection in to:
                        if connection in self.links:
                            self.links[connection].down(message)
                case Close(connection):
                    if connection in self.links:
                        self.links[connection].down(None)
                case WakeAt(at):
                    self._wake += 1
                    self.sim.after(max(0.0, at - self.sim.now), self._ring, self._wake)
                case ShowView() | ShowIndependentView() as due:
                    self.sim.checker.made_due(due)

    def _give_up(self) -> None:
        """It cannot own the consult; whoever is asked next tries again."""
        self.die()
        if self is self.sim.owner:
            self.sim.take_over()

    def _later(self, do: Callable[..., None], *args: Any) -> bool:
        """Asleep: it happens when it wakes up."""
        if self.asleep_until <= self.sim.now:
            return False
        self.sim.after(self.asleep_until - self.sim.now, do, *args)
        return True

    def _ring(self, number: int) -> None:
        if not self.is_dead and number == self._wake and not self._later(self._ring, number):
            self.do(self.core.wake(self.sim.now))

    def _reach_log(self, append: Append) -> None:
        if self.is_dead:
            return
        outcome: OurFault | None = None
        if self.sim.chance(0.03):
            outcome = StoreFailed("not_stored", "The disk is full.")
        else:
            try:
                self.sim.log._append(CONSULT, append.after, append.entries)
            except Conflict as conflict:
                outcome = conflict
        self.sim.after(self.sim.latency(), self._answered, append, outcome)

    def _answered(self, append: Append, outcome: OurFault | None) -> None:
        if self.is_dead or self._later(self._answered, append, outcome):
            return
        self._is_storing = False
        if isinstance(outcome, Conflict):
            self._give_up()
            return
        if outcome is not None:
            self._queue.clear()
            try:
                self.do(self.core.roll_back(append.after, outcome, self.sim.now))
            except StoreFailed:
                self._give_up()
            return
        self.core.stored(append.entries[-1].seq)
        self.do([])


def build(seed: int, make: Make) -> Simulation:
    """A consult with eight seats, opened and stored."""
    sim = Simulation(seed, make)
    sim.is_calm = True
    node = Node(sim, make.core.new(owner="server-1", independent_views=INDEPENDENT_VIEWS))
    sim.nodes.append(node)
    opening = OpenConsult(consult=ConsultId(CONSULT), title="Board", host_name="Host", cases=CASES)
    node.do(node.core.command(opening, sim.now))
    for name, role in PEOPLE:
        invite = Invite(invitation=InvitationId(f"i-{name}"), role=role)  # type: ignore[arg-type]  # a literal above
        node.do(node.core.command(invite, sim.now))
        seat = TakeSeat(seat=SeatId(name), invitation=InvitationId(f"i-{name}"), name=name)
        node.do(node.core.command(seat, sim.now))
    sim.run_until(2.0)
    sim.is_calm = False
    sim.clients = [make.client(sim, SeatId(name)) for name, _ in PEOPLE]
    return sim


def trouble(sim: Simulation) -> None:
    """What befalls servers, again and again while it is not calm."""
    if sim.is_calm:
        return
    r = sim.random.random()
    if r < 0.45:
        sim.owner.die()
        sim.take_over()
    elif r < 0.85:
        sim.owner.asleep_until = sim.now + 0.2 + sim.random.random()
        sim.take_over()
    sim.after(0.3 + 2 * sim.random.random(), trouble, sim)


def simulate(seed: int, make: Make | None = None) -> Checker:
    """One course of a consult, faults and all, then calm; the checker has found what is wrong with it."""
    sim = build(seed, make or Make())
    begin = sim.now
    for client in sim.clients:
        sim.after(sim.latency(), client.tick)
        sim.after(sim.latency(), client.act)
    sim.after(0.3 + sim.random.random(), trouble, sim)
    sim.run_until(begin + LONGEST_S, done=lambda: sim.checker.commands >= COMMANDS)
    sim.is_calm = True
    for node in sim.nodes[:-1]:
        node.die()
    if sim.owner.is_dead:
        sim.take_over()
    sim.run_until(sim.now + QUIET_S, done=lambda: all(client.is_done() for client in sim.clients))
    sim.run_until(sim.now + 2.0)
    sim.checker.finish(sim.log._logs[CONSULT], sim.owner.core, sim.clients)
    return sim.checker

