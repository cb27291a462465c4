"""One server process: it pumps the product's own queue of effects, by simulated time and a simulated log."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from consult.model.errors import Conflict, OurFault, StoreFailed
from consult.model.identifiers import ConnectionId
from consult.model.mark import Mark
from consult.model.privacy.blackout import HiddenParts
from consult.model.view import Screen
from consult.runtime.effect_queue import ScreenReport, screen_reports
from consult.sessions.core import SessionCore
from consult.sessions.effects import (
    Append,
    Close,
    ComputeNumbers,
    Effect,
    ForwardVoice,
    HideParts,
    Send,
    SendParts,
    ShowIndependentView,
    ShowView,
    WakeAt,
)
from consult.sessions.features.kinds import ClientMessage
from consult.sessions.stored_state import write_state
from tests.sim.link import Link
from tests.sim.recording import compute
from tests.support.cases import CONSULT

if TYPE_CHECKING:
    from tests.sim.world import Simulation

KEEP_EVERY = 4
MAX_WAITING = 400
"""Effects behind an append that takes long: few enough to be too many at times."""


class Node:
    """A core, its queue of effects, and the links of its pages."""

    def __init__(self, sim: Simulation, core: SessionCore) -> None:
        self.sim, self.core = sim, core
        self.links: dict[ConnectionId, Link] = {}
        self.screens: dict[ConnectionId, Screen] = {}
        """For which pictures would be made."""
        self.voices: dict[ConnectionId, bool] = {}
        """Whether a page's voice would be forwarded."""
        self.hidden: HiddenParts = {}
        """What guests' pictures would leave out."""
        self.is_dead = False
        self.asleep_until = 0.0
        self._queue = sim.make.queue(core, self._on_lost, self._on_full, max_waiting=MAX_WAITING)
        self._alarm = 0

    def accept(self, link: Link) -> None:
        """A page connects."""
        if not self.is_dead and not self._later(self.accept, link):
            self.links[link.id] = link
            self.do(self.core.connect(link.id, link.client.seat, self.sim.now))

    def receive(self, link: Link, message: ClientMessage) -> None:
        """A page's message."""
        if not self.is_dead and not self._later(self.receive, link, message) and not link.outbox.ended:
            effects = self.core.receive(link.id, message, self.sim.now)
            self.sim.checker.decided(self.core, effects)
            self.do([*effects, *screen_reports(link.id, message, self.core.accepted(link.id))], link.id)

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

    def do(self, items: Iterable[Effect | ScreenReport], sender: ConnectionId | None = None) -> None:
        """Queue these effects, and do what is to be done now."""
        self._queue.put(items, sender)
        while not self.is_dead and (effect := self._queue.take()) is not None:
            if isinstance(effect, Append):
                self.sim.after(self.sim.latency(), self._reach_log, effect)
            else:
                self._carry_out(effect)

    def _carry_out(self, effect: Effect | ScreenReport) -> None:
        match effect:
            case Send() | SendParts():
                self._send(effect)
            case Close(connection) if connection in self.links:
                self.links[connection].close()
            case WakeAt(at):
                self._alarm += 1
                self.sim.after(max(0.0, at - self.sim.now), self._ring, self._alarm)
            case ShowView() | ShowIndependentView():
                self.sim.checker.made_due(effect)
            case ComputeNumbers(marks):
                slow = self.sim.make.odds.computing_s
                self.sim.after(
                    self.sim.latency() + (slow * self.sim.random.random() if slow else 0.0), self._compute, marks
                )
            case HideParts(parts):
                self.hidden = parts
            case ForwardVoice(connection, on):
                self.voices[connection] = on
            case ScreenReport(connection, screen):
                self.screens[connection] = screen

    def _send(self, effect: Send | SendParts) -> None:
        for link in (self.links[connection] for connection in effect.to if connection in self.links):
            if isinstance(effect, Send):
                link.down(effect.message)
            else:
                link.down_parts(effect.parts)

    def _on_full(self, connection: ConnectionId) -> None:
        """Too much waits, most of it by that page: it is sent away, and comes back."""
        self.sim.checker.counts["queues overflowed"] += 1
        if connection in self.links:
            self.links[connection].close()

    def _on_lost(self, why: OurFault) -> None:
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

    def _compute(self, marks: tuple[Mark, ...]) -> None:
        if not self.is_dead and not self._later(self._compute, marks):
            compute(self, marks)

    def _ring(self, number: int) -> None:
        if not self.is_dead and number == self._alarm and not self._later(self._ring, number):
            self.do(self.core.wake(self.sim.now))

    def _reach_log(self, append: Append) -> None:
        if self.is_dead:
            return
        outcome: Conflict | StoreFailed | None = None
        if self.sim.chance(self.sim.make.odds.full_disk):
            outcome = StoreFailed("not_stored", "The disk is full.")
        else:
            try:
                self.sim.log._append(CONSULT, append.after, append.entries)
            except Conflict as conflict:
                outcome = conflict
        self.sim.after(self.sim.latency(), self._answered, outcome)

    def _answered(self, outcome: Conflict | StoreFailed | None) -> None:
        if self.is_dead or self._later(self._answered, outcome):
            return
        match outcome:
            case Conflict():
                self._queue.lose(outcome)
            case StoreFailed():
                self._queue.failed(outcome, self.sim.now)
            case None:
                state = self._queue.stored()
                if state is not None and state.seq % KEEP_EVERY == 0:
                    self.sim.log._keep_state(CONSULT, write_state(state))
        self.do([])
