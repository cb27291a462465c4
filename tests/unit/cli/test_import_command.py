"""`consult import` and `consult studies` on real workers: what people and programs read."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from consult.cli import main
from consult.cli.import_command import print_report
from consult.library.import_report import ImportReport, RefusedFile
from tests.support.ct import write_series


def test_files_are_taken_then_listed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    study = write_series(tmp_path / "disc", images=2, size=16)
    (tmp_path / "disc" / "notes.txt").write_text("a note of the referrer\n" * 20)
    data = str(tmp_path / "data")
    assert main(["import", str(tmp_path / "disc"), "--data", data, "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["taken"] == ["disc/0000.dcm", "disc/0001.dcm"]
    assert report["studies"] == [study]
    assert [(r["name"], r["code"]) for r in report["refused"]] == [("disc/notes.txt", "not_dicom")]
    assert main(["studies", "--data", data]) == 0
    _, line, foot = capsys.readouterr().out.splitlines()
    assert foot == "1 study of 1 patient"
    what = ["TEST, Anna", "4711", "14 Mar 1961", "F", "24 Nov 2026", "CT", "CT chest with contrast", "1", "2"]
    assert re.split(r"\s{2,}", line.strip()) == [study, *what]
    assert main(["studies", "--data", data, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["studies"][0]["images"] == 2


def test_nothing_taken_is_an_exit_status(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", str(tmp_path / "nowhere"), "--data", str(tmp_path / "data")]) == 1
    assert "there is no such file or folder" in capsys.readouterr().out


def test_the_report_names_every_refused_file_and_why(capsys: pytest.CaptureFixture[str]) -> None:
    refused = [RefusedFile("a.dcm", "spacing", "must be above 0", "PixelSpacing", "0\\1")]
    print_report(ImportReport(["b.dcm"], refused, ["1.2"], duplicates=2, skipped=1))
    assert [line.rstrip() for line in capsys.readouterr().out.splitlines()] == [
        "taken: 1 file of 1 study",
        "here already: 2 files",
        "skipped: 1 DICOMDIR",
        "refused: 1 file",
        "",
        "FILE   CODE     WHY",
        "a.dcm  spacing  PixelSpacing is '0\\\\1': must be above 0",
    ]
