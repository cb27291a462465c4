"""The audit trail in a SQLite file of its own: WAL, synchronous=FULL, rows that nothing here changes or deletes."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import msgspec

from consult.model.errors import StoreFailed
from consult.store.audit import AuditHead, AuditRecord, AuditRow, chained, missing_from, read_record
from consult.store.database import open_file

NAME = "audit.sqlite"
"""Of its file in a data directory."""
SCHEMA = """
CREATE TABLE IF NOT EXISTS audit (
    n INTEGER PRIMARY KEY, record BLOB NOT NULL, former TEXT NOT NULL, hash TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS audit_head (
    id INTEGER PRIMARY KEY CHECK (id = 1), count INTEGER NOT NULL, hash TEXT NOT NULL
);
"""
T = TypeVar("T")


class SqliteAudit:
    """Implements `AuditLog` on one file.

    Args:
        path: of the database; its folder must be there.

    Raises:
        StoreFailed: it cannot be opened.
    """

    def __init__(self, path: Path) -> None:
        self._lock = threading.Lock()
        self._closed = False
        try:
            self._database = open_file(path, SCHEMA)
        except (sqlite3.Error, OSError) as error:
            raise StoreFailed("cannot_open", f"The audit trail {path} cannot be opened: {error}.") from error

    async def append(self, records: Sequence[AuditRecord]) -> None:
        """See `AuditLog.append`."""
        await self._run(lambda database: _append(database, records))

    async def append_missing(self, records: Sequence[AuditRecord]) -> None:
        """See `AuditLog.append_missing`: first without a transaction, for most often all are there."""
        if await self._run(lambda database: _missing(database, records)):
            await self._run(lambda database: _append(database, records, only_missing=True))

    async def rows(self, after: int = 0, limit: int = 10_000) -> list[AuditRow]:
        """See `AuditLog.rows`."""
        sql = "SELECT n, record, former, hash FROM audit WHERE n > ? ORDER BY n LIMIT ?"
        found = await self._run(lambda database: database.execute(sql, (after, limit)).fetchall())
        return [AuditRow(n, read_record(record), former, hashed) for n, record, former, hashed in found]

    async def of_consult(self, consult: str) -> list[AuditRecord]:
        """See `AuditLog.of_consult`: all rows are looked at, by their bytes; those that look like it are read."""
        return await self._run(lambda database: _of_consult(database, consult))

    async def head(self) -> AuditHead:
        """See `AuditLog.head`."""
        return await self._run(_head)

    async def take_over(self, rows: Sequence[AuditRow], head: AuditHead) -> None:
        """See `AuditLog.take_over`."""
        await self._run(lambda database: _take_over(database, rows, head))

    async def close(self) -> None:
        """See `AuditLog.close`."""
        await asyncio.to_thread(self._close)

    async def _run(self, do: Callable[[sqlite3.Connection], T]) -> T:
        return await asyncio.to_thread(self._locked, do)

    def _locked(self, do: Callable[[sqlite3.Connection], T]) -> T:
        with self._lock:
            if self._closed:
                raise StoreFailed("closed", "The audit trail is closed.")
            try:
                return do(self._database)
            except sqlite3.Error as error:
                raise StoreFailed("store_failed", f"The audit trail could not be used: {error}.") from error
            finally:
                if self._database.in_transaction:
                    with contextlib.suppress(sqlite3.Error):
                        self._database.execute("ROLLBACK")

    def _close(self) -> None:
        with self._lock:
            if not self._closed:
                self._closed = True
                self._database.close()


def newest_at(path: Path) -> float | None:
    """When the newest row of an audit trail was written, in seconds since 1970; None where there is none that can be
    read. Nothing is made or changed, also beside a server that runs."""
    if not path.is_file():
        return None
    try:
        with contextlib.closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as database:
            row = database.execute("SELECT record FROM audit ORDER BY n DESC LIMIT 1").fetchone()
        return None if row is None else read_record(row[0]).at or None
    except sqlite3.Error:
        return None


def _head(database: sqlite3.Connection) -> AuditHead:
    row = database.execute("SELECT count, hash FROM audit_head WHERE id = 1").fetchone()
    return AuditHead() if row is None else AuditHead(*row)


def _of_consult(database: sqlite3.Connection, consult: str) -> list[AuditRecord]:
    sql = "SELECT record FROM audit WHERE instr(record, ?) > 0 ORDER BY n"
    found = database.execute(sql, (b'"consult":' + msgspec.json.encode(consult),)).fetchall()
    return [record for (data,) in found if (record := read_record(data)).consult == consult]


def _missing(database: sqlite3.Connection, records: Sequence[AuditRecord]) -> list[AuditRecord]:
    consults = {record.consult for record in records} - {""}
    return missing_from((record for consult in consults for record in _of_consult(database, consult)), records)


def _append(database: sqlite3.Connection, records: Sequence[AuditRecord], *, only_missing: bool = False) -> None:
    database.execute("BEGIN IMMEDIATE")  # two processes on one file write one chain
    records = _missing(database, records) if only_missing else records
    rows = chained(records, _head(database))
    _put(database, rows, AuditHead(rows[-1].n, rows[-1].hash) if rows else None)
    database.execute("COMMIT")


def _take_over(database: sqlite3.Connection, rows: Sequence[AuditRow], head: AuditHead) -> None:
    database.execute("BEGIN IMMEDIATE")
    _put(database, rows, head)
    database.execute("COMMIT")


def _put(database: sqlite3.Connection, rows: Sequence[AuditRow], head: AuditHead | None) -> None:
    database.executemany(
        "INSERT INTO audit VALUES (?, ?, ?, ?)",
        [(row.n, msgspec.json.encode(row.record), row.former, row.hash) for row in rows],
    )
    if head is not None:
        database.execute("INSERT OR REPLACE INTO audit_head VALUES (1, ?, ?)", (head.count, head.hash))
