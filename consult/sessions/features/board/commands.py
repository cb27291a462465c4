"""Commands about a board. What is prepared names its case; what is decided is of the case on the stage."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct, field

from consult.model.catalogue import Case
from consult.model.identifiers import SeatId
from consult.model.view import View
from consult.sessions.features.board.events import Outcome, Picture, Text
from consult.sessions.features.findings.commands import Revision
from consult.sessions.features.kinds import ParticipantCommand, ServerCommand

MAX_TEXT = 4000
"""Of question, history, pathology, a decision."""
MAX_LINE = 160
"""Of a prepared view or a picture."""
MAX_STAGE = 80
MAX_OWNER = 80
MAX_SPECIALTY = 60
MAX_PERSON = 80
MAX_REASON = 1000
"""Characters."""
MAX_ORDER = 100
MAX_SPECIALTIES = 20
MAX_MINUTES = 240

CaseId = Annotated[str, Meta(min_length=1, max_length=40)]
PreparedId = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_.-]{1,80}$")]
"""Chosen by the page."""
PersonId = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_.-]{1,80}$")]
"""That of a seat, or chosen by the page."""
PictureId = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]
Specialty = Annotated[str, Meta(max_length=MAX_SPECIALTY)]


class BeginBoard(ParticipantCommand, frozen=True, tag="begin_board"):
    """The board begins: from now on its time counts."""


class SetBoard(ParticipantCommand, frozen=True, tag="set_board"):
    """Who should be there, and whether they speak by other means."""

    specialties: Annotated[tuple[Specialty, ...], Meta(max_length=MAX_SPECIALTIES)] = ()
    sound_elsewhere: bool = False


class OrderCases(ParticipantCommand, frozen=True, tag="order_cases"):
    """Put the cases in this order; those not named stay behind it, as they are."""

    order: Annotated[tuple[CaseId, ...], Meta(max_length=MAX_ORDER)]


class Appoint(ParticipantCommand, frozen=True, tag="appoint"):
    """Somebody leads the board beside the presenter, or no longer."""

    seat: SeatId
    moderates: bool


class PutPreparation(ParticipantCommand, frozen=True, tag="put_preparation"):
    """Write what stands in a text of a case, whole.

    Attributes:
        of: id of the case.
        base: revision of the text that it was written upon; 0: nothing stood there.
    """

    of: CaseId
    text: Text
    words: Annotated[str, Meta(max_length=MAX_TEXT)]
    base: Revision


class PlanCase(ParticipantCommand, frozen=True, tag="plan_case"):
    """How many minutes are planned for a case; 0: none."""

    of: CaseId
    minutes: Annotated[int, Meta(ge=0, le=MAX_MINUTES)]


class PrepareView(ParticipantCommand, frozen=True, tag="prepare_view"):
    """Keep a view of the case on the stage, to be shown later."""

    prepared: PreparedId
    view: View
    line: Annotated[str, Meta(max_length=MAX_LINE)] = ""


class NamePreparedView(ParticipantCommand, frozen=True, tag="name_prepared_view"):
    """A prepared view has another line of text."""

    prepared: PreparedId
    line: Annotated[str, Meta(max_length=MAX_LINE)]


class DropPreparedView(ParticipantCommand, frozen=True, tag="drop_prepared_view"):
    """A prepared view is not kept any more."""

    prepared: PreparedId


class OrderPreparedViews(ParticipantCommand, frozen=True, tag="order_prepared_views"):
    """Put the prepared views of a case in this order; those not named stay behind it, as they are."""

    of: CaseId
    order: Annotated[tuple[PreparedId, ...], Meta(max_length=MAX_ORDER)]


class DropPicture(ParticipantCommand, frozen=True, tag="drop_picture"):
    """A picture of pathology is not kept any more."""

    of: CaseId
    picture: PictureId


class PutWords(Struct, frozen=True, forbid_unknown_fields=True):
    """What is about to be decided, as a page sends it."""

    text: Annotated[str, Meta(max_length=MAX_TEXT)] = ""
    stage: Annotated[str, Meta(max_length=MAX_STAGE)] = ""
    owner: Annotated[str, Meta(max_length=MAX_OWNER)] = ""
    due: Annotated[str, Meta(pattern=r"^(\d{4}-\d{2}-\d{2})?$")] = ""
    outcome: Outcome = "decision"


class PutDecision(ParticipantCommand, frozen=True, tag="put_decision"):
    """Write what is about to be decided of the case on the stage, whole.

    Attributes:
        base: revision of the draft that it was written upon; 0: there was none.
        shown: show it on all screens.
    """

    base: Revision
    words: PutWords
    shown: bool = False


class SaveDecision(ParticipantCommand, frozen=True, tag="save_decision"):
    """Decide what stands on all screens. `base`: the revision that stands there."""

    base: Revision


class PutDissent(ParticipantCommand, frozen=True, tag="put_dissent"):
    """Be of another opinion than what is shown, or was decided last, of the case on the stage; "" : no longer."""

    reason: Annotated[str, Meta(max_length=MAX_REASON)]


class PutAttendee(ParticipantCommand, frozen=True, tag="put_attendee"):
    """Say who is here: oneself, or somebody before the same screen; who leads, anybody.

    Attributes:
        person: id of a seat, or of somebody without one.
        here: they sit at the page that says so.
    """

    person: PersonId
    name: Annotated[str, Meta(max_length=MAX_PERSON)]
    specialty: Specialty = ""
    present: bool = True
    here: bool = False


class DropAttendee(ParticipantCommand, frozen=True, tag="drop_attendee"):
    """Take a name off the roll."""

    person: PersonId


class PutCase(ServerCommand, frozen=True, kw_only=True):
    """One more case, at the end of the list; or another content of one that is not on the stage."""

    put: Case


class DropCase(ServerCommand, frozen=True, kw_only=True):
    """Take a case off the list of which nothing has been said yet."""

    dropped: CaseId


class KeptView(Struct, frozen=True):
    """A view of another board, to be prepared in this one."""

    view: View
    line: str


class Prepare(ServerCommand, frozen=True, kw_only=True):
    """What comes with a case of a list, or from the board before; only what is not empty.

    Attributes:
        by_name: who has brought it.
    """

    of: CaseId
    by_name: str
    texts: dict[Text, str] = field(default_factory=dict)
    minutes: int = 0
    views: tuple[KeptView, ...] = ()
    pictures: tuple[Picture, ...] = ()


BoardCommand = (
    BeginBoard
    | SetBoard
    | OrderCases
    | Appoint
    | PutPreparation
    | PlanCase
    | PrepareView
    | NamePreparedView
    | DropPreparedView
    | OrderPreparedViews
    | DropPicture
    | PutDecision
    | SaveDecision
    | PutDissent
    | PutAttendee
    | DropAttendee
    | PutCase
    | DropCase
    | Prepare
)
