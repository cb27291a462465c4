"""Whether studies are one patient's, and what a host may do where they look like two's. Pure.

Rules of this file:
- An empty attribute is unknown, not different: PatientID, PatientName, PatientBirthDate and PatientSex are of type 2,
  and objects that programs derive often leave them out (PS3.3 C.7.1.1).
- Two studies of which nothing is known in common, neither ID nor name, are not taken for one patient's.
- A host may leave series or files out, or confirm that it is one patient; the pictures of what differs say so then.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from consult.dicom.records import FileRecord, StackRecord
from consult.dicom.stacks import series_key, series_of
from consult.model.catalogue import Patient
from consult.model.errors import DifferentPart, DifferentPatients

PATIENT_FIELDS = {
    "id": "PatientID",
    "issuer": "IssuerOfPatientID",
    "name": "PatientName",
    "birth_date": "PatientBirthDate",
    "sex": "PatientSex",
}
IDENTIFYING = ("id", "name")
MAX_NAMED = 3
"""Files of a series that are named."""


class Admission(Struct, frozen=True):
    """What a host decides about studies that look like two patients'.

    Attributes:
        leave_out: keys of series, and SOPInstanceUIDs of files, that are not part of the case.
        same_patient: the host has confirmed that what differs is one patient's.
    """

    leave_out: tuple[str, ...] = ()
    same_patient: bool = False


EVERYTHING = Admission()


def admitted(records: Iterable[FileRecord], admission: Admission) -> list[FileRecord]:
    """Those that are not left out."""
    out = set(admission.leave_out)
    return [r for r in records if series_key(r.study_uid, r.series_uid) not in out and r.sop_instance not in out]


def one_patient(records: Sequence[FileRecord], admission: Admission = EVERYTHING) -> Patient:
    """Who it is: of each attribute the first value that is known.

    Raises:
        DifferentPatients: attributes differ, and the host has not confirmed that it is one patient.
    """
    if not admission.same_patient and (differing := _differing(records)):
        raise DifferentPatients(
            {PATIENT_FIELDS[field]: tuple(_values(records, field)) for field in differing},
            _parts(records, differing),
        )
    known = {field: next(iter(_written(records, field)), "") for field in PATIENT_FIELDS}
    return replace(records[0].patient, **known)


def confirmed_notes(records: Sequence[FileRecord]) -> dict[str, str]:
    """By series: what of it differs from the case's patient, for its pictures; none where nothing does."""
    patient = one_patient(records, Admission(same_patient=True))
    notes: dict[str, str] = {}
    for record in records:
        differing = [
            tag
            for field, tag in PATIENT_FIELDS.items()
            if (value := _plain(record.patient, field)) and value != _plain(patient, field)
        ]
        if differing:
            note = f"{' and '.join(differing)} {'differs' if len(differing) == 1 else 'differ'}, confirmed by the host"
            notes[series_key(record.study_uid, record.series_uid)] = note
    return notes


def differing_fields(one: Patient, other: Patient) -> list[str]:
    """Fields of Patient that both know, and that are not the same."""
    pairs = {field: (_plain(one, field), _plain(other, field)) for field in PATIENT_FIELDS}
    return [field for field, (a, b) in pairs.items() if a and b and a != b]


def noted(stack: StackRecord, notes: Mapping[str, str]) -> StackRecord:
    """With a note of its series besides its own."""
    series = stack.series
    note = ", ".join(filter(None, (series.note, notes.get(series_of(series.key), ""))))
    return replace(stack, series=replace(series, note=note))


def _plain(patient: Patient, field: str) -> str:
    """As it is compared: the case of letters, doubled spaces and empty groups of a name tell nobody apart."""
    value: str = getattr(patient, field)
    if field != "name":
        return value.strip()
    return " ".join(value.rstrip("^= ").casefold().split())


def _written(records: Iterable[FileRecord], field: str) -> list[str]:
    """Values as they are written, those that are empty left out."""
    return [getattr(record.patient, field) for record in records if _plain(record.patient, field)]


def _values(records: Iterable[FileRecord], field: str) -> list[str]:
    """Different values, each as it is written first; "" where some study has none at all."""
    found: dict[str, str] = {}
    for record in records:
        found.setdefault(_plain(record.patient, field), getattr(record.patient, field).rstrip("^ "))
    known = {plain: value for plain, value in found.items() if plain}
    return list((known if len(known) > 1 else found).values())


def _differing(records: Sequence[FileRecord]) -> list[str]:
    """Fields of Patient that differ; those that identify, where studies have none of them in common."""
    differing = [field for field in PATIENT_FIELDS if len({_plain(r.patient, field) for r in records} - {""}) > 1]
    if differing:
        return differing
    known: dict[str, set[str]] = {}
    for record in records:
        named = known.setdefault(record.study_uid, set())
        named |= {field for field in IDENTIFYING if _plain(record.patient, field)}
    studies = list(known.values())
    apart = any(one and not one & other for one in studies for other in studies)
    return list(IDENTIFYING) if apart else []


def differing_values(records: Sequence[FileRecord]) -> dict[str, dict[str, str]]:
    """By SOPInstanceUID: values of the attributes that differ between these files; empty where none does."""
    fields = _differing(records)
    if not fields:
        return {}
    return {r.sop_instance: {PATIENT_FIELDS[f]: getattr(r.patient, f).rstrip("^ ") for f in fields} for r in records}


def _parts(records: Sequence[FileRecord], differing: Sequence[str]) -> tuple[DifferentPart, ...]:
    """Series by series what they say; those that most files agree with come first."""
    groups: dict[tuple[str, tuple[str, ...]], list[FileRecord]] = {}
    for record in records:
        values = tuple(getattr(record.patient, field).rstrip("^ ") for field in differing)
        groups.setdefault((series_key(record.study_uid, record.series_uid), values), []).append(record)
    sizes: dict[tuple[str, ...], int] = {}
    for (_, values), found in groups.items():
        sizes[values] = sizes.get(values, 0) + len(found)
    ordered = sorted(groups.items(), key=lambda group: (-sizes[group[0][1]], group[0][1]))
    return tuple(
        DifferentPart(
            study=found[0].study_uid,
            series=key,
            name=found[0].series_description or found[0].unshown or found[0].modality,
            files=tuple(record.file_name or record.sop_instance for record in found[:MAX_NAMED]),
            instances=tuple(record.sop_instance for record in found[:MAX_NAMED]),
            count=len(found),
            values={PATIENT_FIELDS[field]: value for field, value in zip(differing, values, strict=True)},
        )
        for (key, values), found in ordered
    )
