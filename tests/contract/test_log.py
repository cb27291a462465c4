"""What a log is. One suite, every log."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from consult.model.errors import Conflict, StoreFailed
from consult.model.identifiers import ConsultId, SeatId
from consult.sessions.events import Entry
from consult.sessions.features.consult.events import Consult, ConsultOpened, OwnerChanged
from consult.sessions.features.critical.deadlines import Deadline
from consult.sessions.features.critical.events import Acknowledgement, Closure, Critical, CriticalPut, Recipient
from consult.sessions.stored_state import StoredState
from consult.sessions.upcast import write_entry
from consult.store.log import Log
from consult.store.log.memory import MemoryLog
from consult.store.log.sqlite import SqliteLog
from consult.store.redis.log import RedisLog
from tests.support.cases import case
from tests.support.redis_stores import empty_store

ONE, TWO = ConsultId("one"), ConsultId("two")
MakeLog = Callable[[], Log]


@pytest.fixture(params=["memory", "sqlite", "redis"])
async def log(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Log]:
    """Each kind of log, empty."""
    if request.param == "redis":
        async with empty_store(request.getfixturevalue("redis_of_session"), tmp_path) as (client, store):
            made: Log = RedisLog(client, store)
            yield made
            await made.close()
            return
    made = MemoryLog() if request.param == "memory" else SqliteLog(tmp_path / "log.db")
    yield made
    await made.close()


def entries(first: int, count: int = 1, owner: str = "a") -> tuple[Entry, ...]:
    """Entries numbered from `first`."""
    numbers = range(first, first + count)
    return tuple(Entry(seq, 1.5, OwnerChanged(owner, seq), "seat", f"tab-one1.{seq}") for seq in numbers)


async def test_what_was_appended_is_read_in_order(log: Log) -> None:
    opened = Entry(1, 1_764_000_000.25, ConsultOpened(Consult(ONE, "Board – Kraków", "Dr. Host", 1.0), (case(),)))
    await log.append(ONE, 0, (opened,))
    await log.append(ONE, 1, entries(2, 3))
    assert await log.read(ONE) == [opened, *entries(2, 3)]
    assert await log.read(ONE, after=2) == list(entries(3, 2))
    assert await log.read(ONE, after=4) == []
    assert await log.head(ONE) == 4


async def test_all_of_a_log_comes_in_parts_too(log: Log) -> None:
    await log.append(ONE, 0, entries(1, 1500))
    parts = [part async for part in log.parts(ONE, after=2)]
    assert [entry for part in parts for entry in part] == list(entries(3, 1498))
    assert max(map(len, parts)) <= 500
    assert [part async for part in log.parts(TWO)] == []


async def test_an_unknown_consult_is_empty(log: Log) -> None:
    assert await log.read(ONE) == []
    assert await log.head(ONE) == 0
    assert await log.consults() == []


@pytest.mark.parametrize("after", [0, 1, 3])
async def test_a_moved_head_is_a_conflict_and_changes_nothing(log: Log, after: int) -> None:
    await log.append(ONE, 0, entries(1, 2))
    with pytest.raises(Conflict) as conflict:
        await log.append(ONE, after, entries(after + 1, 2, owner="stale"))
    assert (conflict.value.expected, conflict.value.found) == (after, 2)
    assert await log.read(ONE) == list(entries(1, 2))
    await log.append(ONE, 2, entries(3))
    assert await log.head(ONE) == 3


@pytest.mark.parametrize("bad", [(), entries(2), (*entries(1), *entries(3))], ids=["none", "not next", "gap"])
async def test_entries_that_are_not_the_next_ones_are_an_error_of_the_caller(log: Log, bad: tuple[Entry, ...]) -> None:
    with pytest.raises(ValueError, match="without a gap"):
        await log.append(ONE, 0, bad)
    assert await log.head(ONE) == 0


async def test_consults_do_not_touch_each_other(log: Log) -> None:
    await log.append(TWO, 0, entries(1))
    await log.append(ONE, 0, entries(1, 2))
    await log.append(TWO, 1, entries(2, 2))
    assert await log.consults() == [TWO, ONE]
    assert (await log.head(ONE), await log.head(TWO)) == (2, 3)


async def test_of_many_at_the_same_place_one_wins(log: Log) -> None:
    await log.append(ONE, 0, entries(1))
    tries = [log.append(ONE, 1, entries(2, owner=f"owner-{i}")) for i in range(20)]
    outcomes = await asyncio.gather(*tries, return_exceptions=True)
    winners = [i for i, outcome in enumerate(outcomes) if outcome is None]
    assert len(winners) == 1
    assert sum(isinstance(outcome, Conflict) for outcome in outcomes) == 19
    assert (await log.read(ONE, after=1)) == list(entries(2, owner=f"owner-{winners[0]}"))


async def test_many_consults_at_once_are_all_stored(log: Log) -> None:
    async def fill(consult: ConsultId) -> None:
        for seq in range(1, 21):
            await log.append(consult, seq - 1, entries(seq))

    consults = [ConsultId(f"consult-{i}") for i in range(25)]
    await asyncio.gather(*map(fill, consults))
    assert [await log.head(consult) for consult in consults] == [20] * 25


async def test_a_closed_log_takes_nothing(log: Log) -> None:
    await log.check()
    await log.append(ONE, 0, entries(1))
    await log.check()
    await log.close()
    await log.close()
    with pytest.raises(StoreFailed, match="closed"):
        await log.check()
    with pytest.raises(StoreFailed, match="closed"):
        await log.append(ONE, 1, entries(2))
    with pytest.raises(StoreFailed, match="closed"):
        await log.read(ONE)


def critical(identifier: str, due_at: float, **more: object) -> Critical:
    """A critical result."""
    ann, bob, seat = Recipient("Ann"), Recipient("Bob"), SeatId("s")
    made = Critical(identifier, "c1", 1, "Bleeding", "LEFT", "", 1.0, seat, "Host", ann, bob, 60.0, due_at)
    return replace(made, **more)


async def put(log: Log, consult: ConsultId, *criticals: Critical) -> None:
    """Append what became of them."""
    head = await log.head(consult)
    await log.append(consult, head, [Entry(head + 1 + i, 1.0, CriticalPut(c)) for i, c in enumerate(criticals)])


async def test_open_critical_results_are_listed_the_most_urgent_first(log: Log) -> None:
    acknowledged = Acknowledgement("voice", "Ann", SeatId("s"), "", 1.0, 1.0)
    await put(log, ONE, critical("a", 300.0), critical("b", 100.0))
    await put(log, TWO, critical("a", 200.0))
    await put(log, ONE, critical("b", 100.0, acknowledged=acknowledged))
    assert await log.deadlines() == [Deadline(TWO, "a", 200.0), Deadline(ONE, "a", 300.0), Deadline(ONE, "b", None)]
    closed = Closure(SeatId("s"), "Host", 2.0, "Operated.")
    await put(log, ONE, critical("a", 50.0, stage=1), critical("b", 100.0, closed=closed))
    assert await log.deadlines() == [Deadline(ONE, "a", 50.0), Deadline(TWO, "a", 200.0)]


async def test_what_is_not_stored_has_no_deadline(log: Log) -> None:
    await put(log, ONE, critical("a", 300.0))
    with pytest.raises(Conflict):
        await log.append(ONE, 0, [Entry(1, 1.0, CriticalPut(critical("b", 100.0)))])
    assert await log.deadlines() == [Deadline(ONE, "a", 300.0)]


async def test_a_deadline_is_there_after_a_restart(tmp_path: Path) -> None:
    first = SqliteLog(tmp_path / "log.db")
    await put(first, ONE, critical("a", 300.0))
    await first.close()
    second = SqliteLog(tmp_path / "log.db")
    assert await second.deadlines() == [Deadline(ONE, "a", 300.0)]
    await second.close()


def kept(seq: int, version: str = "1-a", data: bytes = b"{}") -> StoredState:
    """A state as it is kept; a log does not look into it."""
    return StoredState(seq, version, data)


async def test_the_newest_state_is_kept_and_the_entries_stay(log: Log) -> None:
    await log.append(ONE, 0, entries(1, 5))
    await log.append(TWO, 0, entries(1, 5))
    assert await log.state(ONE) is None
    for state in (kept(2), kept(4, "2-b", b"\x00\xff"), kept(3), kept(4, "2-b", b"again")):
        await log.keep_state(ONE, state)
    assert await log.state(ONE) == kept(4, "2-b", b"again"), "one of before comes too late"
    assert await log.state(TWO) is None
    assert await log.read(ONE) == list(entries(1, 5))


async def test_a_state_of_what_is_not_stored_is_not_kept(log: Log) -> None:
    await log.append(ONE, 0, entries(1, 2))
    await log.keep_state(ONE, kept(3))
    assert await log.state(ONE) is None


async def test_a_closed_log_keeps_no_state(log: Log) -> None:
    await log.append(ONE, 0, entries(1))
    await log.close()
    with pytest.raises(StoreFailed, match="closed"):
        await log.keep_state(ONE, kept(1))
    with pytest.raises(StoreFailed, match="closed"):
        await log.state(ONE)


async def test_a_log_that_comes_as_a_whole_brings_the_clocks_that_are_given(log: Log) -> None:
    """Seen to fail without them: behind a restore nobody was told of a critical result that nobody had acknowledged."""
    lines = [write_entry(entry) for entry in entries(1, 2)]
    await log.restore(ONE, lines, [Deadline(ONE, "a", 300.0), Deadline(ONE, "b", None)])
    await log.restore(TWO, lines)
    assert await log.deadlines() == [Deadline(ONE, "a", 300.0), Deadline(ONE, "b", None)]
    assert await log.lines(ONE) == lines
    assert await log.consults() == [ONE, TWO]
