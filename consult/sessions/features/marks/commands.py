"""Commands on marks and key images."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from consult.model.mark import MarkId, Shape
from consult.model.view import Viewport
from consult.sessions.features.kinds import ParticipantCommand


class PutMark(ParticipantCommand, frozen=True, tag="put_mark"):
    """Store a mark, or change one of one's own."""

    mark: Shape


class DeleteMark(ParticipantCommand, frozen=True, tag="delete_mark"):
    """Delete a mark of one's own; the host anybody's."""

    mark: MarkId


class KeepImage(ParticipantCommand, frozen=True, tag="keep_image"):
    """Keep an image, as this viewport shows it, as a key image."""

    viewport: Viewport


class DropImage(ParticipantCommand, frozen=True, tag="drop_image"):
    """Drop a key image of one's own; the host anybody's."""

    key_image: Annotated[str, Meta(min_length=1, max_length=120)]


class Undo(ParticipantCommand, frozen=True, tag="undo"):
    """Take back one's own newest act on marks and key images."""


class Redo(ParticipantCommand, frozen=True, tag="redo"):
    """Do again what one has undone last."""


MarksCommand = PutMark | DeleteMark | KeepImage | DropImage | Undo | Redo
