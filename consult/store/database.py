"""A SQLite file of ours: WAL, synchronous=FULL, made on first use, readable by its owner alone."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

BUSY_TIMEOUT_S = 5.0


def open_file(path: Path, schema: str) -> sqlite3.Connection:
    """The database of that file, with what of the schema is missing. Raises sqlite3.Error, OSError."""
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    database = sqlite3.connect(path, timeout=BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False)
    try:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("PRAGMA synchronous=FULL")
        database.executescript(schema)
    except sqlite3.Error:
        database.close()
        raise
    return database
