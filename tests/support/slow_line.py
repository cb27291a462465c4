"""A TCP line with a rate, a way and losses, without root: what all its connections carry shares one link each way.

Nothing is lost of a TCP connection: a part that is lost on the way comes a round trip later, and all behind it waits.
What waits before the rate is bounded, so who writes is held up as by a router's queue.
"""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass

from tests.support.line import Line

PART = 1400
QUEUE_BYTES = 64_000


@dataclass(frozen=True)
class Slow:
    """What the line does. `rtt_s`: there and back; `loss`: share of packets."""

    bits_per_s: float
    rtt_s: float
    loss: float = 0.0


class _Way:
    """One direction, of all connections together."""

    def __init__(self, slow: Slow, seed: int) -> None:
        self.slow, self._dice, self._free_at = slow, random.Random(seed), 0.0

    def arrival(self, size: int, now: float) -> tuple[float, float]:
        """(when the line takes more, when that many bytes arrive)."""
        self._free_at = max(self._free_at, now) + size * 8 / self.slow.bits_per_s
        packets = -(-size // PART)
        lost = any(self._dice.random() < self.slow.loss for _ in range(packets))
        queued = QUEUE_BYTES * 8 / self.slow.bits_per_s
        return self._free_at - queued, self._free_at + self.slow.rtt_s / 2 + (self.slow.rtt_s if lost else 0.0)


class SlowLine(Line):
    """`async with SlowLine(address, slow) as line`. A connection costs its handshake: a round trip. No slow start.

    Attributes:
        connections: how many were opened.
    """

    def __init__(self, address: str, slow: Slow) -> None:
        super().__init__(address)
        self._rtt_s = slow.rtt_s
        self._ways = {True: _Way(slow, 1), False: _Way(slow, 2)}
        self.connections = 0

    async def __aenter__(self) -> SlowLine:
        """Listen."""
        await super().__aenter__()
        return self

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        await asyncio.sleep(self._rtt_s)
        await super()._connected(reader, writer)

    async def _carry(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        up = sink.get_extra_info("peername") is not None and sink.get_extra_info("peername")[1] == self._port
        way, loop = self._ways[up], asyncio.get_running_loop()
        arrived = loop.time()
        arriving = asyncio.Queue[tuple[float, bytes]]()
        delivering = asyncio.create_task(self._deliver(arriving, sink))
        try:
            while data := await source.read(4 * PART):
                more_at, at = way.arrival(len(data), loop.time())
                arrived = max(at, arrived)
                arriving.put_nowait((arrived, data))
                await asyncio.sleep(max(0.0, more_at - loop.time()))
            arriving.put_nowait((arrived, b""))
            await delivering
        except ConnectionError:
            pass
        finally:
            delivering.cancel()
        sink.close()

    @staticmethod
    async def _deliver(arriving: asyncio.Queue[tuple[float, bytes]], sink: asyncio.StreamWriter) -> None:
        loop = asyncio.get_running_loop()
        while True:
            at, data = await arriving.get()
            await asyncio.sleep(max(0.0, at - loop.time()))
            if not data:
                return
            sink.write(data)
