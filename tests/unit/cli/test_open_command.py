"""`consult open`: links for host and guest, on studies of one patient alone."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest

from consult.cli import main
from tests.support.ct import write_series
from tests.support.server import Server, consult


def test_open_command_prints_a_link_for_each(imported: tuple[Path, str], capsys: pytest.CaptureFixture[str]) -> None:
    data, study = imported
    assert main(["open", study, "--data", str(data)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(": ")[0] for line in lines] == ["Host", "Guest", "Patient"]
    assert all("/join/" in line and "#" in line for line in lines[:2])
    assert lines[2] == "Patient: TEST, Anna · born 14 Mar 1961 · ID 4711"
    assert main(["open", study, "--json", "--data", str(data)]) == 0
    links = json.loads(capsys.readouterr().out)
    assert set(links) == {"consult", "host", "guest"}


def test_open_command_refuses_studies_of_two_patients(
    imported: tuple[Path, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data, study = imported
    other = write_series(tmp_path / "other", images=2, size=32, patient="OTHER^MAN", patient_id="1")
    assert main(["import", str(tmp_path / "other"), "--data", str(data)]) == 0
    assert main(["open", study, other, "--data", str(data)]) == 1
    output = capsys.readouterr().err
    assert "PatientID" in output
    odd = next(line for line in output.splitlines() if "PatientID 1" in line)
    assert main(["open", study, other, "--leave-out", odd.split()[0], "--json", "--data", str(data)]) == 0
    capsys.readouterr()
    assert main(["open", study, other, "--same-patient", "--json", "--data", str(data)]) == 0
    capsys.readouterr()
    assert main(["open", study, "--case", other, "--json", "--data", str(data)]) == 0
    assert set(json.loads(capsys.readouterr().out)) == {"consult", "host", "guest"}, "two cases, each of one patient"


def test_open_command_works_beside_a_server_that_has_the_udp_port(
    imported: tuple[Path, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    data, study = imported
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        monkeypatch.setenv("CONSULT_UDP_PORT", str(taken.getsockname()[1]))
        assert "/join/" in consult("open", study, data=data).stdout


def test_open_command_names_the_address_of_the_server_that_runs(imported: tuple[Path, str]) -> None:
    data, study = imported
    alone = consult("open", study, data=data)
    assert "No server runs on" in alone.stderr
    server = Server(data)
    server.start()
    try:
        beside = consult("open", study, "--json", data=data)
        assert json.loads(beside.stdout)["guest"].startswith(f"{server.address}/join/")
        assert "No server" not in beside.stderr
    finally:
        server.kill()
    assert "No server runs on" in consult("open", study, data=data).stderr, "it was killed, and its address is old"
