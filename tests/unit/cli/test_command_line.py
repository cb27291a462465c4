"""The command line as its user meets it: every command in its own process, on real files."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from consult.cli import COMMANDS, main
from tests.support.server import consult


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main([name, "--help"])
    assert left.value.code == 0
    assert f"consult {name}" in capsys.readouterr().out


def test_import_command_names_what_it_refused_and_why(imported: tuple[Path, str], tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("not an image")
    done = consult("import", str(tmp_path / "letter.txt"), data=imported[0], check=False)
    assert done.returncode == 1
    assert "letter.txt" in done.stdout + done.stderr
    assert "DICOM" in done.stdout + done.stderr


def test_studies_command_lists_what_was_taken(imported: tuple[Path, str]) -> None:
    data, study = imported
    assert study in consult("studies", data=data).stdout
    studies = json.loads(consult("studies", "--json", data=data).stdout)
    assert study in json.dumps(studies)


def test_module_is_the_command() -> None:
    command = [sys.executable, "-m", "consult", "--help"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert "Look at radiology images together" in done.stdout
