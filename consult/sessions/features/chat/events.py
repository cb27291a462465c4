"""What was written."""

from __future__ import annotations

from msgspec import Struct

from consult.model.identifiers import SeatId
from consult.model.view import View
from consult.sessions.features.kinds import Event


class ChatMessage(Struct, frozen=True):
    """What somebody wrote to all.

    Attributes:
        id: made from the seat and the command.
        at: seconds since 1970.
        case: id of the case on the stage then; the view is of it.
    """

    id: str
    author: SeatId
    text: str
    at: float
    case: str
    view: View | None = None


class ChatPosted(Event, frozen=True, tag="chat_posted"):
    """Somebody wrote to all."""

    message: ChatMessage
