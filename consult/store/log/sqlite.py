"""The default log: one SQLite file, one writer thread.

Rules of this file:
- WAL and synchronous=FULL: a commit is on the disk when it returns.
- One thread owns the database. Appends that wait together are committed together (group commit); each has its own
  result, and one that fails takes no other with it.
- The head is read within the transaction that appends: two processes on one file fence each other.
- What is stored is told at once: who has appended waits for nobody who reads.
- Whatever goes wrong with one job is its answer. Nothing ends the thread but closing, since all would wait for ever.
- Open critical results stand in a table of their own, written in the transaction of their entries.
- Whether it can be asked at all is asked by a connection of its own, so that nobody who asks waits for what is written,
  or holds it up.
- What is longer than a part (`here.py`) is written in parts that others write between: a restore, a deletion.
- Whether an append whose commit failed is stored is told by reading the tail, never guessed.
"""

from __future__ import annotations

import asyncio
import contextlib
import queue
import secrets
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from consult.model.errors import Conflict, OurFault, StoreFailed
from consult.model.identifiers import ConsultId
from consult.sessions.events import Entry
from consult.sessions.features.critical.deadlines import Deadline, deadlines_of
from consult.sessions.stored_state import StoredState
from consult.sessions.upcast import write_entry
from consult.store.database import open_file
from consult.store.log import PAGE, by_urgency, check_numbers, deleting, here, restoring
from consult.store.log.reading import parts_of

MAX_WAITING = 4096
MAX_GROUP = 256
NOT_STORED = "not_stored"
SCHEMA = """
CREATE TABLE IF NOT EXISTS entries (
    consult TEXT NOT NULL, seq INTEGER NOT NULL, data BLOB NOT NULL, PRIMARY KEY (consult, seq)
);
CREATE TABLE IF NOT EXISTS states (
    consult TEXT PRIMARY KEY, seq INTEGER NOT NULL, version TEXT NOT NULL, data BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS deadlines (
    consult TEXT NOT NULL, critical TEXT NOT NULL, at REAL, PRIMARY KEY (consult, critical)
);
"""
KEEP_STATE = """
INSERT INTO states SELECT :consult, :seq, :version, :data
WHERE EXISTS (SELECT 1 FROM entries WHERE consult = :consult AND seq = :seq)
ON CONFLICT (consult) DO UPDATE SET seq = excluded.seq, version = excluded.version, data = excluded.data
WHERE excluded.seq >= states.seq
"""

Connect = Callable[[Path], sqlite3.Connection]
Row = tuple[str, int, bytes]


def open_database(path: Path) -> sqlite3.Connection:
    """The database of a log. Raises as `open_file`."""
    database = open_file(path, SCHEMA + here.SCHEMA)
    try:
        here.make_views(database)
    except sqlite3.Error:
        database.close()
        raise
    return database


@dataclass(eq=False)
class _Job:
    """Something the thread must do, and who waits for it."""

    loop: asyncio.AbstractEventLoop
    future: asyncio.Future[Any]
    result: Any = None
    error: OurFault | None = None

    def answer(self) -> None:
        """On the loop: tell who waits."""
        if self.future.done():
            return
        if self.error is not None:
            self.future.set_exception(self.error)
        else:
            self.future.set_result(self.result)


@dataclass(eq=False, kw_only=True)
class _Append(_Job):
    consult: ConsultId
    after: int
    rows: list[Row]
    deadlines: tuple[Deadline, ...] = ()
    restore: str = ""
    """Token of the restore that it is a part of."""


@dataclass(eq=False, kw_only=True)
class _Read(_Job):
    ask: Callable[[sqlite3.Connection], Any]


