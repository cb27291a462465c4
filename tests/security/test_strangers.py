"""Somebody without a link: what they send costs them their connection, and nobody else anything."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Any

import pytest
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from consult.http.connections import guard
from consult.http.connections.guard import MAX_HEAD, MAX_HEADERS
from consult.http.sockets import uvicorn_override
from consult.log_lines import OncePerMinute
from tests.support.waiting import PATIENCE_S, until
from tests.unit.http.conftest import Door, Join, door, join
from tests.unit.http.sockets.test_control_socket import connect

__all__ = ["door", "join"]
pytestmark = pytest.mark.asyncio(loop_scope="module")
ASK = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n"
WHOLE = ASK + b"\r\n"


class Stranger:
    """A bare connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    @classmethod
    async def at(cls, door: Door) -> Stranger:
        host, _, port = door.address.removeprefix("http://").partition(":")
        return cls(*await asyncio.open_connection(host, int(port)))

    async def send(self, data: bytes) -> None:
        self._writer.write(data)
        await self._writer.drain()

    async def ask(self, data: bytes = WHOLE) -> bytes:
        """The status line of the answer; b"": it was cut off."""
        try:
            await self.send(data)
            return await self._reader.readline()
        except ConnectionError:
            return b""

    async def until_cut(self) -> None:
        """Return once the server has closed it. Raises TimeoutError."""
        async with asyncio.timeout(PATIENCE_S):
            with suppress(ConnectionError):
                while await self._reader.read(4096):
                    pass

    def close(self) -> None:
        self._writer.close()


