"""uvicorn's HTTP protocol, with limits that it has none of; a test fails when what is overridden there changes.

Rules of this file:
- A header has at most `MAX_HEAD` bytes and `MAX_HEADERS` fields; so have the trailers of a body, and whatever else
  comes without anything coming of it (httptools would collect an endless line, in time that grows with its square).
- A header is whole `HEAD_S` after the connection came or its first byte. A body comes at `LEAST_BYTES_PER_S` at least,
  measured over `BODY_S`; while we do not read, its time does not pass. Who takes nothing of an answer for `TAKE_S` is
  cut off.
- Requests of one connection, and of one address that is no proxy's, are begun at a pace (`OF_CONNECTION`,
  `OF_ADDRESS`): who asks faster waits for each answer, and is not read meanwhile. At most `MAX_PIPELINED` wait for the
  one before them: no browser sends any, and each is an object before anybody looks at it.
- Who breaks a rule gets a short answer where one can be given, and the connection is closed.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Any, cast

import uvicorn
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

from consult.http.connections.places import Places
from consult.http.security.address_rates import AddressRates
from consult.model.rates import RateLimit, TokenBucket

logger = logging.getLogger(__name__)
MAX_HEAD = 32 * 1024
MAX_HEADERS = 100
HEAD_S = 10.0
BODY_S = 20.0
LEAST_BYTES_PER_S = 500
"""Of a body: a tenth of the slowest modem."""
TAKE_S = 30.0
MAX_PIPELINED = 16
OF_CONNECTION = RateLimit(100, 300)
"""Requests of one connection: a page has six, and asks for a series of hundreds in the moment it opens."""
OF_ADDRESS = {"requests": RateLimit(1000, 3000)}
"""Of all connections of an address: 50 people of one hospital who join within seconds."""


class GuardedConfig(uvicorn.Config):
    """uvicorn's settings, and the places for connections."""

    def __init__(self, app: Any, places: Places, **settings: Any) -> None:
        self.places = places
        self.address_rates = AddressRates(OF_ADDRESS)
        super().__init__(app, http=GuardedHttp, **settings)


def places_of(config: uvicorn.Config) -> Places:
    """Those of the server that a protocol belongs to."""
    return cast(GuardedConfig, config).places


class TooLarge(Exception):
    """A header is larger than it may be."""


class TooMany(Exception):
    """More requests wait for the one before them than may."""


