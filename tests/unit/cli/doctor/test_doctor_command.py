"""`consult doctor`: a line for each thing, what to do below it, and status 1 where something does not work."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest

from consult.cli import main
from tests.support.server import serving


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    status = main(["doctor", *words])
    return status, capsys.readouterr().out


def test_all_works_on_this_machine_also_beside_a_server(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tmp_path.chmod(0o700)
    with serving(tmp_path) as server:
        options = ("--data", str(tmp_path), "--public-url", server.address, "--min-free-mib", "0")
        status, out = run(capsys, *options)
    assert status == 0, out
    topics = [line[7:].partition(":")[0] for line in out.splitlines()]
    assert topics == [
        *("settings", "data", "disk", "TCP port", "UDP port", "public address", "clock"),
        *("moving picture", "DICOM workers", "decoders", "PDF"),
    ]
    assert f"a server runs on {tmp_path} already, at {server.address}" in out
    assert f"{server.address} answers" in out


def test_what_does_not_work_is_status_1_with_what_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        status, out = run(capsys, "--json", "--data", str(tmp_path / "data"), "--port", port)
    assert status == 1
    failed = [finding for finding in json.loads(out)["findings"] if finding["state"] == "fails"]
    assert [(one["topic"], bool(one["advice"])) for one in failed] == [("TCP port", True)]