class SqliteLog:
    """Implements `Log` on one file.

    Args:
        path: of the database; its folder must be there.
        connect: opens it; tests bring worse disks.

    Raises:
        StoreFailed: it cannot be opened.
    """

    def __init__(self, path: Path, *, connect: Connect = open_database) -> None:
        try:
            self._database = connect(path)
        except (sqlite3.Error, OSError) as error:
            raise StoreFailed("cannot_open", f"The log {path} cannot be opened: {error}") from error
        self._jobs: queue.Queue[_Append | _Read | None] = queue.Queue(MAX_WAITING)
        self._path, self._closed = path, False
        self._thread = threading.Thread(target=self._work, name="log", daemon=True)
        self._thread.start()

    async def append(self, consult: ConsultId, after: int, entries: Sequence[Entry]) -> None:
        """See `Log.append`."""
        check_numbers(after, entries)
        rows: list[Row] = [(consult, entry.seq, write_entry(entry)) for entry in entries]
        due = deadlines_of(consult, [entry.event for entry in entries])
        loop = asyncio.get_running_loop()
        await self._put(_Append(loop, loop.create_future(), consult=consult, after=after, rows=rows, deadlines=due))

    async def read(self, consult: ConsultId, after: int = 0) -> list[Entry]:
        """See `Log.read`."""
        return [entry async for part in self.parts(consult, after) for entry in part]

    def parts(self, consult: ConsultId, after: int = 0) -> AsyncIterator[Sequence[Entry]]:
        """See `Log.parts`."""
        return parts_of(self, consult, after)

    async def head(self, consult: ConsultId) -> int:
        """See `Log.head`."""
        head: int = await self._ask(lambda db: here.head_of(db, consult))
        return head

    async def consults(self) -> list[ConsultId]:
        """See `Log.consults`."""
        rows: list[tuple[str]] = await self._ask(lambda db: db.execute(here.CONSULTS).fetchall())
        return [ConsultId(consult) for (consult,) in rows]

    async def deadlines(self) -> list[Deadline]:
        """See `Log.deadlines`."""
        sql = "SELECT consult, critical, at FROM deadlines_here"
        rows: list[tuple[str, str, float | None]] = await self._ask(lambda db: db.execute(sql).fetchall())
        return sorted((Deadline(ConsultId(c), critical, at) for c, critical, at in rows), key=by_urgency)

    async def keep_state(self, consult: ConsultId, state: StoredState) -> None:
        """See `Log.keep_state`."""
        values = {"consult": consult, "seq": state.seq, "version": state.version, "data": state.data}
        await self._ask(lambda db: db.execute(KEEP_STATE, values).rowcount)  # one statement: all of it, or nothing

    async def state(self, consult: ConsultId) -> StoredState | None:
        """See `Log.state`."""
        sql = "SELECT seq, version, data FROM states_here WHERE consult = ?"
        row = await self._ask(lambda db: db.execute(sql, (consult,)).fetchone())
        return None if row is None else StoredState(*row)

    async def lines(self, consult: ConsultId, after: int = 0, limit: int = PAGE) -> list[bytes]:
        """See `Log.lines`."""
        lines: list[bytes] = await self._ask(lambda db: here.read_part(db, consult, after, limit))
        return lines

    async def restore(self, consult: ConsultId, lines: Sequence[bytes], deadlines: Sequence[Deadline] = ()) -> None:
        """See `Log.restore`."""
        token = await self._begin_restore(consult)
        try:
            await self._remove_restored(consult, token)
            after = 0
            for part in here.parts(lines):
                await self._put_part(consult, after, part, token)
                after += len(part)
            await self._end_restore(consult, token, deadlines)
        except BaseException:
            with contextlib.suppress(OurFault):  # else the next one removes it, or the next start
                await self._abandon(consult, token)
            raise

    async def clear_restores(self) -> None:
        """See `Log.clear_restores`."""
        left: list[tuple[ConsultId, str]] = await self._ask(lambda db: db.execute("SELECT * FROM restores").fetchall())
        for consult, _ in left:
            await self._abandon(consult, await self._begin_restore(consult))

    async def _begin_restore(self, consult: ConsultId) -> str:
        """Its token; whoever is at it still can do nothing more. Raises Conflict: there is such a consult."""
        token = secrets.token_hex(16)
        await self._ask(lambda db: restoring.begin(db, consult, token))
        return token

    async def _put_part(self, consult: ConsultId, after: int, lines: Sequence[bytes], token: str) -> None:
        rows: list[Row] = [(consult, seq, line) for seq, line in enumerate(lines, start=after + 1)]
        loop = asyncio.get_running_loop()
        await self._put(_Append(loop, loop.create_future(), consult=consult, after=after, rows=rows, restore=token))

    async def _end_restore(self, consult: ConsultId, token: str, deadlines: Sequence[Deadline]) -> None:
        rows = [(consult, deadline.critical, deadline.at) for deadline in deadlines]
        try:
            await self._ask(lambda db: restoring.end(db, consult, token, rows))
        except StoreFailed:
            if await self._ask(lambda db: restoring.is_ours(db, consult, token)):
                raise

    async def _abandon(self, consult: ConsultId, token: str) -> None:
        await self._remove_restored(consult, token)
        await self._ask(lambda db: restoring.forget(db, consult, token))

    async def _remove_restored(self, consult: ConsultId, token: str) -> None:
        while await self._ask(lambda db: restoring.remove(db, consult, token)):
            pass

    async def begin_deletion(self, consult: ConsultId, head: int, about: bytes) -> None:
        """See `Log.begin_deletion`."""
        await self._ask(lambda db: deleting.begin(db, consult, head, about))

    async def deletions(self) -> list[tuple[ConsultId, bytes]]:
        """See `Log.deletions`."""
        rows = await self._ask(lambda db: db.execute("SELECT consult, about FROM deletions").fetchall())
        return [(ConsultId(consult), about) for consult, about in rows]

    async def delete_entries(self, consult: ConsultId) -> None:
        """See `Log.delete_entries`."""
        while await self._ask(lambda db: deleting.delete_part(db, consult)):
            pass
        await self._ask(lambda db: deleting.delete(db, consult))

    async def end_deletion(self, consult: ConsultId) -> None:
        """See `Log.end_deletion`."""
        await self._ask(lambda db: deleting.end(db, consult))

    async def check(self) -> None:
        """See `Log.check`."""
        if self._closed:
            raise StoreFailed("closed", "The log is closed.")
        if self._jobs.full() or not self._thread.is_alive():
            raise StoreFailed("store_busy", "The log has too much to write. Try again.")
        await asyncio.to_thread(_check_file, self._path)

    async def close(self) -> None:
        """See `Log.close`."""
        if not self._closed:
            self._closed = True
            await asyncio.to_thread(self._jobs.put, None)
        await asyncio.to_thread(self._thread.join)

    async def _ask(self, ask: Callable[[sqlite3.Connection], Any]) -> Any:
        loop = asyncio.get_running_loop()
        return await self._put(_Read(loop, loop.create_future(), ask=ask))

    async def _put(self, job: _Append | _Read) -> Any:
        if self._closed:
            raise StoreFailed("closed", "The log is closed.")
        try:
            self._jobs.put_nowait(job)
        except queue.Full:
            raise StoreFailed("store_busy", "The log has too much to write. Try again.") from None
        return await job.future

    # On the writer thread

    def _work(self) -> None:
        while True:
            jobs = [self._jobs.get()]
            while len(jobs) < MAX_GROUP and not self._jobs.empty():
                jobs.append(self._jobs.get())
            appends = [job for job in jobs if isinstance(job, _Append)]
            if appends:
                self._commit(appends)
                _resolve(appends)
            reads = [job for job in jobs if isinstance(job, _Read)]
            for job in reads:
                self._answer_read(job)
            _resolve(reads)
            if None in jobs:
                self._database.close()
                return

    def _answer_read(self, job: _Read) -> None:
        try:
            job.result = job.ask(self._database)
        except OurFault as error:
            job.error = error
        except Exception as error:
            if self._database.in_transaction:
                with contextlib.suppress(sqlite3.Error):
                    self._database.execute("ROLLBACK")
            job.error = StoreFailed("cannot_read", f"The log cannot be used: {error}.")

    def _commit(self, appends: list[_Append]) -> None:
        """Append in one transaction; where that fails and there are several, each in its own."""
        error = self._transact(appends)
        if error is None:
            return
        for job in appends:
            job.error = self._outcome(job, error)
        if len(appends) > 1:
            for job in appends:
                if job.error is not None and job.error.code == NOT_STORED:
                    self._commit([job])

    def _transact(self, appends: list[_Append]) -> Exception | None:
        """One transaction; what went wrong with it as a whole, if something did."""
        try:
            self._database.execute("BEGIN IMMEDIATE")
            for job in appends:
                job.error = self._insert(job)
            self._database.execute("COMMIT")
        except Exception as error:
            with contextlib.suppress(sqlite3.Error):  # whether something is stored is asked for behind this
                if self._database.in_transaction:
                    self._database.execute("ROLLBACK")
            return error
        return None

    def _insert(self, job: _Append) -> OurFault | None:
        database, consult = self._database, job.consult
        if job.restore:
            head, may = here.stored(database, consult), restoring.is_ours(database, consult, job.restore)
        else:
            head, may = here.head_of(database, consult), not here.is_away(database, consult)
        if head != job.after or not may:
            return Conflict(job.after, head if may else 0)
        self._database.executemany("INSERT INTO entries VALUES (?, ?, ?)", job.rows)
        for due in job.deadlines:
            if due.is_open:
                row = (due.consult, due.critical, due.at)
                self._database.execute("INSERT OR REPLACE INTO deadlines VALUES (?, ?, ?)", row)
            else:
                sql = "DELETE FROM deadlines WHERE consult = ? AND critical = ?"
                self._database.execute(sql, (due.consult, due.critical))
        return None

    def _outcome(self, job: _Append, error: Exception) -> OurFault | None:
        """What has become of an append whose transaction failed."""
        try:
            if self._is_stored(job):
                return None
        except Exception:
            return StoreFailed("unknown_outcome", "It is not known whether this was stored.")
        if getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_FULL:
            return StoreFailed(NOT_STORED, "The server's disk is full: this is not stored. Tell whoever runs it.")
        return StoreFailed(NOT_STORED, f"The server could not store this ({error}). Tell whoever runs it.")

    def _is_stored(self, job: _Append) -> bool:
        sql = "SELECT consult, seq, data FROM entries WHERE consult = ? AND seq > ? ORDER BY seq LIMIT ?"
        found: list[Row] = self._database.execute(sql, (job.consult, job.after, len(job.rows))).fetchall()
        return found == job.rows


def _check_file(path: Path) -> None:
    """Raises StoreFailed where the file of a log cannot be read."""
    try:
        with contextlib.closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as database:
            database.execute("SELECT 1 FROM entries LIMIT 1").fetchone()
    except sqlite3.Error as error:
        raise StoreFailed("cannot_read", f"The log cannot be read: {error}") from error


def _resolve(jobs: Sequence[_Job]) -> None:
    """Answer all who wait, with one call into each loop."""
    loops: dict[asyncio.AbstractEventLoop, list[_Job]] = {}
    for job in jobs:
        loops.setdefault(job.loop, []).append(job)
    for loop, waiting in loops.items():

        def answer(waiting: list[_Job] = waiting) -> None:
            for job in waiting:
                job.answer()

        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(answer)
