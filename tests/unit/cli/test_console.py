"""Tables and progress, in a pipe and in a terminal."""

from __future__ import annotations

import os
import pty
import subprocess
import sys

import pytest

from consult.cli.console import print_table, progress_line

UID = "1.2.826.0.1.3680043.8.498." + "7" * 38
WIDE = "a description that is longer than any terminal " * 4


def in_terminal(code: str, *, stream: int, columns: int = 80) -> str:
    """What Python code writes to stdout (1) or stderr (2), where that is a terminal."""
    ours, theirs = pty.openpty()
    code = f"import os; os.environ.update(COLUMNS='{columns}', TERM='xterm')\n" + code
    with subprocess.Popen([sys.executable, "-c", code], **{"stdout" if stream == 1 else "stderr": theirs}) as process:  # type: ignore[call-overload]  # one of both
        os.close(theirs)
        written = b""
        try:
            while piece := os.read(ours, 65536):
                written += piece
        except OSError:  # Linux: the other end is closed
            pass
    os.close(ours)
    assert process.returncode == 0
    return written.decode()


def test_in_a_pipe_a_row_is_a_line_however_long_without_escape_codes(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(("UID", "WHAT"), [(UID, WIDE), ("2", "x")])
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 3
    assert lines[1].split("  ", 1) == [UID, WIDE]
    assert "\x1b" not in "".join(lines)


def test_cells_are_text_and_nothing_unprintable_reaches_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(("A", "B"), [("[red]x[/red] :smile:", "\x1b[31mb\nc")])
    assert capsys.readouterr().out.splitlines()[1].split("  ") == ["[red]x[/red] :smile:", "?[31mb?c"]


def test_a_narrow_terminal_breaks_words_but_no_uid() -> None:
    code = f"from consult.cli.console import print_table; print_table(('UID', 'WHAT'), [({UID!r}, {WIDE!r})])"
    written = in_terminal(code, stream=1)
    assert UID in written
    assert len(written.splitlines()) > 3
    assert "".join(written.split()).count("description") == 4


def test_progress_in_a_pipe_is_a_few_plain_lines(capsys: pytest.CaptureFixture[str]) -> None:
    with progress_line("Making") as line:
        for done in range(1001):
            line.show(done, 1000, "images")
    output = capsys.readouterr()
    assert output.out == ""
    lines = output.err.splitlines()
    assert (lines[0], lines[-1], len(lines)) == ("Making: 0 / 1000 images", "Making: 1000 / 1000 images", 11)


def test_progress_in_a_terminal_is_one_line_drawn_anew() -> None:
    code = (
        "from consult.cli.console import progress_line\n"
        "with progress_line('Making') as line:\n"
        "    for done in range(1001):\n"
        "        line.show(done, 1000)\n"
    )
    written = in_terminal(code, stream=2)
    assert "1000 / 1000" in written
    assert written.count("\n") == 1, "the end of the one line"
    assert "\x1b[?25h" in written, "the cursor is back"
