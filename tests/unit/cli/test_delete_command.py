"""`consult delete`: of a study one series or one file, and what it says to mistakes."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydicom import dcmread

from consult.cli import main
from tests.support.ct import write_series
from tests.support.server import consult


def deleted(data: Path, *words: str) -> int:
    return main(["delete", *words, "--data", str(data)])


def test_a_series_or_a_file_goes_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Seen to fail: a study could only go as a whole."""
    data = tmp_path / "data"
    study = write_series(tmp_path / "a", images=3, size=16)
    write_series(tmp_path / "b", images=2, size=16, StudyInstanceUID=study)
    assert consult("import", str(tmp_path / "a"), str(tmp_path / "b"), data=data).returncode == 0
    first, second = (str(dcmread(tmp_path / name / "0000.dcm").SeriesInstanceUID) for name in ("a", "b"))
    instance = str(dcmread(tmp_path / "a" / "0001.dcm").SOPInstanceUID)
    assert deleted(data, study, "--series", second, "--object", instance) == 0
    assert capsys.readouterr().out.split() == [f"{second}:", "deleted", f"{instance}:", "deleted"]
    assert len([path for path in (data / "objects").rglob("*") if path.is_file()]) == 2
    assert deleted(data, study, "--series", second) == 1
    output = capsys.readouterr().err
    assert f"no series {second}. It has: {first} (4 CT CT lung)" in output
    assert deleted(data, study, "1.2.3", "--series", first) == 1
    assert "name that one alone" in capsys.readouterr().err
