"""An empty store in a redis-server that several tests use, one after the other."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

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
