"""What people type wrong, and machines that have no room: a sentence with the next step, never a traceback."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from consult import __version__
from consult.cli import main


@pytest.fixture
def taken() -> Iterator[int]:
    """A port on which something listens."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        bound.listen()
        yield bound.getsockname()[1]


def run(words: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    """Exit status, and what it said: one line."""
    try:
        status: int = main(words)
    except SystemExit as left:
        status = int(left.code or 0)
    line = capsys.readouterr().err.strip()
    assert "\n" not in line
    assert "Traceback" not in line
    return status, line


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["studis"], "consult: There is no command 'studis'; do you mean studies? See `consult --help`."),
        (["serve", "--prot", "9"], "There is no option --prot; do you mean --port? See `consult serve --help`."),
        (["studies", "--jsn"], "There is no option --jsn; do you mean --json?"),
        (["studies", "all"], "consult studies: Nothing is expected where 'all' stands."),
        (["--data", "x", "demo"], "Options stand behind the command: consult COMMAND --data."),
        (["serve", "--port"], "consult serve: Argument --port: expected one argument."),
        (["import"], "consult import: The following arguments are required: path."),
    ],
)
def test_what_is_not_understood(words: list[str], sentence: str, capsys: pytest.CaptureFixture[str]) -> None:
    status, line = run(words, capsys)
    assert status == 2
    assert sentence in line


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--port", "abc"], "--port is 'abc': it must be a whole number."),
        (["--port", "70000"], "--port is '70000': it must be 65535 or less."),
        (["--workers", "0"], "--workers is '0': it must be 1 or more."),
        (["--log-level", "loud"], "--log-level is 'loud': it must be one of debug, info, warning, error."),
        (["--data", ""], "--data is '': it must name a folder."),
    ],
)
def test_values_out_of_range(words: list[str], sentence: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["serve", *words], capsys) == (1, f"consult serve: {sentence}")


def test_a_variable_that_is_wrong(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("CONSULT_BEHIND_TLS_PROXY", "perhaps")
    status, line = run(["serve"], capsys)
    assert (status, line) == (
        1,
        "consult serve: CONSULT_BEHIND_TLS_PROXY is 'perhaps': it must be true or false.",
    )


@pytest.mark.parametrize("command", [["serve"], ["demo", "--no-browser"]])
def test_a_busy_port(command: list[str], taken: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, line = run([*command, "--port", str(taken), "--data", str(tmp_path)], capsys)
    assert status == 1
    assert f"127.0.0.1:{taken}: Address already in use." in line
    assert "--port 0" in line


def test_a_busy_udp_port(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as bound:
        bound.bind(("127.0.0.1", 0))
        udp = str(bound.getsockname()[1])
        status, line = run(["serve", "--port", "0", "--udp-port", udp, "--data", str(tmp_path)], capsys)
    assert status == 1
    assert "Take another: --udp-port" in line


@pytest.mark.parametrize("command", [["studies"], ["import", "x"], ["open", "1.2"], ["serve", "--port", "0"]])
def test_impossible_folders(command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "file"
    file.touch()
    for folder, why in ((file, "a file of that name is there"), (file / "below", "Not a directory")):
        status, line = run([*command, "--data", str(folder)], capsys)
        assert status == 1
        assert line == f"consult {command[0]}: Nothing can be kept in {folder}: {why}. Name another with --data."


def test_a_data_directory_of_something_else(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("index.sqlite", "log.sqlite"):
        data = tmp_path / name.partition(".")[0]
        data.mkdir()
        (data / name).write_bytes(b"this is a letter " * 100)
        status, line = run(["open", "1.2.3", "--data", str(data)], capsys)
        assert status == 1
        assert "not a database" in line


def test_a_picture_that_cannot_be_written(imported: tuple[Path, str], capsys: pytest.CaptureFixture[str]) -> None:
    data, _ = imported
    source = next((data / "files").rglob("*.dcm"))
    status, line = run(["render", str(source), "-o", str(source / "out.png"), "--data", str(data)], capsys)
    assert status == 1
    assert "cannot be written" in line


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["--version"])
    assert left.value.code == 0
    assert capsys.readouterr().out == f"consult {__version__}\n"


def test_nothing_is_the_list_of_commands(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert "take DICOM files" in capsys.readouterr().out


def test_who_reads_may_have_enough(imported: tuple[Path, str]) -> None:
    command = [sys.executable, "-m", "consult", "studies", "--json", "--data", str(imported[0])]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        assert "Traceback" not in process.stderr.read()
