"""What is written in fields just now: presence. One a connection, absolute, with a time to live, never stored.

Rules are those of the drafts of marks (`marks/drafts.py`): all in one message; forgotten after WRITING_TTL_S; ended by
the connection, by what it becomes, and by the case.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from consult.model.errors import Refused
from consult.model.identifiers import ConnectionId, SeatId
from consult.sessions.connection_state import ConnectionState
from consult.sessions.features.cases.events import CaseSwitched
from consult.sessions.features.kinds import Event
from consult.sessions.features.note.commands import MAX_FIELD
from consult.sessions.features.note.events import Note, NotePut
from consult.sessions.features.note.messages import Write, Writing, Writings
from consult.sessions.features.texts import clean_lines
from consult.sessions.state import State

WRITING_TTL_S = 10.0
MAX_WRITINGS = 16
"""Texts that are sent; of more the first ones."""


class _Held(Struct, frozen=True):
    case: int
    writing: Writing
    until: float


class WritingBoard:
    """Who writes what now."""

    def __init__(self) -> None:
        self._held: dict[ConnectionId, _Held] = {}
        self._sent = Writings(0, ())

    def put(self, connection: ConnectionState, message: Write, state: State, now: float) -> None:
        """A page writes; without a field: no longer. Of another case it is not used."""
        if message.field is None or connection.hello is None or message.case != state.case:
            self._held.pop(connection.id, None)
            return
        writing = Writing(connection.seat, connection.hello.tab, message.field, message.text)
        self._held[connection.id] = _Held(message.case, writing, now + WRITING_TTL_S)

    def drop(self, connection_id: ConnectionId) -> None:
        """A page has gone."""
        self._held.pop(connection_id, None)

    def expire(self, now: float) -> None:
        """Forget those that nobody holds any more."""
        self._held = {c: held for c, held in self._held.items() if held.until > now}

    def follow(self, events: Iterable[Event]) -> None:
        """What has happened ends texts: what is stored its writer's own, a switch of the case all."""
        for event in events:
            if isinstance(event, CaseSwitched):
                self._held.clear()
            elif isinstance(event, NotePut):
                self._held = {c: held for c, held in self._held.items() if not _is_stored(held.writing, event.note)}

    def check_nobody_else_writes(self, seat: SeatId, state: State) -> None:
        """Let a signature pass while nobody else is in the middle of a sentence.

        Raises:
            Refused: "being_written".
        """
        for held in self._held.values():
            if held.writing.seat != seat and held.case == state.case:
                name = state.seats[held.writing.seat].name
                field = held.writing.field.replace("_", " ")
                raise Refused("being_written", f"{name} is writing the {field} just now.")

    @property
    def next_end(self) -> float | None:
        """When the first is forgotten, unless it is sent anew."""
        return min((held.until for held in self._held.values()), default=None)

    def message(self, case: int) -> Writings:
        """All that is written now in the note of the case of that epoch."""
        texts = [held.writing for held in self._held.values() if held.case == case]
        return Writings(case, tuple(texts[:MAX_WRITINGS]))

    def news(self, case: int) -> Writings | None:
        """All that is written now, where that is not what was sent last."""
        message = self.message(case)
        if message.writings == self._sent.writings and (not message.writings or message.case == self._sent.case):
            return None
        self._sent = message
        return message


def _is_stored(writing: Writing, note: Note) -> bool:
    written = note.fields.get(writing.field)
    if written is None:
        return False
    return (written.author, written.text) == (writing.seat, clean_lines(writing.text, MAX_FIELD))
