"""The study index: which files are here, and what was read of them. tests/contract/test_index.py is its meaning.

Rules of this file:
- It keeps encoded records and a few columns to find them by; what is in them is their owner's matter.
- A SOP instance is here once; who brings another file for it learns which one is here.
- What `put_files` returned for is on the disk (WAL, synchronous=FULL).
- The table of derived things is called `kept`, as in the data directories that are there.
"""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from msgspec import Struct

from consult.model.errors import StoreFailed
from consult.store.database import open_file, scrub

LAST_CHARACTER = "\U0010ffff"
"""All names that begin with a prefix sort before the prefix with this."""
SCHEMA = """
CREATE TABLE IF NOT EXISTS files (
    number INTEGER PRIMARY KEY, sop_uid TEXT NOT NULL UNIQUE, file TEXT NOT NULL, study_uid TEXT NOT NULL,
    series_key TEXT NOT NULL, modality TEXT NOT NULL, images INTEGER NOT NULL, data BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS files_by_study ON files (study_uid);
CREATE INDEX IF NOT EXISTS files_by_series ON files (series_key);
CREATE TABLE IF NOT EXISTS kept (name TEXT PRIMARY KEY, data BLOB NOT NULL);
"""


class IndexedFile(Struct, frozen=True):
    """One file.

    Attributes:
        sop_uid: its SOP instance.
        file: SHA-256 of its content, hex.
        series_key: key of its series, without a stack's number.
        images: how many frames.
        data: the encoded record.
    """

    sop_uid: str
    file: str
    study_uid: str
    series_key: str
    modality: str
    images: int
    data: bytes


class IndexedStudy(Struct, frozen=True):
    """One study. `sample` is the record of its first file; modalities are sorted."""

    uid: str
    sample: bytes
    modalities: tuple[str, ...]
    series: int
    images: int


class Index(Protocol):
    """What every index can do."""

    async def put_files(self, files: Sequence[IndexedFile]) -> list[str]:
        """Store files, all or none; of an instance that is here already nothing changes.

        Returns:
            For each: the file that held its instance before, or "" where it is new.

        Raises:
            StoreFailed: "disk_full", "store_failed".
        """

    async def files_of_study(self, study_uid: str) -> list[bytes]:
        """The records of a study, in the order they came. Raises StoreFailed."""

    async def sample_of_study(self, study_uid: str) -> bytes | None:
        """The record of a study's first file; None where there is no such study. Raises StoreFailed."""

    async def files_of_series(self, series_key: str) -> list[bytes]:
        """The records of a series, in the order they came. Raises StoreFailed."""

    async def studies(self) -> list[IndexedStudy]:
        """All studies, in the order they came. Raises StoreFailed."""

    async def files(self, after: int = 0, limit: int = 1000) -> list[tuple[int, IndexedFile]]:
        """All files in the order they came, in parts: those behind a number, each with its own; none at the end.
        Raises StoreFailed."""

    async def derived_names(self, after: str = "", limit: int = 1000) -> list[str]:
        """Names of all derived things in their order, in parts: those behind a name; none at the end. Raises
        StoreFailed."""

    async def delete_files(self, sop_uids: Sequence[str]) -> None:
        """Forget the files of these SOP instances, all or none. Raises StoreFailed."""

    async def delete_derived(self, prefixes: Sequence[str]) -> None:
        """Forget the derived things whose names begin with one of these. Raises StoreFailed."""

    async def scrub(self) -> None:
        """Nothing of what was deleted is left in any file. Raises StoreFailed: something may be, do it again."""

    async def put_derived(self, things: Mapping[str, bytes]) -> None:
        """Store small derived things by name, all or none; replaces what had these names. Raises StoreFailed."""

    async def derived(self, name: str) -> bytes | None:
        """The derived thing of that name; None where there is none. Raises StoreFailed."""

    async def close(self) -> None:
        """Nothing is asked any more. May be called twice."""


