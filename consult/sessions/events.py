"""Events: what happened. Past tense; each carries the resulting record, so that a fold is an assignment.

An entry of the log is one event with its sequence number, its time and the command that caused it.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from consult.model.catalogue import Case, Role
from consult.model.identifiers import ConsultId, InvitationId, SeatId
from consult.model.mark import KeyImage, Mark
from consult.model.view import View

ENTRY_VERSION = 2


class Consult(Struct, frozen=True):
    """The consult itself."""

    id: ConsultId
    title: str
    host_name: str
    opened_at: float
    ended_at: float | None = None


class Invitation(Struct, frozen=True):
    """A link. Its secret is derived from the server's key file, never stored. `label`: the host's own note of it."""

    id: InvitationId
    role: Role
    name: str = ""
    expires_at: float | None = None
    revoked: bool = False
    label: str = ""


class Seat(Struct, frozen=True):
    """A participant. `colour` is the index of joining, from 0."""

    id: SeatId
    name: str
    role: Role
    colour: int
    invitation: InvitationId
    removed: bool = False


class Control(Struct, frozen=True):
    """Who drives. `epoch` counts changes: gestures of a former presenter carry an older one and die."""

    epoch: int
    seat: SeatId | None
    requests: tuple[SeatId, ...] = ()


class ConsultOpened(Struct, frozen=True, tag="consult_opened"):
    """The first entry of a log."""

    consult: Consult
    cases: tuple[Case, ...]


class OwnerChanged(Struct, frozen=True, tag="owner_changed"):
    """A server process took over; `owners` counts them."""

    owner: str
    owners: int


class InvitationPut(Struct, frozen=True, tag="invitation_put"):
    """An invitation was made or revoked. Never sent to a page."""

    invitation: Invitation


class SeatPut(Struct, frozen=True, tag="seat_put"):
    """Somebody took a seat, changed their name, or was removed."""

    seat: Seat


class ControlPut(Struct, frozen=True, tag="control_put"):
    """Control changed hands, or was asked for."""

    control: Control


class CaseSwitched(Struct, frozen=True, tag="case_switched"):
    """Another case is on the stage. `epoch` counts switches."""

    epoch: int
    case: str


class ViewSettled(Struct, frozen=True, tag="view_settled"):
    """The view came to rest."""

    rev: int
    control: int
    case: int
    view: View


class ConsultEnded(Struct, frozen=True, tag="consult_ended"):
    """Over, for everybody."""

    consult: Consult


Doing = Literal["do", "undo", "redo"]
"""Whether an act is new, the inverse of one before, or one that was undone."""


class MarkPut(Struct, frozen=True, tag="mark_put"):
    """A mark was drawn, changed, or brought back."""

    mark: Mark
    doing: Doing = "do"


class MarkDeleted(Struct, frozen=True, tag="mark_deleted"):
    """A mark is gone."""

    mark: str
    doing: Doing = "do"


class KeyImagePut(Struct, frozen=True, tag="key_image_put"):
    """An image is kept."""

    key_image: KeyImage
    doing: Doing = "do"


class KeyImageDeleted(Struct, frozen=True, tag="key_image_deleted"):
    """An image is kept no longer."""

    key_image: str
    doing: Doing = "do"


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


class ChatPosted(Struct, frozen=True, tag="chat_posted"):
    """Somebody wrote to all."""

    message: ChatMessage


Act = MarkPut | MarkDeleted | KeyImagePut | KeyImageDeleted
"""What can be undone."""

Event = (
    ConsultOpened
    | OwnerChanged
    | InvitationPut
    | SeatPut
    | ControlPut
    | CaseSwitched
    | ViewSettled
    | ConsultEnded
    | Act
    | ChatPosted
)


class Entry(Struct, frozen=True):
    """One line of the log.

    Attributes:
        seq: from 1, without gaps.
        at: seconds since 1970.
        event: what happened.
        by: who caused it; "" for the server.
        command: id of the command that caused it; "" for the server's own.
        v: version of the entry's form; older ones are read through upcasters.
    """

    seq: int
    at: float
    event: Event
    by: str = ""
    command: str = ""
    v: int = ENTRY_VERSION
