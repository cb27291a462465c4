"""The picture pump: a seat's cookie, a live page, stills before they are asked for; what the page reports."""

from __future__ import annotations

import asyncio
import hashlib
import json
import struct
import zlib
from contextlib import suppress

import pytest
import websockets

from consult.http.sockets.pump import NOT_NOW, REFUSED
from tests.unit.http.conftest import Door, Join
from tests.unit.http.sockets.test_media_socket import HELLO, TAB, connect, page, receive

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def still(socket: websockets.ClientConnection) -> tuple[bool, int, int, str, str, bytes]:
    """The next still, acknowledged: due, number, case, digest, hash, PNG. Pings are answered."""
    async with asyncio.timeout(10):
        while True:
            message = await socket.recv()
            assert isinstance(message, bytes)
            if message[0] == 2:
                await socket.send(message)
                continue
            kind, flags, number, case = struct.unpack_from("!BBLL", message)
            assert kind == 1
            await socket.send(struct.pack("!BL", 1, number))
            return flags == 1, number, case, message[10:42].hex(), message[42:74].hex(), message[74:]


def raw_hash(png: bytes) -> str:
    """SHA-256 of the pixels of a PNG of one IDAT, whose rows have filter None, Sub or Up."""
    width, height = struct.unpack_from(">II", png, 16)
    length = struct.unpack_from(">I", png, 33)[0]
    rows, data = zlib.decompress(png[41 : 41 + length]), hashlib.sha256()
    above = bytes(width)
    for y in range(height):
        kind, row = rows[y * (width + 1)], bytearray(rows[y * (width + 1) + 1 : (y + 1) * (width + 1)])
        for x in range(width):
            left = row[x - 1] if x else 0
            row[x] = (row[x] + (0, left, above[x])[kind]) & 255
        data.update(row)
        above = bytes(row)
    return data.hexdigest()


async def until_over(socket: websockets.ClientConnection) -> None:
    """Take what comes until the server ends it."""
    async with asyncio.timeout(10):
        with suppress(websockets.ConnectionClosed):
            async for _ in socket:
                pass


async def test_a_page_gets_the_still_of_its_stamp_and_those_that_come_next(door: Door, join: Join) -> None:
    _, links = await door.open()
    async with door.client() as client:
        seat = await join(client, links["host"], "")
        async with await connect(door, client, seat, "ws") as control:
            await control.send(json.dumps(HELLO))
            stamp = (await receive(control, "stamp"))["stamp"]
            async with await connect(door, client, seat, f"pictures?tab={TAB}") as socket:
                due, number, case, digest, sha256, png = await still(socket)
                assert (due, number, case, digest) == (True, 1, stamp["case"], stamp["viewports"][0]["digest"])
                assert raw_hash(png) == sha256
                answer = await client.get(f"{seat}stills/{digest}")
                assert (answer.content, answer.headers["x-pixels-sha256"]) == (png, sha256)
                due, number, _, ahead, _, _ = await still(socket)
                assert (due, number) == (False, 2)
                assert ahead != digest
                await socket.send(b"\x03" + bytes.fromhex(digest))
                while (again := await still(socket))[3] != digest:
                    assert not again[0]
                assert again[0]
                await socket.send(b"nonsense")
                await until_over(socket)


async def test_a_page_on_the_servers_own_machine_takes_raw_pixels(door: Door, join: Join) -> None:
    _, links = await door.open()
    async with door.client() as client:
        seat = await join(client, links["host"], "")
        async with await page(door, client, seat), await connect(door, client, seat, f"pictures?tab={TAB}") as socket:
            await socket.send(b"\x04\x02")
            async with asyncio.timeout(10):
                while True:
                    message = await socket.recv()
                    assert isinstance(message, bytes)
                    if message[0] == 1 and message[1] & 8:
                        break
                    if message[0] == 1:  # it was on its way before
                        await socket.send(b"\x01" + message[2:6])
                        await socket.send(b"\x03" + message[10:42])
            width, height = struct.unpack_from("!LL", message, 74)
            assert len(message) == 82 + width * height
            assert hashlib.sha256(message[82:]).digest() == message[42:74]


async def test_without_a_live_page_it_closes_to_come_back(door: Door, join: Join) -> None:
    _, links = await door.open()
    async with door.client() as client:
        seat = await join(client, links["host"], "")
        for tab in (TAB, "", "tab-of-another"):
            async with await connect(door, client, seat, f"pictures?tab={tab}") as socket:
                with pytest.raises(websockets.ConnectionClosed):
                    await socket.recv()
                assert socket.close_code == NOT_NOW


async def test_without_the_cookie_or_from_elsewhere_it_is_refused(door: Door, join: Join) -> None:
    _, links = await door.open()
    async with door.client() as client:
        seat = await join(client, links["host"], "")
        async with await page(door, client, seat):
            async with await connect(door, client, seat, f"pictures?tab={TAB}", Cookie="") as socket:
                with pytest.raises(websockets.ConnectionClosed):
                    await socket.recv()
                assert socket.close_code == REFUSED
            with pytest.raises(websockets.InvalidStatus):
                await connect(door, client, seat, f"pictures?tab={TAB}", Origin="https://elsewhere.example")
