"""One process of several: it beats, takes the consult when a page comes, and loses it. It decides by `Peers`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from consult.cluster.peers import BEAT_S, DEAD_S
from consult.model.errors import Conflict, OurFault, StoreFailed
from consult.runtime.effect_queue import ScreenReport
from consult.sessions.core import SessionCore
from consult.sessions.effects import Append, Effect
from consult.store.leases import Node as Named
from consult.store.leases import Pulse, Replaced, Seen
from tests.sim.node import Node
from tests.sim.nodes.store import at_once
from tests.support.cases import CONSULT

if TYPE_CHECKING:
    from tests.sim.nodes.world import ClusterSimulation

SYNC_S = 0.03
SETTLE_AGAIN_S = 0.2


class OwnedNode(Node):
    """A core that a process has by a lease."""

    sim: ClusterSimulation

    def __init__(self, sim: ClusterSimulation, core: SessionCore, process: Process, epoch: int) -> None:
        super().__init__(sim, core)
        self.process, self.epoch = process, epoch

    def _carry_out(self, effect: Effect | ScreenReport) -> None:
        self.sim.rules.acts(self)
        super()._carry_out(effect)

    def _on_lost(self, why: OurFault) -> None:
        self.die()
        self.process.core_lost(self)

    def _reach_log(self, append: Append) -> None:
        if self.is_dead or self._later(self._reach_log, append):
            return
        if self.sim.chance(self.sim.nodes_make.odds.pause):
            self.process.sleep(1.5 + 1.5 * self.sim.random.random())
            self._later(self._to_log, append)
        else:
            self._to_log(append)

    def _to_log(self, append: Append) -> None:
        if self.is_dead:
            return
        sim, store, operation = self.sim, self.sim.store, self.sim.next_operation()
        if self.process.is_cut_off or store.is_down:
            failure = StoreFailed("not_stored", "Redis does not answer.")
            sim.after(sim.latency(), self._answered, failure)
            return
        if sim.chance(0.03):
            sim.after(sim.latency(), self._answered, StoreFailed("not_stored", "Redis is full."))
            return
        if sim.chance(0.12):
            late = sim.random.random() < 0.5
            arrives = sim.latency() + (1.5 * sim.random.random() if late else 0.0)
            if sim.random.random() < 0.7:
                sim.after(arrives, self._arrive_late, operation, append)
            sim.after(0.3, self._settle, operation, append)
            return
        outcome = self._arrive(operation, append)
        if outcome is not None:
            sim.after(sim.latency(), self._answered, outcome)
        else:
            sim.after(SYNC_S, self._synced, operation, append, store.boot)

    def _arrive(self, operation: int, append: Append) -> Conflict | StoreFailed | None:
        """At the store, whoever still lives."""
        if self.sim.store.is_down:
            return StoreFailed("not_stored", "Redis does not answer.")
        try:
            self.sim.nodes_make.put(self.sim.store, operation, self.epoch, append)
        except (Conflict, StoreFailed) as refused:
            return refused
        self.sim.after(SYNC_S, self.sim.synced, self.sim.store.boot)
        if self.sim.chance(
            self.sim.nodes_make.odds.crash * len(append.entries) ** 2
        ):  # of several entries halves may be left
            self.sim.after(SYNC_S * self.sim.random.random(), self.sim.crashes, self.process)
        return None

    def _arrive_late(self, operation: int, append: Append) -> None:
        """Nobody waits for its answer any more."""
        self._arrive(operation, append)

    def _synced(self, operation: int, append: Append, boot: int) -> None:
        store = self.sim.store
        if store.boot != boot or store.is_down:
            self.sim.after(SETTLE_AGAIN_S, self._settle, operation, append)
        else:
            store.sync()
            self.sim.after(self.sim.latency(), self._answered, None)

    def _settle(self, operation: int, append: Append) -> None:
        if self.is_dead or self._later(self._settle, operation, append):
            return
        if self.process.is_cut_off or self.sim.store.is_down:
            self.sim.after(SETTLE_AGAIN_S, self._settle, operation, append)
            return
        outcome: Conflict | StoreFailed | None = None
        try:
            if not self.sim.nodes_make.settle(self.sim.store, operation, append):
                outcome = StoreFailed("not_stored", "Redis was gone for a moment.")
        except Conflict as conflict:
            outcome = conflict
        self.sim.store.sync()
        self._answered(outcome)


class Process:
    """One node of several, which is killed and started again."""

    def __init__(self, sim: ClusterSimulation, name: str) -> None:
        self.sim, self.name, self.starts = sim, name, 0
        self.is_dead, self.is_cut_off, self.is_leaving, self.is_joined = True, False, False, False
        self.asleep_until = self.awake_since = 0.0
        self.core: OwnedNode | None = None
        self.me = Named(name, "")
        self.peers = sim.nodes_make.peers("", 0.0)
        self._seen: Seen | None = None
        self._seen_at = 0.0

    def start(self) -> None:
        """Begin, as a new incarnation."""
        self.starts += 1
        self.is_dead = self.is_leaving = self.is_joined = False
        self.me = Named(self.name, f"{self.name}.{self.sim.next_operation()}", f"http://{self.name}", "v", 2)
        self.peers = self.sim.nodes_make.peers(self.me.incarnation, self.sim.now)
        self._seen, self._seen_at, self.awake_since = None, self.sim.now, self.sim.now
        self._join(self.starts)

    def kill(self) -> None:
        """kill -9."""
        self.is_dead = True
        if self.core is not None:
            self.core.die()
            self.core = None

    def crash(self) -> None:
        """It is killed, and started again a little later."""
        if not self.is_dead:
            self.kill()
            self.sim.after(0.2 + 2 * self.sim.random.random(), self.start)

    def sleep(self, seconds: float) -> None:
        """SIGSTOP, and SIGCONT after that."""
        self.asleep_until = self.awake_since = max(self.asleep_until, self.sim.now + seconds)
        if self.core is not None:
            self.core.asleep_until = self.asleep_until

    def leave(self) -> None:
        """SIGTERM: hand over, end, and be started again."""
        if self.is_dead or self.is_cut_off or self.sim.store.is_down or self.asleep_until > self.sim.now:
            return
        self.is_leaving = True
        if self.core is not None:
            self.core.die()
            self.core = None
        self.sim.rules.left(self.me.incarnation)
        at_once(self.sim.store.leases.release(CONSULT, self.me))
        at_once(self.sim.store.leases.leave(self.me))
        self.kill()
        self.sim.after(0.3, self.start)

    @property
    def reaches_store(self) -> bool:
        """It is awake, and nothing lies between."""
        return not (self.is_dead or self.is_cut_off or self.sim.store.is_down or self.asleep_until > self.sim.now)

    def route(self) -> OwnedNode | None:
        """Where a page that comes to this node is answered; None: nowhere just now."""
        if self.core is not None:
            return self.core
        if not self.reaches_store or self.is_leaving or not self.is_joined:
            return None
        holder = at_once(self.sim.store.leases.holder(CONSULT))
        seen = None if holder is None else self.peers.dead(holder, self.sim.now)
        if holder is not None and seen is None and holder != self.me.incarnation:
            owner = next((p for p in self.sim.processes if p.me.incarnation == holder and not p.is_dead), None)
            return None if owner is None else owner.core
        return self._take(seen)

    def core_lost(self, core: OwnedNode) -> None:
        """Its log was taken by another, or cannot be told any more."""
        if self.core is core:
            self.core = None

    def _take(self, seen: Seen | None) -> OwnedNode | None:
        sim = self.sim
        try:
            grant = at_once(sim.store.leases.take(CONSULT, self.me, seen))
        except Replaced:
            self._replaced()
            return None
        if grant.kind != "granted":
            return None
        sim.rules.granted(self, grant.epoch)
        return sim.open_consult(self, grant.epoch)

    def _join(self, start: int) -> None:
        if self.is_dead or self.starts != start or self._later(self._join, start):
            return
        sim = self.sim
        if self.reaches_store:
            stands = sim.now - self._seen_at >= DEAD_S
            had = sim.store.leases.nodes.get(self.name)
            beat = at_once(sim.store.leases.join(self.me, self._seen if stands else None))
            if beat is None:
                self.is_joined = True
                sim.rules.joined(self)
                self._beat(start)
                return
            found = Seen(had.incarnation, beat) if had is not None else None
            if found != self._seen:
                self._seen, self._seen_at = found, sim.now
        sim.after(0.1, self._join, start)

    def _beat(self, start: int) -> None:
        if self.is_dead or self.starts != start or self._later(self._beat, start):
            return
        sim, sent = self.sim, self.sim.now
        if self.peers.lapsed(sim.now):
            self._lose()
        if self.reaches_store:
            try:
                pulse = at_once(sim.store.leases.beat(self.me))
            except Replaced:
                self._replaced()
                return
            sim.rules.beat(self.me.incarnation)
            sim.after(sim.latency(), self._beaten, start, pulse, sent)
        sim.after(BEAT_S, self._beat, start)

    def _beaten(self, start: int, pulse: Pulse, sent: float) -> None:
        if self.is_dead or self.starts != start or self._later(self._beaten, start, pulse, sent):
            return
        self.peers.beaten(pulse.nodes, sent, self.sim.now)
        if self.sim.nodes_make.heeds_losses and CONSULT in pulse.lost:
            self._lose()

    def _replaced(self) -> None:
        """Another has the name: whoever runs it starts it anew."""
        self.kill()
        self.sim.after(0.5, self.start)

    def _lose(self) -> None:
        if self.core is not None:
            self.core.die()
            self.core = None

    def _later(self, do: Callable[..., None], *args: Any) -> bool:
        if self.asleep_until <= self.sim.now:
            return False
        self.sim.after(self.asleep_until - self.sim.now, do, *args)
        return True
