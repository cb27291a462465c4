"""How often a page may send each kind of message: the figures, in one table.

What a person does with a mouse is far below them, also what a page sends anew after a loss. Levels: a page has its
rate; the pages of one seat, those of one link and all of a consult share a multiple of it. A seat's own part of what
link and consult share is always there, so nobody can use up another's.
"""

from __future__ import annotations

from consult.model.rates import RateLimit
from consult.sessions.features.blackouts.commands import BlackOut, RemoveBlackout
from consult.sessions.features.board.commands import (
    Appoint,
    BeginBoard,
    DropAttendee,
    DropPicture,
    DropPreparedView,
    NamePreparedView,
    OrderCases,
    OrderPreparedViews,
    PlanCase,
    PrepareView,
    PutAttendee,
    PutDecision,
    PutDissent,
    PutPreparation,
    SaveDecision,
    SetBoard,
)
from consult.sessions.features.calibrations.commands import Calibrate, RemoveCalibration
from consult.sessions.features.cases.commands import HidePatients, SwitchCase
from consult.sessions.features.chat.commands import PostChat
from consult.sessions.features.consult.commands import EndConsult
from consult.sessions.features.control.commands import GiveBackControl, GrantControl, RequestControl, TakeControl
from consult.sessions.features.coverage.commands import ReportImages
from consult.sessions.features.critical.commands import (
    AcknowledgeCritical,
    CloseCritical,
    RaiseCritical,
    TellCritical,
)
from consult.sessions.features.findings.commands import (
    ConfirmSide,
    DeleteFinding,
    DropKeyView,
    PutFinding,
    RestoreFinding,
    TakeOverNumber,
)
from consult.sessions.features.kinds import ClientMessage
from consult.sessions.features.marks.commands import DeleteMark, DropImage, KeepImage, PutMark, Redo, Undo
from consult.sessions.features.marks.messages import Draft
from consult.sessions.features.note.commands import OrderFindings, PutNote, SignNote
from consult.sessions.features.note.messages import Write
from consult.sessions.features.seats.commands import AdmitSeats, DenySeat, ReadmitSeat, RemoveSeat, Rename
from consult.sessions.features.seen.commands import MarkSeen, OpenNote
from consult.sessions.features.view.messages import Show
from consult.sessions.messages import (
    Alive,
    AnswerMedia,
    EndMedia,
    Hello,
    PauseMedia,
    Ping,
    SetScreen,
    WantMedia,
)
from consult.sessions.presence.messages import (
    Cursor,
    Explore,
    LowerHand,
    Mute,
    RaiseHand,
    ReportHealth,
    RequestFollow,
    SetMicrophone,
)

DRAWN = RateLimit(75, 120)
"""What follows a pointer or a gesture: as often as a screen is drawn."""
SIGNS = RateLimit(5, 30)
WORDS = RateLimit(0.5, 6)
"""What people read: as Prosody has it for its rooms."""
ACTS = RateLimit(2, 20)
MARKS = RateLimit(10, 160)
"""Undo and marks as a page sends them anew that was offline: it keeps up to 128 commands."""

RECORD: tuple[type[ClientMessage], ...] = (
    PutFinding, DropKeyView, ConfirmSide, TakeOverNumber, DeleteFinding, RestoreFinding, PutNote, OrderFindings,
    AcknowledgeCritical, TellCritical, CloseCritical, OpenNote, MarkSeen,
    PutPreparation, PlanCase, PrepareView, NamePreparedView, DropPreparedView, OrderPreparedViews, DropPicture,
    PutDecision, SaveDecision, PutDissent, PutAttendee, DropAttendee, OrderCases, SetBoard, BeginBoard, Appoint,
)  # fmt: skip
"""What is said of the images."""

