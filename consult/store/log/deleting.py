"""The deletion of a consult in the log's file, in steps that a process may die between.

Rules of this file:
- From `begin` on there is no such consult for anybody: the log reads views, which leave out what is in `deletions`.
- What says so holds no patient data, and is the last thing that goes.
- Behind `delete` nothing of the entries is in the file or its WAL.
"""

from __future__ import annotations

import sqlite3

from consult.model.errors import Conflict
from consult.store.database import scrub

SCHEMA = """
CREATE TABLE IF NOT EXISTS deletions (consult TEXT PRIMARY KEY, about BLOB NOT NULL);
CREATE VIEW IF NOT EXISTS entries_here AS
    SELECT rowid AS number, * FROM entries WHERE consult NOT IN (SELECT consult FROM deletions);
CREATE VIEW IF NOT EXISTS states_here AS
    SELECT * FROM states WHERE consult NOT IN (SELECT consult FROM deletions);
CREATE VIEW IF NOT EXISTS deadlines_here AS
    SELECT * FROM deadlines WHERE consult NOT IN (SELECT consult FROM deletions);
"""
DELETE = (
    "DELETE FROM entries WHERE consult = ?", "DELETE FROM states WHERE consult = ?",
    "DELETE FROM deadlines WHERE consult = ?",
)  # fmt: skip


def is_going(database: sqlite3.Connection, consult: str) -> bool:
    """Its deletion has begun."""
    return database.execute("SELECT 1 FROM deletions WHERE consult = ?", (consult,)).fetchone() is not None


def head_of(database: sqlite3.Connection, consult: str) -> int:
    """Its last entry; 0 where there is no such consult."""
    if is_going(database, consult):
        return 0
    row = database.execute("SELECT max(seq) FROM entries WHERE consult = ?", (consult,)).fetchone()
    return row[0] or 0


def begin(database: sqlite3.Connection, consult: str, head: int, about: bytes) -> None:
    """It is gone for everybody. Raises Conflict: its last entry is not `head`; sqlite3.Error."""
    database.execute("BEGIN IMMEDIATE")
    if (known := head_of(database, consult)) != head or not head:
        database.execute("ROLLBACK")
        raise Conflict(head, known)
    database.execute("INSERT INTO deletions VALUES (?, ?)", (consult, about))
    database.execute("COMMIT")


def delete(database: sqlite3.Connection, consult: str) -> None:
    """Its rows, and what is left of them in the file. Raises sqlite3.Error."""
    database.execute("BEGIN IMMEDIATE")
    if is_going(database, consult):
        for statement in DELETE:
            database.execute(statement, (consult,))
    database.execute("COMMIT")
    scrub(database)


def end(database: sqlite3.Connection, consult: str) -> None:
    """Nothing more is to be done about it. Raises sqlite3.Error."""
    database.execute("DELETE FROM deletions WHERE consult = ?", (consult,))
