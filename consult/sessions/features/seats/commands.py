"""Commands about invitations and seats."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from consult.model.catalogue import Role
from consult.model.identifiers import InvitationId, SeatId
from consult.sessions.features.kinds import ParticipantCommand, ServerCommand

MAX_NAME = 80
"""Characters of a name."""
MAX_ADMITTED = 64
"""Let in by one command."""


class Rename(ParticipantCommand, frozen=True, tag="rename"):
    """Change one's own name."""

    name: Annotated[str, Meta(min_length=1, max_length=MAX_NAME)]


class RemoveSeat(ParticipantCommand, frozen=True, tag="remove_seat"):
    """The host sends somebody out, for good."""

    seat: SeatId


class ReadmitSeat(ParticipantCommand, frozen=True, tag="readmit_seat"):
    """The host lets somebody in again who was sent out."""

    seat: SeatId


class AdmitSeats(ParticipantCommand, frozen=True, tag="admit_seats"):
    """The host lets in these of who wait, and nobody else: who has come since was not seen."""

    seats: Annotated[tuple[SeatId, ...], Meta(min_length=1, max_length=MAX_ADMITTED)]


class DenySeat(ParticipantCommand, frozen=True, tag="deny_seat"):
    """The host lets somebody who waits not in."""

    seat: SeatId


class Invite(ServerCommand, frozen=True, kw_only=True):
    """Make an invitation."""

    invitation: InvitationId
    role: Role
    name: str = ""
    """Name the seat gets where the guest gives none (the host's own link)."""
    expires_at: float | None = None
    """Seconds since 1970; None: as long as the consult."""
    label: str = ""
    """What the host notes of it: for whom it is. No guest reads it."""
    case: str = ""
    """Of a reader: id of the case whose note it opens."""
    lobby: bool = False
    """Who comes by it waits to be let in; of a spoken code always."""
    max_seats: int = 0
    """How many people it lets in; 0: as many as any link."""
    pin: bool = False
    """Whoever comes by it gives a PIN too."""
    spoken: bool = False
    """A code that is said: it lets in one person, until `joins_until`."""
    joins_until: float | None = None


class RevokeInvitation(ServerCommand, frozen=True, kw_only=True):
    """The link stops working; the seats taken with it are closed."""

    invitation: InvitationId


class TakeSeat(ServerCommand, frozen=True, kw_only=True):
    """Somebody with a valid invitation comes in."""

    seat: SeatId
    invitation: InvitationId
    name: str


class AskAgain(ServerCommand, frozen=True, kw_only=True):
    """Somebody who was not let in asks once more."""

    seat: SeatId


SeatsCommand = (
    Rename | RemoveSeat | ReadmitSeat | AdmitSeats | DenySeat | Invite | RevokeInvitation | TakeSeat | AskAgain
)
