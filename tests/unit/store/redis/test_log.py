"""The log in Redis where answers are lost, Redis restarts, is full, or gives back other bytes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from consult.model.errors import Conflict, StoreFailed
from consult.model.identifiers import ConsultId
from consult.sessions.events import Entry
from consult.sessions.features.consult.events import OwnerChanged
from consult.store.redis import BASE
from consult.store.redis.client import Unanswered
from consult.store.redis.log import RedisLog
from tests.support.redis_server import RedisServer, redis_server
from tests.support.redis_stores import empty_store, losing_answers, opened_store
from tests.support.waiting import until

ONE = ConsultId("one")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RedisServer]:
    """One of the test's own."""
    with redis_server(tmp_path / "redis") as made:
        yield made


@pytest.fixture
async def log(server: RedisServer, tmp_path: Path) -> AsyncIterator[RedisLog]:
    """An empty one."""
    async with empty_store(server, tmp_path) as (client, store):
        made = RedisLog(client, store)
        yield made
        await made.close()


def entry(seq: int, owner: str = "a") -> Entry:
    return Entry(seq, 1.5, OwnerChanged(owner, seq))


async def test_an_append_whose_answer_is_lost_is_asked_for(log: RedisLog, monkeypatch: pytest.MonkeyPatch) -> None:
    lost = losing_answers(monkeypatch, "append", does=True)
    await log.append(ONE, 0, [entry(1)])
    assert lost
    assert await log.read(ONE) == [entry(1)]


async def test_one_that_is_not_there_then_is_not_stored_later(log: RedisLog, monkeypatch: pytest.MonkeyPatch) -> None:
    """Seen to fail: without the mark of what is void the late one was stored, although its page had been refused."""
    lost = losing_answers(monkeypatch, "append", does=False)
    with pytest.raises(StoreFailed) as failed:
        await log.append(ONE, 0, [entry(1)])
    assert failed.value.code == "not_stored"
    outcome = await log._client.ask(*lost[0])
    assert outcome[0] == b"void"
    assert await log.head(ONE) == 0
    await log.append(ONE, 0, [entry(1, "b")])


async def test_where_another_was_faster_that_is_a_conflict(log: RedisLog, monkeypatch: pytest.MonkeyPatch) -> None:
    lost = losing_answers(monkeypatch, "append", does=False)

    async def first() -> None:
        with pytest.raises(Conflict):
            await log.append(ONE, 0, [entry(1)])

    settle = log._client.call

    async def call(function: str, *words: Any, **more: Any) -> Any:
        if function == "settle":
            monkeypatch.setattr(log._client, "call", settle)
            await log.append(ONE, 0, [entry(1, "other")])
        return await settle(function, *words, **more)

    monkeypatch.setattr(log._client, "call", call)
    await first()
    assert lost
    assert await log.read(ONE) == [entry(1, "other")]


