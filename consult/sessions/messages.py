"""What travels over the control WebSocket: text frames of JSON, each with `type`.

A message that may be dropped (`show`, `screen`, `view`, `stamp`, `presence`, `loading`, `speaking`, `look`,
`looking`, `cursor`, `cursors`) carries absolute values. docs/protocol.md tells when each is sent; tests/wire/ holds
good and negative examples of each.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from consult.model.catalogue import Case, Role
from consult.model.geometry import Vec
from consult.model.identifiers import SeatId, SeriesKey, TabId
from consult.model.mark import KeyImage, Mark, Shape
from consult.model.stamp import Stamp
from consult.model.view import Screen, View
from consult.sessions.commands import Command, Epoch
from consult.sessions.events import ChatMessage, Consult, Control, Event, Seat
from consult.sessions.presence import AskedToLook, Cursors, PresenceMessage, Transport

PROTOCOL_VERSION = 1


class Hello(Struct, frozen=True, tag="hello", forbid_unknown_fields=True):
    """First message of a page. `log`, `after` and `rev`: what it has already, or "", 0 and 0.

    `rev` is the highest revision of the view that it has heard of: a server that has lost the consult without knowing
    is told apart by it.
    """

    protocol: int
    tab: Annotated[TabId, Meta(pattern=r"^[A-Za-z0-9_-]{8,40}$")]
    screen: Screen
    log: Annotated[str, Meta(max_length=80)] = ""
    after: Annotated[int, Meta(ge=0, le=2**53 - 1)] = 0
    rev: Annotated[int, Meta(ge=0, le=2**53 - 1)] = 0


class Show(Struct, frozen=True, tag="show", forbid_unknown_fields=True):
    """The presenter's view, whole and absolute. May be dropped; the newest wins.

    `n` counts a tab's shows up, so that an older one that arrives late is not used. `rest`: the gesture is over.
    """

    control: Epoch
    case: Epoch
    n: Annotated[int, Meta(ge=1, le=2**53 - 1)]
    view: View
    rest: bool = False


class Look(Struct, frozen=True, tag="look", forbid_unknown_fields=True):
    """The view of a page that looks around alone, whole and absolute; null: it follows again. May be dropped.

    `n` counts a connection's looks up. `rest`: the gesture is over; others are told then what it looks at.
    """

    case: Epoch
    n: Annotated[int, Meta(ge=1, le=2**53 - 1)]
    view: View | None = None
    rest: bool = False


class SetScreen(Struct, frozen=True, tag="screen", forbid_unknown_fields=True):
    """The page's stage changed its size or shape."""

    screen: Screen


class Ping(Struct, frozen=True, tag="ping", forbid_unknown_fields=True):
    """Answered by a pong with the same `t`; tells both sides that the other lives."""

    t: float


class WantMedia(Struct, frozen=True, tag="want_media", forbid_unknown_fields=True):
    """Offer a WebRTC connection; the one before it ends. `h264`: this browser takes H.264 by WebRTC.

    `n` counts up within a connection; the offer and what belongs to it carry the same.
    """

    n: Annotated[int, Meta(ge=1, le=2**31 - 1)]
    h264: bool


class AnswerMedia(Struct, frozen=True, tag="answer_media", forbid_unknown_fields=True):
    """The page's SDP answer (RFC 8829) to the offer of that number."""

    n: Annotated[int, Meta(ge=1, le=2**31 - 1)]
    sdp: Annotated[str, Meta(min_length=1, max_length=12_000)]


class EndMedia(Struct, frozen=True, tag="end_media", forbid_unknown_fields=True):
    """The page has given that WebRTC connection up."""

    n: Annotated[int, Meta(ge=1, le=2**31 - 1)]


class PauseMedia(Struct, frozen=True, tag="pause_media", forbid_unknown_fields=True):
    """Nobody looks at the page (a hidden tab): no picture by that WebRTC connection until it is looked at again, when
    the first is an IDR. Voice goes on."""

    n: Annotated[int, Meta(ge=1, le=2**31 - 1)]
    paused: bool


Microphone = Literal["off", "muted", "on", "phone"]
"""off: only listens. phone: talks over a telephone already, neither sends nor hears here."""


class SetMicrophone(Struct, frozen=True, tag="microphone", forbid_unknown_fields=True):
    """How the page speaks from now on. Nothing of it is forwarded unless it is "on"."""

    microphone: Microphone


class Mute(Struct, frozen=True, tag="mute", forbid_unknown_fields=True):
    """The host mutes one seat, or with "" all others. Who is muted may unmute themselves."""

    seat: Annotated[SeatId, Meta(max_length=80)]


class Draft(Struct, frozen=True, tag="draft", forbid_unknown_fields=True):
    """What this page draws just now; null: nothing any more. May be dropped; said anew while it is held."""

    case: Epoch
    shape: Shape | None = None


MediaMessage = WantMedia | AnswerMedia | PauseMedia | EndMedia
Passing = Look | SetScreen | Ping | MediaMessage | SetMicrophone | Mute | Draft | PresenceMessage
"""Messages that leave nothing in the log."""
ClientMessage = Hello | Show | Passing | Command


class Snapshot(Struct, frozen=True):
    """The document, as a page may see it."""

    consult: Consult
    cases: tuple[Case, ...]
    case: int
    """Case epoch."""
    current: str
    """Id of the case on the stage."""
    control: Control
    seats: tuple[Seat, ...]
    marks: tuple[Mark, ...] = ()
    key_images: tuple[KeyImage, ...] = ()
    chat: tuple[ChatMessage, ...] = ()


