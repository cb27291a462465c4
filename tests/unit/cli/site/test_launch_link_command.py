"""`consult launch-link` prints what a server takes."""

from __future__ import annotations

from pathlib import Path

import pytest

from consult.cli import main
from consult.clock import now
from consult.http.sign_in.launch_link import read_launch

SECRET = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def secret_file(tmp_path: Path) -> Path:
    path = tmp_path / "secret"
    path.write_text(f"{SECRET}\n")
    return path


def test_it_prints_a_link_that_is_signed(tmp_path: Path, secret_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["launch-link", "Anna", "--accession", "A 1", "--patient-id", "4711", "--launch-secret-file"]
    more = ["--public-url", "https://h/consult", "--data", str(tmp_path)]
    links = set()
    for _ in range(2):
        assert main([*words, str(secret_file), *more]) == 0
        printed = capsys.readouterr()
        links.add(printed.out)
        assert "5 minutes" in printed.err
        assert printed.out.startswith("https://h/consult/launch?user=anna&AccessionNumber=A+1&PatientID=4711&nonce=")
        launch = read_launch(printed.out.strip().partition("?")[2], SECRET, now())
        assert (launch.user, launch.accession_number, launch.patient_id) == ("anna", "A 1", "4711")
    assert len(links) == 2, "each is another, also in one second"


def test_without_a_good_secret_it_says_what_to_do(
    tmp_path: Path, secret_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["launch-link", "anna", "--study", "1.2.3", "--data", str(tmp_path)]
    assert main(words) == 1
    assert "--launch-secret-file" in capsys.readouterr().err
    secret_file.write_text("short")
    assert main([*words, "--launch-secret-file", str(secret_file)]) == 1
    assert "it must have 32 characters at least" in capsys.readouterr().err
    assert main([*words, "--launch-secret-file", str(tmp_path / "none")]) == 1
    assert "which cannot be read: No such file" in capsys.readouterr().err
