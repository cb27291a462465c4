"""What this product changes in uvicorn's WebSocket, in one file; a test fails when what is overridden there changes.

uvicorn's private class is subclassed because ASGI alone has none of the three things that a pump needs: its close
waits for the peer's, so a peer that takes nothing would hold a connection for ever; each ASGI message is a write of
its own, so twenty messages that wait would be twenty system calls; and all that has come is parsed at once, which can
be 40,000 frames, while everybody else waits.

How it reads: a slice at a time, the loop's others between two of them; on once the application has taken what was in
it; and no faster than `FRAMES` and `BYTES`, of whatever kind the frames are. Meanwhile nothing is read from the peer,
who has to wait. Who goes on for 5 s offering more is closed with `FLOODED`.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.websockets import WebSocket
from uvicorn._types import ASGIReceiveEvent
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.exceptions import InvalidState
from websockets.frames import Frame
from websockets.http11 import Request as HandshakeRequest

from consult.http.connections.guard import places_of
from consult.model.rates import Overrun, RateLimit, TokenBucket
from consult.sessions.features.seats.closing import FLOODED

logger = logging.getLogger(__name__)
SLICE = 1024
"""Bytes that are parsed at once: 170 frames at most."""
FRAMES = RateLimit(500, 1000)
"""From one peer: a page that draws, points and acknowledges a picture sends a third of it."""
BYTES = RateLimit(1 << 20, 2 << 20)
LEAST_WAIT_S = 0.01
MAX_FRAGMENTS = 64
"""Frames of one message; pages send one."""
FLOODED_S = 1.0
"""So long may a peer that is closed for its flood take to read why."""
SEND_DEADLINE_S = 3.0
"""A peer that takes nothing for so long is aborted; one that does not answer a close, cut off."""
EXTENSION = "consult.websocket"
"""Name in the ASGI scope's extensions."""


