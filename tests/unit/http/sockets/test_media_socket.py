"""The media pump: a seat's cookie, a live page, frames with stamps; a peer that acknowledges nothing is aborted."""

from __future__ import annotations

import asyncio
import json
import struct
from dataclasses import dataclass
from itertools import count
from typing import Any

import httpx
import pytest
import websockets

from consult.http.sockets.pump import NOT_NOW, REFUSED
from consult.media.pacing import backlog_gate
from tests.support.h264 import Decoder
from tests.support.waiting import PATIENCE_S, until
from tests.unit.http.conftest import Door, Join

pytestmark = pytest.mark.asyncio(loop_scope="module")
TAB = "tab-media"
HELLO = {"type": "hello", "protocol": 2, "tab": TAB, "screen": {"width": 640, "height": 480}}


@dataclass(frozen=True)
class Frame:
    """A frame as a page reads it."""

    key: bool
    number: int
    rtp: int
    data: bytes


async def connect(
    door: Door, client: httpx.AsyncClient, seat: str, path: str, **headers: str
) -> websockets.ClientConnection:
    """A WebSocket below a seat, with the client's cookies."""
    cookies = "; ".join(f"{c.name}={c.value}" for c in client.cookies.jar if c.path == seat)
    everything = {"Origin": door.address, "Cookie": cookies, **headers}
    url = door.address.replace("http", "ws") + seat + path
    return await websockets.connect(url, additional_headers=everything, max_size=None, open_timeout=PATIENCE_S)


async def receive(socket: websockets.ClientConnection, kind: str) -> dict[str, Any]:
    """The next control message of that kind."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            message: dict[str, Any] = json.loads(await socket.recv())
            if message["type"] == kind:
                return message


async def frame(socket: websockets.ClientConnection, *, acknowledge: bool = True) -> Frame:
    """The next frame; pings are answered."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            message = await socket.recv()
            assert isinstance(message, bytes)
            if message[0] == 2:
                await socket.send(message)
                continue
            kind, flags, number, rtp = struct.unpack_from("!BBLL", message)
            assert kind == 1
            if acknowledge:
                await socket.send(struct.pack("!BL", 1, number))
            return Frame(flags == 1, number, rtp, message[10:])


async def until_closed(socket: websockets.ClientConnection, *, acknowledge: bool = True) -> None:
    """Take frames until the server closes."""
    async with asyncio.timeout(PATIENCE_S):
        try:
            while True:
                await frame(socket, acknowledge=acknowledge)
        except websockets.ConnectionClosed:
            return


async def page(door: Door, client: httpx.AsyncClient, seat: str) -> websockets.ClientConnection:
    """A page that is welcomed and has had its first stamp."""
    control = await connect(door, client, seat, "ws")
    await control.send(json.dumps(HELLO))
    await receive(control, "stamp")
    return control


async def moving_stamp(control: websockets.ClientConnection, rtp: int) -> dict[str, Any]:
    """The stamp of that frame."""
    while True:
        stamp: dict[str, Any] = (await receive(control, "stamp"))["stamp"]
        if stamp.get("rtp") == rtp:
            return stamp


async def test_a_page_gets_a_keyframe_with_its_stamp_then_deltas(door: Door, join: Join) -> None:
    _, links = await door.open()
    async with door.client() as client:
        seat = await join(client, links["host"], "")
        async with (
            await page(door, client, seat) as control,
            await connect(door, client, seat, f"media?tab={TAB}") as socket,
        ):
            first = await frame(socket)
            stamp = await moving_stamp(control, first.rtp)
            assert (first.key, first.number) == (True, 1)
            assert stamp["stream"] == "all-960x720"
            (seen,) = Decoder().decode(first.data)
            assert seen.shape == (stamp["height"], stamp["width"])
            second = await frame(socket)
            assert (second.key, second.number) == (False, 2)
            await socket.send(b"\x03")
            while not (again := await frame(socket)).key:
                assert again.number < 10


async def test_without_a_live_page_it_closes_to_come_back(door: Door, join: Join) -> None:
    _, links = await door.open()
    async with door.client() as client:
        seat = await join(client, links["host"], "")
        for tab in (TAB, "", "tab-of-another"):
            async with await connect(door, client, seat, f"media?tab={tab}") as socket:
                with pytest.raises(websockets.ConnectionClosed):
                    await socket.recv()
                assert socket.close_code == NOT_NOW


async def test_without_the_cookie_or_from_elsewhere_it_is_refused(door: Door, join: Join) -> None:
    _, links = await door.open()
    async with door.client() as client:
        seat = await join(client, links["host"], "")
        async with await page(door, client, seat):
            async with await connect(door, client, seat, f"media?tab={TAB}", Cookie="") as socket:
                with pytest.raises(websockets.ConnectionClosed):
                    await socket.recv()
                assert socket.close_code == REFUSED
            with pytest.raises(websockets.InvalidStatus):
                await connect(door, client, seat, f"media?tab={TAB}", Origin="https://elsewhere.example")


async def test_it_ends_with_the_page(door: Door, join: Join) -> None:
    consult, links = await door.open()
    async with door.client() as client:
        seat = await join(client, links["host"], "")
        control = await page(door, client, seat)
        async with await connect(door, client, seat, f"media?tab={TAB}") as socket:
            await frame(socket)
            await control.close()
            await until_closed(socket)
        running = await door.services.registry.find(consult)
        assert running.pictures.video.streams == ()  # type: ignore[attr-defined]  # the real pictures


@pytest.mark.parametrize("nonsense", [b"\x09", b"", "text"])
async def test_nonsense_ends_the_media_socket_and_not_the_page(door: Door, join: Join, nonsense: bytes | str) -> None:
    _, links = await door.open()
    async with door.client() as client:
        seat = await join(client, links["host"], "")
        async with await page(door, client, seat) as control:
            async with await connect(door, client, seat, f"media?tab={TAB}") as socket:
                await socket.send(nonsense)
                await until_closed(socket)
            await control.send(json.dumps({"type": "ping", "t": 1.0}))
            assert (await receive(control, "pong"))["t"] == 1.0


async def take_all(socket: websockets.ClientConnection, keys: list[int]) -> None:
    """Take and acknowledge every frame; the number of each keyframe into `keys`."""
    for number in count():
        if (await frame(socket)).key:
            keys.append(number)


async def test_a_peer_that_acknowledges_nothing_is_aborted_and_disturbs_nobody(
    door: Door, join: Join, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backlog_gate, "DEAD_S", 0.3)
    _, links = await door.open()
    async with door.client() as client, door.client() as other:
        seat, theirs = await join(client, links["host"], ""), await join(other, links["participant"], "A")
        async with await page(door, client, seat), await page(door, other, theirs):
            bad = await connect(door, client, seat, f"media?tab={TAB}")
            good = await connect(door, other, theirs, f"media?tab={TAB}")
            await frame(bad, acknowledge=False)
            assert (await frame(good)).key
            keys: list[int] = []
            state = asyncio.create_task(take_all(good, keys))  # acknowledged all the time, as a page does
            await until_closed(bad, acknowledge=False)
            before = len(keys)
            await good.send(b"\x03")
            await until(lambda: len(keys) > before)
            state.cancel()
            await asyncio.gather(state, return_exceptions=True)
            await good.close()