class ShownView(Struct, frozen=True, tag="view"):
    """The view as it is now. `tab` and `n`: whose show it came from ("" and 0: the server's own)."""

    rev: int
    control: int
    case: int
    view: View
    tab: str = ""
    n: int = 0


class Looking(Struct, frozen=True, tag="looking"):
    """This page looks around alone and sees `view`; null: it follows, and `sentence` says why where it did not ask.

    `stage` is that of the stamps of this view: a page paints those of its own stage alone. `n`: of its newest look.
    """

    n: int
    stage: str = ""
    view: ShownView | None = None
    sentence: str = ""


class Welcome(Struct, frozen=True, tag="welcome"):
    """Answer to hello. `snapshot` is None where the page's log is right and the missed events follow."""

    log: str
    seq: int
    seat: SeatId
    role: Role
    snapshot: Snapshot | None
    view: ShownView
    now: float
    protocol: int = PROTOCOL_VERSION


class StoredEvent(Struct, frozen=True, tag="event"):
    """A stored event, in the order of the log; `seq` may skip entries that pages are not shown."""

    seq: int
    at: float
    event: Event
    by: str = ""
    command: str = ""


class Ack(Struct, frozen=True, tag="ack"):
    """The command is stored, as entry `seq` (0: it was right already and changed nothing)."""

    id: str
    seq: int


class Nack(Struct, frozen=True, tag="refused"):
    """The command, show or message was not used. `id` is empty for a message without one."""

    id: str
    code: str
    message: str


class Place(Struct, frozen=True):
    """What somebody looks at alone."""

    series: SeriesKey
    image: int


class Here(Struct, frozen=True):
    """One participant's presence.

    Attributes:
        hand: place among the raised hands, from 1; 0: it is down.
        way: how the newest of the seat's pages gets the moving picture.
        round_trip_ms: of that page, rounded up to one of a few steps; 0 where it is not known.
        looks: what the newest of the seat's pages looks at alone; None: it follows.
    """

    seat: SeatId
    online: bool
    phone: bool = False
    microphone: Microphone = "off"
    hand: int = 0
    transport: Transport = "stills"
    round_trip_ms: int = 0
    looks: Place | None = None


class Presence(Struct, frozen=True, tag="presence"):
    """Who is here, all of them."""

    people: tuple[Here, ...]


class Loading(Struct, frozen=True, tag="loading"):
    """What of a series can be shown. `ready`: runs (first, last) of images, both inclusive.

    `failed`: images that cannot be shown; `sentence` says why, naming tag, value and rule."""

    series: SeriesKey
    ready: tuple[tuple[int, int], ...]
    images: int
    failed: tuple[int, ...] = ()
    sentence: str = ""


class ShownStamp(Struct, frozen=True, tag="stamp"):
    """What a picture shows; sent before the picture can be."""

    stamp: Stamp


class Offer(Struct, frozen=True, tag="offer"):
    """SDP offer (RFC 8829) for `want_media` of that number.

    Media lines in this order: video down (only where the page takes H.264 and the server sends it), one audio line
    both ways (the page's microphone, and the first slot), two audio lines down (the other slots).
    """

    n: int
    sdp: str


class MediaEnded(Struct, frozen=True, tag="media_ended"):
    """The server has given the WebRTC connection of that number up, or cannot make one."""

    n: int
    sentence: str


class Muted(Struct, frozen=True, tag="muted"):
    """The page's microphone was muted by `by`; it is "muted" now."""

    by: SeatId


class Speaking(Struct, frozen=True, tag="speaking"):
    """Who speaks now and is heard, loudest slots first in their order; "" for a slot that is silent."""

    slots: tuple[SeatId, ...]


class Drafted(Struct, frozen=True):
    """What somebody draws just now, in which of their pages."""

    seat: SeatId
    tab: TabId
    shape: Shape


class Drafts(Struct, frozen=True, tag="drafts"):
    """All that is drawn just now, by everybody."""

    drafts: tuple[Drafted, ...]


class Reading(Struct, frozen=True):
    """What the pixels below a shape say, in the unit of its series.

    Attributes:
        mark: id of the mark or draft.
        points: which it was read at; a value of other points is not shown.
        pixels: how many were read; 0 where there are none, or none that can be measured.
        mean, sd, low, high: of their values; a probe reads one pixel. The deviation is the population's.
        sentence: why there is no value, else empty.
    """

    mark: str
    points: tuple[Vec, ...]
    pixels: int
    mean: float = 0.0
    sd: float = 0.0
    low: float = 0.0
    high: float = 0.0
    sentence: str = ""


class Measured(Struct, frozen=True, tag="measured"):
    """Values of shapes, read by the server from the pixels themselves."""

    readings: tuple[Reading, ...]


class Pong(Struct, frozen=True, tag="pong"):
    """Answer to a ping."""

    t: float


Reason = Literal["denied", "expired", "revoked", "removed", "over", "full"]


class Closing(Struct, frozen=True, tag="closing"):
    """The last message before the server closes. `reason` "" : come back (restart, overflow)."""

    reason: Reason | Literal[""]
    sentence: str


ServerMessage = (
    Welcome
    | StoredEvent
    | Ack
    | Nack
    | Presence
    | Loading
    | ShownStamp
    | ShownView
    | Looking
    | AskedToLook
    | Offer
    | MediaEnded
    | Muted
    | Speaking
    | Drafts
    | Measured
    | Cursors
    | Pong
    | Closing
)
