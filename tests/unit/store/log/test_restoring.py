"""A log that comes as a whole is stored in parts: others write between, and nobody sees it before it is whole."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from consult.model.errors import Conflict, StoreFailed
from consult.model.identifiers import ConsultId
from consult.sessions.events import Entry
from consult.sessions.features.consult.events import OwnerChanged
from consult.sessions.upcast import write_entry
from consult.store.log import here, restoring
from consult.store.log.sqlite import SqliteLog, open_database

ONE, OTHER = ConsultId("one"), ConsultId("other")


def lines(count: int, owner: str = "a") -> list[bytes]:
    """A log as it is stored."""
    return [write_entry(entry(seq, owner)) for seq in range(1, count + 1)]


def entry(seq: int, owner: str = "a") -> Entry:
    """One entry."""
    return Entry(seq, 1.0, OwnerChanged(owner, seq))


async def whole(log: SqliteLog) -> list[bytes]:
    """All of it, as it is stored."""
    return [write_entry(one) for one in await log.read(ONE)]


class Watched:
    """A file whose transactions are counted, by how many entries of which consult each has, and that may break."""

    def __init__(self, path: Path) -> None:
        self.path, self.transactions = path, list[dict[str, int]]()
        self.fails_after: int | None = None
        self.loses_the_end = False

    def open(self, path: Path) -> sqlite3.Connection:
        """As `open_database`."""
        open_database(path).close()
        watched = self

        class Connection(sqlite3.Connection):
            def execute(self, sql: str, parameters: Any = ()) -> sqlite3.Cursor:
                if sql.startswith("BEGIN"):
                    watched.transactions.append({})
                done = super().execute(sql, parameters)
                if watched.loses_the_end and sql.startswith("DELETE FROM restores"):
                    watched.loses_the_end = False
                    raise sqlite3.OperationalError("disk I/O error")
                return done

            def executemany(self, sql: str, rows: Any) -> sqlite3.Cursor:
                if watched.fails_after is not None and len(watched.parts(ONE)) >= watched.fails_after:
                    raise sqlite3.OperationalError("disk I/O error")
                for consult, *_ in rows:
                    watched.transactions[-1][consult] = watched.transactions[-1].get(consult, 0) + 1
                return super().executemany(sql, rows)

        return sqlite3.connect(path, isolation_level=None, check_same_thread=False, factory=Connection)

    def parts(self, consult: str) -> list[int]:
        """Entries of that consult, by transaction."""
        return [rows[consult] for rows in self.transactions if consult in rows]

    def rows(self) -> list[tuple[str, int]]:
        """What is in the file, whoever may see it."""
        with closing(sqlite3.connect(self.path)) as database:
            found: list[tuple[str, int]] = database.execute("SELECT consult, seq FROM entries").fetchall()
            found += database.execute("SELECT consult, 0 FROM restores").fetchall()
        return found


@pytest.fixture
def watched(tmp_path: Path) -> Watched:
    return Watched(tmp_path / "log.db")


@pytest.fixture
async def log(watched: Watched) -> AsyncIterator[SqliteLog]:
    made = SqliteLog(watched.path, connect=watched.open)
    yield made
    await made.close()


async def test_others_write_between_the_parts(log: SqliteLog, watched: Watched) -> None:
    """Seen to fail: all entries were one transaction, and what others wrote meanwhile was another behind it."""
    coming = asyncio.create_task(log.restore(ONE, lines(10 * here.PART_ROWS)))
    written = 0
    while not coming.done():
        await log.append(OTHER, written, [entry(written + 1)])
        written += 1
    await coming
    assert max(watched.parts(ONE)) <= here.PART_ROWS
    assert len(watched.parts(ONE)) == 10
    first, last = (next(n for n in order if ONE in watched.transactions[n]) for order in _both_ways(watched))
    between = [n for n, rows in enumerate(watched.transactions) if OTHER in rows and first <= n < last]
    assert len(between) >= 5, "each of theirs waits for a part at most"
    assert await log.head(ONE) == 10 * here.PART_ROWS
    assert await log.head(OTHER) == written


def _both_ways(watched: Watched) -> tuple[range, range]:
    numbers = range(len(watched.transactions))
    return numbers, numbers[::-1]


async def test_a_part_has_so_many_bytes(log: SqliteLog, watched: Watched) -> None:
    """Seen to fail: 256 entries of a megabyte each are a part as long as all of another log."""
    await log.restore(ONE, lines(8, "x" * (here.PART_BYTES // 2)))
    assert watched.parts(ONE) == [1] * 8
    assert len(list(here.parts([b"x" * 9 * here.PART_BYTES, b"y", b"z"]))) == 2, "what is larger is a part of its own"
    assert list(here.parts([])) == []


async def test_nobody_sees_it_before_it_is_whole(log: SqliteLog, watched: Watched) -> None:
    """Seen to fail: with the marks of restores left out of what is away, as half a consult that anybody opens."""
    other, seen = SqliteLog(watched.path), list[object]()

    async def look(asked: SqliteLog) -> None:
        seen.extend([await asked.head(ONE), await asked.consults(), await asked.lines(ONE), await asked.read(ONE)])
        for after in (0, here.PART_ROWS):
            with pytest.raises(Conflict):
                await asked.append(ONE, after, [entry(after + 1, "somebody else")])
        with pytest.raises(Conflict):
            await asked.begin_deletion(ONE, here.PART_ROWS, b"")

    async def look_both() -> None:
        await look(log)
        await look(other)

    after_each_part(log, look_both)
    await log.restore(ONE, lines(2 * here.PART_ROWS))
    assert seen == [0, [], [], []] * 4
    for asked in (log, other):
        assert await asked.consults() == [ONE]
        assert await whole(asked) == lines(2 * here.PART_ROWS)
    await other.close()


async def test_one_that_fails_leaves_nothing(log: SqliteLog, watched: Watched) -> None:
    """Seen to fail: without its being abandoned, the parts before stayed until the next start."""
    watched.fails_after = 2
    with pytest.raises(StoreFailed):
        await log.restore(ONE, lines(5 * here.PART_ROWS))
    assert watched.rows() == []
    watched.fails_after = None
    await log.restore(ONE, lines(3))
    assert await log.head(ONE) == 3


async def test_an_end_that_is_not_known_is_asked_for(log: SqliteLog, watched: Watched) -> None:
    """Seen to fail: it was whole, and whoever asked was told that nothing is stored."""
    watched.loses_the_end = True
    await log.restore(ONE, lines(3))
    assert await log.lines(ONE) == lines(3)


async def test_one_that_is_given_up_leaves_nothing(log: SqliteLog, watched: Watched) -> None:
    """Whoever posted the file is gone, say."""
    begun = asyncio.Event()

    async def say() -> None:
        begun.set()

    after_each_part(log, say)
    coming = asyncio.create_task(log.restore(ONE, lines(20 * here.PART_ROWS)))
    await begun.wait()
    coming.cancel()
    with pytest.raises(asyncio.CancelledError):
        await coming
    assert watched.rows() == []


@contextmanager
def half(path: Path) -> Iterator[None]:
    """As a process leaves it that died before it was whole."""
    with closing(open_database(path)) as database:
        restoring.begin(database, ONE, "of a dead one")
        database.executemany("INSERT INTO entries VALUES (?, ?, ?)", [(ONE, n, b"{}") for n in range(1, 1000)])
        yield


async def test_what_a_dead_process_has_left_is_cleared_and_nothing_else(log: SqliteLog, watched: Watched) -> None:
    """Seen to fail: it was an entry of nobody's for ever."""
    await log.append(OTHER, 0, [entry(1)])
    with half(watched.path):
        await log.clear_restores()
    assert watched.rows() == [(OTHER, 1)]
    await log.clear_restores()
    assert await log.consults() == [OTHER]


