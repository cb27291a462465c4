"""Users in Redis where answers are lost, and where another store is than before."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from consult.model.errors import Refused, StoreFailed
from consult.store.accounts import SessionTimes, SignIn, User
from consult.store.redis import BASE
from consult.store.redis.accounts import RedisAccounts
from tests.support.redis_server import RedisServer
from tests.support.redis_stores import empty_store, losing_answers

ANNA = User("anna", "Anna", subject="iss 1")
TIMES = SessionTimes(100.0, 1000.0)


@pytest.fixture
async def accounts(redis_of_session: RedisServer, tmp_path: Path) -> AsyncIterator[RedisAccounts]:
    async with empty_store(redis_of_session, tmp_path) as (client, store):
        yield RedisAccounts(client, store)


async def test_what_was_done_counts_as_done_where_its_answer_is_lost(
    accounts: RedisAccounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seen to fail: without the answers that are kept, somebody who was just added was there already."""
    for function in ("add_user", "begin_sign_in", "end_sign_in", "use_launch", "remove_user"):
        with monkeypatch.context() as patch:
            lost = losing_answers(patch, function, does=True)
            match function:
                case "add_user":
                    await accounts.add(ANNA, "hash")
                case "begin_sign_in":
                    await accounts.begin("proof", SignIn("s", "anna", "password", "", "", 1.0, 1.0), TIMES)
                    assert [one.id for one in await accounts.sign_ins("anna", 2.0, TIMES)] == ["s"]
                case "end_sign_in":
                    assert await accounts.end("anna", "s")
                case "use_launch":
                    assert await accounts.use_launch("signature", 10.0, 1.0)
                    assert not await accounts.use_launch("signature", 10.0, 1.0)
                case "remove_user":
                    await accounts.remove("anna")
            assert lost, function
    with pytest.raises(Refused, match="unknown_user"):
        await accounts.remove("anna")


async def test_in_another_store_nothing_is_changed(accounts: RedisAccounts, redis_of_session: RedisServer) -> None:
    await accounts.add(ANNA, "hash")
    with redis_of_session.client() as client:
        client.hset(f"{BASE}:store", "id", "another")
    with pytest.raises(StoreFailed, match="not the one"):
        await accounts.remove("anna")
    assert await accounts.user("anna") is not None


async def test_nothing_of_a_user_that_was_is_left(accounts: RedisAccounts, redis_of_session: RedisServer) -> None:
    with redis_of_session.client() as client:
        before = set(client.keys("*"))
        await accounts.add(ANNA, "hash")
        await accounts.begin("proof", SignIn("s", "anna", "password", "", "", 1.0, 1.0), TIMES)
        await accounts.remove("anna")
        left = {key for key in client.keys("*") if b":done:" not in key} - before
    assert left == set()
