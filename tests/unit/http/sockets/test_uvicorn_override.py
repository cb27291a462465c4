"""What is overridden in uvicorn is what it was when that was written; texts go out in one write, a cut is at once."""

from __future__ import annotations

import asyncio
import hashlib
import inspect
from importlib.metadata import version
from types import SimpleNamespace
from typing import Any

import pytest
import uvicorn
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.exceptions import InvalidState

from consult.http.sockets import uvicorn_override
from consult.http.sockets.uvicorn_override import AbortableWebSocket

OVERRIDDEN = {WebSocketsSansIOProtocol: "0bbcec98938432f7", uvicorn.Server: "06e799f7c58f8be6"}
"""SHA-256 of the source of each class that is subclassed, first 16 digits."""


@pytest.mark.parametrize("part", OVERRIDDEN, ids=lambda part: part.__name__)
def test_what_is_overridden_has_not_changed(part: type) -> None:
    """Where it has: read the change, look whether http/sockets and http/server still fit, then write the new digest."""
    digest = hashlib.sha256(inspect.getsource(part).encode()).hexdigest()[:16]
    assert digest == OVERRIDDEN[part], f"{part.__module__}.{part.__name__} of uvicorn {version('uvicorn')} is another"


class Connection:
    """websockets' protocol, as far as sending goes."""

    def __init__(self, *, closed: bool = False) -> None:
        self._closed = closed
        self._waiting: list[bytes] = []

    def send_text(self, data: bytes) -> None:
        if self._closed:
            raise InvalidState("closed")
        self._waiting.append(data)

    def data_to_send(self) -> list[bytes]:
        waiting, self._waiting = self._waiting, []
        return waiting


@pytest.fixture
def socket() -> Any:
    """The protocol without a connection; `written` holds what its transport was given."""
    protocol: Any = AbortableWebSocket.__new__(AbortableWebSocket)
    protocol.written, protocol.conn = [], Connection()
    protocol.writable = SimpleNamespace(is_set=lambda: True)
    protocol.disconnected = protocol.close_sent = False
    protocol.transport = SimpleNamespace(write=protocol.written.append)
    return protocol


async def test_texts_that_wait_are_one_write(socket: Any) -> None:
    await socket.send_texts(["one", "two"])
    assert socket.written == [b"onetwo"]


@pytest.mark.parametrize("how", ["disconnected", "close_sent", "closed by the peer"])
async def test_what_is_closed_takes_nothing(socket: Any, how: str) -> None:
    if how == "closed by the peer":
        socket.conn = Connection(closed=True)
    else:
        setattr(socket, how, True)
    with pytest.raises(ConnectionError):
        await socket.send_texts(["one"])
    assert socket.written == []


async def test_a_peer_that_takes_nothing_has_a_deadline(socket: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uvicorn_override, "SEND_DEADLINE_S", 0.0)

    async def never() -> None:
        await asyncio.Event().wait()

    socket.writable = SimpleNamespace(is_set=lambda: False, wait=never)
    with pytest.raises(TimeoutError):
        await socket.send_texts(["one"])
    assert socket.written == []
