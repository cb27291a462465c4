"""A log of any length is read in parts that others write between; and who asks which consults there are reads none."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from consult.model.errors import StoreFailed
from consult.model.identifiers import ConsultId
from consult.sessions.events import Entry
from consult.sessions.features.consult.events import OwnerChanged
from consult.sessions.upcast import write_entry
from consult.store.log import here
from consult.store.log.sqlite import SqliteLog, open_database

ONE, OTHER = ConsultId("one"), ConsultId("other")


def entry(seq: int, owner: str = "a") -> Entry:
    """One entry."""
    return Entry(seq, 1.0, OwnerChanged(owner, seq))


def lines(count: int, owner: str = "a") -> list[bytes]:
    """A log as it is stored."""
    return [write_entry(entry(seq, owner)) for seq in range(1, count + 1)]


@pytest.fixture
async def log(tmp_path: Path) -> AsyncIterator[SqliteLog]:
    made = SqliteLog(tmp_path / "log.db")
    yield made
    await made.close()


async def test_others_write_while_a_long_log_is_read(log: SqliteLog, monkeypatch: pytest.MonkeyPatch) -> None:
    """Seen to fail: all of it was one job of the thread that writes, and others' entries waited behind it."""
    await log.restore(ONE, lines(20 * here.PART_ROWS))
    read, sizes, written = here.read_part, list[int](), 0

    def counted(*args: object) -> list[bytes]:
        found = read(*args)  # type: ignore[arg-type]  # as they come
        sizes.append(len(found))
        return found

    monkeypatch.setattr(here, "read_part", counted)
    reading = asyncio.create_task(log.read(ONE))
    while not reading.done():
        await log.append(OTHER, written, [entry(written + 1)])
        written += 1
    assert [one.seq for one in reading.result()] == [*range(1, 20 * here.PART_ROWS + 1)]
    assert max(sizes) <= here.PART_ROWS
    assert written >= len(sizes) >= 20, "each of theirs waits for a part at most"


async def test_a_part_that_is_read_has_so_many_bytes(log: SqliteLog) -> None:
    """Seen to fail: 256 entries of a megabyte each are a part as long as all of another log."""
    long = lines(8, "x" * (here.PART_BYTES // 2))
    await log.restore(ONE, long)
    assert await log.lines(ONE) == long[:1]
    assert [len(part) async for part in log.parts(ONE)] == [1] * 8


async def test_what_comes_meanwhile_is_not_read(log: SqliteLog) -> None:
    await log.restore(ONE, lines(here.PART_ROWS + 1))
    found = list[int]()
    async for part in log.parts(ONE):
        await log.append(ONE, head := await log.head(ONE), [entry(head + 1)])
        found += [one.seq for one in part]
    assert found == [*range(1, here.PART_ROWS + 2)]


async def test_a_consult_that_is_deleted_meanwhile_is_not_half_a_consult(log: SqliteLog) -> None:
    """Seen to fail: the parts before were taken for all of it."""
    await log.restore(ONE, lines(2 * here.PART_ROWS))
    parts = log.parts(ONE)
    await anext(parts)
    await log.begin_deletion(ONE, 2 * here.PART_ROWS, b"{}")
    with pytest.raises(StoreFailed, match="being deleted"):
        await anext(parts)
    assert await log.read(ONE) == []


def test_which_consults_there_are_is_asked_of_the_index(tmp_path: Path) -> None:
    """Seen to fail: all entries of all consults were gone through, while nobody's command was stored."""
    with closing(open_database(tmp_path / "log.db")) as database:
        plan = database.execute(f"EXPLAIN QUERY PLAN {here.CONSULTS}").fetchall()
    assert [step for *_, step in plan if step.startswith("SCAN entries")] == []
