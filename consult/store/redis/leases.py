"""Nodes and leases in Redis. No time is asked of it but for comparison with the nodes' own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from consult.store.leases import HOUSE, Grant, Node, Pulse, Replaced, Seen
from consult.store.redis import BASE
from consult.store.redis.client import PATIENCE_S, RedisClient, Word

NOBODY = Seen("", -1)


class RedisLeases:
    """Implements `Leases`.

    Args:
        client: of that Redis.
        store: its id.
    """

    def __init__(self, client: RedisClient, store: str) -> None:
        self._client, self._store = client, store

    async def join(self, node: Node, seen: Seen | None = None) -> int | None:
        """See `Leases.join`."""
        stale = seen or NOBODY
        words = node.address, node.site, node.form, stale.incarnation, stale.beat
        taken = await self._call("join", node, *words, patience_s=PATIENCE_S)
        return None if taken is None else int(taken)

    async def taken_by(self, name: str) -> Seen | None:
        """The process that has a name, and its beat."""
        had = await self._client.ask("HMGET", f"{BASE}:node:{name}", "incarnation", "beat", patience_s=PATIENCE_S)
        return None if had[0] is None else Seen(had[0].decode(), int(had[1]))

    async def beat(self, node: Node) -> Pulse:
        """See `Leases.beat`. It is tried once: what is late is not repeated."""
        lost, wanted, rows, (seconds, micros) = await self._call("beat", node, node.load, int(node.leaving))
        nodes = tuple(_node(row) for row in rows)
        told = [tuple(sorted(one.decode() for one in consults)) for consults in (lost, wanted)]
        return Pulse(nodes, told[0], int(seconds) + int(micros) / 1e6, told[1])

    async def leave(self, node: Node) -> None:
        """See `Leases.leave`."""
        await self._call("leave", node, patience_s=PATIENCE_S)

    async def take(self, consult: str, node: Node, seen: Seen | None = None, *, new: bool = False) -> Grant:
        """See `Leases.take`."""
        stale, must_be = seen or NOBODY, int(not new and consult != HOUSE)
        words = consult, node.form, stale.incarnation, stale.beat, must_be
        kind, epoch, holder = await self._call("take", node, *words, patience_s=PATIENCE_S)
        return Grant(kind.decode(), int(epoch), holder.decode())

    async def release(self, consult: str, node: Node) -> None:
        """See `Leases.release`."""
        await self._call("release", node, consult, patience_s=PATIENCE_S)

    async def ask(self, consult: str) -> None:
        """See `Leases.ask`."""
        await self._client.call("ask_for", self._store, consult, patience_s=PATIENCE_S, again=True)

    async def holder(self, consult: str) -> str | None:
        """See `Leases.holder`."""
        name = f"{BASE}:lease:{consult}"
        held: bytes | None = await self._client.ask("HGET", name, "incarnation", patience_s=PATIENCE_S)
        return held.decode() if held else None

    async def _call(self, function: str, node: Node, *words: Word, patience_s: float = 0.0) -> Any:
        named = self._store, node.name, node.incarnation
        answer = await self._client.call(function, *named, *words, patience_s=patience_s, again=True)
        if answer == b"replaced":
            raise Replaced(node.name)
        return answer


def _node(row: Sequence[bytes]) -> Node:
    name, incarnation, address, site, form, beat, load, leaving = (word.decode() for word in row)
    return Node(name, incarnation, address, site, int(form), int(beat), int(load), leaving == "1")
