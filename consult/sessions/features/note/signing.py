"""A version of a note, from what is written: what must be right before, what is in it, and its digest.

Rules:
- The digest covers everything in a version: texts, numbers, key views, identity, signature, and the digest before it.
- Fields that have their default are not in it, so that a field that comes later, with a default, leaves it as it was.
- What can be wrong with a side or a number stops the whole version: no finding is left out silently.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from typing import Any

import msgspec
from msgspec import NODEFAULT, Struct
from msgspec.structs import FieldInfo, fields, replace

from consult.model.catalogue import Case, Series
from consult.model.errors import Refused
from consult.model.mark import Mark, Quantity
from consult.model.side import named_sides, other_side_word
from consult.model.study_role import is_prior
from consult.sessions.features.findings.comparison import comparisons
from consult.sessions.features.findings.decide import marks_of, numbers_of, offered_side
from consult.sessions.features.findings.events import Finding, MarkNumbers
from consult.sessions.features.limits import MAX_VERSION_BYTES
from consult.sessions.features.note.commands import SignNote
from consult.sessions.features.note.events import Field, Note, Signature, SignedFinding, SignedNote
from consult.sessions.state import State

CHECKED_FIELDS: tuple[Field, ...] = ("impression", "recommendation")
QUANTITIES: dict[Quantity, str] = {
    "short_axis": "short axis",
    "sd": "standard deviation",
    "low": "lowest value",
    "high": "highest value",
}
"""Those that are called otherwise in a sentence."""
_encode = msgspec.json.Encoder(order="deterministic").encode


def version(state: State, case: Case, note: Note, command: SignNote, signature: Signature) -> SignedNote:
    """The next signed version of a note.

    Raises:
        Refused: "side_missing", "side_contradicts", "not_measured", "number_not_confirmed", "note_too_large".
    """
    former = versions_of(state, case.id)
    _check_texts(state, note)
    unsigned = SignedNote(
        id=f"{case.id}.{len(former) + 1}",
        case=case.id,
        number=len(former) + 1,
        status=command.status,
        changed=command.changed,
        texts={field: written.text for field, written in note.fields.items() if written.text},
        findings=tuple(_signed(state, finding) for finding in findings_of(state, case.id, note)),
        comparisons=comparisons(state, case.id),
        patient=case.patient,
        studies=case.studies,
        seen=command.seen,
        limits=tuple(limits(case)),
        signature=signature,
        former=former[-1].digest if former else "",
    )
    if len(_encode(unsigned)) > MAX_VERSION_BYTES:
        raise Refused("note_too_large", "This note holds too much to be one. Drop some key views, or shorten texts.")
    return replace(unsigned, digest=digest_of(unsigned))


def versions_of(state: State, case: str) -> tuple[SignedNote, ...]:
    """The signed versions of a case's note, the first one first."""
    return tuple(version for version in state.signed.values() if version.case == case)


def digest_of(version: SignedNote) -> str:
    """SHA-256 over everything in a version but the digest itself and what has its default, as JSON in one order."""
    return sha256(_encode(_without_defaults(replace(version, digest="")))).hexdigest()


def is_whole(versions: Iterable[SignedNote]) -> bool:
    """Each version is as it was signed, and all are there, in their order."""
    former = ""
    for number, version in enumerate(versions, start=1):
        if (version.number, version.former) != (number, former) or digest_of(version) != version.digest:
            return False
        former = version.digest
    return True


def findings_of(state: State, case: str, note: Note) -> list[Finding]:
    """The findings of a case in the order of its note."""
    place = {identifier: number for number, identifier in enumerate(note.order)}
    found = [finding for finding in state.findings.values() if finding.case == case]
    return sorted(found, key=lambda finding: place.get(finding.id, len(place)))


