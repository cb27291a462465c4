"""What is kept of a board: its course, what is prepared of each case, what is decided, who is there."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from consult.model.catalogue import Case
from consult.model.identifiers import SeatId
from consult.model.view import View
from consult.sessions.features.kinds import Event
from consult.sessions.features.note.events import Written

Text = Literal["question", "history", "pathology"]
"""Of what is prepared of a case in words."""
Outcome = Literal["decision", "deferral"]
"""Of a case: it is decided, or put off to the next board; then the text says why."""


class Board(Struct, frozen=True):
    """The course of a board.

    Attributes:
        phase: "preparing" until somebody who leads begins it.
        began_at: seconds since 1970.
        since: when the case on the stage came there, or the board began.
        spent: by case, seconds on the stage of a board that had begun, without those since `since`.
        specialties: who should be there, for the roll call.
        sound_elsewhere: they speak by other means, in one room or on the phone: pages ask for no microphone.
    """

    phase: Literal["preparing", "running"] = "preparing"
    began_at: float | None = None
    since: float = 0.0
    spent: dict[str, float] = {}
    specialties: tuple[str, ...] = ()
    sound_elsewhere: bool = False


class Picture(Struct, frozen=True):
    """A picture of pathology: a photo, not to scale.

    Attributes:
        id: SHA-256 of its bytes.
        line: what it shows, in words.
        kind: its media type.
        width, height: in pixels.
        by_name: who has added it.
    """

    id: str
    line: str
    kind: Literal["image/jpeg", "image/png"]
    width: int
    height: int
    by_name: str = ""


class Preparation(Struct, frozen=True):
    """What is prepared of a case; one of each.

    Attributes:
        texts: those that somebody has written.
        minutes: that are planned for it; 0: none are.
        order: ids of prepared views as they stand in the list; others stand behind, in the order of their making.
    """

    case: str
    texts: dict[Text, Written] = {}
    minutes: int = 0
    pictures: tuple[Picture, ...] = ()
    order: tuple[str, ...] = ()

    def text(self, name: Text) -> str:
        """What is written there."""
        written = self.texts.get(name)
        return "" if written is None else written.text


class PreparedView(Struct, frozen=True):
    """A view that is kept to be shown, with a line of text."""

    id: str
    case: str
    view: View
    line: str
    by: SeatId


class Words(Struct, frozen=True, forbid_unknown_fields=True):
    """What is decided.

    Attributes:
        text: the decision, or why it is put off.
        stage: of the disease, as they say it ("cT1c N1 M0").
        owner: who sees to it.
        due: until when; ISO 8601 date, or "".
    """

    text: str
    stage: str = ""
    owner: str = ""
    due: str = ""
    outcome: Outcome = "decision"


class DecisionDraft(Struct, frozen=True):
    """What is about to be decided of a case; one of each.

    Attributes:
        rev: counts its changes.
        shown: it stands on all screens, and is asked about.
    """

    case: str
    rev: int
    words: Words
    author: SeatId
    author_name: str
    shown: bool = False


class Decision(Struct, frozen=True):
    """What was decided of a case. It never changes; what is decided anew is a further one.

    Attributes:
        id: case and number ("c1.2").
        number: from 1, of its case.
        count: from 1, of the board.
        at: seconds since 1970.
        utc_offset_min: of the server's own zone then.
        views: of a case that is put off, as they were prepared.
    """

    id: str
    case: str
    number: int
    count: int
    words: Words
    by: SeatId
    by_name: str
    at: float
    utc_offset_min: int = 0
    views: tuple[PreparedView, ...] = ()


class Dissent(Struct, frozen=True):
    """Somebody is of another opinion.

    Attributes:
        id: case, number of the decision, and seat.
        number: of the decision; of one that is shown and not saved yet, the one that it will have.
    """

    id: str
    case: str
    number: int
    seat: SeatId
    name: str
    specialty: str
    reason: str
    at: float


class Attendee(Struct, frozen=True):
    """Somebody who is called up.

    Attributes:
        id: of who has a page of their own, that of the seat.
        seat: at whose page they sit; "" : at nobody's.
        present: they are here.
        at: since when, or when they were called up in vain; seconds since 1970.
        by: who says so.
    """

    id: str
    name: str
    specialty: str
    seat: SeatId
    present: bool
    at: float
    by: SeatId


class BoardPut(Event, frozen=True, tag="board_put"):
    """The board's course is so."""

    board: Board


class CasesOrdered(Event, frozen=True, tag="cases_ordered"):
    """The cases are in this order, all of them."""

    order: tuple[str, ...]


class CasePut(Event, frozen=True, tag="case_put"):
    """The list has one more case, at its end, or a case has other studies. Never sent to a page: pages begin anew."""

    put: Case


class CaseDropped(Event, frozen=True, tag="case_dropped"):
    """A case is no longer in the list, and nothing of it is. Never sent to a page: pages begin anew."""

    dropped: str


class PreparationPut(Event, frozen=True, tag="preparation_put"):
    """What is prepared of a case is so."""

    preparation: Preparation


class PreparedViewPut(Event, frozen=True, tag="prepared_view_put"):
    """A view was kept, or has another line of text."""

    prepared: PreparedView


class PreparedViewDropped(Event, frozen=True, tag="prepared_view_dropped"):
    """A prepared view is gone."""

    prepared: str
    case: str


class DecisionDrafted(Event, frozen=True, tag="decision_drafted"):
    """What is about to be decided is so."""

    draft: DecisionDraft


class DecisionSaved(Event, frozen=True, tag="decision_saved"):
    """A case is decided, or put off; its draft is no more."""

    decision: Decision


class DissentPut(Event, frozen=True, tag="dissent_put"):
    """Somebody is of another opinion."""

    dissent: Dissent


class DissentDropped(Event, frozen=True, tag="dissent_dropped"):
    """Somebody is of that opinion no longer, or what it was about has changed."""

    dissent: str
    case: str


class AttendeePut(Event, frozen=True, tag="attendee_put"):
    """Somebody was called up."""

    attendee: Attendee


class AttendeeDropped(Event, frozen=True, tag="attendee_dropped"):
    """A name was taken off the roll."""

    attendee: str


BoardEvent = (
    BoardPut
    | CasesOrdered
    | CasePut
    | CaseDropped
    | PreparationPut
    | PreparedViewPut
    | PreparedViewDropped
    | DecisionDrafted
    | DecisionSaved
    | DissentPut
    | DissentDropped
    | AttendeePut
    | AttendeeDropped
)
