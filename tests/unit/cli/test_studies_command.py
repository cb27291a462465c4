"""`consult studies`: a line for each."""

from __future__ import annotations

from pathlib import Path

import pytest

from consult.cli import main
from consult.cli.studies_command import told
from consult.library.library import StudyEntry
from consult.model.catalogue import Patient
from consult.model.identifiers import StudyKey


def test_a_study_with_nothing_but_its_uid_is_told() -> None:
    entry = StudyEntry("1.2", StudyKey("k"), Patient("", ""), "", "", "", ("CT", "PT"), 2, 40)
    assert told(entry) == "1.2\n     () | no date CT/PT: no description | 2 series, 40 images"


def test_an_empty_shelf_says_what_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["studies", "--data", str(tmp_path / "data")]) == 0
    assert "consult import" in capsys.readouterr().out
