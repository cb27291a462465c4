"""A SQLite file of ours: WAL, synchronous=FULL, made on first use, readable by its owner alone.

What is deleted is overwritten (secure_delete): nobody's name is left in free pages. Files of before 30 November 2026
had no such rule: they are written anew the first time that something is deleted for good (`scrub`).
"""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

BUSY_TIMEOUT_S = 5.0
CLEAN = 1
"""user_version of a file in which everything that was ever deleted is overwritten."""


def open_file(path: Path, schema: str) -> sqlite3.Connection:
    """The database of that file, with what of the schema is missing. Raises sqlite3.Error, OSError."""
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    database = sqlite3.connect(path, timeout=BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False)
    try:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("PRAGMA synchronous=FULL")
        database.execute("PRAGMA secure_delete=ON")
        is_new = not database.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone()
        database.executescript(schema)
        if is_new:
            database.execute(f"PRAGMA user_version={CLEAN}")
    except sqlite3.Error:
        database.close()
        raise
    return database


def scrub(database: sqlite3.Connection) -> None:
    """Leave nothing of what was deleted in the file or its WAL.

    Raises:
        sqlite3.Error: also where another process reads just now: something may be left, and it is to be done again.
    """
    if database.execute("PRAGMA user_version").fetchone()[0] < CLEAN:
        database.execute("VACUUM")
        database.execute(f"PRAGMA user_version={CLEAN}")
    is_busy, _, _ = database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if is_busy:
        raise sqlite3.OperationalError("another process reads it")
