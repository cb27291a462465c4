"""The consult of world.py on three nodes with one store: they are killed, paused, cut off from it, drained; it
loses its power, and bits in it turn over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from consult.cluster.peers import Peers
from consult.model.errors import StoreFailed
from consult.model.identifiers import ConnectionId, ConsultId, InvitationId, SeatId
from consult.sessions.effects import Append
from consult.sessions.features.consult.commands import OpenConsult
from consult.sessions.features.seats.commands import Invite, TakeSeat
from consult.sessions.fold import fold_all
from consult.sessions.publishing.publisher import TAIL
from consult.sessions.state import State
from consult.sessions.stored_state import fold_on, read_state
from consult.store.leases.memory import MemoryLeases
from tests.sim.checker import Checker
from tests.sim.client import Client
from tests.sim.doors import LEAD_AFTER_S, wrong_doors
from tests.sim.link import Link
from tests.sim.node import Node
from tests.sim.nodes.person import Person
from tests.sim.nodes.process import OwnedNode, Process
from tests.sim.nodes.rules import Rules
from tests.sim.nodes.store import Store, at_once
from tests.sim.pages import wrong_media
from tests.sim.record import wrong_record
from tests.sim.recording import LATE_S, SITE, keep_deadlines
from tests.sim.world import CASES, INDEPENDENT_VIEWS, PART_BYTES, QUIET_S, Make, Odds, Simulation
from tests.support.cases import CONSULT

BEGIN_S = 1000.0
"""Since 1970: what plays has begun before now, and no time that is read back lies before 1970."""
NODE_COMMANDS = 40
"""What people ask for in most courses before it is calm; in some they seldom find a node that answers."""
TROUBLED_S, LONGEST_S = 6.0, 20.0
"""A course is not calm before that, whatever people have asked for; nor troubled longer."""
NODES = ("a", "b", "c")
PEOPLE = (("host", "host"), ("ann", "participant"), ("bob", "participant"), ("eve", "viewer"))


def _put(store: Store, operation: int, epoch: int, append: Append) -> None:
    store.put(operation, epoch, append.after, append.entries)


def _settle(store: Store, operation: int, append: Append) -> bool:
    return store.settle(operation, append.after, append.entries)


@dataclass(frozen=True)
class NodeOdds:
    """How likely things are of each append. Where a planted bug shows only in what is rare, its courses have more.

    Attributes:
        crash: of one entry: its node or the store crashes while it is under way; of several it is likelier.
        pause: its node is paused between decision and sending, long enough for another to take over.
        lull: of each mishap: for some seconds nobody asks for anything.
        mishaps: weights of what befalls nodes and store: killed, paused, cut off, drained, without power, damaged, two
            of one name.
    """

    crash: float = 0.04
    pause: float = 0.03
    lull: float = 0.2
    mishaps: tuple[int, ...] = (20, 20, 15, 15, 15, 11, 4)


@dataclass(frozen=True)
class NodesMake:
    """Which parts of nodes play: the real ones, or variants with a planted bug."""

    make: Make = field(default_factory=lambda: Make(client=Person, odds=Odds(cut=0.04, switches=0.1)))
    odds: NodeOdds = NodeOdds()
    peers: Callable[[str, float], Peers] = Peers
    leases: type[MemoryLeases] = MemoryLeases
    store: type[Store] = Store
    put: Callable[[Store, int, int, Append], None] = _put
    settle: Callable[[Store, int, Append], bool] = _settle
    node: type[OwnedNode] = OwnedNode
    process: type[Process] = Process
    heeds_losses: bool = True


class Nowhere(Node):
    """Where a page comes whose node answers nobody: it is cut off, and tries again."""

    def __init__(self) -> None:  # nothing of a node
        self.is_dead = True
        self.links = {}

    def accept(self, link: Link) -> None:
        """See `Node.accept`."""
        link.cut(half=False)


class ClusterSimulation(Simulation):
    """Time, chance, three processes and one store."""

    def __init__(self, seed: int, make: NodesMake) -> None:
        self.nodes_make = make
        super().__init__(seed, make.make)
        self.now = BEGIN_S
        self.has_doors = False
        self.checker.counts["entries lost"] = self.checker.counts["damage found"] = 0
        self.rules = Rules(self)
        self.store = self.log = make.store(self)
        self.twin = make.process(self, NODES[0])
        self.processes = [*(make.process(self, name) for name in NODES), self.twin]
        self.lull_until = 0.0
        """Nobody asks for anything until then."""
        self._operations = 0

    def next_operation(self) -> int:
        """A number that no other append has."""
        self._operations += 1
        return self._operations

    def synced(self, boot: int) -> None:
        """The disk has what was in memory, where the power has not failed since."""
        if self.store.boot == boot and not self.store.is_down:
            self.store.sync()

    def crashes(self, process: Process) -> None:
        """While something of that process is stored, it or the store does."""
        if not self.is_calm:
            process.crash() if self.random.random() < 0.5 else fail_power(self)

    @property
    def owner(self) -> Node:
        """The core of the process that has it now; else the newest that was."""
        for process in self.processes:
            if process.core is not None and process.core.epoch == self.rules.epoch:
                return process.core
        return self.nodes[-1]

    def connect(self, client: Client, identifier: ConnectionId) -> Link:
        """A page comes to any process, which has it answered by the one whose the consult is."""
        edge = self.random.choice([p for p in self.processes if p is not self.twin or not p.is_dead])
        core = None if edge.is_dead or edge.asleep_until > self.now else edge.route()
        link = Link(self, client, core or Nowhere(), identifier, last_up=self.now + 0.5)
        self.after(self.latency(), link.node.accept, link)
        return link

    def take_over(self) -> None:
        """Nobody is sent for: whoever is asked next takes it."""

    def open_consult(self, process: Process, epoch: int) -> OwnedNode | None:
        """Fold the log, as the process that has the lease does."""
        try:
            entries = self.store.read()
            whole, kept = fold_all(entries), read_state(self.store.kept())
            state = whole if kept is None else fold_on(kept, entries[max(0, kept.seq - TAIL) :]) or whole
        except StoreFailed:
            self.checker.counts["damage found"] += 1
            return None
        except ValueError as error:
            self.checker.wrong(f"the log cannot be folded: {error}")
            return None
        self.checker.counts["states"] += kept is not None
        if state != whole:
            self.checker.wrong("the kept state with the tail of the log is not the fold of the log")
        core = self.make.core(
            state, owner=f"server-{len(self.nodes) + 1}", tail=entries, independent_views=INDEPENDENT_VIEWS,
            part_bytes=PART_BYTES, site=SITE, lead_after_s=LEAD_AFTER_S,
        )  # fmt: skip
        node = process.core = self.nodes_make.node(self, core, process, epoch)
        self.nodes.append(node)
        node.do(core.start(self.now))
        return process.core


def build(seed: int, make: NodesMake) -> ClusterSimulation:
    """A consult with eight seats, opened and stored by the first process."""
    sim = ClusterSimulation(seed, make)
    sim.is_calm = True
    for process in sim.processes[: len(NODES)]:
        process.start()
    first = sim.processes[0]
    epoch = at_once(sim.store.leases.take(CONSULT, first.me, new=True)).epoch
    sim.rules.granted(first, epoch)
    core = sim.make.core(
        State(), owner="server-1", independent_views=INDEPENDENT_VIEWS, part_bytes=PART_BYTES, site=SITE,
        lead_after_s=LEAD_AFTER_S,
    )  # fmt: skip
    node = first.core = make.node(sim, core, first, epoch)
    sim.nodes.append(node)
    opening = OpenConsult(consult=ConsultId(CONSULT), title="Board", host_name="Host", cases=CASES)
    node.do(core.command(opening, sim.now))
    for name, role in PEOPLE:
        invite = Invite(invitation=InvitationId(f"i-{name}"), role=role)  # type: ignore[arg-type]  # a literal there
        node.do(core.command(invite, sim.now))
        node.do(core.command(TakeSeat(seat=SeatId(name), invitation=InvitationId(f"i-{name}"), name=name), sim.now))
    sim.run_until(BEGIN_S + 2.0)
    sim.is_calm = False
    sim.clients = [sim.make.client(sim, SeatId(name)) for name, _ in PEOPLE]
    return sim


def trouble(sim: ClusterSimulation) -> None:
    """What befalls nodes and store, again and again while it is not calm; mostly the one that has the consult."""
    if sim.is_calm:
        return
    choose = sim.random
    owning = next((p for p in sim.processes if p.core is not None and not p.is_dead), None)
    process = owning if owning is not None and choose.random() < 0.7 else choose.choice(sim.processes[: len(NODES)])
    if choose.random() < sim.nodes_make.odds.lull:
        sim.lull_until = sim.now + 1.0 + 4 * choose.random()
    (mishap,) = choose.choices(MISHAPS, weights=sim.nodes_make.odds.mishaps)
    mishap(sim, process)
    sim.after(0.5 + 1.5 * choose.random(), trouble, sim)


def _killed(sim: ClusterSimulation, process: Process) -> None:
    process.crash()


def _paused(sim: ClusterSimulation, process: Process) -> None:
    if not process.is_dead:
        process.sleep(0.2 + 4 * sim.random.random())


def _cut_off(sim: ClusterSimulation, process: Process) -> None:
    process.is_cut_off = True
    sim.after(0.5 + 7 * sim.random.random(), _join_up, process)


def _drained(sim: ClusterSimulation, process: Process) -> None:
    process.leave()


def _without_power(sim: ClusterSimulation, process: Process) -> None:
    fail_power(sim)


def _damaged(sim: ClusterSimulation, process: Process) -> None:
    if not sim.store.is_down:
        sim.store.turn_a_bit()
        if sim.random.random() < 0.5:  # so that somebody reads it
            process.crash()


def _doubled(sim: ClusterSimulation, process: Process) -> None:
    """Somebody starts a second process of one name."""
    if sim.twin.is_dead:
        sim.twin.start()
        sim.after(4.0, sim.twin.kill)


MISHAPS = (_killed, _paused, _cut_off, _drained, _without_power, _damaged, _doubled)


def fail_power(sim: ClusterSimulation) -> None:
    """The store's power fails, and comes back."""
    if not sim.store.is_down:
        sim.store.fail()
        sim.after(0.2 + 1.5 * sim.random.random(), _power_up, sim)


