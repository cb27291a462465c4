"""Chat: short texts to all, some with a link to a view."""

from __future__ import annotations

from consult.model.errors import Refused
from consult.model.identifiers import SeatId
from consult.sessions.commands import MAX_CHAT, PostChat
from consult.sessions.events import ChatMessage, ChatPosted, Event
from consult.sessions.state import State
from consult.sessions.texts import clean_lines
from consult.sessions.views import check_view


def post_chat(state: State, actor: SeatId, command: PostChat, now: float) -> list[Event]:
    """What is written, with the control characters left out.

    Raises:
        Refused: "empty_text"; those of `check_view`.
    """
    text = clean_lines(command.text, MAX_CHAT)
    if not text:
        raise Refused("empty_text", "There is nothing to read in this message.")
    case = state.current_case
    if command.view is not None and case is not None:
        check_view(command.view, case)
    message = ChatMessage(f"{actor}/{command.id}", actor, text, now, state.current, command.view)
    return [ChatPosted(message)]