class MemoryIndex:
    """Implements `Index` in memory."""

    def __init__(self) -> None:
        self._files: dict[str, IndexedFile] = {}
        self._derived: dict[str, bytes] = {}

    async def put_files(self, files: Sequence[IndexedFile]) -> list[str]:
        """See `Index.put_files`."""
        before = []
        for file in files:
            held = self._files.setdefault(file.sop_uid, file)
            before.append("" if held is file else held.file)
        return before

    async def files_of_study(self, study_uid: str) -> list[bytes]:
        """See `Index.files_of_study`."""
        return [file.data for file in self._files.values() if file.study_uid == study_uid]

    async def sample_of_study(self, study_uid: str) -> bytes | None:
        """See `Index.sample_of_study`."""
        return next((file.data for file in self._files.values() if file.study_uid == study_uid), None)

    async def files_of_series(self, series_key: str) -> list[bytes]:
        """See `Index.files_of_series`."""
        return [file.data for file in self._files.values() if file.series_key == series_key]

    async def studies(self) -> list[IndexedStudy]:
        """See `Index.studies`."""
        studies: dict[str, list[IndexedFile]] = {}
        for file in self._files.values():
            studies.setdefault(file.study_uid, []).append(file)
        return [
            IndexedStudy(
                uid,
                files[0].data,
                tuple(sorted({file.modality for file in files})),
                len({file.series_key for file in files}),
                sum(file.images for file in files),
            )
            for uid, files in studies.items()
        ]

    async def files(self, after: int = 0, limit: int = 1000) -> list[tuple[int, IndexedFile]]:
        """See `Index.files`."""
        return list(enumerate(self._files.values(), start=1))[after : after + limit]

    async def derived_names(self, after: str = "", limit: int = 1000) -> list[str]:
        """See `Index.derived_names`."""
        return sorted(name for name in self._derived if name > after)[:limit]

    async def delete_files(self, sop_uids: Sequence[str]) -> None:
        """See `Index.delete_files`."""
        gone = set(sop_uids)
        self._files = {sop: file for sop, file in self._files.items() if sop not in gone}

    async def delete_derived(self, prefixes: Sequence[str]) -> None:
        """See `Index.delete_derived`."""
        begins = tuple(prefixes)
        self._derived = {name: data for name, data in self._derived.items() if not name.startswith(begins)}

    async def scrub(self) -> None:
        """See `Index.scrub`."""

    async def put_derived(self, things: Mapping[str, bytes]) -> None:
        """See `Index.put_derived`."""
        self._derived.update(things)

    async def derived(self, name: str) -> bytes | None:
        """See `Index.derived`."""
        return self._derived.get(name)

    async def close(self) -> None:
        """See `Index.close`."""


Connect = Callable[[Path], sqlite3.Connection]


def open_index(path: Path) -> sqlite3.Connection:
    """The database of an index. Raises as `open_file`."""
    return open_file(path, SCHEMA)


