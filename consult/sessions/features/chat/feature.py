"""Chat: short texts to all, some with a link to a view."""

from __future__ import annotations

from msgspec.structs import replace

from consult.model.cine.playing import stopped
from consult.model.errors import Refused
from consult.model.identifiers import SeatId
from consult.sessions.features.chat.commands import MAX_CHAT, PostChat
from consult.sessions.features.chat.events import ChatMessage, ChatPosted
from consult.sessions.features.feature import Feature
from consult.sessions.features.kinds import Event
from consult.sessions.features.limits import MAX_CHAT_MESSAGES, full
from consult.sessions.features.standings import TAKING_PART
from consult.sessions.features.texts import clean_lines
from consult.sessions.state import SHOWN_CHAT_MESSAGES, State
from consult.sessions.views import check_view


def decide(state: State, actor: SeatId, command: PostChat, now: float) -> list[Event]:
    """What is written, with the control characters left out.

    Raises:
        Refused: "stale_case": it was typed for another patient; "empty_text"; "too_many_messages"; those of
            `check_view`.
    """
    if command.about not in ("", state.current):
        raise state.stale_case(state.find_case(command.about), actor)
    text = clean_lines(command.text, MAX_CHAT)
    if not text:
        raise Refused("empty_text", "There is nothing to read in this message.")
    if state.chat_count >= MAX_CHAT_MESSAGES:
        raise full("too_many_messages", MAX_CHAT_MESSAGES, "messages", "begin")
    case = state.current_case
    view = command.view and stopped(command.view)
    if view is not None and case is not None:
        check_view(view, case)
    message = ChatMessage(f"{actor}/{command.id}", actor, text, now, state.current, view)
    return [ChatPosted(message)]


def apply(state: State, event: ChatPosted, by: SeatId) -> State:
    """The state with that message as the newest."""
    others = tuple(message for message in state.chat if message.id != event.message.id)
    count = state.chat_count + (len(others) == len(state.chat))
    return replace(state, chat=(*others, event.message)[-SHOWN_CHAT_MESSAGES:], chat_count=count)


CHAT = Feature[PostChat, ChatPosted](
    name="chat",
    commands={PostChat: TAKING_PART},
    events=(ChatPosted,),
    decide=decide,
    apply=apply,
)
