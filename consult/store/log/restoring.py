"""The log of a consult that comes as a whole, stored in parts that others write between.

Rules of this file:
- Until `end` there is no such consult for anybody (`here.py`), so a process may die anywhere between.
- Each step is that of one restore, named by its token. Whoever begins anew, or clears what is left, takes it from the
  former one, which can do nothing more.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from consult.model.errors import Conflict
from consult.store.log.here import head_of, is_away, remove_part, stored

MARK = """
INSERT INTO restores VALUES (?, ?) ON CONFLICT (consult) DO UPDATE SET token = excluded.token
"""


def begin(database: sqlite3.Connection, consult: str, token: str) -> None:
    """It comes; what a former one has left is its own now. Raises Conflict: there is such a consult; sqlite3.Error."""
    database.execute("BEGIN IMMEDIATE")
    is_left = database.execute("SELECT 1 FROM restores WHERE consult = ?", (consult,)).fetchone() is not None
    if not is_left and (is_away(database, consult) or stored(database, consult)):
        head = head_of(database, consult)
        database.execute("ROLLBACK")
        raise Conflict(0, head)
    database.execute(MARK, (consult, token))
    database.execute("COMMIT")


def is_ours(database: sqlite3.Connection, consult: str, token: str) -> bool:
    """That restore is under way. Raises sqlite3.Error."""
    sql = "SELECT 1 FROM restores WHERE consult = ? AND token = ?"
    return database.execute(sql, (consult, token)).fetchone() is not None


def remove(database: sqlite3.Connection, consult: str, token: str) -> bool:
    """Remove a part of what is stored; whether there may be more. Raises sqlite3.Error."""
    database.execute("BEGIN IMMEDIATE")
    is_more = is_ours(database, consult, token) and remove_part(database, consult)
    database.execute("COMMIT")
    return is_more


def end(
    database: sqlite3.Connection, consult: str, token: str, deadlines: Sequence[tuple[str, str, float | None]] = ()
) -> None:
    """All of it is stored: there is such a consult. Raises Conflict: another has taken it; sqlite3.Error.

    Args:
        deadlines: its rows in the table of open critical results, which nobody sees before.
    """
    if is_ours(database, consult, token):
        database.executemany("INSERT OR REPLACE INTO deadlines VALUES (?, ?, ?)", deadlines)
    sql = "DELETE FROM restores WHERE consult = ? AND token = ?"
    if not database.execute(sql, (consult, token)).rowcount:
        raise Conflict(stored(database, consult), found=0)


def forget(database: sqlite3.Connection, consult: str, token: str) -> None:
    """Nothing of it is stored any more, and none is under way. Raises sqlite3.Error."""
    if is_ours(database, consult, token):
        database.execute("DELETE FROM deadlines WHERE consult = ?", (consult,))
    database.execute("DELETE FROM restores WHERE consult = ? AND token = ?", (consult, token))