def _join_up(process: Process) -> None:
    process.is_cut_off = False


def _power_up(sim: ClusterSimulation) -> None:
    sim.store.is_down = False


def simulate_nodes(seed: int, make: NodesMake | None = None) -> Checker:
    """One course on three nodes, faults and all, then calm; the checker has found what is wrong with it."""
    sim = build(seed, make or NodesMake())
    begin = sim.now
    for client in sim.clients:
        sim.after(sim.latency(), client.tick)
        sim.after(sim.latency(), client.act)
    sim.after(0.3 + sim.random.random(), trouble, sim)
    sim.after(sim.latency(), keep_deadlines, sim)
    sim.run_until(begin + TROUBLED_S)
    sim.run_until(begin + LONGEST_S, done=lambda: sim.checker.commands >= NODE_COMMANDS)
    sim.is_calm = True
    sim.run_until(sim.now + 6.0)  # what sleeps wakes up, what is cut off is not, what is damaged is put right
    sim.run_until(sim.now + QUIET_S, done=lambda: all(client.is_done() for client in sim.clients))
    sim.run_until(sim.now + LATE_S)
    sim.is_still = True
    sim.run_until(sim.now + 2.0)
    log = sim.log._logs[ConsultId(CONSULT)]
    sim.checker.finish(log, sim.owner.core, sim.clients)
    sim.checker.violations += wrong_record(log, sim.checker.asked, sim.owner.core.state, sim.now)
    sim.checker.violations += wrong_media(sim.owner, sim.clients)
    sim.checker.violations += wrong_doors(log, sim.checker.asked)
    return sim.checker