async def test_an_outcome_that_cannot_be_asked_for_is_said_to_be_unknown(
    log: RedisLog, server: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    losing_answers(monkeypatch, "append", does=True)
    monkeypatch.setattr("consult.store.redis.log.SETTLE_S", 0.0)
    call = log._client.call

    async def killing(function: str, *words: Any, **more: Any) -> Any:
        if function == "settle":
            server.kill()
        return await call(function, *words, **more)

    monkeypatch.setattr(log._client, "call", killing)
    with pytest.raises(Unanswered) as failed:
        await log.append(ONE, 0, [entry(1)])
    assert failed.value.code == "unknown_outcome"


async def test_redis_is_killed_under_load_and_nothing_confirmed_is_lost(log: RedisLog, server: RedisServer) -> None:
    """Eight consults write as fast as they can; Redis is killed and started three times."""
    stop = asyncio.Event()

    async def write(consult: ConsultId) -> tuple[int, int]:
        seq = refused = 0
        while not stop.is_set():
            try:
                await log.append(consult, seq, [entry(seq + 1)])
            except StoreFailed:
                refused += 1
            else:
                seq += 1
        return seq, refused

    consults = [ConsultId(f"consult-{number}") for number in range(8)]
    writers = [asyncio.create_task(write(consult)) for consult in consults]
    for _ in range(3):
        before = await log.head(consults[0])
        while await log.head(consults[0]) < before + 20:  # noqa: ASYNC110
            await asyncio.sleep(0)  # the log tells nobody that it has grown
        server.kill()
        await asyncio.to_thread(server.start)
    stop.set()
    for consult, (confirmed, _) in zip(consults, await asyncio.gather(*writers), strict=True):
        assert await log.read(consult) == [entry(seq) for seq in range(1, confirmed + 1)]


async def test_a_full_redis_takes_nothing_says_so_and_goes_on(log: RedisLog, server: RedisServer) -> None:
    await log.append(ONE, 0, [entry(1)])
    server.set(maxmemory="1")
    with pytest.raises(StoreFailed, match="is full: this is not stored") as failed:
        await log.append(ONE, 1, [entry(2)])
    assert failed.value.code == "not_stored"
    assert await log.read(ONE) == [entry(1)]
    with pytest.raises(StoreFailed, match="is full"):
        await log.check()  # /readyz asks
    server.set(maxmemory="0")
    await log.check()
    await log.append(ONE, 1, [entry(2)])


async def test_a_replica_that_lacks_the_last_entries_is_found_by_the_next_one(
    log: RedisLog, server: RedisServer, tmp_path: Path
) -> None:
    """Nothing is stored over what is missing, so that whoever was told of it learns that it is gone."""
    await log.append(ONE, 0, [entry(1)])
    server.set(repl_diskless_sync_delay="0")
    with redis_server(tmp_path / "replica") as replica:
        with replica.client() as client:
            client.replicaof("127.0.0.1", server.port)
            await until(lambda: client.info("replication")["master_link_status"] == "up")
            client.replicaof("NO", "ONE")
            await until(lambda: not client.info("persistence")["aof_rewrite_in_progress"])
        await log.append(ONE, 1, [entry(2), entry(3)])
        server.kill()
        replica.kill()
        server.folder = replica.folder  # it takes the primary's address
        server.start()
        with pytest.raises(StoreFailed, match="this is not stored"):
            await log.append(ONE, 3, [entry(4)])  # sent on a connection that is broken
        with pytest.raises(Conflict) as gone:
            await log.append(ONE, 3, [entry(4)])
        assert (gone.value.found, gone.value.expected) == (1, 3)
        assert await log.read(ONE) == [entry(1)]


@pytest.mark.parametrize("place", [5, 20, -12])
async def test_a_bit_that_turned_over_is_found_and_not_shown(log: RedisLog, server: RedisServer, place: int) -> None:
    await log.append(ONE, 0, [entry(1), entry(2)])
    with server.client() as client:
        name = f"{BASE}:log:{ONE}"
        (_, first), (_, second) = client.xrange(name)
        spoiled = bytearray(first[b"e"])
        spoiled[place] ^= 1
        client.delete(name)
        client.xadd(name, {"e": bytes(spoiled)}, id="1-1")
        client.xadd(name, second, id="2-1")
    with pytest.raises(StoreFailed, match="is damaged"):
        await log.read(ONE)


async def test_of_two_processes_one_owns_a_consult(log: RedisLog, server: RedisServer, tmp_path: Path) -> None:
    async with opened_store(server, tmp_path) as (client, store):
        other = RedisLog(client, store)
        await log.append(ONE, 0, [entry(1)])
        await other.append(ONE, 1, [entry(2, "b")])
        with pytest.raises(Conflict):
            await log.append(ONE, 1, [entry(2)])
        assert await log.read(ONE) == [entry(1), entry(2, "b")]


async def test_a_restore_is_there_as_a_whole_or_not_at_all(log: RedisLog, monkeypatch: pytest.MonkeyPatch) -> None:
    await log.append(ConsultId("old"), 0, [entry(seq) for seq in range(1, 8)])
    lines = await log.lines(ConsultId("old"))
    monkeypatch.setattr("consult.store.log.here.PART_ROWS", 2)
    put, seen = RedisLog._put_part, list[int]()

    async def watched(self: RedisLog, *words: Any) -> None:
        await put(self, *words)
        seen.append(await self.head(ONE))
        assert await self.consults() == [ConsultId("old")]

    monkeypatch.setattr(RedisLog, "_put_part", watched)
    await log.restore(ONE, lines)
    assert seen == [0, 0, 0, 0]
    assert await log.head(ONE) == 7
    with pytest.raises(Conflict):
        await log.restore(ONE, lines)
    assert await log.consults() == [ConsultId("old"), ONE]


async def test_an_end_of_a_restore_whose_answer_is_lost(log: RedisLog, monkeypatch: pytest.MonkeyPatch) -> None:
    await log.append(ConsultId("old"), 0, [entry(1)])
    lines = await log.lines(ConsultId("old"))
    losing_answers(monkeypatch, "end_restore", does=True)
    await log.restore(ONE, lines)
    assert await log.head(ONE) == 1


async def test_what_a_dead_process_has_left_is_cleared(log: RedisLog, monkeypatch: pytest.MonkeyPatch) -> None:
    await log.append(ConsultId("old"), 0, [entry(1), entry(2)])
    lines = await log.lines(ConsultId("old"))
    await log._write("begin_restore", ONE, "token")
    await log._put_part(ONE, "token", 0, lines)
    assert await log.head(ONE) == 0
    await log.clear_restores()
    with pytest.raises(Conflict):
        await log._put_part(ONE, "token", 2, lines)
    await log.append(ONE, 0, [entry(1)])


async def test_nothing_of_a_deleted_consult_is_left_in_the_files(log: RedisLog, server: RedisServer) -> None:
    await log.append(ONE, 0, [entry(1, "a-name-of-somebody")])
    await log.append(ConsultId("other"), 0, [entry(1, "b")])
    await log.begin_deletion(ONE, 1, b"about")
    assert await log.head(ONE) == 0
    assert await log.deletions() == [(ONE, b"about")]
    with pytest.raises(Conflict):
        await log.append(ONE, 0, [entry(1)])
    await log.delete_entries(ONE)
    await log.end_deletion(ONE)
    assert await log.deletions() == []
    written = [path.read_bytes() for path in server.folder.rglob("*") if path.is_file()]
    assert not any(b"a-name-of-somebody" in content for content in written)
    assert await log.read(ConsultId("other")) == [entry(1, "b")]


async def test_a_stale_epoch_cannot_append(log: RedisLog, server: RedisServer) -> None:
    """Also where the head is the one that it knows: nothing is stored between the lease and the first entry."""
    await log.append(ONE, 0, [entry(1)])
    with server.client() as client:
        client.hset(f"{BASE}:lease:{ONE}", "epoch", 2)
    log.epochs[ONE] = 1
    with pytest.raises(Conflict):
        await log.append(ONE, 1, [entry(2)])
    log.epochs[ONE] = 2
    await log.append(ONE, 1, [entry(2)])


async def test_who_goes_away_does_not_end_what_was_sent(log: RedisLog) -> None:
    waiting = asyncio.create_task(log.append(ONE, 0, [entry(1)]))
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    await log.close()
    assert await log._client.call("head", ONE) == 1
