"""A session's state, folded ahead of its log, and what is sent because of it: effects, in their order.

Rules of this file:
- The state includes what the shell was asked to append. On a `StoreFailed` the shell drops what stands behind it and
  calls `roll_back`, which goes back to what is stored.
- Every list that goes out is built in one place each: `Publisher`, `_answer`, `_view`, `_end`, `PresenceHub.presence`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from consult.model.errors import OurFault, Refused
from consult.model.identifiers import SeatId
from consult.sessions.connection_state import Before, ConnectionState, Phase
from consult.sessions.effects import (
    Append,
    Close,
    ComputeNumbers,
    Effect,
    HideParts,
    Send,
    ShowView,
    WakeAt,
    measure,
)
from consult.sessions.events import Entry
from consult.sessions.features.blackouts.events import BlackoutPut, BlackoutRemoved
from consult.sessions.features.calibrations.events import CalibrationPut, CalibrationRemoved
from consult.sessions.features.cases.events import CaseSwitched, HidingChanged
from consult.sessions.features.consult.events import DEFAULT_SITE, ConsultEnded, OwnerChanged, Site
from consult.sessions.features.drafting import Drafting
from consult.sessions.features.findings.decide import due_numbers
from consult.sessions.features.findings.events import FindingPut
from consult.sessions.features.kinds import (
    SERVER,
    Event,
    ServerMessage,
)
from consult.sessions.features.marks.decide import shapes_to_measure
from consult.sessions.features.marks.events import MarkPut
from consult.sessions.features.seats.closing import COME_BACK, Ending
from consult.sessions.features.table import REGISTRY, Registry
from consult.sessions.features.view.messages import ShownView
from consult.sessions.fold import fold
from consult.sessions.hanging.rules import NO_RULES, HangingRules
from consult.sessions.messages import Ack, Hello, Nack
from consult.sessions.presence.connection_table import ConnectionTable, Going
from consult.sessions.presence.hub import PresenceHub
from consult.sessions.presence.independent_views import INDEPENDENT_VIEWS
from consult.sessions.presence.vacancy import LEAD_AFTER_S, Vacancy
from consult.sessions.publishing.document import hidden_parts
from consult.sessions.publishing.parts import MAX_PART_BYTES, PartedSnapshots
from consult.sessions.publishing.publisher import Publisher
from consult.sessions.register import ViewRegister
from consult.sessions.state import State

COMPUTED_AFTER = (FindingPut, MarkPut, OwnerChanged, CalibrationPut, CalibrationRemoved)
"""Events after which marks of findings may lack their numbers."""
HIDES_ANEW = (HidingChanged, BlackoutPut, BlackoutRemoved, OwnerChanged)
"""Events after which other parts of pictures may be hidden."""
MAX_UNSTORED = 1024
"""Appends under way that can still be rolled back."""


class Outgoing:
    """The part of `SessionCore` that folds, sends and arms the alarm; its arguments are those of the core."""

    def __init__(
        self,
        state: State,
        *,
        owner: str,
        tail: Iterable[Entry] = (),
        independent_views: int = INDEPENDENT_VIEWS,
        registry: Registry = REGISTRY,
        site: Site = DEFAULT_SITE,
        rules: HangingRules = NO_RULES,
        part_bytes: int = MAX_PART_BYTES,
        lead_after_s: float = LEAD_AFTER_S,
    ) -> None:
        self.state = state
        self._registry = registry
        self._owner, self._site, self.rules = owner, site, rules
        self._register = ViewRegister(rules)
        self._connections = ConnectionTable()
        self._drafting, self._vacancy = Drafting(), Vacancy(lead_after_s)
        self._publisher = Publisher(PartedSnapshots(owner, part_bytes), tail, registry.unsent)
        self._presence = PresenceHub(
            self._connections.by_id, independent_views, lambda: self._register.number(self.state), self._wall
        )
        self._undo: deque[Before] = deque(maxlen=MAX_UNSTORED)
        self._armed: float | None = None
        self.wall_offset = 0.0
        """What the shell's `now` lacks to the wall clock, which is for what is stored and for when links expire."""
        self.utc_offset_min = site.utc_offset_min
        """Of the shell's zone now: summer time begins and ends while a server runs."""

    @property
    def shown(self) -> ShownView | None:
        """The view as it is now; None before the consult is opened."""
        return self._register.shown

    def stored(self, seq: int) -> None:
        """All up to `seq` is stored: it need not be rolled back any more."""
        while self._undo and self._undo[0].state.seq < seq:
            self._undo.popleft()

    def stored_state(self, seq: int) -> State | None:
        """The state as it was when all up to `seq`, and nothing behind it, was folded; None where that is forgotten."""
        state = self._undo[0].state if self._undo else self.state
        return state if state.seq == seq else None

    def roll_back(self, after: int, failed: OurFault, now: float) -> list[Effect]:
        """The append after `after` is not stored, and the shell has dropped all effects behind it.

        Those whose commands are lost are sent a refusal; those who were welcomed or sent away
        since come back and resume.

        Raises:
            OurFault: `failed` itself: too much has been appended since, or what is not stored is the taking over. The
                core is of no use any more.
        """
        undo = next((u for u in self._undo if u.state.seq == after), None)
        if undo is None or (undo.state.opened and undo.state.owner != self._owner):
            raise failed
        while self._undo and self._undo[-1].state.seq >= after:
            self._undo.pop()
        self.state, self._armed = undo.state, None
        self._publisher.forget(after)
        self._presence.resend()
        effects: list[Effect] = []
        for connection in self._connections:
            instead = connection.take_back(after, failed)
            if connection.phase is not Phase.NEW and connection.since > after:
                effects += self._end(connection, COME_BACK)
            elif connection.joined:
                effects += [Send((connection.id,), answer) for answer in instead]
        if not self.state.opened:
            self._register = ViewRegister(self.rules)
        else:
            effects += self._view(self._register.again(self.state, undo.shown, now))
        drawn = [e for message in self._drafting.messages(self.state.case) for e in self._to_all(message)]
        return [*effects, *self._presence.presence(), *drawn, *self._compute(), *self._arm(now)]

    def _append(self, events: Sequence[Event], now: float, *, by: SeatId = SERVER, command: str = "") -> list[Effect]:
        """Store events, fold them ahead, send them to all who have joined."""
        return self._store([(event, by, command) for event in events], now) if events else []

    def _append_left(self, events: Sequence[Event], now: float, *, by: SeatId, command: str) -> list[Effect]:
        """The same; where they leave a case, its view comes to rest before them: it is left as it was seen last."""
        leaves = not self.state.ended and any(isinstance(event, CaseSwitched) for event in events)
        if not leaves or (left := self._register.settle(now)) is None:
            return self._append(events, now, by=by, command=command)
        settled = (left, self._register.by, "")
        return self._store([settled, *((event, by, command) for event in events)], now)

    def _store(self, whose: Sequence[tuple[Event, SeatId, str]], now: float) -> list[Effect]:
        """The same of events that are each somebody's, by a command."""
        first = self.state.seq + 1
        entries = tuple(Entry(first + i, self._wall(now), *what) for i, what in enumerate(whose))
        self._undo.append(Before(self.state, self.shown))
        for entry in entries:
            self.state = fold(self.state, entry, self._registry)
            self._publisher.add(entry)
        sent = self._publisher.events(self._connections.roles(self.state), entries, self.state)
        return [Append(first - 1, entries), *sent]

    def _after(self, events: Sequence[Event], now: float) -> list[Effect]:
        """What follows from events that are folded: another view, people who must go, the alarm."""
        effects: list[Effect] = []
        if any(isinstance(event, ConsultEnded) for event in events):
            effects += self._send_away(self._connections.all_over())
        if any(isinstance(event, HIDES_ANEW) for event in events):
            effects.append(HideParts(hidden_parts(self.state, "viewer")))
        effects += self._send_away(self._connections.told_anew(events, self.state))
        if any(isinstance(event, CaseSwitched | OwnerChanged) for event in events):
            effects += self._view(self._register.restore(self.state))
        self._drafting.follow(events)
        effects += self._publisher.waiting(self._connections, events, self.state)
        if any(isinstance(event, COMPUTED_AFTER) for event in events):
            effects += self._compute()
        effects += measure(self._connections.joined, shapes_to_measure(self.state, events))
        return [*effects, *self._send_out(now), *self._arm(now)]

    def _answer(self, connection: ConnectionState, answer: Ack | Nack) -> list[Effect]:
        if answer.id:
            connection.answers.append((self.state.seq, answer))
        return [Send((connection.id,), answer)]

    def _view(self, shown: ShownView) -> list[Effect]:
        return [*self._to_all(shown), ShowView(shown)]

    def _drafts(self, now: float) -> list[Effect]:
        """What is drawn now, where that has changed and its turn has come."""
        return [effect for news in self._drafting.news(self.state.case, now) for effect in self._to_all(news)]

    def _compute(self) -> list[Effect]:
        """Ask for the numbers of marks of findings that have none, or were moved since."""
        marks = due_numbers(self.state)
        return [ComputeNumbers(marks)] if marks else []

    def _point(self, now: float) -> list[Effect]:
        """Which independent views have ended, and where everybody points, where that is new and due; then the alarm."""
        return [*self._presence.sweep(self.state, now), *self._arm(now)]

    def _to_all(self, message: ServerMessage) -> list[Effect]:
        to = tuple(self._connections.joined)
        return [Send(to, message)] if to else []

    def _welcome(self, connection: ConnectionState, hello: Hello, now: float) -> list[Effect]:
        if self.shown is None:
            raise Refused("not_open", "There is no such consult.")
        return self._publisher.welcome(connection, hello, self._state_now, self.shown, self._wall(now))

    def _end(self, connection: ConnectionState, ending: Ending) -> list[Effect]:
        connection.close(self.state.seq)
        self._drafting.drop(connection.id)
        reason = ending.reason or ending.closing.reason
        return [Send((connection.id,), ending.closing), Close(connection.id, ending.code, reason)]

    def _send_away(self, going: Going) -> list[Effect]:
        """Close these connections, and tell the others who is still here."""
        was_here = any(connection.joined for connection, _ in going)
        effects = [effect for connection, ending in going for effect in self._end(connection, ending)]
        return [*effects, *self._presence.presence()] if was_here else effects

    def _send_out(self, now: float) -> list[Effect]:
        """Close the connections of those who may not be here any more, and of those who are not."""
        return self._send_away(self._connections.must_go(self.state, self._wall(now), now))

    def _wall(self, now: float) -> float:
        return now + self.wall_offset

    @property
    def _site_now(self) -> Site:
        return replace(self._site, utc_offset_min=self.utc_offset_min)

    @property
    def _state_now(self) -> State:
        """The state, with the zone as it is now: it may be another one than when the consult was taken over."""
        site, zone = self.state.site, self.utc_offset_min
        if site.utc_offset_min == zone:
            return self.state
        return replace(self.state, site=replace(site, utc_offset_min=zone))

    def _settle(self, now: float) -> list[Effect]:
        settled = self._register.settle(now)
        if settled is None or self.state.ended:
            return []
        return self._append([settled], now, by=self._register.by)

    def _play(self, now: float) -> list[Effect]:
        """The next image of what plays, where it is due and somebody is here to see it."""
        shown = self._register.play(self.state, self._wall(now)) if self._connections.joined else None
        return [] if shown is None else self._view(shown)

    def _arm(self, now: float) -> list[Effect]:
        """Ask to be woken, where that is earlier than asked for already."""
        self._vacancy.watch(self._connections, self.state, now)
        plays = self._register.plays_at(self.state) if self._connections.joined else None
        times = (
            self._connections.due_at(self.state, self.wall_offset),
            self._presence.due_at(self.state, self.wall_offset, now),
            self._drafting.due_at(now),
            self._register.rest_at,
            None if plays is None else plays - self.wall_offset,
        )
        due = min((at for at in times if at is not None), default=None)
        if due is None or (self._armed is not None and self._armed <= due):
            return []
        self._armed = due
        return [WakeAt(due)]
