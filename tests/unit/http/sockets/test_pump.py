"""One reads, one writes: a socket that one of both has closed ends the other, and that is no fault of ours."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any, cast

import pytest
from starlette.types import Message
from starlette.websockets import WebSocket

from consult.http.sockets import control_socket, media_socket, picture_socket
from consult.http.sockets.pump import pump
from consult.http.sockets.uvicorn_override import EXTENSION
from tests.support.waiting import PATIENCE_S

NOBODY = cast(Any, None)


def nothing() -> None:
    """What the pump asks of the connection."""


Reads = Callable[[WebSocket], Coroutine[Any, Any, None]]
READERS: list[Reads] = [
    lambda websocket: control_socket.read(websocket, NOBODY),
    lambda websocket: media_socket.read(websocket, NOBODY, NOBODY),
    lambda websocket: picture_socket.read(websocket, NOBODY),
]


async def accepted() -> WebSocket:
    """A socket that is open, by which nothing comes."""

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    async def send(message: Message) -> None:
        pass

    extensions = {EXTENSION: {"seat": nothing, "abort": nothing}}
    websocket = WebSocket({"type": "websocket", "extensions": extensions}, receive, send)
    await websocket.accept()
    return websocket


@pytest.mark.parametrize("read", READERS)
async def test_a_socket_that_the_writer_closed_before_the_reader_looks_ends_without_a_word(
    read: Reads, caplog: pytest.LogCaptureFixture
) -> None:
    """Seen to fail: starlette's WebSocketDisconnected was logged as a fault of ours, with its stack."""
    websocket = await accepted()

    async def write() -> None:
        await websocket.close(1013)

    async def read_late() -> None:
        while websocket.application_state.name == "CONNECTED":  # noqa: ASYNC110 - as behind a message that took long
            await asyncio.sleep(0)
        await read(websocket)

    caplog.set_level(logging.DEBUG, "consult")
    async with asyncio.timeout(PATIENCE_S):
        await pump(websocket, "a socket", read_late(), write(), nothing)
    assert [record.message for record in caplog.records if record.name.startswith("consult")] == []


async def test_what_fails_by_itself_is_a_fault_of_ours(caplog: pytest.LogCaptureFixture) -> None:
    websocket = await accepted()

    async def fails() -> None:
        raise ZeroDivisionError

    async with asyncio.timeout(PATIENCE_S):
        await pump(websocket, "a socket", fails(), asyncio.sleep(PATIENCE_S), nothing)
    assert caplog.messages == ["a socket: ended by a fault of ours"]
