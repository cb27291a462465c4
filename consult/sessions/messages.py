"""Messages of the connection itself, which belong to no feature: hello and welcome, pictures, WebRTC, answers, the end.

Text frames of JSON, each with `type`. `protocol.py` has all messages.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from consult.model.catalogue import Case, Role
from consult.model.identifiers import SeatId, SeriesKey, TabId
from consult.model.mark import KeyImage, Mark
from consult.model.measuring.calibration import Calibration
from consult.model.privacy.blackout import Blackout
from consult.model.stamp import Stamp
from consult.model.view import Screen
from consult.sessions.features.board.events import (
    Attendee,
    Decision,
    DecisionDraft,
    Dissent,
    Preparation,
    PreparedView,
)
from consult.sessions.features.chat.events import ChatMessage
from consult.sessions.features.coverage.events import Coverage
from consult.sessions.features.critical.events import Critical
from consult.sessions.features.feature import Feature
from consult.sessions.features.findings.events import Finding, MarkNumbers
from consult.sessions.features.kinds import ClientMessage, Event, ParticipantCommand, ServerMessage
from consult.sessions.features.note.events import Note, SignedNote
from consult.sessions.features.seats.events import Seat
from consult.sessions.features.seen.events import Seen
from consult.sessions.features.standings import EVERYBODY, READING
from consult.sessions.features.view.messages import ShownView
from consult.sessions.state import Snapshot

PROTOCOL_VERSION = 2


class Received(Struct, frozen=True, forbid_unknown_fields=True):
    """How many parts of which snapshot a page had before it was cut off."""

    name: Annotated[str, Meta(max_length=80)]
    parts: Annotated[int, Meta(ge=1, le=1_000_000)]


class Hello(ClientMessage, frozen=True, tag="hello"):
    """First message of a page. `log`, `after` and `rev`: what it has already, or "", 0 and 0.

    `at`: of the entry `after`, as the page was sent it; with another one there its log is not this one, whatever their
    lengths. None: the page does not say (those of older releases).
    `rev` is the highest revision of the view that it has received: a server that has lost the consult without knowing
    is recognised by it. `received`: of a snapshot whose `welcome` has not come. `role`: as what it was welcomed; who
    has another one since is told otherwise, and begins anew.
    """

    protocol: int
    tab: Annotated[TabId, Meta(pattern=r"^[A-Za-z0-9_-]{8,40}$")]
    screen: Screen
    log: Annotated[str, Meta(max_length=80)] = ""
    after: Annotated[int, Meta(ge=0, le=2**53 - 1)] = 0
    rev: Annotated[int, Meta(ge=0, le=2**53 - 1)] = 0
    received: Received | None = None
    role: Role | Literal[""] = ""
    at: float | None = None


class SetScreen(ClientMessage, frozen=True, tag="screen"):
    """The page's stage changed its size or shape."""

    screen: Screen


class Ping(ClientMessage, frozen=True, tag="ping"):
    """Answered by a pong with the same `t`: what the page was sent before is the newest as of `t`, of its own clock."""

    t: float


class Alive(ClientMessage, frozen=True, tag="alive"):
    """The answer to a probe: this page is there, though it has had nothing to say."""


class WantMedia(ClientMessage, frozen=True, tag="want_media"):
    """Offer a WebRTC connection; the one before it ends. `h264`: this browser takes H.264 by WebRTC.

    `n` counts up within a connection; the offer and what belongs to it carry the same.
    """

    n: Annotated[int, Meta(ge=1, le=2**31 - 1)]
    h264: bool


class AnswerMedia(ClientMessage, frozen=True, tag="answer_media"):
    """The page's SDP answer (RFC 8829) to the offer of that number."""

    n: Annotated[int, Meta(ge=1, le=2**31 - 1)]
    sdp: Annotated[str, Meta(min_length=1, max_length=12_000)]


class EndMedia(ClientMessage, frozen=True, tag="end_media"):
    """The page has given that WebRTC connection up."""

    n: Annotated[int, Meta(ge=1, le=2**31 - 1)]


class PauseMedia(ClientMessage, frozen=True, tag="pause_media"):
    """The page is hidden: no picture by that WebRTC connection until it is visible again, when the first is an IDR.
    Voice goes on."""

    n: Annotated[int, Meta(ge=1, le=2**31 - 1)]
    paused: bool


MediaMessage = WantMedia | AnswerMedia | PauseMedia | EndMedia


