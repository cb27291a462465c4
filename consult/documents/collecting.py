"""From the state of a consult to the contents of a document: of a signed version, or of what is written so far.

Rules of this file:
- Of a signed version what was signed is shown as it was signed: texts, findings, marks, numbers, patient, studies.
- Of a draft only numbers that may stand in a note are in it, and nothing is called signed.
- Where the hash of a signed version is not the one that it was signed with, the document says so on top.
- Nothing of another case is in it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from consult.documents.attendance import participants_of
from consult.documents.contents import Contents, FindingPart, KeyPicture, Reader, SignedBy, Status, Stay, Value
from consult.documents.measured import dates_of, rows_of, value_of
from consult.documents.pictures import pictures_of
from consult.documents.steps import steps_of
from consult.model.catalogue import Case, Patient, Study
from consult.model.errors import Refused
from consult.model.identifiers import SeatId, StudyKey
from consult.model.view import shown_series
from consult.sessions.features.findings.comparison import comparisons
from consult.sessions.features.findings.decide import marks_of, numbers_of
from consult.sessions.features.findings.events import Comparison, Finding
from consult.sessions.features.findings.lesions import LesionTable, entry_of, lesion_table
from consult.sessions.features.note.events import Field, Note, SignedFinding, SignedNote
from consult.sessions.features.note.signing import findings_of, is_whole, limits, versions_of
from consult.sessions.state import State

DRAFT = 0
"""Number of the version that nobody has signed yet."""


class Made(Struct, frozen=True):
    """When a document is made (seconds since 1970), and what the audit trail says then.

    Attributes:
        audit: the hash that it ends with.
        stays: of each seat, when it was in the consult.
    """

    at: float
    audit: str = ""
    stays: Mapping[str, Sequence[Stay]] = {}


class _Version(Struct, frozen=True):
    """What one version of a note says: a signed one, or the draft."""

    number: int
    status: Status
    texts: dict[Field, str]
    findings: tuple[SignedFinding, ...]
    comparisons: tuple[Comparison, ...]
    patient: Patient
    studies: tuple[Study, ...]
    seen: tuple[StudyKey, ...]
    limits: tuple[str, ...]


def contents_of(state: State, case_id: str, number: int | None, made: Made) -> Contents:
    """The contents of a document.

    Args:
        state: of the consult.
        case_id: whose note; "" is the case on the stage.
        number: of the signed version; DRAFT: what is written now; None: the newest that is signed, else the draft.
        made: when.

    Raises:
        Refused: "unknown_case", "unknown_version".
    """
    case = state.find_case(case_id or state.current)
    if case is None:
        raise Refused("unknown_case", "There is no such case in this consult.")
    versions = versions_of(state, case.id)
    wanted = len(versions) if number is None else number
    if not 0 <= wanted <= len(versions):
        raise Refused("unknown_version", "There is no such signed note.")
    version = _draft(state, case) if wanted == DRAFT else _signed(versions[wanted - 1])
    return _contents(state, case, version, versions, made)


def _signed(version: SignedNote) -> _Version:
    return _Version(
        version.number, version.status, version.texts, version.findings, version.comparisons, version.patient,
        version.studies, version.seen, version.limits,
    )  # fmt: skip


def _draft(state: State, case: Case) -> _Version:
    note = state.notes.get(case.id, Note(case.id))
    texts = {field: written.text for field, written in note.fields.items() if written.text}
    found = tuple(_unsigned(state, finding) for finding in findings_of(state, case.id, note))
    compared = comparisons(state, case.id)
    return _Version(DRAFT, "draft", texts, found, compared, case.patient, case.studies, (), tuple(limits(case)))


def _unsigned(state: State, finding: Finding) -> SignedFinding:
    marks = marks_of(state, finding)
    known = (numbers_of(state, mark) for mark in marks)
    return SignedFinding(finding, marks, tuple(numbers for numbers in known if numbers is not None))


def _contents(state: State, case: Case, version: _Version, versions: Sequence[SignedNote], made: Made) -> Contents:
    pictures, left_out = pictures_of(case, version.findings, version.studies)
    values = {found.finding.id: _values(state, case, found) for found in version.findings}
    all_values = [value for of_finding in values.values() for value in of_finding]
    ids = [one.id for one in state.cases]
    return Contents(
        consult=state.consult_id,
        title=case.title or state.consult.title,
        host_name=state.consult.host_name,
        started_at=state.consult.opened_at,
        ended_at=state.consult.ended_at,
        made_at=made.at,
        utc_offset_min=state.site.utc_offset_min,
        case=case.id,
        case_number=ids.index(case.id) + 1,
        cases=len(ids),
        version=version.number,
        status=version.status,
        patient=version.patient,
        studies=version.studies,
        seen_studies=version.seen,
        texts=version.texts,
        findings=tuple(_part(found.finding, values, version, pictures) for found in version.findings),
        rows=rows_of([found.finding for found in version.findings], values, version.comparisons),
        dates=dates_of(all_values),
        comparisons=version.comparisons,
        limits=version.limits,
        steps=steps_of(version.texts.get("recommendation", "")),
        pictures=pictures,
        left_out=left_out,
        lesions=_lesions(case, version),
        participants=participants_of(state, made.stays),
        signatures=tuple(_signature(one) for one in versions if one.number <= version.number),
        readers=_readers(state, versions, version.number),
        colours={mark.author: _colour(state, mark.author) for found in version.findings for mark in found.marks},
        whole=is_whole(versions),
        later=len(versions) if DRAFT < version.number < len(versions) else 0,
        audit=made.audit,
    )


def _lesions(case: Case, version: _Version) -> LesionTable:
    """Of all findings that are lesions, with the dates of the studies as the version has them."""
    dates = {study.key: study.date for study in version.studies}
    return lesion_table([
        entry_of(one.finding, one.marks, one.numbers, _date(case, one, dates))
        for one in version.findings if one.finding.lesion
    ])  # fmt: skip


def _date(case: Case, found: SignedFinding, dates: dict[StudyKey, str]) -> str:
    """Of the one study on which all marks of a finding lie, or without marks its key views; "" where it is not one."""
    views = [kept.view for kept in found.finding.views] if not found.marks else []
    shown = [view.viewport(view.active) for view in views]
    keys = [mark.series for mark in found.marks] + [shown_series(viewport.shows)[0] for viewport in shown]
    series = [case.find(key) for key in keys]
    studies = {"" if one is None else dates.get(one.study, "") for one in series}
    return next(iter(studies)) if len(studies) == 1 else ""


def _values(state: State, case: Case, found: SignedFinding) -> tuple[Value, ...]:
    """Of each mark that measures something, what may be said of it."""
    known = {numbers.mark: numbers for numbers in found.numbers}
    values = (value_of(state, case, mark, known.get(mark.id)) for mark in found.marks)
    return tuple(value for value in values if value is not None)


def _part(
    finding: Finding, values: dict[str, tuple[Value, ...]], version: _Version, pictures: Sequence[KeyPicture]
) -> FindingPart:
    was = next((row for row in reversed(version.comparisons) if row.now.finding == finding.id), None)
    shown = tuple(picture.n for picture in pictures if picture.finding == finding.id)
    return FindingPart(
        finding.id, finding.title, finding.text, finding.label, finding.category, finding.side, values[finding.id],
        shown, was,
    )  # fmt: skip


def _colour(state: State, seat: SeatId) -> int:
    known = state.seats.get(seat)
    return 0 if known is None else known.colour


def _signature(version: SignedNote) -> SignedBy:
    return SignedBy(version.number, version.status, version.changed, version.signature, version.digest)


def _readers(state: State, versions: Sequence[SignedNote], number: int) -> tuple[Reader, ...]:
    numbers = {version.id: version.number for version in versions if version.number <= number}
    return tuple(
        Reader(numbers[seen.version], seen.name, seen.opened_at, seen.seen_at, seen.utc_offset_min)
        for seen in state.seen.values()
        if seen.version in numbers
    )
