"""The deletion of a consult in the log's file, in steps that a process may die between.

Rules of this file:
- From `begin` on there is no such consult for anybody: `here.py`.
- What says so holds no patient data, and is the last thing that goes.
- Behind `delete` nothing of the entries is in the file or its WAL.
"""

from __future__ import annotations

import sqlite3

from consult.model.errors import Conflict
from consult.store.database import scrub
from consult.store.log.here import head_of, remove_part

DELETE = (
    "DELETE FROM entries WHERE consult = ?", "DELETE FROM states WHERE consult = ?",
    "DELETE FROM deadlines WHERE consult = ?",
)  # fmt: skip


def begin(database: sqlite3.Connection, consult: str, head: int, about: bytes) -> None:
    """It is gone for everybody. Raises Conflict: its last entry is not `head`; sqlite3.Error."""
    database.execute("BEGIN IMMEDIATE")
    if (known := head_of(database, consult)) != head or not head:
        database.execute("ROLLBACK")
        raise Conflict(head, known)
    database.execute("INSERT INTO deletions VALUES (?, ?)", (consult, about))
    database.execute("COMMIT")


def delete_part(database: sqlite3.Connection, consult: str) -> bool:
    """A part of its entries; whether there may be more. Raises sqlite3.Error."""
    database.execute("BEGIN IMMEDIATE")
    is_more = _is_going(database, consult) and remove_part(database, consult)
    database.execute("COMMIT")
    return is_more


def delete(database: sqlite3.Connection, consult: str) -> None:
    """The rest of its rows, and what is left of any in the file. Raises sqlite3.Error."""
    database.execute("BEGIN IMMEDIATE")
    if _is_going(database, consult):
        for statement in DELETE:
            database.execute(statement, (consult,))
    database.execute("COMMIT")
    scrub(database)


def end(database: sqlite3.Connection, consult: str) -> None:
    """Nothing more is to be done about it. Raises sqlite3.Error."""
    database.execute("DELETE FROM deletions WHERE consult = ?", (consult,))


def _is_going(database: sqlite3.Connection, consult: str) -> bool:
    return database.execute("SELECT 1 FROM deletions WHERE consult = ?", (consult,)).fetchone() is not None