class AbortableWebSocket(WebSocketsSansIOProtocol):
    """uvicorn's protocol, whose transport the pump can abort and write to, which reads no faster than it
    may, and whose place is given back."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.read_paused = True  # uvicorn's own way of pausing and resuming is not used
        self.close_timeout = SEND_DEADLINE_S
        now = self.loop.time()
        self._frames_left, self._bytes_left = TokenBucket(FRAMES, now), TokenBucket(BYTES, now)
        self._overrun = Overrun()
        self._unread = bytearray()
        self._next_slice: asyncio.Handle | None = None
        self._frames_seen = 0
        self._is_flooded = False

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing more is parsed; the place that the request before it took is given back."""
        self._stop_reading()
        places_of(self.config).leave(self.transport)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Bytes of the peer: the first of them are parsed at once, the others wait for their turn."""
        if self._is_flooded:
            return
        self._unread += data
        if self._next_slice is None:
            self._parse()

    async def receive(self) -> ASGIReceiveEvent:
        """The next message for the application; behind the last of a slice comes the next slice."""
        message = await self.queue.get()
        if self.queue.empty():
            self._read_on()
        return message

    def handle_text(self, event: Frame) -> None:
        """As uvicorn's; counted."""
        self._frames_seen += 1
        super().handle_text(event)

    def handle_bytes(self, event: Frame) -> None:
        """As uvicorn's; counted."""
        self._frames_seen += 1
        super().handle_bytes(event)

    def handle_cont(self, event: Frame) -> None:
        """As uvicorn's; counted, and not without end."""
        self._frames_seen += 1
        if len(self.frames) < MAX_FRAGMENTS:
            super().handle_cont(event)
        else:
            self._close_flood()

    def handle_ping(self) -> None:
        """As uvicorn's; counted."""
        self._frames_seen += 1
        super().handle_ping()

    def handle_pong(self, event: Frame) -> None:
        """As uvicorn's; counted."""
        self._frames_seen += 1
        super().handle_pong(event)

    def cut(self) -> None:
        """Close at once, without a close handshake; who is closed for a flood may read why."""
        if not self._is_flooded:
            self.transport.abort()

    def seated(self) -> None:
        """The application has found whose seat this is."""
        places_of(self.config).seated(self.transport)

    def _read_on(self) -> None:
        """The next slice, or more of the peer: when the application has taken all, and within the rate."""
        if self._next_slice is not None or self._is_flooded:
            return
        now = self.loop.time()
        wait_s = max(self._frames_left.wait_s(now), self._bytes_left.wait_s(now))
        if not (self.queue.empty() or self.close_sent):
            self.transport.pause_reading()
        elif wait_s > 0.0:
            self._wait(wait_s, now)
        elif self._unread:
            self.transport.pause_reading()
            self._next_slice = self.loop.call_soon(self._parse)
        else:
            self.transport.resume_reading()

    def _wait(self, seconds: float, now: float) -> None:
        """The peer is over its rate."""
        self.transport.pause_reading()
        if self._overrun.note(now):
            self._close_flood()
        else:
            self._next_slice = self.loop.call_later(max(seconds, LEAST_WAIT_S), self._parse)

    def _parse(self) -> None:
        """A slice."""
        self._next_slice = None
        piece = bytes(self._unread[:SLICE])
        del self._unread[:SLICE]
        self._frames_seen = 0
        super().data_received(piece)
        now = self.loop.time()
        self._frames_left.spend(self._frames_seen, now)
        self._bytes_left.spend(len(piece), now)
        if not self.transport.is_closing():
            self._read_on()

    def _close_flood(self) -> None:
        """Tell the peer why, read nothing more, and cut."""
        logger.warning("a WebSocket of %s is closed: it has sent more than it may", self.client and self.client[0])
        self._stop_reading()
        self._is_flooded = True
        if not self.close_sent:
            self.conn.send_close(FLOODED.code, "flood")
            self.transport.write(b"".join(self.conn.data_to_send()))
            self.close_sent = True
        self.queue.put_nowait({"type": "websocket.disconnect", "code": FLOODED.code, "reason": "flood"})
        if self.close_timer is not None:
            self.close_timer.cancel()
        self.close_timer = self.loop.call_later(FLOODED_S, self.transport.abort)

    def _stop_reading(self) -> None:
        self.transport.pause_reading()
        self._unread.clear()
        if self._next_slice is not None:
            self._next_slice.cancel()
            self._next_slice = None

    def handle_connect(self, event: HandshakeRequest) -> None:
        """Put the extension into the scope, before the application runs."""
        super().handle_connect(event)
        if self.response.status_code == 101:
            self.scope["extensions"][EXTENSION] = {"abort": self.cut, "send": self.send_texts, "seat": self.seated}

    async def send_texts(self, texts: list[str]) -> None:
        """Text frames in one write: a system call for all, and none of ASGI's messages.

        Raises:
            TimeoutError: the peer took nothing for `SEND_DEADLINE_S`.
            ConnectionError: the connection is closed.
        """
        if not self.writable.is_set():
            async with asyncio.timeout(SEND_DEADLINE_S):
                await self.writable.wait()
        if self.disconnected or self.close_sent:
            raise ConnectionError("closed")
        try:
            for text in texts:
                self.conn.send_text(text.encode())
        except InvalidState:
            raise ConnectionError("closed by the peer") from None
        self.transport.write(b"".join(self.conn.data_to_send()))


def abort(websocket: WebSocket) -> None:
    """Cut the connection at once, without a close handshake."""
    cut: Callable[[], None] = websocket.scope["extensions"][EXTENSION]["abort"]
    cut()


def seated(websocket: WebSocket) -> None:
    """As `AbortableWebSocket.seated`."""
    announce: Callable[[], None] = websocket.scope["extensions"][EXTENSION]["seat"]
    announce()


async def send_texts(websocket: WebSocket, texts: list[str]) -> None:
    """As `AbortableWebSocket.send_texts`."""
    send: Callable[[list[str]], Awaitable[None]] = websocket.scope["extensions"][EXTENSION]["send"]
    await send(texts)
