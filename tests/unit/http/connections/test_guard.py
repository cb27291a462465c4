"""The limits of one connection, by a clock that is turned by hand; and that what is overridden is what it was."""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Callable
from importlib.metadata import version
from types import SimpleNamespace
from typing import Any
from unittest.mock import Mock

import pytest
from uvicorn.middleware.proxy_headers import _TrustedHosts
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from consult.http.connections.guard import (
    BODY_S,
    HEAD_S,
    LEAST_BYTES_PER_S,
    MAX_PIPELINED,
    OF_ADDRESS,
    OF_CONNECTION,
    TAKE_S,
    GuardedConfig,
    GuardedHttp,
)
from consult.http.connections.places import Places

OVERRIDDEN = {HttpToolsProtocol: "18fdf324b11bf160", _TrustedHosts: "3debe2af4a662daf"}
"""SHA-256 of the source of each class that is subclassed or private, first 16 digits."""


@pytest.mark.parametrize("part", OVERRIDDEN, ids=lambda part: part.__name__)
def test_what_is_overridden_has_not_changed(part: type) -> None:
    """Where it has: read the change, look whether http/connections still fits, then write the new digest."""
    digest = hashlib.sha256(inspect.getsource(part).encode()).hexdigest()[:16]
    assert digest == OVERRIDDEN[part], f"{part.__module__}.{part.__name__} of uvicorn {version('uvicorn')} is another"


class Clock:
    """A loop whose time is turned by hand; tasks are not run."""

    def __init__(self) -> None:
        self._now = 0.0
        self._timers: list[tuple[float, Callable[[], None], SimpleNamespace]] = []

    def time(self) -> float:
        return self._now

    def call_later(self, seconds: float, then: Callable[[], None]) -> Any:
        handle = SimpleNamespace(cancelled=False)
        handle.cancel = lambda: setattr(handle, "cancelled", True)
        self._timers.append((self._now + seconds, then, handle))
        return handle

    def create_task(self, coroutine: Any) -> Any:
        coroutine.close()
        return Mock()

    def turn(self, seconds: float) -> None:
        until = self._now + seconds
        while due := sorted((t for t in self._timers if t[0] <= until and not t[2].cancelled), key=lambda t: t[0]):
            self._timers.remove(due[0])
            self._now = due[0][0]
            due[0][1]()
        self._now = until


class Transport:
    """What was written to it, and how it ended."""

    def __init__(self) -> None:
        self.written = b""
        self.ended = ""
        self.waiting = 0

    def write(self, data: bytes) -> None:
        self.written += data

    def close(self) -> None:
        self.ended = self.ended or "closed"

    def abort(self) -> None:
        self.ended = "aborted"

    def is_closing(self) -> bool:
        return bool(self.ended)

    def get_extra_info(self, name: str) -> Any:
        return None

    def get_write_buffer_size(self) -> int:
        return self.waiting

    def pause_reading(self) -> None: ...

    def resume_reading(self) -> None: ...


class Connection:
    """A guarded connection, its clock, its transport."""

    def __init__(self) -> None:
        async def application(scope: Any, receive: Any, send: Any) -> None: ...

        self.clock, self.transport = Clock(), Transport()
        config = GuardedConfig(application, Places(), lifespan="off", log_config=None, proxy_headers=False)
        loop: Any = self.clock
        self.protocol = GuardedHttp(config, ServerState(), {}, loop)
        transport: Any = self.transport
        self.protocol.connection_made(transport)

    def ended(self) -> str:
        """How; "": not yet."""
        return self.transport.ended


HEAD = b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000\r\n\r\n"


@pytest.fixture
def connection() -> Connection:
    return Connection()


def test_who_says_nothing_is_sent_away(connection: Connection) -> None:
    connection.clock.turn(HEAD_S - 0.1)
    assert not connection.ended()
    connection.clock.turn(0.2)
    assert connection.transport.written.startswith(b"HTTP/1.1 408")
    assert connection.ended() == "closed"


def test_a_header_that_comes_byte_by_byte_has_no_more_time(connection: Connection) -> None:
    for byte in HEAD[:10]:
        connection.protocol.data_received(bytes((byte,)))
        connection.clock.turn(HEAD_S / 10)
    assert connection.ended() == "closed"