RATES: dict[type[ClientMessage], RateLimit] = {
    Show: DRAWN,
    Explore: DRAWN,
    Cursor: DRAWN,
    Draft: DRAWN,
    SetScreen: RateLimit(20, 60),
    Hello: RateLimit(0.5, 10),
    Ping: SIGNS,
    Alive: SIGNS,
    WantMedia: RateLimit(1, 10),
    AnswerMedia: RateLimit(1, 10),
    PauseMedia: SIGNS,
    EndMedia: ACTS,
    SetMicrophone: SIGNS,
    Mute: SIGNS,
    RaiseHand: ACTS,
    LowerHand: SIGNS,
    ReportHealth: SIGNS,
    RequestFollow: RateLimit(1, 10),
    Rename: WORDS,
    PostChat: WORDS,
    RequestControl: RateLimit(1, 10),
    GrantControl: ACTS,
    TakeControl: ACTS,
    GiveBackControl: ACTS,
    SwitchCase: ACTS,
    HidePatients: RateLimit(1, 10),
    BlackOut: ACTS,
    RemoveBlackout: ACTS,
    RemoveSeat: RateLimit(5, 60),
    ReadmitSeat: RateLimit(5, 60),
    AdmitSeats: RateLimit(5, 60),
    DenySeat: RateLimit(5, 60),
    EndConsult: RateLimit(1, 10),
    PutMark: MARKS,
    DeleteMark: MARKS,
    KeepImage: MARKS,
    DropImage: MARKS,
    Undo: RateLimit(30, 160),
    Redo: RateLimit(30, 160),
    Write: RateLimit(20, 60),
    **dict.fromkeys(RECORD, ACTS),
    SignNote: RateLimit(1, 10),
    RaiseCritical: RateLimit(1, 10),
    ReportImages: ACTS,
    **dict.fromkeys((Calibrate, RemoveCalibration), ACTS),
}
CONNECT = RateLimit(1, 20)
"""Connections of a seat: four pages that come back over a network that comes and goes."""
SEATS = RateLimit(1, 60)
"""Taken by one link: a whole board that comes at eight o'clock."""
JOINS = RateLimit(40, 1200)
"""By one link, of whoever has no seat by it yet: who invites, and a seat. More than one address may ask (`OF_ADDRESS`),
so that nobody uses up a link alone."""
OF_ADDRESS: dict[str, RateLimit] = {
    "joining": RateLimit(10, 600),
    "pages": RateLimit(20, 600),
    "files": RateLimit(100, 4000),
}
"""Of one address, by HTTP, while nobody is known by what is asked: links and seats; the pages of home and links, and
whatever is refused; what pages load, and whether the server is well. 50 people of a hospital behind one address who
join within a minute ask for 200, 100 and 2,000 of these."""
REQUESTS: dict[str, RateLimit] = {
    "pages": RateLimit(20, 100),
    "lists": RateLimit(20, 600),
    "stills": RateLimit(300, 1200),
    "documents": RateLimit(0.5, 20),
    "reading": RateLimit(5, 60),
    "lobby": RateLimit(2, 20),
}
"""Of a seat, by HTTP: the page, and whether it may be here; small pictures and lists; exact stills, known or not, as
fast as a browser can take those of nine viewports while the view moves (what is rendered of them has turns of its own,
`still_turns.py`); documents of a note, each of which is a row of the audit trail; the note in a reader's page; whether
one is let in."""
UNREADABLE = RateLimit(5, 20)
"""What is no message of the protocol."""
STORED, STORED_BY_ALL = RateLimit(16 << 10, 4 << 20), RateLimit(64 << 10, 16 << 20)
"""Bytes of the log that the commands of a seat take, and those of a consult. A note is stored whole each time that a
field of it is written, a finding with all of its key views. 128 commands that a page kept while it was offline fit."""
STILLS = RateLimit(90, 360)
"""Stills that a page is sent by its picture socket: of a picture of nine viewports ten a second, of one ninety."""
STORED_VIEWS = RateLimit(16 << 10, 1 << 20)
"""Bytes of the log that views at rest take; over it a view settles later."""
AGAIN = RateLimit(60, 256)
"""A command that was let through before: it is answered as the first time, and done once."""

NEWEST: frozenset[type[ClientMessage]] = frozenset(
    {Show, Explore, Cursor, Draft, Write, SetScreen, SetMicrophone, RaiseHand, ReportHealth, PauseMedia}
)
"""What is absolute: over its rate the newest waits until it may go on, so the last word is never lost."""

PATIENT: frozenset[type[ClientMessage]] = frozenset({Hello})
"""What waits where others have used up what link and consult share: it is sent once, and nothing goes on without it."""

SEAT, LINK, CONSULT = 2.0, 20.0, 30.0
"""Of a page's rate: what the pages of a seat, those of a link and all of a consult may send together."""
SHARED: dict[type[ClientMessage], tuple[RateLimit, RateLimit]] = {Hello: (RateLimit(5, 60), RateLimit(8, 100))}
"""Of a link and of a consult where it is less than that. A hello costs up to 15 ms in a consult at its limits."""
OWN_PART = 0.1
"""Of a page's rate: what a seat may send whatever others do by the same link or in the same consult."""
