"""Commands: what somebody wants. Imperative; they refuse unknown fields; domain and wire type in one.

Those of a participant carry `id` (the idempotency key) and `case` (the case epoch they were made for). Those of the
server (`OpenConsult` ... `AppendOwner`) come from the HTTP API or the runtime and never over a WebSocket.
"""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from consult.model.catalogue import Case, Role
from consult.model.identifiers import CommandId, ConsultId, InvitationId, SeatId

Name = Annotated[str, Meta(min_length=1, max_length=80)]
Epoch = Annotated[int, Meta(ge=0, le=2**53 - 1)]


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


class Own(Struct, frozen=True, kw_only=True):
    """A server process takes the consult over."""

    owner: str




Command = (
    Rename | RequestControl | GrantControl | TakeControl | GiveBackControl | SwitchCase | RemoveSeat | EndConsult
)
ServerCommand = OpenConsult | Invite | RevokeInvitation | TakeSeat | Own | EndConsult
