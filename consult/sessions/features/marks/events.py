"""What happens to marks and key images."""

from __future__ import annotations

from typing import Literal

from consult.model.mark import KeyImage, Mark
from consult.sessions.features.kinds import Event

Doing = Literal["do", "undo", "redo"]
"""Whether an act is new, the inverse of one before, or one that was undone."""


class MarkPut(Event, frozen=True, tag="mark_put"):
    """A mark was drawn, changed, or brought back."""

    mark: Mark
    doing: Doing = "do"


class MarkDeleted(Event, frozen=True, tag="mark_deleted"):
    """A mark is gone."""

    mark: str
    doing: Doing = "do"


class KeyImagePut(Event, frozen=True, tag="key_image_put"):
    """An image is kept."""

    key_image: KeyImage
    doing: Doing = "do"


class KeyImageDeleted(Event, frozen=True, tag="key_image_deleted"):
    """An image is kept no longer."""

    key_image: str
    doing: Doing = "do"


Act = MarkPut | MarkDeleted | KeyImagePut | KeyImageDeleted
"""What can be undone."""