def after_each_part(log: SqliteLog, then: Callable[[], Awaitable[object]]) -> None:
    """Something else happens between two parts of a restore."""
    put = log._put_part

    async def put_and_then(*args: Any) -> None:
        await put(*args)
        await then()

    log._put_part = put_and_then  # type: ignore[method-assign,assignment]  # a hook of the test


async def test_a_restore_begins_anew_where_another_has_died(log: SqliteLog, watched: Watched) -> None:
    """Seen to fail: with its entries left there the next one is a conflict, and nothing says why."""
    with half(watched.path):
        await log.restore(ONE, lines(3, "new"))
    assert await log.lines(ONE) == lines(3, "new")


async def test_whose_restore_was_taken_over_can_do_nothing_more(log: SqliteLog, watched: Watched) -> None:
    """Seen to fail: without tokens the former one's second part came behind the first of the next."""
    slow, has_begun, may_go_on = SqliteLog(watched.path), asyncio.Event(), asyncio.Event()

    async def wait() -> None:
        has_begun.set()
        await may_go_on.wait()

    others = list[asyncio.Task[None]]()

    async def begin_another() -> None:
        others.append(asyncio.create_task(slow.restore(ONE, lines(2 * here.PART_ROWS, "new"))))
        waits = asyncio.create_task(has_begun.wait())
        await asyncio.wait((*others, waits), return_when=asyncio.FIRST_COMPLETED)
        waits.cancel()

    after_each_part(slow, wait)
    after_each_part(log, begin_another)
    with pytest.raises(Conflict) as conflict:
        await log.restore(ONE, lines(2 * here.PART_ROWS, "old"))
    assert conflict.value.found == 0
    may_go_on.set()
    await asyncio.gather(*others)
    assert await whole(log) == lines(2 * here.PART_ROWS, "new")
    await slow.close()


