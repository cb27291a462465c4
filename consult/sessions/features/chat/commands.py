"""Commands of the chat."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from consult.model.view import View
from consult.sessions.features.kinds import ParticipantCommand

MAX_CHAT = 500
"""Characters of one message."""


class PostChat(ParticipantCommand, frozen=True, tag="post_chat"):
    """Write to all; with a view, where to look."""

    text: Annotated[str, Meta(min_length=1, max_length=MAX_CHAT)]
    view: View | None = None
