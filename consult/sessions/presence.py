"""Messages of presence: where people point, hands, how they are connected. Part of the protocol of `messages.py`."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from consult.model.geometry import Vec
from consult.model.identifiers import SeatId, SeriesKey
from consult.sessions.commands import Epoch


class Spot(Struct, frozen=True, forbid_unknown_fields=True):
    """A place that somebody points at.

    Attributes:
        viewport: id of the viewport that the pointer is over.
        series, image: what is shown there.
        point: in the space of the series' grid: LPS mm, or image coordinates in the grid's unit where the series has no
            place in the patient. On the image's plane.
    """

    viewport: Annotated[str, Meta(pattern=r"^[a-z]$")]
    series: Annotated[SeriesKey, Meta(max_length=200)]
    image: Annotated[int, Meta(ge=0, le=1_000_000)]
    point: Vec


class Cursor(Struct, frozen=True, tag="cursor", forbid_unknown_fields=True):
    """Where this page's pointer is on the picture; null: nowhere. May be dropped; the newest wins.

    `n` counts a connection's cursors up, so that an older one that arrives late is not used. `laser`: it draws a trail.
    """

    case: Epoch
    n: Annotated[int, Meta(ge=1, le=2**53 - 1)]
    at: Spot | None = None
    laser: bool = False


class RaiseHand(Struct, frozen=True, tag="hand", forbid_unknown_fields=True):
    """This page's own hand, up or down."""

    up: bool


class LowerHand(Struct, frozen=True, tag="lower_hand", forbid_unknown_fields=True):
    """The host lowers the hand of a seat."""

    seat: Annotated[SeatId, Meta(max_length=80)]


Transport = Literal["webrtc", "websocket", "stills"]
"""How a page gets the moving picture; stills: it does not."""


class TellHealth(Struct, frozen=True, tag="health", forbid_unknown_fields=True):
    """How this page is connected. `round_trip_ms`: of its newest ping; 0 where it is not known yet."""

    transport: Transport
    round_trip_ms: Annotated[int, Meta(ge=0, le=60_000)] = 0


class Pointed(Struct, frozen=True):
    """Where somebody points now. Another `n`: they have moved, or said it anew."""

    seat: SeatId
    n: int
    at: Spot
    laser: bool


class Cursors(Struct, frozen=True, tag="cursors"):
    """Where everybody else points now, each seat once; who is not in it points nowhere. Of that case epoch."""

    case: int
    cursors: tuple[Pointed, ...]


class LookHere(Struct, frozen=True, tag="look_here", forbid_unknown_fields=True):
    """The presenter asks all who look around alone to come back."""

    case: Epoch


class AskedToLook(Struct, frozen=True, tag="asked_to_look"):
    """`by` asks who looks around alone to come back."""

    by: SeatId


PresenceMessage = Cursor | RaiseHand | LowerHand | TellHealth | LookHere
"""Those that a page sends."""
