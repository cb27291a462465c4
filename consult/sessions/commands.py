"""Commands: what somebody wants. Imperative; they refuse unknown fields; domain and wire type in one.

Those of a participant carry `id` (the idempotency key) and `case` (the case epoch they were made for). Those of the
server (`OpenConsult` ... `AppendOwner`) come from the HTTP API or the runtime and never over a WebSocket.
"""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from consult.model.catalogue import Case, Role
from consult.model.identifiers import CommandId, ConsultId, InvitationId, SeatId
from consult.model.mark import MarkId, Shape
from consult.model.view import View, Viewport

Name = Annotated[str, Meta(min_length=1, max_length=80)]
Epoch = Annotated[int, Meta(ge=0, le=2**53 - 1)]
MAX_CHAT = 500
"""Characters of one message."""


class ParticipantCommand(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What every command of a participant carries."""

    id: CommandId
    case: Epoch


class Rename(ParticipantCommand, frozen=True, tag="rename"):
    """Change one's own name."""

    name: Name


class RequestControl(ParticipantCommand, frozen=True, tag="request_control"):
    """Ask the host for control."""


class GrantControl(ParticipantCommand, frozen=True, tag="grant_control"):
    """The host, or who has control, hands it to a seat."""

    seat: SeatId


class TakeControl(ParticipantCommand, frozen=True, tag="take_control"):
    """The host takes control (back)."""


class GiveBackControl(ParticipantCommand, frozen=True, tag="give_back_control"):
    """Who has control gives it back to the host."""


class SwitchCase(ParticipantCommand, frozen=True, tag="switch_case"):
    """Go to another case of the list."""

    to: Annotated[str, Meta(min_length=1, max_length=40)]


class RemoveSeat(ParticipantCommand, frozen=True, tag="remove_seat"):
    """The host sends somebody out, for good."""

    seat: SeatId


class EndConsult(ParticipantCommand, frozen=True, tag="end_consult"):
    """The host ends the consult for everybody."""


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


class PostChat(ParticipantCommand, frozen=True, tag="post_chat"):
    """Write to all; with a view, where to look."""

    text: Annotated[str, Meta(min_length=1, max_length=MAX_CHAT)]
    view: View | None = None


class OpenConsult(Struct, frozen=True, kw_only=True):
    """The first command of a log."""

    consult: ConsultId
    title: str
    host_name: str
    cases: tuple[Case, ...]


class Invite(Struct, frozen=True, kw_only=True):
    """Make an invitation."""

    invitation: InvitationId
    role: Role
    name: str = ""
    """Name the seat gets where the guest gives none (the host's own link)."""
    expires_at: float | None = None
    """Seconds since 1970; None: as long as the consult."""
    label: str = ""
    """What the host notes of it: for whom it is. No guest reads it."""


class RevokeInvitation(Struct, frozen=True, kw_only=True):
    """The link stops working; the seats taken with it are closed."""

    invitation: InvitationId


class TakeSeat(Struct, frozen=True, kw_only=True):
    """Somebody with a valid invitation comes in."""

    seat: SeatId
    invitation: InvitationId
    name: str


class TakeOwnership(Struct, frozen=True, kw_only=True):
    """A server process takes the consult over."""

    owner: str



Marking = PutMark | DeleteMark | KeepImage | DropImage | Undo | Redo
"""What people do on images; `marking.py` decides it."""
ConsultCommand = (
    Rename
    | RequestControl
    | GrantControl
    | TakeControl
    | GiveBackControl
    | SwitchCase
    | RemoveSeat
    | EndConsult
    | PostChat
)
"""All else; `decide.py` decides it."""
Command = ConsultCommand | Marking
ServerCommand = OpenConsult | Invite | RevokeInvitation | TakeSeat | TakeOwnership | EndConsult
