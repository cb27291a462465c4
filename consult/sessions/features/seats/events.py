"""Invitations and seats, and what happens to them."""

from __future__ import annotations

from msgspec import Struct

from consult.model.catalogue import Role
from consult.model.identifiers import InvitationId, SeatId
from consult.sessions.features.kinds import Event


class Invitation(Struct, frozen=True):
    """A link. Its secret is derived from the server's key file, never stored. `label`: the host's own note of it.
    `case`: of a reader's, the one whose note it opens."""

    id: InvitationId
    role: Role
    name: str = ""
    expires_at: float | None = None
    revoked: bool = False
    label: str = ""
    case: str = ""


class Seat(Struct, frozen=True):
    """A participant. `colour` is the index of joining, from 0."""

    id: SeatId
    name: str
    role: Role
    colour: int
    invitation: InvitationId
    removed: bool = False


class InvitationPut(Event, frozen=True, tag="invitation_put"):
    """An invitation was made or revoked. Never sent to a page."""

    invitation: Invitation


class SeatPut(Event, frozen=True, tag="seat_put"):
    """Somebody took a seat, changed their name, or was removed."""

    seat: Seat


SeatsEvent = InvitationPut | SeatPut