def limits(case: Case) -> list[str]:
    """What a reader must know of what there was to see."""
    found = []
    if not any(is_prior(study, case.studies) for study in case.studies):
        found.append("No prior study.")
    lossy = [series for series in case.series if series.source_lossy]
    if lossy:
        found.append(f"Lossy source: {', '.join(dict.fromkeys(series.description or 'series' for series in lossy))}.")
    found += filter(None, (_incomplete(case, series) for series in case.series))
    found += [f"{series.description or 'Series'}: {series.note}." for series in case.series if series.note]
    found += [f"Images deleted since: {study.description or 'study'}." for study in case.studies if study.deleted]
    return found


def _incomplete(case: Case, series: Series) -> str:
    """Of a series that has fewer images than it should; "" of any other, and of what a deleted study had."""
    deleted = any(study.deleted for study in case.studies if study.key == series.study)
    gone = 0 if deleted else sum(last - first + 1 for first, last in series.deleted)
    here, expected, number = series.images - gone, max(series.expected, series.images), series.number
    if here >= expected:
        return ""
    if not series.description:
        return f"Incomplete: {here} of {expected} images of series {number}."
    return f"Incomplete: {here} of {expected} images of series {number} ({series.description})."


def _signed(state: State, finding: Finding) -> SignedFinding:
    _check_side(state, finding)
    marks = marks_of(state, finding)
    return SignedFinding(finding, marks, tuple(_numbers(state, finding, mark) for mark in marks))


def _check_side(state: State, finding: Finding) -> None:
    """The side is confirmed, still what geometry says, and named by no text otherwise."""
    named, side = finding.title, finding.side
    if not side.confirmed_by or not side.side:
        raise Refused("side_missing", f'"{named}" has no side yet. Confirm or choose it.')
    offered, _ = offered_side(state, finding)
    if offered and offered != side.side and offered != side.offered:
        raise Refused("side_contradicts", f'The marks of "{named}" lie {offered}, and it says {side.side}.')
    word = next(filter(None, (other_side_word(t, side.side) for t in (named, finding.text, finding.label))), "")
    if word:
        raise Refused("side_contradicts", f'"{named}" is on the {side.side}, and its text says "{word}".')


def _check_texts(state: State, note: Note) -> None:
    """Where all findings lie on one side, impression and recommendation do not name the other side alone."""
    sides = {finding.side.side for finding in state.findings.values() if finding.case == note.case}
    if len(sides) != 1 or not sides <= {"LEFT", "RIGHT"}:
        return
    side = sides.pop()
    for field in CHECKED_FIELDS:
        named = named_sides(note.text(field))
        if named and side not in named:
            word = next(iter(named.values()))
            raise Refused("side_contradicts", f'The {field} says "{word}", and all findings are on the {side}.')


def _numbers(state: State, finding: Finding, mark: Mark) -> MarkNumbers:
    known = numbers_of(state, mark)
    if known is None:
        raise Refused(
            "not_measured",
            f'A mark of "{finding.title}" is still being measured. Try again in a moment; if its image does not load, '
            "take the mark out of the finding.",
        )
    first = next((number.quantity for number in known.numbers if not number.counts), None)
    if first is not None:
        raise Refused(
            "number_not_confirmed",
            f'The {QUANTITIES.get(first, first)} of a mark of "{finding.title}" is not confirmed. Take it over by '
            "name, or take the mark out of the finding.",
        )
    return known


def _without_defaults(value: Any) -> Any:
    """A record as plain data: of each struct its tag, and the fields that are not as they are by default."""
    match value:
        case Struct():
            given = ((field, getattr(value, field.name)) for field in fields(value))
            plain = {f.encode_name: _without_defaults(v) for f, v in given if f.required or v != _default(f)}
            tag = value.__struct_config__.tag
            return plain if tag is None else {"type": tag, **plain}
        case dict():
            return {key: _without_defaults(item) for key, item in value.items()}
        case tuple() | list():
            return [_without_defaults(item) for item in value]
        case _:
            return value


def _default(field: FieldInfo) -> Any:
    return field.default if field.default is not NODEFAULT else field.default_factory()
