"""Invitations and seats, and what happens to them."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from consult.model.catalogue import Role
from consult.model.identifiers import InvitationId, SeatId
from consult.sessions.features.kinds import Event

Lobby = Literal["", "waiting", "denied"]
"""Where somebody is who has to be let in: waiting before the door, sent away from it; "" : let in, or never asked."""


class Invitation(Struct, frozen=True):
    """A link or a spoken code. Its secret is derived from the server's key file, never stored.

    Attributes:
        expires_at: until when it lets in, and whoever came by it may stay; seconds since 1970.
        label: the host's own note of it.
        case: of a reader's, the one whose note it opens.
        lobby: who comes by it waits until a host lets them in.
        max_seats: how many people it lets in, in its life; 0: as many as any link.
        pin: whoever comes by it gives a PIN too, which is derived as the secret is.
        spoken: it is a code that is said, and has no link.
        joins_until: of a code, until when it lets in; who came by it may stay.
    """

    id: InvitationId
    role: Role
    name: str = ""
    expires_at: float | None = None
    revoked: bool = False
    label: str = ""
    case: str = ""
    lobby: bool = False
    max_seats: int = 0
    pin: bool = False
    spoken: bool = False
    joins_until: float | None = None


class Seat(Struct, frozen=True):
    """A participant.

    Attributes:
        colour: index of joining, from 0.
        removed: sent out, or away from the door.
        lobby: whether they wait to be let in.
        asked_at: since when they wait; seconds since 1970, 0 where they never had to.
        asks: how often they have asked to be let in.
    """

    id: SeatId
    name: str
    role: Role
    colour: int
    invitation: InvitationId
    removed: bool = False
    lobby: Lobby = ""
    asked_at: float = 0.0
    asks: int = 0

    @property
    def is_in(self) -> bool:
        """They may be in the consult, as far as it is theirs: neither sent out nor before the door."""
        return not self.removed and self.lobby == ""


class InvitationPut(Event, frozen=True, tag="invitation_put"):
    """An invitation was made or revoked. Never sent to a page."""

    invitation: Invitation


class SeatPut(Event, frozen=True, tag="seat_put"):
    """Somebody took a seat, was let in, changed their name, or was removed. Of who waits hosts alone are sent it."""

    seat: Seat


SeatsEvent = InvitationPut | SeatPut
