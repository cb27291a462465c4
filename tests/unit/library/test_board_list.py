"""A board's list as CSV: read in either language, matched to what is here, and nothing guessed."""

from __future__ import annotations

import pytest

from consult.library.board_list import match, read_list
from consult.library.library import StudyEntry
from consult.model.catalogue import Patient
from consult.model.errors import Malformed
from consult.model.identifiers import StudyKey


def study(uid: str, name: str, number: str, birth_date: str = "1961-03-05", issuer: str = "") -> StudyEntry:
    patient = Patient(name, number, birth_date, "F", issuer)
    return StudyEntry(uid, StudyKey(uid), patient, "CT", "2026-11-24", "", ("CT",), 1, 1, accession_number=f"A{uid}")


HERE = [
    study("1.2", "DEMO^ANNA", "4711"),
    study("1.1", "DEMO^ANNA", "4711"),
    study("2.1", "DEMO^BERTA", "4712"),
    study("3.1", "DEMO^CLARA", "4713", issuer="North"),
    study("3.2", "DEMO^CLARA", "4713", issuer="South"),
]


def matched(row: str, head: str = "id;name;geburtsdatum;frage") -> tuple[str, tuple[str, ...]]:
    rows, _ = read_list(f"{head}\n{row}\n".encode())
    (found,) = match(rows, HERE)
    assert found.sentence.endswith(".")
    return found.state, found.studies


def test_columns_are_found_by_name_in_either_language_and_others_are_named() -> None:
    text = "Patientennummer;Name;Geburtsdatum;Fragestellung;Zimmer;Minuten\n4711;Demo, Anna;5.3.1961;Operation?;12;8\n"
    (row,), unknown = read_list(text.encode("cp1252"))
    assert (row.patient_id, row.birth_date, row.question, row.minutes) == ("4711", "1961-03-05", "Operation?", 8)
    assert unknown == ["Zimmer"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_any_delimiter_and_quotes(delimiter: str) -> None:
    text = f'\ufeffPatient ID{delimiter}Question\r\n4711{delimiter}"Surgery, or {delimiter} not?"\r\n\r\n'
    (row,), _ = read_list(text.encode())
    assert (row.number, row.question) == (1, f"Surgery, or {delimiter} not?")


@pytest.mark.parametrize(
    ("row", "state", "studies"),
    [
        ("4711;Anna Demo;1961-03-05;", "found", ("1.2", "1.1")),
        ("4711;;;", "found", ("1.2", "1.1")),
        (";DEMO^BERTA;19610305;", "found", ("2.1",)),
        ("9999;Demo, Anna;1961-03-05;", "nothing", ()),
        ("4711;Demo, Berta;;", "doubtful", ()),
        ("4711;Demo, Anna;1962-03-05;", "doubtful", ()),
        ("4713;;;", "doubtful", ()),
        (";Demo Anna;;", "nothing", ()),
    ],
)
def test_a_row_is_matched_or_it_is_said_why_not(row: str, state: str, studies: tuple[str, ...]) -> None:
    assert matched(row) == (state, studies)


def test_by_study_or_accession_all_of_the_patient_is_found() -> None:
    assert matched("1.1;", "study uid;question") == ("found", ("1.2", "1.1"))
    assert matched("A2.1;", "accession;question") == ("found", ("2.1",))


@pytest.mark.parametrize("data", [b"", b"\n\n", b"room;bed\n1;2\n", b"id\n" + b"1\n" * 101])
def test_what_is_no_list_is_refused(data: bytes) -> None:
    with pytest.raises(Malformed, match="bad_list"):
        read_list(data)
