"""The list of a board as a CSV file: read, and each row matched to the studies that are here. Pure.

Rules of this file:
- A row is a case. Columns are found by their names, in English or German, whatever their order; a column that is not
  known is named, and not used.
- A study is matched by its StudyInstanceUID, or its accession number, else all studies of a patient by ID, else by name
  and birth date. Where the ID is one patient's and the name another's, nothing is taken: a person looks.
- Nothing is guessed: what was found is said for each row, and a person confirms it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Literal

from msgspec import Struct

from consult.library.library import StudyEntry
from consult.model.errors import Malformed
from consult.model.patient import person_name
from consult.model.text import folded

MAX_BYTES = 1 << 20
MAX_ROWS = 100
DELIMITERS = ";,\t"
COLUMNS: dict[str, tuple[str, ...]] = {
    "patient_id": ("patient id", "patientid", "id", "mrn", "patientennummer", "patienten-id", "pid"),
    "name": ("name", "patient", "patient name", "patientname", "patientenname"),
    "birth_date": ("birth date", "birthdate", "date of birth", "dob", "geburtsdatum", "geb"),
    "study_uid": ("study uid", "studyinstanceuid", "study instance uid", "studien-uid"),
    "accession": ("accession", "accession number", "accessionnumber", "auftragsnummer"),
    "question": ("question", "frage", "fragestellung"),
    "history": ("history", "clinical history", "anamnese", "vorgeschichte"),
    "pathology": ("pathology", "pathologie", "histology", "histologie"),
    "minutes": ("minutes", "minuten", "min", "time", "dauer"),
}
"""Of each field the names that its column may have."""
Found = Literal["found", "nothing", "doubtful"]


class Row(Struct, frozen=True):
    """A row of the list, as it stands there. `number`: from 1, without the head."""

    number: int
    patient_id: str = ""
    name: str = ""
    birth_date: str = ""
    study_uid: str = ""
    accession: str = ""
    question: str = ""
    history: str = ""
    pathology: str = ""
    minutes: int = 0


class Matched(Struct, frozen=True):
    """A row, and what was found for it.

    Attributes:
        studies: UIDs, the newest first.
        sentence: what was found, or why nothing was.
    """

    row: Row
    state: Found
    studies: tuple[str, ...]
    sentence: str


class BoardList(Struct, frozen=True):
    """A list, matched. `unknown`: columns that were not used."""

    rows: tuple[Matched, ...]
    unknown: tuple[str, ...]


def read_list(data: bytes) -> tuple[list[Row], list[str]]:
    """The rows of a CSV file (RFC 4180; also with semicolons or tabs), and the columns that are not known.

    Raises:
        Malformed: "bad_list": no text, no known column, or too many rows.
    """
    text = _text(data)
    lines = [line for line in csv.reader(io.StringIO(text), delimiter=_delimiter(text)) if any(map(str.strip, line))]
    if not lines:
        raise Malformed("bad_list", "The list is empty.")
    fields = [_field(name) for name in lines[0]]
    if not any(fields):
        raise Malformed("bad_list", "The first row of the list has to name its columns: patient ID, name, question.")
    if len(lines) - 1 > MAX_ROWS:
        raise Malformed("bad_list", f"A list has {MAX_ROWS} rows at most, and this one {len(lines) - 1}.")
    unknown = [name.strip() for name, field in zip(lines[0], fields, strict=True) if not field and name.strip()]
    return [_row(number, fields, line) for number, line in enumerate(lines[1:], start=1)], unknown


def match(rows: Iterable[Row], studies: Sequence[StudyEntry]) -> tuple[Matched, ...]:
    """Each row with the studies that are here. `studies`: the newest first."""
    return tuple(_match(row, studies) for row in rows)


def _match(row: Row, studies: Sequence[StudyEntry]) -> Matched:
    by = next(
        (
            (what, found)
            for what, found in (
                ("study", [s for s in studies if row.study_uid and s.uid == row.study_uid]),
                ("accession", [s for s in studies if row.accession and s.accession_number == row.accession]),
                ("ID", [s for s in studies if row.patient_id and s.patient.id == row.patient_id]),
                ("name and birth date", [s for s in studies if _is_named(row, s)]),
            )
            if found
        ),
        None,
    )
    if by is None:
        return Matched(row, "nothing", (), "No study of this patient is here.")
    what, found = by
    others = [s for s in found if not _fits(row, s)]
    if others:
        whose = person_name(others[0].patient.name)
        return Matched(row, "doubtful", (), f"By {what} a study of {whose} is here: another name or birth date.")
    if len({(s.patient.id, s.patient.issuer) for s in found}) > 1:
        return Matched(row, "doubtful", (), f"By {what} studies of several patients are here.")
    patient = found[0].patient
    uids = tuple(s.uid for s in studies if (s.patient.id, s.patient.issuer) == (patient.id, patient.issuer)
                 and folded(person_name(s.patient.name)) == folded(person_name(patient.name)))  # fmt: skip
    n = len(uids)
    return Matched(row, "found", uids, f"{n} {'study' if n == 1 else 'studies'} by {what}.")


def _is_named(row: Row, study: StudyEntry) -> bool:
    """By name and birth date, of whom the list has no ID."""
    if row.patient_id or not row.name or not row.birth_date:
        return False
    return _same_name(row.name, study.patient.name) and row.birth_date == study.patient.birth_date


def _fits(row: Row, study: StudyEntry) -> bool:
    """Nothing that the list says of the patient is another thing in the study."""
    patient = study.patient
    return (
        (not row.patient_id or row.patient_id == patient.id)
        and (not row.name or not patient.name or _same_name(row.name, patient.name))
        and (not row.birth_date or not patient.birth_date or row.birth_date == patient.birth_date)
    )


def _same_name(written: str, name: str) -> bool:
    """ "Anna Demo", "Demo, Anna" and "DEMO^ANNA" are one."""
    return _parts(written) == _parts(name)


def _parts(name: str) -> list[str]:
    return sorted(folded(part) for part in name.replace("^", " ").replace(",", " ").split())


def _row(number: int, fields: Sequence[str], line: Sequence[str]) -> Row:
    values = {field: value.strip() for field, value in zip(fields, line, strict=False) if field}
    minutes = values.pop("minutes", "")
    birth_date = _date(values.pop("birth_date", ""))
    return Row(number=number, birth_date=birth_date, minutes=int(minutes) if minutes.isdecimal() else 0, **values)


def _date(written: str) -> str:
    """ISO 8601 of "1961-03-05", "19610305" or "5.3.1961"; "" of anything else."""
    digits = written.replace("-", "")
    if len(digits) == 8 and digits.isdecimal():
        return f"{digits[:4]}-{digits[4:6]}-{digits[6:]}"
    parts = written.split(".")
    if len(parts) == 3 and all(part.isdecimal() for part in parts) and len(parts[2]) == 4:
        return f"{parts[2]}-{int(parts[1]):02}-{int(parts[0]):02}"
    return ""


def _field(name: str) -> str:
    wanted = name.strip().lstrip("\ufeff").lower().replace("_", " ")
    return next((field for field, names in COLUMNS.items() if wanted in names), "")


def _delimiter(text: str) -> str:
    head = text.partition("\n")[0]
    return max(DELIMITERS, key=head.count)


def _text(data: bytes) -> str:
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Malformed("bad_list", "The list is no text.")
