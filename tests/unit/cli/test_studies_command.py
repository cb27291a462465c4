"""`consult studies`: a row for each."""

from __future__ import annotations

from pathlib import Path

import pytest

from consult.cli import main
from consult.cli.studies_command import HEADINGS, row
from consult.library.library import StudyEntry
from consult.model.catalogue import Patient
from consult.model.identifiers import StudyKey


def test_a_study_with_nothing_but_its_uid_has_its_cells() -> None:
    entry = StudyEntry("1.2", StudyKey("k"), Patient("", ""), "", "", "", ("CT", "PT"), 2, 40)
    assert row(entry) == ("1.2", "", "", "", "", "", "CT/PT", "", "2", "40")
    assert len(row(entry)) == len(HEADINGS)


def test_without_studies_it_names_the_command_that_imports(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["studies", "--data", str(tmp_path / "data")]) == 0
    assert "consult import" in capsys.readouterr().out
