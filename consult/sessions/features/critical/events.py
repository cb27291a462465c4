"""A critical result and what becomes of it."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from consult.model.identifiers import SeatId
from consult.model.side import Side
from consult.sessions.features.kinds import Event

Category = Literal[1, 2, 3]
"""1: minutes; 2: hours; 3: days. How many is set by the site."""
Channel = Literal["webhook", "email"]
FIRST, BACKUP, NOBODY = 0, 1, 2
"""Stages: the first person is asked; the backup is; neither has answered in time."""
MAX_PERSON = 120
MAX_EMAIL = 200


class Recipient(Struct, frozen=True, forbid_unknown_fields=True):
    """Whom a critical result is for.

    Attributes:
        seat: where they have one in this consult; then only they (or the backup's seat) acknowledge.
        email: where a notice goes; "" where none does.
    """

    name: Annotated[str, Meta(min_length=1, max_length=MAX_PERSON)]
    seat: SeatId = SeatId("")
    email: Annotated[str, Meta(max_length=MAX_EMAIL, pattern=r"^$|^[^@\s<>,;]+@[^@\s<>,;]+$")] = ""


class Notice(Struct, frozen=True):
    """A notice of a critical result on its way. It holds no patient data.

    Attributes:
        id: made from stage and channel.
        stage: for whom it is: FIRST, BACKUP.
        to: address of an e-mail.
        tries: how often sending was tried.
        next_at: when it is tried (again), while it is waiting.
        sentence: why the last try failed.
    """

    id: str
    stage: int
    channel: Channel
    to: str
    next_at: float
    state: Literal["waiting", "sent", "failed"] = "waiting"
    tries: int = 0
    sentence: str = ""


class Acknowledgement(Struct, frozen=True):
    """Who took a critical result, and how that is known.

    Attributes:
        how: "read_back": in their own words, by themselves; "voice", "telephone": said by the sender.
        name: who took it.
        by: the seat that says so.
        words: as they were read back; "" where they were read back by voice.
        told_at: when it was told; `at`: when this was recorded.
    """

    how: Literal["read_back", "voice", "telephone"]
    name: str
    by: SeatId
    words: str
    told_at: float
    at: float


class Closure(Struct, frozen=True):
    """Who closed it, and with which outcome."""

    by: SeatId
    name: str
    at: float
    outcome: str


class Critical(Struct, frozen=True):
    """A critical result: six facts, and what became of them.

    Attributes:
        what, where: the first two facts; `finding`: id, "" where it stands on none.
        found_at, found_by, found_by_name: when and by whom.
        to: whom to tell; `backup`: whom after `after_s` seconds without an answer.
        stage: FIRST, BACKUP or NOBODY.
        due_at: when the next stage comes, unless it is acknowledged.
        acknowledged, closed: None until then. It is open until it is closed.
    """

    id: str
    case: str
    category: Category
    what: str
    where: Side
    finding: str
    found_at: float
    found_by: SeatId
    found_by_name: str
    to: Recipient
    backup: Recipient
    after_s: float
    due_at: float
    utc_offset_min: int = 0
    stage: int = FIRST
    notices: tuple[Notice, ...] = ()
    acknowledged: Acknowledgement | None = None
    closed: Closure | None = None

    @property
    def next_at(self) -> float | None:
        """When the server has something to do about it; None: people have."""
        if self.acknowledged is not None or self.closed is not None:
            return None
        times = [notice.next_at for notice in self.notices if notice.state == "waiting"]
        return min([self.due_at] * (self.stage < NOBODY) + times, default=None)


class CriticalPut(Event, frozen=True, tag="critical_put"):
    """A critical result was raised, or something became of it."""

    critical: Critical
