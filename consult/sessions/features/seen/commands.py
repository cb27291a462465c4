"""Commands of readers."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from consult.model.identifiers import SeatId
from consult.sessions.features.kinds import ParticipantCommand, ServerCommand

VersionId = Annotated[str, Meta(min_length=3, max_length=60)]
"""Of a signed version ("c1.2")."""


class OpenNote(ParticipantCommand, frozen=True, tag="open_note"):
    """A page shows a signed version to the person before it: opened, not said to be read."""

    version: VersionId


class MarkSeen(ParticipantCommand, frozen=True, tag="mark_seen"):
    """Say that one has read a signed version."""

    version: VersionId


class NoteRead(ServerCommand, frozen=True, kw_only=True):
    """Who has a reader's link has opened a signed version, or says to have read it; by the reader's page.

    Attributes:
        name: as they are called; "": as the seat is.
        confirmed: they say that they have read it.
    """

    seat: SeatId
    version: VersionId
    confirmed: bool = False
    name: str = ""


SeenCommand = OpenNote | MarkSeen | NoteRead
