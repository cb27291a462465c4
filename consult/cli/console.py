"""What the command line shows people, by rich: tables, and progress as one line that is drawn anew.

Rules of this file:
- Results go to stdout, progress to stderr.
- Where the stream is no terminal: no escape codes, no line broken or cut, progress as plain lines, a few of them.
- Cells come from files of others: they are text, never rich's markup, and nothing unprintable reaches a terminal.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from consult.clock import steady
from consult.library.sources import printable

REDRAW_S = 0.1
"""A line is drawn anew so often at most; by the caller, so that no thread runs beside what is measured."""
PLAIN_LINES = 10
"""Lines for the whole of a progress, where stderr is no terminal."""
UNBOUNDED = 1_000_000
"""Columns."""


class ProgressLine(Protocol):
    """How far something is. `show` may be called from any thread, as often as there is news."""

    def show(self, done: int, total: int, detail: str = "") -> None:
        """`done` of `total`, and anything beside."""


class DrawnLine:
    """One line of a terminal, drawn anew."""

    def __init__(self, progress: Progress, title: str) -> None:
        self._progress = progress
        self._task = progress.add_task(title, total=None, detail="")
        self._drawn_at = 0.0

    def show(self, done: int, total: int, detail: str = "") -> None:
        """Drawn at once where it is time, or the end."""
        due = done >= total or steady() - self._drawn_at >= REDRAW_S
        counted = f"{done} / {total} {detail}".rstrip()
        self._progress.update(self._task, completed=done, total=total, detail=counted, refresh=due)
        if due:
            self._drawn_at = steady()


class PlainLines:
    """A line for each tenth."""

    def __init__(self, title: str) -> None:
        self._title, self._tenth = title, -1

    def show(self, done: int, total: int, detail: str = "") -> None:
        """Printed where another tenth is done."""
        tenth = PLAIN_LINES * done // max(1, total)
        if tenth != self._tenth:
            self._tenth = tenth
            print(f"{self._title}: {done} / {total} {detail}".rstrip(), file=sys.stderr, flush=True)


@contextmanager
def progress_line(title: str) -> Iterator[ProgressLine]:
    """Progress on stderr until the block ends."""
    console = Console(stderr=True, force_terminal=sys.stderr.isatty())
    if not console.is_terminal or console.is_dumb_terminal:
        yield PlainLines(title)
        return
    title_column, detail_column = TextColumn("{task.description}"), TextColumn("{task.fields[detail]}")
    columns = (title_column, BarColumn(), detail_column, TimeRemainingColumn())
    with Progress(*columns, console=console, auto_refresh=False) as progress:
        yield DrawnLine(progress, title)


def print_table(headings: Sequence[str], rows: Sequence[Sequence[str]], *, whole: int = 1) -> None:
    """A table on stdout.

    Args:
        headings: of the columns.
        rows: a cell a column.
        whole: so many columns from the left are never broken, whatever the width: others copy from them.
    """
    table = Table(box=None, pad_edge=False, header_style="bold")
    for number, heading in enumerate(headings):
        table.add_column(Text(heading), no_wrap=number < whole, overflow="fold")
    for row in rows:
        table.add_row(*(Text(printable(cell)) for cell in row))
    console = Console(force_terminal=sys.stdout.isatty())
    widths = Console(width=UNBOUNDED).measure(table)
    console.width = max(widths.minimum, console.width) if console.is_terminal else widths.maximum
    console.print(table, crop=False)
