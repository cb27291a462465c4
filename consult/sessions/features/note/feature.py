"""Notes: one of each case, written together, signed by name."""

from __future__ import annotations

from typing import assert_never

from msgspec.structs import replace

from consult.model.identifiers import SeatId
from consult.sessions.features.feature import Feature
from consult.sessions.features.note.commands import NoteCommand, OrderFindings, PutNote, SignNote
from consult.sessions.features.note.decide import decide
from consult.sessions.features.note.events import NoteEvent, NotePut, NoteSigned
from consult.sessions.features.note.messages import Write, Writings
from consult.sessions.features.standings import TAKING_PART
from consult.sessions.state import State


def apply(state: State, event: NoteEvent, by: SeatId) -> State:
    """The state with that note, or with one more signed version: one that is there is never replaced."""
    match event:
        case NotePut(note=note):
            return replace(state, notes={**state.notes, note.case: note})
        case NoteSigned(version=version):
            return replace(state, signed={**state.signed, version.id: state.signed.get(version.id, version)})
        case _ as never:
            assert_never(never)


NOTE = Feature[NoteCommand, NoteEvent](
    name="note",
    commands=dict.fromkeys((PutNote, OrderFindings, SignNote), TAKING_PART),
    events=(NotePut, NoteSigned),
    messages={Write: TAKING_PART},
    server_messages=(Writings,),
    decide=decide,
    apply=apply,
)
