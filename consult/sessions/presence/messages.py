"""Messages of presence: who is here, where people point, what they look at on their own, hands, health, microphones."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from consult.model.geometry import Vec
from consult.model.identifiers import SeatId, SeriesKey
from consult.model.view import View
from consult.sessions.features.kinds import ClientMessage, Epoch, ServerMessage
from consult.sessions.features.view.messages import ShownView


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


class Cursor(ClientMessage, frozen=True, tag="cursor"):
    """Where this page's pointer is on the picture; null: nowhere. May be dropped; the newest wins.

    `n` counts a connection's cursors up, so that an older one that arrives late is not used. `laser`: it draws a trail.
    """

    case: Epoch
    n: Annotated[int, Meta(ge=1, le=2**53 - 1)]
    at: Spot | None = None
    laser: bool = False


class Explore(ClientMessage, frozen=True, tag="explore"):
    """The independent view of a page, whole and absolute; null: it follows again. May be dropped.

    `n` counts a connection's views up. `rest`: the gesture is over; others are sent then where it is.
    """

    case: Epoch
    n: Annotated[int, Meta(ge=1, le=2**53 - 1)]
    view: View | None = None
    rest: bool = False


class RequestFollow(ClientMessage, frozen=True, tag="request_follow"):
    """The presenter asks all who explore on their own to follow again."""

    case: Epoch


class RaiseHand(ClientMessage, frozen=True, tag="hand"):
    """This page's own hand, up or down."""

    up: bool


class LowerHand(ClientMessage, frozen=True, tag="lower_hand"):
    """The host lowers the hand of a seat."""

    seat: Annotated[SeatId, Meta(max_length=80)]


Transport = Literal["webrtc", "websocket", "stills"]
"""How a page gets the moving picture; stills: it does not."""


class ReportHealth(ClientMessage, frozen=True, tag="health"):
    """How this page is connected. `round_trip_ms`: of its newest ping; 0 where it is not known yet."""

    transport: Transport
    round_trip_ms: Annotated[int, Meta(ge=0, le=60_000)] = 0


Microphone = Literal["off", "muted", "on", "phone"]
"""off: only listens. phone: talks over a telephone already, neither sends nor receives voice here."""


class SetMicrophone(ClientMessage, frozen=True, tag="microphone"):
    """How the page speaks from now on. Nothing of it is forwarded unless it is "on"."""

    microphone: Microphone


class Mute(ClientMessage, frozen=True, tag="mute"):
    """The host mutes one seat, or with "" all others. Who is muted may unmute themselves."""

    seat: Annotated[SeatId, Meta(max_length=80)]


PresenceMessage = Cursor | Explore | RequestFollow | RaiseHand | LowerHand | ReportHealth | SetMicrophone | Mute
"""Those that a page sends."""


class Place(Struct, frozen=True):
    """What somebody looks at in an independent view, of the case of that epoch."""

    case: int
    series: SeriesKey
    image: int


class Here(Struct, frozen=True):
    """One participant's presence.

    Attributes:
        hand: place among the raised hands, from 1; 0: it is down.
        transport: how the newest of the seat's pages gets the moving picture.
        round_trip_ms: of that page, rounded up to one of a few steps; 0 where it is not known.
        exploring: where the independent view of the newest of the seat's pages is; None: it follows.
    """

    seat: SeatId
    online: bool
    phone: bool = False
    microphone: Microphone = "off"
    hand: int = 0
    transport: Transport = "stills"
    round_trip_ms: int = 0
    exploring: Place | None = None


class Presence(ServerMessage, frozen=True, tag="presence"):
    """Who is here, all of them."""

    people: tuple[Here, ...]


class Lobby(ServerMessage, frozen=True, tag="lobby"):
    """Whose page is open before the door, all of them: to hosts alone. That they wait their seats say."""

    here: tuple[SeatId, ...]


class Pointed(Struct, frozen=True):
    """Where somebody points now. Another `n`: they have moved, or sent it anew."""

    seat: SeatId
    n: int
    at: Spot
    laser: bool


class Cursors(ServerMessage, frozen=True, tag="cursors"):
    """Where everybody else points now, each seat once; who is not in it points nowhere. Of that case epoch."""

    case: int
    cursors: tuple[Pointed, ...]


class Exploring(ServerMessage, frozen=True, tag="exploring"):
    """This page has an independent view, `view`; null: it follows, and `sentence` has why where it did not ask.

    `stage` is that of the stamps of this view: a page paints those of its own stage only. `n`: of its newest explore.
    """

    n: int
    stage: str = ""
    view: ShownView | None = None
    sentence: str = ""


class FollowRequested(ServerMessage, frozen=True, tag="follow_requested"):
    """`by` asks who explores on their own to follow again."""

    by: SeatId


class Muted(ServerMessage, frozen=True, tag="muted"):
    """The page's microphone was muted by `by`; it is "muted" now."""

    by: SeatId


class Speaking(ServerMessage, frozen=True, tag="speaking"):
    """Whose voice is forwarded now, loudest slots first in their order; "" for a slot that is silent."""

    slots: tuple[SeatId, ...]
