"""Who may send what: one table, role x message x (live or ended, in control or not). Denied unless listed.

Control is not a role: it is a column of its own. Nothing is listed for a consult that has ended.
"""

from __future__ import annotations

from msgspec import Struct

from consult.model.catalogue import Role
from consult.model.errors import Refused
from consult.sessions.commands import (
    DeleteMark,
    DropImage,
    EndConsult,
    GiveBackControl,
    GrantControl,
    KeepImage,
    PostChat,
    PutMark,
    Redo,
    RemoveSeat,
    Rename,
    RequestControl,
    SwitchCase,
    TakeControl,
    Undo,
)
from consult.sessions.messages import (
    AnswerMedia,
    ClientMessage,
    Draft,
    EndMedia,
    Hello,
    Look,
    Mute,
    PauseMedia,
    Ping,
    SetMicrophone,
    SetScreen,
    Show,
    WantMedia,
)
from consult.sessions.presence import Cursor, LookHere, LowerHand, RaiseHand, TellHealth


class Standing(Struct, frozen=True):
    """What counts about a sender: the role, whether they have control, whether the consult is over."""

    role: Role
    control: bool
    ended: bool = False


HOST_IDLE = Standing("host", False)
HOST_IN_CONTROL = Standing("host", True)
PARTICIPANT_IDLE = Standing("participant", False)
PARTICIPANT_IN_CONTROL = Standing("participant", True)
VIEWER = Standing("viewer", False)

_HOSTS = frozenset({HOST_IDLE, HOST_IN_CONTROL})
_IN_CONTROL = frozenset({HOST_IN_CONTROL, PARTICIPANT_IN_CONTROL})
_TAKING_PART = frozenset({*_HOSTS, PARTICIPANT_IDLE, PARTICIPANT_IN_CONTROL})
_EVERYBODY = _TAKING_PART | {VIEWER}

ALLOWED: dict[type[ClientMessage], frozenset[Standing]] = {
    Hello: _EVERYBODY,
    SetScreen: _EVERYBODY,
    Ping: _EVERYBODY,
    WantMedia: _EVERYBODY,
    AnswerMedia: _EVERYBODY,
    PauseMedia: _EVERYBODY,
    EndMedia: _EVERYBODY,
    SetMicrophone: _EVERYBODY,
    Mute: _HOSTS,
    Cursor: _EVERYBODY - {VIEWER},
    RaiseHand: _EVERYBODY,
    LowerHand: _HOSTS,
    TellHealth: _EVERYBODY,
    Show: _IN_CONTROL,
    Look: _EVERYBODY,
    LookHere: _IN_CONTROL,
    Rename: _EVERYBODY,
    RequestControl: frozenset({PARTICIPANT_IDLE}),
    GrantControl: _HOSTS | {PARTICIPANT_IN_CONTROL},
    TakeControl: _HOSTS,
    GiveBackControl: frozenset({PARTICIPANT_IN_CONTROL}),
    SwitchCase: _HOSTS | {PARTICIPANT_IN_CONTROL},
    RemoveSeat: _HOSTS,
    EndConsult: _HOSTS,
    Draft: _TAKING_PART,
    PutMark: _TAKING_PART,
    DeleteMark: _TAKING_PART,
    KeepImage: _TAKING_PART,
    DropImage: _TAKING_PART,
    Undo: _TAKING_PART,
    Redo: _TAKING_PART,
    PostChat: _TAKING_PART,
}


def is_allowed(standing: Standing, message: type[ClientMessage]) -> bool:
    """Whether a sender of that standing may send that kind of message."""
    return standing in ALLOWED.get(message, frozenset())


def permit(standing: Standing, message: ClientMessage) -> None:
    """Let a message pass.

    Raises:
        Refused: "over", "not_in_control" (somebody else drives) or "not_allowed" (never for this role).
    """
    kind = type(message)
    if is_allowed(standing, kind):
        return
    if standing.ended:
        raise Refused("over", "This consult is over.")
    if is_allowed(Standing(standing.role, True), kind):
        raise Refused("not_in_control", "Only who has control can do this.")
    raise Refused("not_allowed", f"A {standing.role} cannot do this now.")