def test_a_body_at_the_least_rate_goes_on_and_below_it_is_cut(connection: Connection) -> None:
    connection.protocol.data_received(HEAD)
    for _ in range(100):
        connection.protocol.data_received(b"a" * LEAST_BYTES_PER_S)
        connection.clock.turn(1)
    assert not connection.ended()
    for _ in range(int(BODY_S) + 2):
        connection.protocol.data_received(b"a")
        connection.clock.turn(1)
    assert connection.ended() == "aborted"


def test_much_at_once_buys_no_time_for_later(connection: Connection) -> None:
    connection.protocol.data_received(HEAD + b"a" * 60_000)
    connection.clock.turn(BODY_S + 1)
    assert connection.ended() == "aborted"


def test_while_we_do_not_read_the_peer_has_time(connection: Connection) -> None:
    connection.protocol.data_received(HEAD + b"a" * 100_000)
    assert connection.protocol.flow.read_paused
    connection.clock.turn(10 * BODY_S)
    assert not connection.ended()
    connection.protocol.flow.resume_reading()
    connection.clock.turn(2 * BODY_S)
    assert connection.ended() == "aborted"


def test_who_takes_nothing_of_an_answer_is_cut_and_who_takes_it_slowly_is_not(connection: Connection) -> None:
    connection.protocol.data_received(b"GET / HTTP/1.1\r\nHost: h\r\n\r\n")
    connection.transport.waiting = 100_000
    connection.protocol.pause_writing()
    for _ in range(5):
        connection.transport.waiting -= 1000
        connection.clock.turn(TAKE_S)
    assert not connection.ended()
    connection.protocol.resume_writing()
    connection.clock.turn(3 * TAKE_S)
    assert not connection.ended()
    connection.protocol.pause_writing()
    connection.clock.turn(TAKE_S + 1)
    assert connection.ended() == "aborted"


GET = b"GET / HTTP/1.1\r\nHost: h\r\n\r\n"


def answered(connection: Connection) -> None:
    """The request that is under way has its answer."""
    connection.protocol.cycle.response_complete = True
    connection.protocol.on_response_complete()


def test_who_asks_faster_than_the_pace_waits_and_is_not_read_meanwhile(connection: Connection) -> None:
    for _ in range(int(OF_CONNECTION.burst)):
        connection.protocol.data_received(GET)
        answered(connection)
        assert not connection.protocol.flow.read_paused
    connection.protocol.data_received(GET)
    answered(connection)
    assert connection.protocol.flow.read_paused
    connection.clock.turn(2 / OF_CONNECTION.per_s)
    assert not connection.protocol.flow.read_paused
    assert not connection.ended()


def test_all_connections_of_an_address_share_a_pace_but_those_of_a_proxy(connection: Connection) -> None:
    config: Any = connection.protocol.config
    connection.protocol.client = ("192.0.2.7", 1)
    for _ in range(int(OF_ADDRESS["requests"].burst)):
        assert not config.address_rates.take("192.0.2.7", "requests", connection.clock.time())
    connection.protocol.data_received(GET)
    answered(connection)
    assert connection.protocol.flow.read_paused
    connection.clock.turn(1)
    assert not connection.protocol.flow.read_paused
    config.places.proxies = {"192.0.2.7"}
    while not config.address_rates.take("192.0.2.7", "requests", connection.clock.time()):
        pass
    connection.protocol.data_received(GET)
    answered(connection)
    assert not connection.protocol.flow.read_paused


def test_of_requests_that_come_at_once_so_many_wait_and_no_more(connection: Connection) -> None:
    connection.protocol.data_received(GET * (MAX_PIPELINED + 1))
    assert not connection.ended()
    connection.protocol.data_received(GET * 1000)
    assert len(connection.protocol.pipeline) == MAX_PIPELINED
    assert connection.ended() == "aborted"


def test_what_waits_for_its_turn_ends_with_its_connection(connection: Connection) -> None:
    connection.protocol._pace.spend(OF_CONNECTION.burst, 0.0)
    connection.protocol.data_received(GET)
    answered(connection)
    connection.protocol.connection_lost(None)
    begun = connection.protocol.server_state.total_requests
    connection.clock.turn(10)
    assert connection.protocol.server_state.total_requests == begun
