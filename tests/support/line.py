"""A TCP line to a server that can die as a network does: without a sign, what is connected stays so and is deaf."""

from __future__ import annotations

import asyncio
from types import TracebackType

LOOPBACK = "127.0.0.1"
CHUNK = 1 << 16


class Line:
    """`async with Line(address) as line`: pages take `line.leads(link)` instead of a link."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._port = int(address.rpartition(":")[2])
        self._dead: set[asyncio.StreamWriter] = set()
        self._open: set[asyncio.StreamWriter] = set()
        self._is_cut = False
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Line:
        """Listen."""
        self._server = await asyncio.start_server(self._connected, LOOPBACK, 0)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""
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

    def cut(self) -> None:
        """From now on nothing passes, and who comes is not answered."""
        self._is_cut = True
        self._dead |= self._open

    def mend(self) -> None:
        """Who comes from now on gets through, as by another network; what was connected before stays dead."""
        self._is_cut = False

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection(LOOPBACK, self._port)
        self._open |= {writer, back}
        if self._is_cut:
            self._dead |= {writer, back}
        for source, sink in ((reader, back), (there, writer)):
            task = asyncio.create_task(self._carry(source, sink))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _carry(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        try:
            while data := await source.read(CHUNK):
                if sink not in self._dead:
                    sink.write(data)
        except ConnectionError:
            pass
        if sink not in self._dead:
            sink.close()
