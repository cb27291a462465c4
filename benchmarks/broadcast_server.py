"""The peer of benchmarks/people.py: a bare server of the `websockets` library, which passes on what comes and no more.

Everything goes to all others by `websockets.broadcast`, as its documentation has it, unread but for one word: a mark
comes back to its sender too, in the place of an acknowledgement. It stores nothing, checks nothing, and has no seats.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import AbstractAsyncContextManager

from websockets.asyncio.server import ServerConnection, broadcast, serve

from benchmarks.peer_process import peer_process


class Everybody:
    """Who is connected."""

    def __init__(self) -> None:
        self._here: set[ServerConnection] = set()

    async def meet(self, connection: ServerConnection) -> None:
        """One connection, until it ends."""
        self._here.add(connection)
        try:
            async for text in connection:
                to_sender = '"put_mark"' in str(text[:40])
                broadcast(self._here if to_sender else self._here - {connection}, text)
        finally:
            self._here.discard(connection)


def bare_server() -> AbstractAsyncContextManager[tuple[str, int]]:
    """One in a process of its own: its address and its process id."""
    return peer_process("benchmarks.broadcast_server")


async def main() -> None:
    """Serve until killed."""
    logging.getLogger("websockets.server").setLevel(logging.CRITICAL)  # people are killed in the end
    async with serve(Everybody().meet, "127.0.0.1", 0, compression=None, ping_interval=None) as server:
        print(f"ws://127.0.0.1:{next(iter(server.sockets)).getsockname()[1]}", flush=True)
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
