"""A flood through a real socket: frames of any kind are read slice by slice, and no more of them than may be."""

from __future__ import annotations

import asyncio
import json
import struct
from collections import Counter
from contextlib import suppress
from typing import Any

import httpx
import pytest
import websockets
from websockets.frames import Frame, Opcode

from consult.http.sockets import uvicorn_override
from consult.model.rates import Overrun, RateLimit, TokenBucket
from consult.sessions.features.rates import CONNECT
from consult.sessions.features.seats.closing import FLOODED
from tests.support.waiting import PATIENCE_S
from tests.unit.http.conftest import Door, Join, door, join
from tests.unit.http.sockets.test_control_socket import HELLO, connect, receive

__all__ = ["door", "join"]
pytestmark = pytest.mark.asyncio(loop_scope="module")
MANY = 3000
AT_ONCE = 171
"""Frames that may be parsed before others have their turn: of six bytes each, the least that a client's has."""


def masked(opcode: Opcode, payload: bytes, times: int, *, fin: bool = True) -> bytes:
    """So many frames of a client, as they travel."""
    return times * Frame(opcode, payload, fin).serialize(mask=True)


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """A socket may send a hundred frames and a slice, and no more for a long time; it is borne for a moment."""
    monkeypatch.setattr(uvicorn_override, "FRAMES", RateLimit(0.001, 100))
    monkeypatch.setattr(uvicorn_override, "Overrun", lambda: Overrun(patience_s=0.0))


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Frames of each slice that any socket has parsed."""
    counted: list[int] = []
    spend = TokenBucket.spend

    def count(bucket: Any, cost: float, now: float) -> None:
        if bucket.limit == uvicorn_override.FRAMES:
            counted.append(int(cost))
        spend(bucket, cost, now)

    monkeypatch.setattr(TokenBucket, "spend", count)
    return counted


async def read_to_its_end(socket: websockets.ClientConnection) -> None:
    """Until the server has closed it."""
    async with asyncio.timeout(PATIENCE_S):
        with suppress(websockets.ConnectionClosed):
            while True:
                await socket.recv()


FLOODS = {
    "text": masked(Opcode.TEXT, b'{"type": "ping", "t": 1}', MANY),
    "empty": masked(Opcode.TEXT, b"", MANY),
    "ping": masked(Opcode.PING, b"", MANY),
    "pong": masked(Opcode.PONG, b"", MANY),
    "fragments": masked(Opcode.TEXT, b"{", 1, fin=False) + masked(Opcode.CONT, b"", MANY, fin=False),
}


@pytest.mark.parametrize("flood", FLOODS)
@pytest.mark.usefixtures("slow")
async def test_frames_of_any_kind_are_read_slice_by_slice_and_no_more_than_may_be(
    door: Door, join: Join, parsed: list[int], flood: str
) -> None:
    _, links = await door.open()
    async with door.client() as client, door.client() as other:
        seat, theirs = await join(client, links["participant"], "A"), await join(other, links["host"], "")
        async with await connect(door, client, seat) as socket, await connect(door, other, theirs) as good:
            await good.send(json.dumps({**HELLO, "tab": "tab-other"}))
            await receive(good, "welcome")
            await socket.send(json.dumps(HELLO))
            await receive(socket, "welcome")
            parsed.clear()
            socket.transport.write(FLOODS[flood])
            await read_to_its_end(socket)
            assert socket.close_code == FLOODED.code
            assert max(parsed) <= AT_ONCE, "between two slices the others have their turn"
            assert sum(parsed) <= 100 + AT_ONCE
            await good.send('{"type": "ping", "t": 7}')
            assert (await receive(good, "pong"))["t"] == 7


@pytest.mark.usefixtures("slow")
async def test_a_flood_by_the_media_socket_ends_that_page_and_no_other(
    door: Door, join: Join, parsed: list[int]
) -> None:
    _, links = await door.open()
    async with door.client() as client:
        seat = await join(client, links["participant"], "A")
        async with await connect(door, client, seat) as socket:
            await socket.send(json.dumps(HELLO))
            await receive(socket, "welcome")
            cookies = "; ".join(f"{c.name}={c.value}" for c in client.cookies.jar if c.path == seat)
            url = door.address.replace("http", "ws") + f"{seat}media?tab=tab-12345"
            headers = {"Origin": door.address, "Cookie": cookies}
            async with await websockets.connect(url, additional_headers=headers, open_timeout=PATIENCE_S) as media:
                parsed.clear()
                media.transport.write(masked(Opcode.BINARY, struct.pack("!BL", 1, 1), MANY))
                await read_to_its_end(media)
                assert media.close_code == FLOODED.code
                assert sum(parsed) <= 100 + AT_ONCE
            await socket.send('{"type": "ping", "t": 7}')
            assert (await receive(socket, "pong"))["t"] == 7


async def first(socket: websockets.ClientConnection) -> str:
    """What kind of message is the first that it is sent upon hello."""
    with suppress(websockets.ConnectionClosed):  # what was sent before that can still be read
        await socket.send(json.dumps(HELLO))
    kind: str = json.loads(await socket.recv())["type"]
    return kind


async def test_a_seat_that_connects_again_and_again_has_to_wait(door: Door, join: Join) -> None:
    _, links = await door.open()
    codes: Counter[int | None] = Counter()
    async with door.client() as client:
        seat = await join(client, links["participant"], "A")
        for _ in range(int(CONNECT.burst) + 8):
            async with await connect(door, client, seat) as socket:
                if await first(socket) == "closing":
                    await socket.wait_closed()
            codes[socket.close_code] += 1
    assert codes[1013] >= 1, "to come back later"


async def test_a_link_lets_in_no_more_than_a_whole_board_at_once(
    door: Door, join: Join, monkeypatch: pytest.MonkeyPatch
) -> None:
    consult, links = await door.open()
    running = await door.services.registry.find(consult)
    monkeypatch.setattr(running._admission, "may_take_seat", lambda link, now: False)
    path, _, secret = links["participant"].path.partition("#")
    async with door.client() as client:
        answer: httpx.Response = await client.post(f"{path}/seat", json={"secret": secret, "name": "A"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (429, "too_often")