class SqliteIndex:
    """Implements `Index` on one file; other processes may use it too.

    Args:
        path: of the database; its folder must be there.
        connect: opens it; tests bring worse disks.

    Raises:
        StoreFailed: it cannot be opened.
    """

    def __init__(self, path: Path, *, connect: Connect = open_index) -> None:
        self._lock = threading.Lock()
        self._closed = False
        try:
            self._database = connect(path)
        except (sqlite3.Error, OSError) as error:
            raise StoreFailed("cannot_open", f"The index {path} cannot be opened: {error}") from error

    async def put_files(self, files: Sequence[IndexedFile]) -> list[str]:
        """See `Index.put_files`."""
        return await asyncio.to_thread(self._put, list(files))

    async def files_of_study(self, study_uid: str) -> list[bytes]:
        """See `Index.files_of_study`."""
        rows = await self._ask("SELECT data FROM files WHERE study_uid = ? ORDER BY number", study_uid)
        return [data for (data,) in rows]

    async def sample_of_study(self, study_uid: str) -> bytes | None:
        """See `Index.sample_of_study`."""
        rows = await self._ask("SELECT data FROM files WHERE study_uid = ? ORDER BY number LIMIT 1", study_uid)
        return rows[0][0] if rows else None

    async def files_of_series(self, series_key: str) -> list[bytes]:
        """See `Index.files_of_series`."""
        rows = await self._ask("SELECT data FROM files WHERE series_key = ? ORDER BY number", series_key)
        return [data for (data,) in rows]

    async def studies(self) -> list[IndexedStudy]:
        """See `Index.studies`."""
        modalities: dict[str, set[str]] = {}
        for uid, modality in await self._ask("SELECT DISTINCT study_uid, modality FROM files"):
            modalities.setdefault(uid, set()).add(modality)
        sql = """
            SELECT study_uid, data, found.series, found.images FROM files JOIN (
                SELECT min(number) AS first, count(DISTINCT series_key) AS series, sum(images) AS images
                FROM files GROUP BY study_uid
            ) AS found ON number = found.first ORDER BY number
        """
        rows = await self._ask(sql)
        return [IndexedStudy(u, data, tuple(sorted(modalities.get(u, ()))), series, n) for u, data, series, n in rows]

    async def files(self, after: int = 0, limit: int = 1000) -> list[tuple[int, IndexedFile]]:
        """See `Index.files`."""
        sql = """
            SELECT number, sop_uid, file, study_uid, series_key, modality, images, data FROM files
            WHERE number > ? ORDER BY number LIMIT ?
        """
        return [(number, IndexedFile(*row)) for number, *row in await self._ask(sql, after, limit)]

    async def derived_names(self, after: str = "", limit: int = 1000) -> list[str]:
        """See `Index.derived_names`."""
        rows = await self._ask("SELECT name FROM kept WHERE name > ? ORDER BY name LIMIT ?", after, limit)
        return [name for (name,) in rows]

    async def delete_files(self, sop_uids: Sequence[str]) -> None:
        """See `Index.delete_files`."""
        await asyncio.to_thread(self._delete, "DELETE FROM files WHERE sop_uid = ?", [(uid,) for uid in sop_uids])

    async def delete_derived(self, prefixes: Sequence[str]) -> None:
        """See `Index.delete_derived`."""
        ranges = [(prefix, prefix + LAST_CHARACTER) for prefix in prefixes]
        await asyncio.to_thread(self._delete, "DELETE FROM kept WHERE name >= ? AND name < ?", ranges)

    async def scrub(self) -> None:
        """See `Index.scrub`."""
        await asyncio.to_thread(self._scrub)

    async def put_derived(self, things: Mapping[str, bytes]) -> None:
        """See `Index.put_derived`."""
        await asyncio.to_thread(self._put_derived, list(things.items()))

    async def derived(self, name: str) -> bytes | None:
        """See `Index.derived`."""
        rows = await self._ask("SELECT data FROM kept WHERE name = ?", name)
        return rows[0][0] if rows else None

    async def close(self) -> None:
        """See `Index.close`."""
        await asyncio.to_thread(self._close)

    async def _ask(self, sql: str, *values: Any) -> list[Any]:
        return await asyncio.to_thread(self._fetch, sql, values)

    # On threads

    @contextlib.contextmanager
    def _use(self) -> Iterator[sqlite3.Connection]:
        """The database, for one thread at a time; what goes wrong is a StoreFailed."""
        with self._lock:
            if self._closed:
                raise StoreFailed("closed", "The index is closed.")
            try:
                yield self._database
            except sqlite3.Error as error:
                raise _failed(error) from error
            finally:
                if self._database.in_transaction:
                    with contextlib.suppress(sqlite3.Error):  # the next transaction begins with what is on the disk
                        self._database.execute("ROLLBACK")

    def _fetch(self, sql: str, values: tuple[Any, ...]) -> list[Any]:
        with self._use() as database:
            return database.execute(sql, values).fetchall()

    def _put(self, files: Sequence[IndexedFile]) -> list[str]:
        with self._use() as database:
            database.execute("BEGIN IMMEDIATE")
            before = [self._put_one(database, file) for file in files]
            database.execute("COMMIT")
            return before

    def _put_one(self, database: sqlite3.Connection, file: IndexedFile) -> str:
        row = database.execute("SELECT file FROM files WHERE sop_uid = ?", (file.sop_uid,)).fetchone()
        if row is not None:
            return str(row[0])
        sql = """
            INSERT INTO files (sop_uid, file, study_uid, series_key, modality, images, data)
            VALUES (?, ?, ?, ?, ?, ?, ?)
        """
        values = (file.sop_uid, file.file, file.study_uid, file.series_key, file.modality, file.images, file.data)
        database.execute(sql, values)
        return ""

    def _put_derived(self, things: Sequence[tuple[str, bytes]]) -> None:
        with self._use() as database:
            database.execute("BEGIN IMMEDIATE")
            database.executemany("INSERT OR REPLACE INTO kept VALUES (?, ?)", things)
            database.execute("COMMIT")

    def _delete(self, sql: str, values: Sequence[tuple[str, ...]]) -> None:
        with self._use() as database:
            database.execute("BEGIN IMMEDIATE")
            database.executemany(sql, values)
            database.execute("COMMIT")

    def _scrub(self) -> None:
        with self._use() as database:
            scrub(database)

    def _close(self) -> None:
        with self._lock:
            if not self._closed:
                self._closed = True
                self._database.close()


def _failed(error: sqlite3.Error) -> StoreFailed:
    """What an error of the database means."""
    if getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_FULL:
        sentence = "The server's disk is full: nothing was stored. Make room there, then try again."
        return StoreFailed("disk_full", sentence)
    return StoreFailed("store_failed", f"The index of studies did not take it: {error}.")
