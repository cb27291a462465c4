"""The document as a page may see it: all of it (who hosts, moderates or prepares), or of the case on the stage alone.

Rules of this file:
- Of a case that is not on the stage a guest is told that it is there: no patient, no series, no mark, no key image, no
  word of the chat. What a page has read while the case was on the stage it may keep, under the case's number.
- Where a board's list has another case than before, everybody begins anew.
- Readers are not in the consult: no page is told of their seats. Who has read a note is in `seen`.
- Where patients are hidden, a guest is told a label in place of each one's name, ID and birth date, also in what was
  signed, and no title. Sent over, or back, a page begins anew.
- A document names its patient on its pages. Where patients are hidden, a guest sees those that whoever presents shows,
  and opens, magnifies and keeps no other (`check_disclosed`).
- Of who waits to be let in, and of who was not, hosts alone are told.
- So a guest's page cannot fold its way over a switch: it is told the next case with it (`case_contents`), and gets a
  snapshot where it has missed one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, Literal

from msgspec.structs import replace

from consult.model.catalogue import Case, Patient, Role, Series
from consult.model.disclosure import KNOWING, disclosed_case, hidden_case, hidden_patient, withheld
from consult.model.errors import Refused
from consult.model.identifiers import SeatId, SeriesKey
from consult.model.measuring.calibration import Calibration
from consult.model.privacy.blackout import NOTHING_HIDDEN, Blackout, HiddenParts, Rectangle
from consult.model.view import View, Viewport
from consult.sessions.events import Entry
from consult.sessions.features.blackouts.events import BlackoutPut, BlackoutRemoved
from consult.sessions.features.board.events import (
    CaseDropped,
    CasePut,
    CasesOrdered,
    Decision,
    DecisionDraft,
    DecisionDrafted,
    DecisionSaved,
    Dissent,
    DissentDropped,
    DissentPut,
    Preparation,
    PreparationPut,
    PreparedView,
    PreparedViewDropped,
    PreparedViewPut,
)
from consult.sessions.features.calibrations.events import CalibrationPut, CalibrationRemoved
from consult.sessions.features.cases.events import CaseSwitched, HidingChanged, ImagesDeleted, StudyDeleted
from consult.sessions.features.consult.events import Consult, ConsultEnded
from consult.sessions.features.coverage.events import Coverage, CoveragePut
from consult.sessions.features.critical.events import Critical, CriticalPut
from consult.sessions.features.findings.commands import PutFinding
from consult.sessions.features.findings.events import Finding, FindingDeleted, FindingPut, MarkNumbers, NumbersPut
from consult.sessions.features.kinds import Event, ParticipantCommand
from consult.sessions.features.marks.commands import KeepImage
from consult.sessions.features.note.events import Note, NotePut, NoteSigned, SignedNote
from consult.sessions.features.seats.events import Seat, SeatPut
from consult.sessions.features.seen.events import SeenPut
from consult.sessions.state import Snapshot, State

RECORDS = (
    "findings", "numbers", "notes", "signed", "criticals", "seen", "blackouts", "coverage", "calibrations",
    "preparations", "prepared", "decision_drafts", "decisions", "dissents",
)  # fmt: skip
"""Lists of what is said of the images, and of who has seen them; each record of one case."""
Audience = Literal["host", "all", "stage"]
"""Hosts alone are told who waits before the door; "all": of all cases; "stage": of that on the stage alone."""


def sees_all_cases(role: Role) -> bool:
    """Whether somebody of that role knows the patients of all cases."""
    return role in KNOWING


def audience_of(role: Role) -> Audience:
    """Which of the documents somebody of that role is told: those of one audience are told the same."""
    return "host" if role == "host" else "all" if sees_all_cases(role) else "stage"


def snapshot_of(state: State, role: Role) -> Snapshot:
    """The document as a page of that role may see it: without invitations."""
    return Snapshot(
        told_consult(state, role),
        tuple(_told_case(state, role, case) for case in state.cases),
        state.case,
        state.current,
        state.control,
        tuple(seat for seat in state.seats.values() if _may_see_seat(role, seat)),
        tuple(mark for mark in state.marks.values() if _may_see(state, role, mark.case)),
        tuple(image for image in state.key_images.values() if _may_see(state, role, image.case)),
        tuple(message for message in state.chat if _may_see(state, role, message.case)),
        state.site,
        patients_hidden=state.patients_hidden,
        board=state.board,
        attendees=tuple(state.attendees.values()),
        **{name: _visible_records(state, role, name) for name in RECORDS},
    )


def case_contents(state: State, role: Role) -> Snapshot:
    """Of the document what comes with a switch of the case: all of the case on the stage, nothing else."""
    whole = snapshot_of(state, role)
    here = tuple(case for case in whole.cases if case.id == state.current)
    return replace(whole, cases=here, seats=(), attendees=())


def may_resume(missed: Iterable[Entry], role: Role) -> bool:
    """Whether a page of that role can go on by these events alone."""
    breaks: tuple[type[Event], ...] = (CasePut, CaseDropped)
    if not sees_all_cases(role):
        breaks = (*breaks, CaseSwitched, HidingChanged, CasesOrdered)
    return not any(isinstance(entry.event, breaks) for entry in missed)


def is_guest(role: Role) -> bool:
    """Whether somebody of that role is not shown what hosts hide of patients."""
    return not sees_all_cases(role)


def hides(state: State, role: Role) -> bool:
    """Whether somebody of that role is told labels in place of patients."""
    return state.patients_hidden and not sees_all_cases(role)


def document_hidden() -> Refused:
    """The refusal of a document to who may not know the patients."""
    return Refused("document_hidden", "A document names its patient. Whoever presents can show it.")


def check_disclosed(
    state: State, role: Role, viewports: Iterable[Viewport], on_stage: Collection[SeriesKey] = ()
) -> None:
    """Let pass what somebody of that role may be drawn of the case on the stage.

    Args:
        state: of the consult.
        role: of who asks.
        viewports: what they ask for, each of which the case has.
        on_stage: series that everybody sees just now: these are no secret.

    Raises:
        Refused: "document_hidden".
    """
    case = state.current_case
    if case is None or not hides(state, role):
        return
    shown = (case.shown_image(viewport.shows)[0] for viewport in viewports)
    if any(series.document and series.key not in on_stage for series in shown):
        raise document_hidden()


def check_kept(state: State, actor: SeatId, command: ParticipantCommand, on_stage: Collection[SeriesKey]) -> None:
    """Let pass a command that keeps what its seat may be drawn: it will be drawn in notes. Raises Refused: as
    `check_disclosed`, and where the case has no such series or image."""
    match command:
        case KeepImage(viewport=viewport):
            viewports: tuple[Viewport, ...] = (viewport,)
        case PutFinding(view=View(viewports=viewports)):
            pass
        case _:
            return
    check_disclosed(state, state.seats[actor].role, viewports, on_stage)


def hidden_parts(state: State, role: Role) -> HiddenParts:
    """What somebody of that role is not shown of pictures: where patients are hidden, what hosts have blacked out."""
    if not hides(state, role):
        return NOTHING_HIDDEN
    found: dict[SeriesKey, tuple[Rectangle, ...]] = {}
    for one in state.blackouts.values():
        found[one.series] = (*found.get(one.series, ()), one.rectangle)
    return found


def told_consult(state: State, role: Role) -> Consult:
    """The consult's own record; its title may be a name."""
    return replace(state.consult, title="") if hides(state, role) else state.consult


