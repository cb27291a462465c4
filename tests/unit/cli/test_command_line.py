"""The command line on real files; the module itself and what serves run in processes of their own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from consult.cli import COMMANDS, main
from tests.support.waiting import PATIENCE_S


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main([name, "--help"])
    assert left.value.code == 0
    assert f"consult {name}" in capsys.readouterr().out


def test_import_command_names_what_it_refused_and_why(
    imported: tuple[Path, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "letter.txt").write_text("not an image")
    assert main(["import", str(tmp_path / "letter.txt"), "--data", str(imported[0])]) == 1
    printed = capsys.readouterr()
    assert "letter.txt" in printed.out + printed.err
    assert "DICOM" in printed.out + printed.err


def test_studies_command_lists_what_was_taken(imported: tuple[Path, str], capsys: pytest.CaptureFixture[str]) -> None:
    data, study = imported
    assert main(["studies", "--data", str(data)]) == 0
    assert study in capsys.readouterr().out
    assert main(["studies", "--json", "--data", str(data)]) == 0
    studies = json.loads(capsys.readouterr().out)
    assert study in json.dumps(studies)


def test_module_is_the_command() -> None:
    command = [sys.executable, "-m", "consult", "--help"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=PATIENCE_S)
    assert "Look at radiology images together" in done.stdout
