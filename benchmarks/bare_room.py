"""The peer of benchmarks/room.py: a bare server of the `websockets` library, which passes on what comes and no more.

Everything goes to all others by `websockets.broadcast`, as its documentation has it, unread but for one word: a mark
comes back to its sender too, in the place of an acknowledgement. It stores nothing, checks nothing, and has no seats.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from websockets.asyncio.server import ServerConnection, broadcast, serve

from tests.support.told import ROOT


class Room:
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


@asynccontextmanager
async def bare_server() -> AsyncIterator[tuple[str, int]]:
    """One in a process of its own: its address and its process id."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "benchmarks.bare_room"),
        stdout=asyncio.subprocess.PIPE, start_new_session=True, cwd=ROOT,
    )
    try:
        assert process.stdout
        yield (await process.stdout.readline()).decode().strip(), process.pid
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        await process.wait()


async def main() -> None:
    """Serve until killed."""
    logging.getLogger("websockets.server").setLevel(logging.CRITICAL)  # people are killed in the end
    async with serve(Room().meet, "127.0.0.1", 0, compression=None, ping_interval=None) as server:
        print(f"ws://127.0.0.1:{next(iter(server.sockets)).getsockname()[1]}", flush=True)
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
