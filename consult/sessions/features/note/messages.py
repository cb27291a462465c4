"""What is being written in a note just now."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from consult.model.identifiers import SeatId, TabId
from consult.sessions.features.kinds import ClientMessage, Epoch, ServerMessage
from consult.sessions.features.note.commands import MAX_FIELD
from consult.sessions.features.note.events import Field


class Write(ClientMessage, frozen=True, tag="write"):
    """What this page has in a field just now, whole; without a field: nothing any more. May be dropped; sent anew while
    it is held."""

    case: Epoch
    field: Field | None = None
    text: Annotated[str, Meta(max_length=MAX_FIELD)] = ""


class Writing(Struct, frozen=True):
    """What somebody has in a field, in which of their pages."""

    seat: SeatId
    tab: TabId
    field: Field
    text: str


class Writings(ServerMessage, frozen=True, tag="writings"):
    """All that is being written just now, by everybody, in the note of the case of that epoch."""

    case: int
    writings: tuple[Writing, ...]
