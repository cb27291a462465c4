"""The audit trail in Redis where answers are lost, come late, and Redis restarts: each row is there once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from consult.model.errors import StoreFailed
from consult.runtime.audit_trail import AuditTrail
from consult.store.audit import AuditRecord, faults
from consult.store.redis.audit import RedisAudit
from consult.store.redis.client import Unanswered
from tests.support.redis_server import RedisServer, redis_server
from tests.support.redis_stores import empty_store, losing_answers, opened_store
from tests.support.waiting import PATIENCE_S


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RedisServer]:
    """One of the test's own."""
    with redis_server(tmp_path / "redis") as made:
        yield made


@pytest.fixture
async def audit(server: RedisServer, tmp_path: Path) -> AsyncIterator[RedisAudit]:
    """An empty one."""
    async with empty_store(server, tmp_path) as (client, store):
        yield RedisAudit(client, store)


def record(n: int) -> AuditRecord:
    return AuditRecord(float(n), "view_case", "c-1", "seat-1", "host", "c1")


async def written(audit: RedisAudit) -> list[float]:
    """When each row was, by the whole chain."""
    rows = await audit.rows()
    assert faults(rows, await audit.head()) == []
    return [row.record.at for row in rows]


async def test_rows_whose_answer_is_lost_are_there_once(audit: RedisAudit, monkeypatch: pytest.MonkeyPatch) -> None:
    """Seen to fail: chained anew on the head that they had made themselves, they were there twice."""
    lost = losing_answers(monkeypatch, "audit_append", does=True)
    await audit.append([record(1), record(2)])
    assert lost
    assert await written(audit) == [1.0, 2.0]


async def test_rows_that_come_late_are_there_once(audit: RedisAudit, monkeypatch: pytest.MonkeyPatch) -> None:
    lost = losing_answers(monkeypatch, "audit_append", does=False)
    await audit.append([record(1)])
    assert (await audit._client.ask(*lost[0]))[0] == b"conflict"
    assert await written(audit) == [1.0]


@pytest.mark.parametrize("does", [False, True])
async def test_what_was_not_known_is_settled_when_the_same_records_come_again(
    audit: RedisAudit, monkeypatch: pytest.MonkeyPatch, *, does: bool
) -> None:
    """Also where another node has written meanwhile. Seen to fail: they were there twice."""
    first = [record(1), record(2)]
    losing_answers(monkeypatch, "audit_append", does=does)
    monkeypatch.setattr("consult.store.redis.audit.PATIENCE_S", 0.0)
    with pytest.raises(Unanswered):
        await audit.append(first)
    await RedisAudit(audit._client, audit._store).append([record(9)])
    await audit.append(first)
    assert sorted(await written(audit)) == [1.0, 2.0, 9.0]
    assert audit._unsettled == []


async def test_nothing_is_lost_or_twice_over_restarts_of_redis(
    audit: RedisAudit, server: RedisServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two nodes note as fast as they can; Redis is killed and started four times, and each second answer is lost."""
    monkeypatch.setattr("consult.store.redis.audit.PATIENCE_S", 0.05)
    monkeypatch.setattr("consult.runtime.audit_trail.AGAIN_S", 0.01)
    whole, calls = RedisAudit._put, 0

    async def put(self: RedisAudit, rows: list[Any]) -> bool:
        nonlocal calls
        calls += 1
        done = await whole(self, rows)
        if calls % 2 and done:
            self._unsettled.append(rows)
            raise Unanswered("unknown_outcome", "It is not known whether this was stored.")
        return done

    monkeypatch.setattr(RedisAudit, "_put", put)
    async with opened_store(server, tmp_path) as (client, store):
        trails = [AuditTrail(audit), AuditTrail(RedisAudit(client, store))]
        noted, stop = list[float](), asyncio.Event()

        async def note(trail: AuditTrail, number: int) -> None:
            while not stop.is_set():
                number += 2
                trail.note("act", consult="c-1", at=float(number))
                noted.append(float(number))
                await asyncio.sleep(0)
                with suppress(StoreFailed):
                    await trail.written(0.2)

        notes = [asyncio.create_task(note(trail, number)) for number, trail in enumerate(trails)]
        for _ in range(4):
            before = len(noted)
            while len(noted) < before + 10:  # noqa: ASYNC110 - nobody is told of it
                await asyncio.sleep(0.001)
            server.kill()
            await asyncio.to_thread(server.start)
        stop.set()
        await asyncio.gather(*notes)
        async with asyncio.timeout(PATIENCE_S):
            for trail in trails:
                await trail.flushed()
                await trail.close()
    assert sorted(await written(audit)) == sorted(noted)


async def test_of_two_who_add_what_is_missing_one_does(audit: RedisAudit, monkeypatch: pytest.MonkeyPatch) -> None:
    """Seen to fail: with what is missing looked for before the head is read, both did."""
    other, whole = RedisAudit(audit._client, audit._store), RedisAudit._missing

    async def missing(self: RedisAudit, records: Any) -> list[AuditRecord]:
        found = await whole(self, records)
        if self is audit:
            await other.append_missing(records)
        return found

    monkeypatch.setattr(RedisAudit, "_missing", missing)
    await audit.append_missing([record(1), record(2)])
    assert await written(audit) == [1.0, 2.0]
