"""An empty store in a redis-server that several tests use, one after the other; answers that are lost."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from redis.exceptions import RedisError

from consult.store.redis.client import RedisClient
from consult.store.redis.trust import join_store
from tests.support.redis_server import RedisServer

PROOF = "proof"


@asynccontextmanager
async def empty_store(server: RedisServer, data: Path) -> AsyncIterator[tuple[RedisClient, str]]:
    """A client of an empty store, whose data directory that is, and the store's id."""
    with server.client() as client:
        client.flushall()
    async with opened_store(server, data) as opened:
        yield opened


@asynccontextmanager
async def opened_store(server: RedisServer, data: Path) -> AsyncIterator[tuple[RedisClient, str]]:
    """One more client of the store that is there."""
    opened = RedisClient(server.url)
    try:
        yield opened, await join_store(opened, data, lambda: PROOF, has_key=True)
    finally:
        await opened.close()


def losing_answers(monkeypatch: pytest.MonkeyPatch, function: str, *, does: bool) -> list[tuple[Any, ...]]:
    """The next call of that function is not answered; whether it is done. What was asked is in the list, in time."""
    whole, lost = RedisClient._exchange, list[tuple[Any, ...]]()

    async def exchange(self: RedisClient, connection: Any, words: tuple[Any, ...]) -> Any:
        if lost or not str(words[1]).startswith(function):
            return await whole(self, connection, words)
        lost.append(words)
        if does:
            await whole(self, connection, words)
        raise RedisError("the answer is lost")

    monkeypatch.setattr(RedisClient, "_exchange", exchange)
    return lost
