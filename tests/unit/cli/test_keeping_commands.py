"""`consult export`, `import-consult` and `delete --consult`: what they say, and to mistakes."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from consult.cli import main
from tests.support.cases import CONSULT
from tests.support.kept import make_data, traces


def run(capsys: pytest.CaptureFixture[str], *words: str, data: Path) -> tuple[int, str, str]:
    """Status, stdout and stderr of a command."""
    status = main([*words, "--data", str(data)])
    out, err = capsys.readouterr()
    return status, out, err


def test_there_and_back_and_gone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one, two, file = tmp_path / "one", tmp_path / "two", tmp_path / "kept.zip"
    asyncio.run(make_data(one, tmp_path / "files"))
    assert CONSULT in run(capsys, "export", data=one)[1]
    status, out, _ = run(capsys, "export", CONSULT, "-o", str(file), data=one)
    assert status == 0
    assert out.startswith(f"{file}: ")
    assert ", 2 pictures, " in out
    status, _, err = run(capsys, "export", CONSULT, "-o", str(file), data=one)
    assert (status, "replace it with --force" in err) == (1, True)
    status, _, err = run(capsys, "import", str(file), data=two)
    assert (status, "consult import-consult" in err) == (1, True)
    status, out, _ = run(capsys, "import-consult", str(file), data=two)
    assert status == 0
    assert "1 study of it not here" in out
    assert run(capsys, "import-consult", str(file), data=two)[0] == 1
    listed = json.loads(run(capsys, "export", "--json", data=two)[1])
    assert [consult["consult"] for consult in listed["consults"]] == [CONSULT]
    status, out, _ = run(capsys, "delete", "--consult", CONSULT, data=one)
    assert (status, "with it: 1 study, 2 files" in out) == (0, True)
    assert traces(one) == []
    status, _, err = run(capsys, "delete", "--consult", CONSULT, data=one)
    assert (status, "There is no such consult here." in err) == (1, True)
    assert run(capsys, "audit", "verify", data=one)[0] == 0
    trail = run(capsys, "audit", data=one)[1]
    assert " export " in trail
    assert "log of " in trail


def test_mistakes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "Name studies, or consults" in run(capsys, "delete", data=tmp_path)[2]
    assert "Name studies, or consults" in run(capsys, "delete", "1.2", "--consult", "x", data=tmp_path)[2]
    assert "no such consult" in run(capsys, "export", "x", "-o", str(tmp_path / "x.zip"), data=tmp_path)[2]
    assert not (tmp_path / "x.zip").exists()
    assert "cannot be read" in run(capsys, "import-consult", str(tmp_path / "x.zip"), data=tmp_path)[2]
