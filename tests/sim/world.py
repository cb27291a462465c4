"""A whole consult on a heap of events: one seed, one course of things. No clock, no socket, no sleep.

The network is in link.py. The log takes time to reach and to answer; a server may die in between, fall asleep and wake
up, or meet a full disk.
"""

from __future__ import annotations

import heapq
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from msgspec.structs import replace

from consult.model.identifiers import ConnectionId, ConsultId, InvitationId, SeatId
from consult.runtime.effect_queue import EffectQueue
from consult.sessions.core import SessionCore
from consult.sessions.features.consult.commands import OpenConsult
from consult.sessions.features.seats.commands import Invite, TakeSeat
from consult.sessions.fold import fold_all
from consult.sessions.publishing.publisher import TAIL
from consult.sessions.state import State
from consult.sessions.stored_state import fold_on, read_state
from consult.store.log.memory import MemoryLog
from tests.sim.boarding import BOARD_PEOPLE, has_board
from tests.sim.boards import wrong_board
from tests.sim.checker import Checker
from tests.sim.client import Client
from tests.sim.doors import LEAD_AFTER_S, has_doors, invitations, open_doors, wrong_doors
from tests.sim.link import Link
from tests.sim.node import Node
from tests.sim.pages import wrong_media
from tests.sim.record import wrong_record
from tests.sim.recording import LATE_S, SITE, keep_deadlines
from tests.support.cases import CONSULT, case

COMMANDS = 200
"""What people ask for in a course, used or refused, before it is calm."""
LONGEST_S = 60.0
INDEPENDENT_VIEWS = 2
PART_BYTES = 700
"""So small that every snapshot comes in parts."""
QUIET_S = 30.0
CASES = (case("c1", ("s-1", "s-2")), case("c2", ("s-9",), "OTHER^MAN"), case("c3", ("s-1",)))
PEOPLE = (
    ("host", "host"), ("ann", "participant"), ("bob", "participant"), ("cid", "participant"), ("dan", "participant"),
    ("fay", "participant"), ("eve", "viewer"), ("gus", "viewer"),
)  # fmt: skip


@dataclass(frozen=True)
class Odds:
    """How likely things are. Where a planted bug shows only in what is rare, its courses have more of that.

    Attributes:
        record: of what people ask for: findings, notes, critical results, readers.
        full_disk: of each append: it is not stored.
        cut: of each tick of a page: its link is cut.
        media: of each time that somebody acts: another window, another state of the microphone.
        computing_s: so much longer a server takes at most to measure a mark.
        switches: of what a host asks for: another case.
        moves: of what people ask for: that a mark of theirs, of a finding, lies elsewhere.
    """

    record: float = 0.35
    full_disk: float = 0.03
    cut: float = 0.1
    media: float = 0.06
    computing_s: float = 0.0
    switches: float = 0.0
    moves: float = 0.0


@dataclass(frozen=True)
class Make:
    """Which classes play: the real ones, or variants with a planted bug; and by which odds."""

    core: type[SessionCore] = SessionCore
    log: type[MemoryLog] = MemoryLog
    client: type[Client] = Client
    queue: type[EffectQueue] = EffectQueue
    odds: Odds = Odds()


class Simulation:
    """Time, chance and everybody in it."""

    def __init__(self, seed: int, make: Make) -> None:
        self.random = random.Random(seed)
        self.cases, self.has_doors, self.has_board = CASES, has_doors(seed), has_board(seed)
        self.now = 0.0
        self.make = make
        self.log = make.log()
        self.checker = Checker(seed)
        self.is_calm = False
        self.is_still = False
        """The end: not even a clock does anything any more."""
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
        link = Link(self, client, node, identifier, last_up=self.now + 0.5)
        self.after(self.latency(), node.accept, link)
        return link

    def take_over(self) -> None:
        """Another server folds the log and goes on."""
        entries = self.log._logs.get(CONSULT, [])
        if not entries:
            return
        try:
            whole = fold_all(entries)
            kept = read_state(self.log._states.get(CONSULT))
            state = whole if kept is None else fold_on(kept, entries[max(0, kept.seq - TAIL) :])
            self.checker.counts["states"] += kept is not None
        except ValueError as error:
            self.checker.wrong(f"the log cannot be folded: {error}")
            self._heap.clear()
            return
        if state is None or state != whole:
            self.checker.wrong("the kept state with the tail of the log is not the fold of the log")
            state = whole
        owner = f"server-{len(self.nodes) + 1}"
        core = self.make.core(
            state, owner=owner, tail=entries, independent_views=INDEPENDENT_VIEWS, part_bytes=PART_BYTES, site=SITE,
            lead_after_s=LEAD_AFTER_S,
        )  # fmt: skip
        node = Node(self, core)
        self.nodes.append(node)
        node.do(node.core.start(self.now))


def build(seed: int, make: Make) -> Simulation:
    """A consult with eight seats, opened and stored."""
    sim = Simulation(seed, make)
    sim.is_calm = True
    core = make.core(
        State(), owner="server-1", independent_views=INDEPENDENT_VIEWS, part_bytes=PART_BYTES, site=SITE,
        lead_after_s=LEAD_AFTER_S,
    )  # fmt: skip
    node = Node(sim, core)
    sim.nodes.append(node)
    opening = OpenConsult(consult=ConsultId(CONSULT), title="Board", host_name="Host", cases=CASES)
    opening = replace(opening, kind="board") if sim.has_board else opening
    people = (*PEOPLE, *BOARD_PEOPLE) if sim.has_board else PEOPLE
    node.do(node.core.command(opening, sim.now))
    for name, role in people:
        invite = Invite(invitation=InvitationId(f"i-{name}"), role=role)  # type: ignore[arg-type]  # a literal above
        node.do(node.core.command(invite, sim.now))
        seat = TakeSeat(seat=SeatId(name), invitation=InvitationId(f"i-{name}"), name=name)
        node.do(node.core.command(seat, sim.now))
    for invite in invitations() if sim.has_doors else ():
        node.do(node.core.command(invite, sim.now))
    sim.run_until(2.0)
    sim.is_calm = False
    sim.clients = [make.client(sim, SeatId(name)) for name, _ in people]
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
    sim.after(sim.latency(), keep_deadlines, sim)
    if sim.has_doors:
        open_doors(sim)
    sim.run_until(begin + LONGEST_S, done=lambda: sim.checker.commands >= COMMANDS)
    sim.is_calm = True
    for node in sim.nodes[:-1]:
        node.die()
    if sim.owner.is_dead:
        sim.take_over()
    sim.run_until(sim.now + QUIET_S, done=lambda: all(client.is_done() for client in sim.clients))
    sim.run_until(sim.now + LATE_S)
    sim.is_still = True
    sim.run_until(sim.now + 2.0)
    log = sim.log._logs[CONSULT]
    sim.checker.finish(log, sim.owner.core, sim.clients)
    sim.checker.violations += wrong_record(log, sim.checker.asked, sim.owner.core.state, sim.now)
    sim.checker.violations += wrong_media(sim.owner, sim.clients)
    sim.checker.violations += wrong_doors(log, sim.checker.asked)
    sim.checker.violations += wrong_board(log, sim.checker.asked, sim.owner.core.state)
    return sim.checker
