"""A network that lets no datagram through: until the picture comes by WebSocket, and until it is back by WebRTC.

Real Chromium; all UDP goes through a relay of ours (tests/support/impair.py), which drops every datagram for a while.
"""

from __future__ import annotations

import asyncio
import time

from playwright.async_api import async_playwright

from benchmarks.rows import Row
from benchmarks.serving import Chest, chest
from tests.support.impair import Relay, free_udp_port
from tests.support.motion import SCROLL, comes_by
from tests.support.person import CHROMIUM_FLAGS, METERED, Person
from tests.support.server import behind

PER_S = 30


async def until(person: Person, transport: str) -> float:
    """Seconds until the picture comes by that transport."""
    began = time.perf_counter()
    await person.wait_for(comes_by(transport))
    return time.perf_counter() - began


async def measure(person: Person, relay: Relay) -> tuple[float, float]:
    """Seconds until the WebSocket has taken over while the picture moves, and from the end of it until WebRTC has."""
    await person.page.evaluate("window.goOn = true")
    moving = asyncio.create_task(person.page.evaluate(SCROLL, [0, 1000 / PER_S]))
    relay.block()
    blocked = await until(person, "websocket")
    relay.unblock()
    back = await until(person, "webrtc")
    await person.page.evaluate("window.goOn = false")
    await moving
    return blocked, back


async def measure_all(made: Chest) -> list[Row]:
    """The rows."""
    async with Relay(free_udp_port(), seed=1) as relay, async_playwright() as driver:
        server = behind(relay, made.data)
        server.start()
        try:
            browser = await driver.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM_FLAGS)
            context = await browser.new_context(viewport={"width": 1280, "height": 720})
            await context.add_init_script(METERED)
            person = Person(context, await context.new_page())
            await person.join(server.open(made.study)["host"])
            await person.wait_for(comes_by("webrtc"))
            blocked, back = await measure(person, relay)
            await browser.close()
        finally:
            server.kill()
    return [
        Row("every datagram dropped: until the picture comes by WebSocket", blocked, "s", "while it moves"),
        Row("datagrams pass again: until the picture comes by WebRTC", back, "s", "tried again later each time"),
    ]


def run() -> list[Row]:
    """The rows."""
    with chest() as made:
        return asyncio.run(measure_all(made))
