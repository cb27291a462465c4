"""What stands before several nodes: connections go to one after the other of those that take them, byte by byte."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Iterator
from itertools import count

CHUNK = 1 << 16


class Balancer:
    """Listens on a port of its own.

    Args:
        ports: of the nodes, on this machine.
    """

    def __init__(self, ports: list[int]) -> None:
        self.ports = ports
        self.only: list[int] | None = None
        """Where set: the ports that are asked at all."""
        self.port = 0
        self._turn = count()
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    async def run(self, started: threading.Event, stop: asyncio.Event) -> None:
        """Until it shall stop."""
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        started.set()
        await stop.wait()
        server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        ports = self.only or self.ports
        first = next(self._turn)
        for i in range(len(ports)):
            try:
                far_reader, far_writer = await asyncio.open_connection("127.0.0.1", ports[(first + i) % len(ports)])
            except OSError:
                continue
            both = [asyncio.create_task(_copy(reader, far_writer)), asyncio.create_task(_copy(far_reader, writer))]
            try:
                await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for one in both:
                    one.cancel()
                await asyncio.gather(*both, return_exceptions=True)
                far_writer.transport.abort()
            break
        writer.transport.abort()


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(CHUNK):
            writer.write(data)
            await writer.drain()


@contextlib.contextmanager
def balancer(ports: list[int]) -> Iterator[Balancer]:
    """One that runs in a thread of its own."""
    made, started, stop = Balancer(ports), threading.Event(), asyncio.Event()
    loop = asyncio.new_event_loop()

    def run() -> None:
        loop.run_until_complete(made.run(started, stop))

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    started.wait(10)
    try:
        yield made
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(10)
        loop.close()