@contextmanager
def log_of(*names: str) -> Iterator[list[logging.LogRecord]]:
    """What these loggers write through the ration."""
    records: list[logging.LogRecord] = []

    class Kept(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            records.append(record)

    kept = Kept()
    kept.addFilter(OncePerMinute())
    with ExitStack() as stack:
        for name in names:
            logging.getLogger(name).addHandler(kept)
            stack.callback(logging.getLogger(name).removeHandler, kept)
        yield records


async def test_an_endless_header_ends_after_32_kib(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    parsed = 0
    fed = HttpToolsProtocol.data_received

    def counted(self: HttpToolsProtocol, data: bytes) -> None:
        nonlocal parsed
        parsed += len(data)
        fed(self, data)

    monkeypatch.setattr(HttpToolsProtocol, "data_received", counted)
    stranger = await Stranger.at(door)
    try:
        await stranger.send(ASK + b"X-Endless: ")
        for _ in range(400):
            await stranger.send(b"a" * 16384)
    except ConnectionError:
        pass
    await stranger.until_cut()
    assert parsed < MAX_HEAD + 2 * 256 * 1024, "one read more than is allowed, at most"
    stranger.close()


@pytest.mark.parametrize(
    ("more", "status"),
    [
        (b"X-Long: " + b"a" * (MAX_HEAD - 100) + b"\r\n", b"200"),
        (b"X-Long: " + b"a" * MAX_HEAD + b"\r\n", b"431"),
        (b"".join(b"X-%d: 1\r\n" % n for n in range(MAX_HEADERS - 1)), b"200"),
        (b"".join(b"X-%d: 1\r\n" % n for n in range(MAX_HEADERS)), b"431"),
    ],
)
async def test_a_header_has_32_kib_and_100_fields(door: Door, more: bytes, status: bytes) -> None:
    stranger = await Stranger.at(door)
    assert status in await stranger.ask(ASK + more + b"\r\n")
    stranger.close()


@pytest.mark.parametrize("target", [b"/note?\xed\xa0\x80", b"/api/consults/?\xff", b"/caf\xc3\xa9"])
async def test_an_address_that_is_no_ascii_is_no_traceback(door: Door, target: bytes) -> None:
    """The parser refuses it: what sends a missing slash on reads the query as UTF-8, and would be a traceback. So that
    tools/fuzz may leave them out."""
    stranger = await Stranger.at(door)
    with log_of("uvicorn.error", "consult") as records:
        assert b"400" in await stranger.ask(b"GET " + target + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
    assert [record.getMessage() for record in records if record.levelno >= logging.ERROR] == []
    stranger.close()


async def test_trailers_count_like_headers(door: Door) -> None:
    """Seen to fail: not counted, they go on until the body is late."""
    stranger = await Stranger.at(door)
    with log_of("consult") as lines:
        await stranger.send(b"POST /join/a/b HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n")
        with suppress(ConnectionError):
            for number in range(4000):
                await stranger.send(b"X-%d: 1\r\n" % number)
        await stranger.until_cut()
    assert [line.getMessage() for line in lines] == ["connections: 431 The header is too large."]
    stranger.close()


async def test_what_comes_too_slowly_is_cut(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "HEAD_S", 0.05)
    silent, slow = await Stranger.at(door), await Stranger.at(door)
    assert b"408" in await slow.ask(ASK)
    await silent.until_cut()
    monkeypatch.setattr(guard, "BODY_S", 0.05)
    body = await Stranger.at(door)
    await body.send(b"POST /api/session HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\n{")
    await body.until_cut()
    for stranger in (silent, slow, body):
        stranger.close()


async def test_cut_bodies_write_no_traceback(door: Door) -> None:
    with log_of("uvicorn.error", "consult") as lines:
        for path in (b"/api/session", b"/join/a/b", b"/api/studies"):
            stranger = await Stranger.at(door)
            await stranger.send(
                b"POST " + path + b" HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer "
                + door.services.keys.host_token().encode() + b"\r\nContent-Length: 100\r\n\r\n{"
            )  # fmt: skip
            stranger.close()
        await until(lambda: not busy(door))
    assert [line.getMessage() for line in lines] == []


def busy(door: Door) -> bool:
    """The server has requests that are not done."""
    return bool(door.places._address.keys() - door.places._waiting.keys() - door.places._seated)


async def test_a_thousand_idle_connections_keep_nobody_out(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    """At small scale: 40 where 8 are allowed. The others are cut, those that wait longest first; who asks is served."""
    monkeypatch.setattr(guard, "HEAD_S", 3600.0)
    monkeypatch.setattr(door.places, "most_of_address", 8)
    idle = [await Stranger.at(door) for _ in range(40)]
    await until(lambda: len(door.places) <= 8)
    somebody = await Stranger.at(door)
    assert b"200" in await somebody.ask()
    for stranger in idle[:32]:
        await stranger.until_cut()
    for stranger in (*idle, somebody):
        stranger.close()
    await until(lambda: not len(door.places))


async def test_websockets_of_nobodys_seat_are_their_addresss_and_go_soon(
    door: Door, join: Join, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else one address could hold all places: 8192 in the ten seconds in which nobody answers a close."""
    _, links = await door.open()
    await until(lambda: not len(door.places))
    asked = (
        f"GET /seat/nobody/ws HTTP/1.1\r\nHost: {door.address[7:]}\r\nOrigin: {door.address}\r\nUpgrade: websocket\r\n"
        f"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {'A' * 22}==\r\n\r\n"
    )
    monkeypatch.setattr(uvicorn_override, "SEND_DEADLINE_S", 0.2)
    strangers = [await Stranger.at(door) for _ in range(3)]
    for stranger in strangers:
        assert b"101" in await stranger.ask(asked.encode())
    assert sum(door.places._of_address.values()) == len(door.places) == 3
    for stranger in strangers:
        await stranger.until_cut()
        stranger.close()
    async with door.client() as client, await connect(door, client, await join(client, links["host"], "")):
        await until(lambda: len(door.places._seated) == 1)


async def test_whatever_address_is_asked_the_audit_trail_has_one_row_of_it(door: Door) -> None:
    """Seen to fail: a row each, of up to 32 KiB that the stranger chose."""
    trail: Any = door.services.registry.audit
    trail._refused.clear()
    await trail.flushed()
    before = (await trail._log.head()).count
    async with door.client() as client:
        for number in range(20):
            for path in (f"/seat/{number}{'x' * 5000}/series/a", f"/api/consults/{number}{'x' * 5000}"):
                assert (await client.get(path)).status_code in (401, 403)
    await trail.flushed()
    rows = await trail._log.rows(before)
    assert [(row.record.who, row.record.consult, row.record.what) for row in rows] == [
        ("", "", "no_seat"),
        ("", "", "no_token"),
    ]


async def test_one_kind_is_one_line_a_minute(door: Door) -> None:
    with log_of("uvicorn.error", "consult") as lines:
        for _ in range(20):
            stranger = await Stranger.at(door)
            await stranger.ask(b"\x16\x03\x01 no HTTP at all\r\n\r\n")
            stranger.close()
    assert [line.getMessage() for line in lines] == ["Invalid HTTP request received."]


async def test_readyz_neither_waits_for_the_log_nor_loads_it(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    """Seen to fail: each stood in the queue of what is stored, behind it and before it."""
    registry, asked = door.services.registry, list[object]()
    log: Any = registry._log
    written, check = threading.Event(), log.check

    async def counted() -> None:
        asked.append(None)
        await check()

    monkeypatch.setattr(door.services.readiness, "_clock", lambda: 1e9)
    monkeypatch.setattr(log, "check", counted)
    stuck = asyncio.create_task(log._ask(lambda database: written.wait(PATIENCE_S)))
    try:
        async with door.client() as client, asyncio.timeout(PATIENCE_S):
            answers = await asyncio.gather(*(client.get("/readyz") for _ in range(30)))
        assert {answer.status_code for answer in answers} == {200}
        assert not stuck.done(), "while the log is busy"
        assert len(asked) == 1
    finally:
        written.set()
        await stuck


async def test_readyz_does_not_read_the_log(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    async def scanned() -> list[str]:
        raise AssertionError("the log was scanned for a stranger")

    monkeypatch.setattr(door.services.registry, "consults", scanned)
    monkeypatch.setattr(door.services.registry._log, "consults", scanned)
    async with door.client() as client:
        assert (await client.get("/readyz")).status_code == 200


@pytest.mark.parametrize("path", ["/join/abc/def", "/join/abc/def/seat", "/api/session"])
async def test_a_body_that_is_nested_without_end_is_no_traceback(
    door: Door, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Seen to fail: RecursionError of the parser, 500 and a traceback for anybody who asks."""
    async with door.client() as client:
        for body in (b'{"x":' + b"[" * 16_000, b'{"secret":' + b"[" * 16_000, b"[" * 16_000, b'{"secret":"\xff\xfe"}'):
            answer = await client.post(path, content=body)
            assert answer.status_code in (400, 401, 403, 404), answer.text
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []
