"""Each import contract fails on the import that it forbids; a contract that cannot fail holds nothing."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
VIOLATIONS = {
    "A room imports only rooms below it": ("consult/model/view.py", "import consult.sessions.state"),
    "siblings": ("consult/store/log.py", "import consult.dicom"),
    "pydicom stops at the door of dicom": ("consult/clock.py", "import pydicom"),
    "The libraries of encoder and WebRTC stop at the door of media": ("consult/clock.py", "import av"),
    "WebRTC": ("consult/clock.py", "import aiortc"),
    "The web framework stops at the door of http": ("consult/clock.py", "import starlette"),
    "Pure rooms have no I/O": ("consult/rendering/layout.py", "import asyncio"),
}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The package and its contracts, to be spoiled."""
    shutil.copytree(ROOT / "consult", tmp_path / "consult", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run import-linter on a copy."""
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, env=environment, check=False)


def test_the_code_as_it_is_keeps_all_contracts(copy: Path) -> None:
    result = lint(copy)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize("name", VIOLATIONS)
def test_a_contract_is_broken_by_the_import_it_forbids(copy: Path, name: str) -> None:
    path, line = VIOLATIONS[name]
    with (copy / path).open("a") as file:
        file.write(f"\n{line}\n")
    result = lint(copy)
    assert result.returncode != 0
    assert line.split()[1].split(".")[0] in result.stdout