class GuardedHttp(HttpToolsProtocol):
    """One connection."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self._places = places_of(self.config)
        self._deadline: asyncio.TimerHandle | None = None
        self._taking: asyncio.TimerHandle | None = None
        self._body_until = 0.0
        self._head_bytes = self._fields = 0
        self._unused = 0
        """Bytes that came since anything came of them."""
        self._is_too_large = self._is_too_many = False
        self._pace = TokenBucket(OF_CONNECTION, self.loop.time())
        self._next: asyncio.TimerHandle | None = None
        """Begins what is asked next."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's
        """Take a place, or the place of one that waits."""
        super().connection_made(transport)
        leaving = self._places.enter(transport, self.client[0] if self.client else "")
        if leaving is not None:
            logger.warning("connections: no place is left, one was cut")
            cast(asyncio.Transport, leaving).abort()
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Give the place back."""
        self._places.leave(self.transport)
        self._cancel_deadline()
        if self._next is not None:
            self._next.cancel()
        self.resume_writing()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Parse, unless too much came already of which nothing has come."""
        self._unused += len(data)
        if self._unused > MAX_HEAD + len(data):
            self._refuse(431, "The header is too large.")
            return
        if self._deadline is None:
            self._await_head()  # the first byte of a further request
        super().data_received(data)

    def handle_websocket_upgrade(self) -> None:
        """The place goes on with the WebSocket, and is its address's until somebody's seat is found."""
        self._cancel_deadline()
        super().handle_websocket_upgrade()

    def send_400_response(self, msg: str) -> None:
        """As uvicorn, but say what was wrong where we know it."""
        if self._is_too_large:
            self._refuse(431, "The header is too large.")
        elif self._is_too_many:
            self._refuse(429, "Too many requests at once.")
        else:
            super().send_400_response(msg)

    def on_message_begin(self) -> None:
        """Of the parser, as are those below: a request begins."""
        super().on_message_begin()
        self._head_bytes = self._fields = 0

    def on_url(self, url: bytes) -> None:
        """A piece of the address."""
        self._count(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """A field; of the trailers too."""
        self._fields += 1
        self._count(len(name) + len(value) + 4)
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """The body is next."""
        if len(self.pipeline) >= MAX_PIPELINED:
            self._is_too_many = True
            raise TooMany  # as in `_count`
        self._unused = 0
        self._places.busy(self.transport)
        self._body_until = self.loop.time() + BODY_S
        self._arm(BODY_S, self._on_body_late)
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """A piece of the body."""
        self._unused = 0
        now = self.loop.time()
        self._body_until = min(self._body_until + len(body) / LEAST_BYTES_PER_S, now + BODY_S)
        super().on_body(body)

    def on_message_complete(self) -> None:
        """All of a request is here."""
        self._unused = 0
        self._cancel_deadline()
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """It is answered: the next one is begun when its turn comes, and uvicorn closes what stays idle."""
        self._next = None
        if not self.transport.is_closing() and (wait_s := self._wait_s()) > 0:
            self.flow.pause_reading()
            self._next = self.loop.call_later(wait_s, self.on_response_complete)
            return
        super().on_response_complete()
        if self.cycle.response_complete:
            self._places.idle(self.transport)

    def _wait_s(self) -> float:
        """0.0: the next request may begin, and counts; else in how many seconds to ask again."""
        now = self.loop.time()
        if not self._pace.has(now):
            return self._pace.wait_s(now)
        address = self.client[0] if self.client else ""
        if address not in self._places.proxies:
            rates = cast(GuardedConfig, self.config).address_rates
            if (wait_s := rates.take(address, "requests", now)) > 0:
                return wait_s
        self._pace.take(now)
        return 0.0

    def pause_writing(self) -> None:
        """The peer takes less than it is sent."""
        super().pause_writing()
        self._check_taken(self.transport.get_write_buffer_size())

    def resume_writing(self) -> None:
        """It has taken it."""
        super().resume_writing()
        if self._taking is not None:
            self._taking.cancel()
            self._taking = None

    def _count(self, size: int) -> None:
        self._head_bytes += size
        if self._head_bytes > MAX_HEAD or self._fields > MAX_HEADERS:
            self._is_too_large = True
            raise TooLarge  # the parser stops, and uvicorn answers by `send_400_response`

    def _refuse(self, status: int, sentence: str) -> None:
        self._cancel_deadline()
        if self.transport.is_closing():
            return
        logger.warning("connections: %s %s", status, sentence)
        cycle = cast(RequestResponseCycle | None, self.cycle)
        if cycle is None or cycle.response_complete:
            body = sentence.encode()
            head = b"content-type: text/plain; charset=utf-8\r\nconnection: close\r\ncontent-length: %d\r\n\r\n"
            self.transport.write(STATUS_LINE[status] + head % len(body) + body)
            self.transport.close()
        else:
            self.transport.abort()  # in the middle of another answer

    def _await_head(self) -> None:
        self._arm(HEAD_S, lambda: self._refuse(408, "The request did not come in time."))

    def _on_body_late(self) -> None:
        left = self._body_until - self.loop.time()
        if self.flow.read_paused:  # we do not read: the time of the peer stands still
            left, self._body_until = BODY_S, self.loop.time() + BODY_S
        if left > 0:
            self._arm(left, self._on_body_late)
        else:
            logger.warning("connections: a body did not come in time")
            self.transport.abort()

    def _arm(self, seconds: float, then: Any) -> None:
        self._cancel_deadline()
        self._deadline = self.loop.call_later(seconds, then)

    def _cancel_deadline(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _check_taken(self, before: int) -> None:
        def look() -> None:
            left = self.transport.get_write_buffer_size()
            if left >= before:
                logger.warning("connections: an answer was not taken")
                self.transport.abort()
            else:
                self._check_taken(left)

        self._taking = self.loop.call_later(TAKE_S, look)
