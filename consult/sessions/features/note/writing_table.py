"""What is written in fields just now (`features/draft_table.py` has the rules)."""

from __future__ import annotations

from consult.model.errors import Refused
from consult.model.identifiers import SeatId
from consult.model.rates import RateLimit
from consult.sessions.connection_state import ConnectionState
from consult.sessions.features.draft_table import DraftTable
from consult.sessions.features.kinds import Event
from consult.sessions.features.note.commands import MAX_FIELD
from consult.sessions.features.note.events import NotePut
from consult.sessions.features.note.messages import Write, Writing, Writings
from consult.sessions.features.texts import clean_lines
from consult.sessions.state import State

WRITING_TTL_S = 10.0
MAX_WRITINGS = 16
"""Texts that are sent; of more the first ones."""
MAX_WRITTEN = 12_000
"""Characters of them together: four who fill a field each."""
WRITINGS_RATE = RateLimit(4, 8)
"""Who reads along reads words; all of them go to everybody each time."""


class WritingTable(DraftTable[Writing]):
    """Who writes what now."""

    def __init__(self) -> None:
        super().__init__(WRITING_TTL_S, MAX_WRITINGS, WRITINGS_RATE)

    def put(self, connection: ConnectionState, message: Write, state: State, now: float) -> None:
        """A page writes; without a field: no longer. Of another case it is not used."""
        if message.field is None or connection.hello is None or message.case != state.case:
            self.drop(connection.id)
            return
        writing = Writing(connection.seat, connection.hello.tab, message.field, message.text)
        self.hold(connection.id, message.case, writing, now)

    def check_nobody_else_writes(self, seat: SeatId, state: State) -> None:
        """Let a signature pass while nobody else is in the middle of a sentence.

        Raises:
            Refused: "being_written".
        """
        for writing in self.held(state.case):
            if writing.seat != seat:
                name, field = state.seats[writing.seat].name, writing.field.replace("_", " ")
                raise Refused("being_written", f"{name} is writing the {field} just now.")

    def sent(self, case: int) -> tuple[Writing, ...]:
        """See `DraftTable.sent`; as many as MAX_WRITTEN holds."""
        sent, characters = list[Writing](), 0
        for writing in super().sent(case):
            characters += len(writing.text)
            if characters > MAX_WRITTEN:
                break
            sent.append(writing)
        return tuple(sent)

    def message(self, case: int) -> Writings:
        """All that is written now in the note of the case of that epoch."""
        return Writings(case, self.sent(case))

    def is_stored(self, draft: Writing, event: Event) -> bool:
        """Whether it stands in the note, as its writer's own."""
        written = event.note.fields.get(draft.field) if isinstance(event, NotePut) else None
        return written is not None and (written.author, written.text) == (
            draft.seat,
            clean_lines(draft.text, MAX_FIELD),
        )