class Part(ServerMessage, frozen=True, omit_defaults=True, tag="part"):
    """A slice of a document's lists: part `n`, from 1, of the snapshot of that name, or of a case that comes next.

    It is used with the `welcome` or the event `case_switched` behind it: before that message's own lists, in order.
    A case may come in several parts: each has further studies and series of it.
    """

    name: str
    n: int
    cases: tuple[Case, ...] = ()
    seats: tuple[Seat, ...] = ()
    marks: tuple[Mark, ...] = ()
    key_images: tuple[KeyImage, ...] = ()
    chat: tuple[ChatMessage, ...] = ()
    findings: tuple[Finding, ...] = ()
    numbers: tuple[MarkNumbers, ...] = ()
    notes: tuple[Note, ...] = ()
    signed: tuple[SignedNote, ...] = ()
    criticals: tuple[Critical, ...] = ()
    seen: tuple[Seen, ...] = ()
    blackouts: tuple[Blackout, ...] = ()
    coverage: tuple[Coverage, ...] = ()
    preparations: tuple[Preparation, ...] = ()
    prepared: tuple[PreparedView, ...] = ()
    decision_drafts: tuple[DecisionDraft, ...] = ()
    decisions: tuple[Decision, ...] = ()
    dissents: tuple[Dissent, ...] = ()
    attendees: tuple[Attendee, ...] = ()
    calibrations: tuple[Calibration, ...] = ()


class Welcome(ServerMessage, frozen=True, tag="welcome"):
    """Answer to hello. `snapshot` is None where the page's log is right and the missed events follow; else its lists
    go on where the parts before it end. Behind it come the events that are not in it.

    Attributes:
        at: of the entry `seq`; None where that is not known.
        now: the server's wall clock, seconds since 1970.
        asked: id of the critical result by whose notice this seat came, else of one that waits for its answer; "" for
            none. Its case need not be on the stage.
    """

    log: str
    seq: int
    seat: SeatId
    role: Role
    snapshot: Snapshot | None
    view: ShownView
    now: float
    protocol: int = PROTOCOL_VERSION
    asked: str = ""
    at: float | None = None


class Ack(ServerMessage, frozen=True, tag="ack"):
    """The command is stored, as entry `seq` (0: it was right already and changed nothing)."""

    id: str
    seq: int


class Nack(ServerMessage, frozen=True, tag="refused"):
    """The command, show or message was not used. `id` is empty for a message without one."""

    id: str
    code: str
    message: str


class Loading(ServerMessage, frozen=True, tag="loading"):
    """What of a series can be shown. `ready`: runs (first, last) of images, both inclusive.

    `failed`: images that cannot be shown; `sentence` has why the first of them cannot, naming tag, value and rule."""

    series: SeriesKey
    ready: tuple[tuple[int, int], ...]
    images: int
    failed: tuple[int, ...] = ()
    sentence: str = ""


class ShownStamp(ServerMessage, frozen=True, tag="stamp"):
    """What a picture shows; sent before the picture can be."""

    stamp: Stamp


class Offer(ServerMessage, frozen=True, tag="offer"):
    """SDP offer (RFC 8829) for `want_media` of that number.

    Media lines in this order: video down (only where the page takes H.264 and the server sends it), one audio line
    both ways (the page's microphone, and the first slot), two audio lines down (the other slots).
    """

    n: int
    sdp: str


class MediaEnded(ServerMessage, frozen=True, tag="media_ended"):
    """The server has given the WebRTC connection of that number up, or cannot make one."""

    n: int
    sentence: str


class Probe(ServerMessage, frozen=True, tag="probe"):
    """The page has been silent: is it there? Answered by `alive`, also by a page whose timers are throttled."""


class Pong(ServerMessage, frozen=True, tag="pong"):
    """Answer to a ping."""

    t: float


Reason = Literal["denied", "expired", "revoked", "removed", "over", "full", "deleted", "lobby"]


class Closing(ServerMessage, frozen=True, tag="closing"):
    """The last message before the server closes. `reason` "" : come back (restart, overflow)."""

    reason: Reason | Literal[""]
    sentence: str


CONNECTION = Feature[ParticipantCommand, Event](
    name="connection",
    messages=dict.fromkeys(
        (Hello, SetScreen, Ping, Alive, WantMedia, AnswerMedia, PauseMedia, EndMedia), EVERYBODY | READING
    ),
    server_messages=(Part, Welcome, Ack, Nack, Loading, ShownStamp, Offer, MediaEnded, Pong, Probe, Closing),
)
