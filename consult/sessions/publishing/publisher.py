"""What pages are told of the log, as effects: a welcome, then each event, to those who may know it.

Rules of this file:
- Who comes back is told what they have missed, where the tail has all of it; else a snapshot, in parts.
- Who is not told of all cases is told the next one before the switch; and of a critical result of another case, which
  waits for them, that it does.
- What is rolled back was never told: it leaves the tail, and the snapshots that have it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Mapping

from consult.model.catalogue import Role
from consult.model.identifiers import ConnectionId
from consult.sessions.connection_state import ConnectionState
from consult.sessions.effects import Effect, Send, SendParts
from consult.sessions.events import Entry, stored_event
from consult.sessions.features.cases.events import CaseSwitched
from consult.sessions.features.critical.invitations import asked_about, waiting_elsewhere, waits_for
from consult.sessions.features.critical.messages import CriticalWaits
from consult.sessions.features.kinds import Event
from consult.sessions.features.view.messages import ShownView
from consult.sessions.messages import Hello, Welcome
from consult.sessions.publishing.document import is_event_for, sees_all_cases, told_event
from consult.sessions.publishing.parts import PartedSnapshots
from consult.sessions.state import State

TAIL = 128
"""Entries kept for pages that resume; who has missed more gets a snapshot. Less than an outbox holds."""


class Publisher:
    """Sends the pages of one core what they may know.

    Args:
        snapshots: of the document, in parts.
        tail: the newest entries of the log.
        unsent: events that no page is sent.
    """

    def __init__(self, snapshots: PartedSnapshots, tail: Iterable[Entry], unsent: Collection[type[Event]]) -> None:
        self._snapshots, self._unsent = snapshots, unsent
        self._tail: deque[Entry] = deque(tail, maxlen=TAIL)

    def add(self, entry: Entry) -> None:
        """One more entry of the log."""
        self._tail.append(entry)

    def at(self, seq: int) -> float | None:
        """When that entry was stored; None where it is not among the newest."""
        return next((entry.at for entry in reversed(self._tail) if entry.seq == seq), None)

    def forget(self, after: int) -> None:
        """What is behind `after` is not stored."""
        while self._tail and self._tail[-1].seq > after:
            self._tail.pop()
        self._snapshots.forget(after)

    def welcome(
        self, connection: ConnectionState, hello: Hello, state: State, shown: ShownView, now: float
    ) -> list[Effect]:
        """The answer to hello, with what the page lacks: the parts of a snapshot before it, missed events behind it.

        Args:
            now: by the wall clock.
        """
        role = state.seats[connection.seat].role
        sent, missed = self._snapshots.answer(hello, state, role, self._tail)
        seq = state.seq if sent is None else sent.seq
        welcome = Welcome(
            log=state.consult_id,
            seq=seq,
            seat=connection.seat,
            role=role,
            snapshot=None if sent is None else sent.rest,
            view=shown,
            now=now,
            asked=asked_about(state, connection.seat) or waits_for(state, connection.seat),
            at=self.at(seq),
        )
        to = (connection.id,)
        parts = [SendParts(to, sent.parts)] if sent is not None and sent.parts else []
        return [*parts, Send(to, welcome), *self.events({connection.id: role}, missed, state)]

    def events(self, to: Mapping[ConnectionId, Role], entries: Iterable[Entry], state: State) -> list[Effect]:
        """Events to those who may know them, of these connections."""
        effects: list[Effect] = []
        for entry in entries:
            if type(entry.event) in self._unsent:
                continue
            if isinstance(entry.event, CaseSwitched):
                effects += self._next_case(to, state)
            knowing = {one: role for one, role in to.items() if is_event_for(entry.event, role, state)}
            effects += _as_told(entry, knowing, state)
        return effects

    def waiting(self, connections: Iterable[ConnectionState], events: Iterable[Event], state: State) -> list[Effect]:
        """That a critical result waits for somebody who is not sent the events about it."""
        waiting = waiting_elsewhere(state, events)
        return [
            Send((one.id,), CriticalWaits(waiting[one.seat]))
            for one in connections
            if one.joined and one.seat in waiting and not sees_all_cases(state.seats[one.seat].role)
        ]

    def _next_case(self, to: Mapping[ConnectionId, Role], state: State) -> list[Effect]:
        guests = {one: role for one, role in to.items() if not sees_all_cases(role)}
        if not guests:
            return []
        return [SendParts(tuple(guests), self._snapshots.case(state, next(iter(guests.values()))))]


def _as_told(entry: Entry, to: Mapping[ConnectionId, Role], state: State) -> list[Effect]:
    """An event to these: once to all, and once more to those who are told less of it."""
    told = {role: told_event(entry.event, role, state) for role in set(to.values())}
    whole = tuple(one for one, role in to.items() if told[role] is entry.event)
    less = tuple(one for one, role in to.items() if told[role] is not entry.event)
    effects: list[Effect] = [Send(whole, stored_event(entry))] if whole else []
    return [*effects, Send(less, stored_event(entry, told[to[less[0]]]))] if less else effects
