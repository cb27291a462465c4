"""What was deleted leaves the files of Redis: they are written anew, from what there is."""

from __future__ import annotations

import asyncio

from consult.clock import steady
from consult.model.errors import StoreFailed
from consult.store.redis.client import PATIENCE_S, RedisClient
from consult.store.redis.trust import text

LONGEST_S = 600.0
AGAIN_S = 0.05


async def rewrite(client: RedisClient) -> None:
    """Nothing that was deleted before is left in the append-only file, or in a snapshot beside it.

    Raises:
        StoreFailed: something may be; do it again.
    """
    until = steady() + LONGEST_S
    await _idle(client, until)  # one that is under way may have begun before
    await _ask(client, "BGREWRITEAOF")
    status = await _idle(client, until)
    if status.get("aof_last_bgrewrite_status") != "ok":
        raise StoreFailed("store_failed", f"Redis at {client.name} could not write its file anew.")
    if text((await client.ask("CONFIG", "GET", "save"))[1]):
        await _ask(client, "BGSAVE")
        if (await _idle(client, until)).get("rdb_last_bgsave_status") != "ok":
            raise StoreFailed("store_failed", f"Redis at {client.name} could not write its snapshot anew.")


async def _ask(client: RedisClient, command: str) -> None:
    await client.ask(command, patience_s=PATIENCE_S)


async def _idle(client: RedisClient, until: float) -> dict[str, str]:
    """Wait until nothing is being written; what Redis says of its files then. Raises StoreFailed."""
    while True:
        info = text(await client.ask("INFO", "persistence", patience_s=PATIENCE_S))
        status = dict(line.split(":", 1) for line in info.splitlines() if ":" in line)
        names = "aof_rewrite_in_progress", "aof_rewrite_scheduled", "rdb_bgsave_in_progress"
        if all(status.get(name) == "0" for name in names):
            return status
        if steady() > until:
            raise StoreFailed("store_failed", f"Redis at {client.name} does not end writing its file anew.")
        await asyncio.sleep(AGAIN_S)
