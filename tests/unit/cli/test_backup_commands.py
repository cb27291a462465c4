"""`consult backup` and `consult restore`: beside a server that runs, there and back, and what they say."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from consult.cli import main
from tests.support.ct import write_series
from tests.support.server import serving


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    """Status, stdout and stderr of a command."""
    status = main([*words])
    out, err = capsys.readouterr()
    return status, out, err


def test_beside_a_server_that_runs_and_its_links_work_on_the_next(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old, new, file = tmp_path / "old", tmp_path / "new", tmp_path / "backup.tar"
    old.mkdir()
    study = write_series(tmp_path / "files", images=2, size=32)
    with serving(old, files=tmp_path / "files") as server:
        links = server.open(study, title="Second opinion")
        status, out, _ = run(capsys, "backup", str(file), "--data", str(old))
        assert status == 0
        assert out.startswith(f"{file}: ")
        assert "of studies 2 files" in out
        assert (file.stat().st_mode & 0o777) == 0o600
    status, out, _ = run(capsys, "restore", str(file), "--data", str(new))
    assert (status, out.startswith(f"{new}: ")) == (0, True)
    status, _, err = run(capsys, "restore", str(file), "--data", str(new))
    assert (status, f"consult restore: {new} is not empty" in err) == (1, True)
    assert run(capsys, "audit", "verify", "--data", str(new))[0] == 0
    with serving(new) as server:
        path, _, secret = links["guest"].partition("/join/")[2].partition("#")
        seat = httpx.post(f"{server.address}/join/{path}/seat", json={"secret": secret, "name": "Ann"})
        assert seat.status_code == 200, seat.text
        headers = {"Authorization": f"Bearer {server.token}"}
        listed = httpx.get(f"{server.address}/api/consults", headers=headers).json()["consults"]
    assert [(one["id"], one["title"]) for one in listed] == [(links["consult"], "Second opinion")]


def test_mistakes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = ("--data", str(tmp_path / "data"))
    assert "nothing to back up" in run(capsys, "backup", str(tmp_path / "b"), *data)[2]
    assert "cannot be read: No such file" in run(capsys, "restore", str(tmp_path / "b"), *data)[2]
    (tmp_path / "folder").mkdir()
    assert "no backup.json in it" in run(capsys, "restore", str(tmp_path / "folder"), *data)[2]
    assert not (tmp_path / "data").exists()