def told_patient(state: State, role: Role, case: str, patient: Patient) -> Patient:
    """Whose that case is."""
    ids = [one.id for one in state.cases]
    return hidden_patient(patient, ids.index(case) + 1) if hides(state, role) else patient


def told_event(event: Event, role: Role, state: State) -> Event:
    """An event as a page of that role is sent it."""
    match event:
        case NoteSigned(version=version) if hides(state, role):
            return NoteSigned(_told_version(state, role, version))
        case ConsultEnded() if hides(state, role):
            return ConsultEnded(told_consult(state, role))
        case _:
            return event


def is_event_for(event: Event, role: Role, state: State) -> bool:
    """Whether a page of that role is sent that event."""
    if isinstance(event, SeatPut):
        return _may_see_seat(role, event.seat)
    if sees_all_cases(role):
        return True
    here = state.current_case
    match event:
        case HidingChanged():
            return False
        case StudyDeleted(study=study):
            return here is not None and any(found.key == study for found in here.studies)
        case ImagesDeleted(series=series):
            return here is not None and here.find(series) is not None
        case _:
            case = _case_of(event)
            return case is None or _may_see(state, role, case)


def visible_series(state: State, role: Role, key: SeriesKey) -> Series | None:
    """The series of that key, if a page of that role may ask about it."""
    cases = [case for case in state.cases if _may_see(state, role, case.id)]
    return next((series for case in cases if (series := case.find(key)) is not None), None)


def _case_of(event: Event) -> str | None:
    """The case that an event of the record is of, which need not be on the stage: a deadline passes, somebody reads."""
    match event:
        case FindingPut(finding=Finding(case=case)) | FindingDeleted(case=case):
            return case
        case NumbersPut(numbers=MarkNumbers(case=case)):
            return case
        case NotePut(note=Note(case=case)) | NoteSigned(version=SignedNote(case=case)):
            return case
        case CriticalPut(critical=Critical(case=case)) | CoveragePut(coverage=Coverage(case=case)):
            return case
        case CalibrationPut(calibration=Calibration(case=case)) | CalibrationRemoved(case=case):
            return case
        case SeenPut(seen=seen):
            return seen.case
        case BlackoutPut(blackout=Blackout(case=case)) | BlackoutRemoved(case=case):
            return case
        case _:
            return _board_case_of(event)


def _board_case_of(event: Event) -> str | None:
    match event:
        case PreparationPut(preparation=Preparation(case=case)) | PreparedViewPut(prepared=PreparedView(case=case)):
            return case
        case DecisionDrafted(draft=DecisionDraft(case=case)) | DecisionSaved(decision=Decision(case=case)):
            return case
        case DissentPut(dissent=Dissent(case=case)):
            return case
        case PreparedViewDropped(case=case) | DissentDropped(case=case):
            return case
        case _:
            return None


def _visible_records(state: State, role: Role, name: str) -> tuple[Any, ...]:
    seen = (record for record in getattr(state, name).values() if _may_see(state, role, record.case))
    return tuple(_told_version(state, role, one) if isinstance(one, SignedNote) else one for one in seen)


def _told_version(state: State, role: Role, version: SignedNote) -> SignedNote:
    return replace(version, patient=told_patient(state, role, version.case, version.patient))


def _told_case(state: State, role: Role, case: Case) -> Case:
    if not _may_see(state, role, case.id):
        return withheld(case)
    told = disclosed_case(case)
    return hidden_case(told, state.cases.index(case) + 1) if hides(state, role) else told


def _may_see_seat(role: Role, seat: Seat) -> bool:
    return seat.role != "reader" and (role == "host" or seat.lobby == "")


def _may_see(state: State, role: Role, case: str) -> bool:
    return sees_all_cases(role) or case == state.current or len(state.cases) == 1
