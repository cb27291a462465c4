"""A slow and distant TCP line to a server, without root: one bandwidth each way for all connections, and a delay.

Rules:
- Chunks of all connections of a direction share one link, first come first served, as on a home's uplink.
- A connection costs its handshake: what the client sends first goes out one round trip after it came.
- Who sends faster than the link carries is not read for a while, as a full window does. Slow start is left out.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from types import TracebackType
from typing import Any

from tests.support.impair import LOOPBACK, Direction, Impairment, Link

CHUNK = 4096
AHEAD_S = 0.1
"""So much of what the link has not carried yet may wait in it."""
ENDLESS = 1 << 40


class DistantLine:
    """`async with DistantLine(address, bits_per_s=20e6, round_trip_s=0.04) as line`: pages take `line.leads(link)`.

    Attributes:
        connections: how many were opened.
    """

    def __init__(self, address: str, *, bits_per_s: float, round_trip_s: float) -> None:
        self._address = address
        self._port = int(address.rpartition(":")[2])
        self._round_trip_s = round_trip_s
        each = Impairment(delay_s=round_trip_s / 2, bits_per_s=bits_per_s, queue_bytes=ENDLESS)
        self._links: dict[Direction, Link] = {"up": Link("up", each), "down": Link("down", each)}
        self._tasks: set[asyncio.Task[None]] = set()
        self._open: set[asyncio.StreamWriter] = set()
        self.connections = 0

    async def __aenter__(self) -> DistantLine:
        """Listen."""
        self._server = await asyncio.start_server(self._connected, LOOPBACK, 0)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop; what is on its way is lost."""
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for writer in self._open:
            writer.transport.abort()

    def leads(self, link: str) -> str:
        """The same link by this line."""
        port = self._server.sockets[0].getsockname()[1]
        return link.replace(self._address, f"http://{LOOPBACK}:{port}")

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        open_at = asyncio.get_running_loop().time() + self._round_trip_s
        there, back = await asyncio.open_connection(LOOPBACK, self._port)
        self._open |= {writer, back}
        ways: tuple[tuple[Direction, asyncio.StreamReader, asyncio.StreamWriter], ...]
        ways = (("up", reader, back), ("down", there, writer))
        for direction, source, sink in ways:
            queue: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
            self._begin(self._take(self._links[direction], source, queue, open_at))
            self._begin(self._give(queue, sink))

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _take(
        self, link: Link, source: asyncio.StreamReader, queue: asyncio.Queue[tuple[float, bytes]], open_at: float
    ) -> None:
        """Read, and reckon when each chunk arrives."""
        loop = asyncio.get_running_loop()
        data = b"-"
        while data:
            try:
                data = await source.read(CHUNK)
            except ConnectionError:
                data = b""
            at = link.arrival(len(data), max(loop.time(), open_at))
            assert at is not None, "nothing is lost on it"
            queue.put_nowait((at, data))
            await asyncio.sleep(max(0.0, at - link.impairment.delay_s - AHEAD_S - loop.time()))

    async def _give(self, queue: asyncio.Queue[tuple[float, bytes]], sink: asyncio.StreamWriter) -> None:
        """Write each chunk when it arrives; close behind the last."""
        loop = asyncio.get_running_loop()
        while True:
            at, data = await queue.get()
            await asyncio.sleep(max(0.0, at - loop.time()))
            if not data:
                sink.close()
                return
            sink.write(data)
