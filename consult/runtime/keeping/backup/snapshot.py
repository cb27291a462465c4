"""SQLite files as they all were at one moment, while others write (SQLite's backup API, WAL snapshots).

Rules of this file:
- A transaction that reads sees the file as it was when it began. All begin; where somebody has written to one of them
  between the first and the last, they begin anew: what one file says of another holds.
- Nobody is kept from writing.
- A copy is one file: it has no WAL beside it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from consult.model.errors import StoreFailed
from consult.store.database import BUSY_TIMEOUT_S

TRIES = 1000
"""Beginning takes less than a millisecond, and a server writes some 50 times a second."""


@contextmanager
def held(paths: Sequence[Path], between: Callable[[], None] = lambda: None) -> Iterator[list[sqlite3.Connection]]:
    """A connection to each file, all of one moment until the block ends.

    Args:
        paths: of files that are there.
        between: called between the beginning of each and of the next; tests write there.

    Raises:
        StoreFailed: "busy": somebody writes without a pause.
        sqlite3.Error: one cannot be read.
    """
    with ExitStack() as stack:
        watching, reading = ([stack.enter_context(closing(_open(path))) for path in paths] for _ in range(2))
        for _ in range(TRIES):
            before = [_version(one) for one in watching]
            for one in reading:
                one.execute("BEGIN")
                one.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone()  # BEGIN alone holds nothing yet
                between()
            if [_version(one) for one in watching] == before:
                yield reading
                return
            for one in reading:
                one.execute("ROLLBACK")
        raise StoreFailed("busy", "The databases are written to without a pause. Try again when less is going on.")


def copy(source: sqlite3.Connection, path: Path) -> None:
    """Write a database of `held` to a new file. Raises sqlite3.Error."""
    with closing(sqlite3.connect(path, isolation_level=None)) as target:
        source.backup(target)
        target.execute("PRAGMA journal_mode=DELETE")


def check(path: Path) -> str:
    """What is wrong with a database; "": nothing. Blocks for as long as reading all of it takes."""
    try:
        with closing(sqlite3.connect(path, isolation_level=None)) as database:
            found = str(database.execute("PRAGMA integrity_check(1)").fetchone()[0])
            return "" if found == "ok" else found
    except sqlite3.Error as error:
        return str(error)


def _open(path: Path) -> sqlite3.Connection:
    """To read: a file that is not there is not made."""
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=rw", uri=True, timeout=BUSY_TIMEOUT_S, isolation_level=None)


def _version(database: sqlite3.Connection) -> int:
    """Another number when another connection has written."""
    return int(database.execute("PRAGMA data_version").fetchone()[0])
