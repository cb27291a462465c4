"""Commands of the chat."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from consult.model.view import View
from consult.sessions.features.kinds import ParticipantCommand

MAX_CHAT = 500
"""Characters of one message."""


class PostChat(ParticipantCommand, frozen=True, tag="post_chat"):
    """Write to all about the patient on the stage; with a view, where to look.

    Attributes:
        about: id of the case whose patient it was typed for. It must be that of the epoch: two witnesses. Empty from a
            page of an older release that has stayed open: the epoch alone says it then.
    """

    text: Annotated[str, Meta(min_length=1, max_length=MAX_CHAT)]
    about: Annotated[str, Meta(max_length=40)] = ""
    view: View | None = None
