"""What of a log's file is there for anybody: no consult whose deletion has begun, and none that is not whole yet.

Rules of this file:
- Who reads asks the views `..._here`; who appends asks `head_of` and `is_away` within its transaction.
- What a consult has is added, read and removed in parts, each a transaction of its own: others write between them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing

PART_ROWS, PART_BYTES = 256, 1 << 20
"""Of a part at most, but for one row that is larger."""
SCHEMA = """
CREATE TABLE IF NOT EXISTS deletions (consult TEXT PRIMARY KEY, about BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS restores (consult TEXT PRIMARY KEY, token TEXT NOT NULL);
"""
VIEWS = {
    "away": "CREATE VIEW away AS SELECT consult FROM deletions UNION ALL SELECT consult FROM restores",
    "entries_here": "CREATE VIEW entries_here AS SELECT rowid AS number, * FROM entries "
    "WHERE consult NOT IN (SELECT consult FROM away)",
    "states_here": "CREATE VIEW states_here AS SELECT * FROM states WHERE consult NOT IN (SELECT consult FROM away)",
    "deadlines_here": "CREATE VIEW deadlines_here AS SELECT * FROM deadlines "
    "WHERE consult NOT IN (SELECT consult FROM away)",
}


CONSULTS = """
WITH RECURSIVE names(consult) AS (
    SELECT min(consult) FROM entries
    UNION ALL
    SELECT (SELECT min(consult) FROM entries WHERE consult > names.consult) FROM names WHERE names.consult IS NOT NULL
)
SELECT consult FROM names JOIN entries_here USING (consult) WHERE seq = 1 ORDER BY number
"""
"""In the order of their first entry: from each to the next by the index, whatever is in their logs."""


def make_views(database: sqlite3.Connection) -> None:
    """As they are now: a file of before may have others. Raises sqlite3.Error."""
    there = dict(database.execute("SELECT name, sql FROM sqlite_master WHERE type = 'view'").fetchall())
    if there != VIEWS:
        anew = [f"DROP VIEW IF EXISTS {name}; {view};" for name, view in VIEWS.items()]
        database.executescript(f"BEGIN IMMEDIATE; {' '.join(anew)} COMMIT")


def is_away(database: sqlite3.Connection, consult: str) -> bool:
    """Its deletion has begun, or it is not whole yet."""
    return database.execute("SELECT 1 FROM away WHERE consult = ?", (consult,)).fetchone() is not None


def head_of(database: sqlite3.Connection, consult: str) -> int:
    """Its last entry; 0 where there is no such consult."""
    return 0 if is_away(database, consult) else stored(database, consult)


def stored(database: sqlite3.Connection, consult: str) -> int:
    """The last entry that the file has of it, whether anybody may see it or not; 0 where there is none."""
    row = database.execute("SELECT max(seq) FROM entries WHERE consult = ?", (consult,)).fetchone()
    return row[0] or 0


def parts(lines: Iterable[bytes]) -> Iterator[Sequence[bytes]]:
    """Entries as they are stored, in parts."""
    part, size = list[bytes](), 0
    for line in lines:
        if part and (len(part) >= PART_ROWS or size + len(line) > PART_BYTES):
            yield part
            part, size = [], 0
        part.append(line)
        size += len(line)
    if part:
        yield part


def read_part(database: sqlite3.Connection, consult: str, after: int, limit: int) -> list[bytes]:
    """Entries behind `after` as they are stored, `limit` at most and those of a part. Raises sqlite3.Error."""
    sql = "SELECT data FROM entries_here WHERE consult = ? AND seq > ? ORDER BY seq LIMIT ?"
    with closing(database.execute(sql, (consult, after, limit))) as rows:
        return list(next(parts(data for (data,) in rows), ()))


def remove_part(database: sqlite3.Connection, consult: str) -> bool:
    """Remove the first entries of a consult, within a transaction; whether there were any. Raises sqlite3.Error."""
    sql = "SELECT seq, length(data) FROM entries WHERE consult = ? ORDER BY seq LIMIT ?"
    rows: list[tuple[int, int]] = database.execute(sql, (consult, PART_ROWS)).fetchall()
    last, size = 0, 0
    for seq, length in rows:
        if last and size + length > PART_BYTES:
            break
        last, size = seq, size + length
    database.execute("DELETE FROM entries WHERE consult = ? AND seq <= ?", (consult, last))
    return bool(rows)