async def test_a_server_that_starts_ends_the_restore_of_another_process(log: SqliteLog, watched: Watched) -> None:
    server = SqliteLog(watched.path)
    after_each_part(log, server.clear_restores)
    with pytest.raises(Conflict) as conflict:
        await log.restore(ONE, lines(2 * here.PART_ROWS))
    assert conflict.value.found == 0
    assert watched.rows() == []
    await server.close()


async def test_what_is_there_is_not_restored_over(log: SqliteLog, watched: Watched) -> None:
    await log.append(ONE, 0, [entry(1)])
    with pytest.raises(Conflict) as conflict:
        await log.restore(ONE, lines(3))
    assert conflict.value.found == 1
    await log.begin_deletion(ONE, 1, b"{}")
    with pytest.raises(Conflict) as going:
        await log.restore(ONE, lines(3))
    assert going.value.found == 0
    assert watched.rows() == [(ONE, 1)]


async def test_a_deletion_goes_in_parts_too(log: SqliteLog, watched: Watched) -> None:
    """Seen to fail: all entries went in one transaction."""
    await log.restore(ONE, lines(5 * here.PART_ROWS))
    await log.begin_deletion(ONE, 5 * here.PART_ROWS, b"{}")
    before = len(watched.transactions)
    await log.delete_entries(ONE)
    assert len(watched.transactions) - before >= 5
    assert watched.rows() == []


async def test_a_file_of_before_gets_the_views_of_now(watched: Watched) -> None:
    """Seen to fail: with CREATE VIEW IF NOT EXISTS half a consult is there for everybody."""
    with closing(open_database(watched.path)) as database:
        for name in here.VIEWS:
            database.execute(f"DROP VIEW {name}")
        database.execute("CREATE VIEW entries_here AS SELECT rowid AS number, * FROM entries")
    log = SqliteLog(watched.path)
    with half(watched.path):
        assert await log.consults() == []
    await log.close()
