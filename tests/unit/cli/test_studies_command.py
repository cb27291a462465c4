"""`consult studies`: a row for each."""

from __future__ import annotations

from pathlib import Path

import pytest

from consult.cli import main
from consult.cli.studies_command import HEADINGS, foot_lines, row
from consult.library.library import StudyEntry
from consult.model.catalogue import Patient
from consult.model.identifiers import StudyKey


def test_a_study_with_nothing_but_its_uid_has_its_cells() -> None:
    entry = StudyEntry("1.2", StudyKey("k"), Patient("", ""), "", "", "", ("CT", "PT"), 2, 40)
    assert row(entry) == ("1.2", "No name", "", "", "", "", "CT/PT", "", "2", "40")
    assert len(row(entry)) == len(HEADINGS)


def test_patients_are_counted_by_id_and_issuer_and_two_of_one_name_are_told_apart() -> None:
    people = [
        Patient("DOE^JOHN", "7", "1950-01-01", "M", "NORTH"),
        Patient("DOE^JOHN", "7", "1962-11-24", "M", "SOUTH"),
        Patient("DOE^JOHN", "7", "1962-11-24", "M", "SOUTH"),
    ]
    entries = [
        StudyEntry(f"1.{i}", StudyKey("k"), patient, "", "", "", ("CT",), 1, 1) for i, patient in enumerate(people)
    ]
    assert foot_lines(entries) == ["3 studies of 2 patients", "DOE, John: 2 patients of this name: birth dates differ"]


def test_without_studies_it_names_the_command_that_imports(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["studies", "--data", str(tmp_path / "data")]) == 0
    assert "consult import" in capsys.readouterr().out
