"""The pump: exact Origin, the seat's cookie, a peer that stops reading is aborted."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx
import pytest
import websockets

from consult.http.sockets.pump import REFUSED
from tests.support.waiting import PATIENCE_S
from tests.unit.http.conftest import Door, Join

pytestmark = pytest.mark.asyncio(loop_scope="module")
HELLO = {"type": "hello", "protocol": 2, "tab": "tab-12345", "screen": {"width": 640, "height": 480}}


async def connect(door: Door, client: httpx.AsyncClient, seat: str, **headers: str) -> websockets.ClientConnection:
    """A WebSocket with the client's cookies."""
    cookies = "; ".join(f"{c.name}={c.value}" for c in client.cookies.jar if c.path == seat)
    url = door.address.replace("http", "ws") + seat + "ws"
    everything = {"Origin": door.address, "Cookie": cookies, **headers}
    return await websockets.connect(url, additional_headers=everything, open_timeout=PATIENCE_S)


async def receive(socket: websockets.ClientConnection, kind: str) -> dict[str, Any]:
    """The next message of that kind."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            message: dict[str, Any] = json.loads(await socket.recv())
            if message["type"] == kind:
                return message


async def test_a_page_is_welcomed_gets_a_stamp_and_its_still(door: Door, join: Join) -> None:
    _, links = await door.open()
    async with door.client() as client:
        seat = await join(client, links["host"], "")
        async with await connect(door, client, seat) as socket:
            await socket.send(json.dumps(HELLO))
            welcome = await receive(socket, "welcome")
            assert welcome["role"] == "host"
            stamp = (await receive(socket, "stamp"))["stamp"]
            assert stamp["rev"] == welcome["view"]["rev"]
            (viewport,) = stamp["viewports"]
            assert viewport["rect_px"] == [0, 0, 640, 480]
            answer = await client.get(f"{seat}stills/{viewport['digest']}")
            assert answer.status_code == 200
            assert len(answer.headers["x-pixels-sha256"]) == 64


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "http://127.0.0.1:1", "null"])
async def test_another_origin_is_refused(door: Door, join: Join, origin: str) -> None:
    _, links = await door.open()
    async with door.client() as client:
        seat = await join(client, links["host"], "")
        with pytest.raises(websockets.InvalidStatus):
            await connect(door, client, seat, Origin=origin)


async def test_without_the_cookie_it_closes_with_the_reason(door: Door, join: Join) -> None:
    _, links = await door.open()
    async with door.client() as client:
        seat = await join(client, links["host"], "")
        async with await connect(door, client, seat, Cookie="") as socket:
            assert (await receive(socket, "closing"))["reason"] == "denied"
            with pytest.raises(websockets.ConnectionClosed):
                await socket.recv()
            assert socket.close_code == REFUSED


async def test_a_binary_frame_ends_one_connection_and_no_other(door: Door, join: Join) -> None:
    _, links = await door.open()
    async with door.client() as client, door.client() as other:
        seat, theirs = await join(client, links["host"], ""), await join(other, links["participant"], "A")
        async with await connect(door, client, seat) as socket, await connect(door, other, theirs) as good:
            await good.send(json.dumps({**HELLO, "tab": "tab-other"}))
            await receive(good, "welcome")
            await socket.send(b"\x00")
            with pytest.raises(websockets.ConnectionClosed):
                await receive(socket, "never")
            await good.send('{"type": "ping", "t": 1}')
            assert (await receive(good, "pong"))["t"] == 1
