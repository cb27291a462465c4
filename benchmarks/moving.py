"""The moving picture: one frame's cost by part, and in real Chromium on loopback from the wheel to the painted picture.

Times are taken in the pages: from the presenter's wheel event to the animation frame after the first frame (or still)
of the new revision was painted, there and on a guest's page; both pages run on this machine and share its clock.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from itertools import count, product
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, async_playwright

from benchmarks.page import measure
from benchmarks.pictures import CONTENT, Stack
from benchmarks.rows import Row, quantile
from benchmarks.serving import chest_server, cpu_s
from benchmarks.stills import REPEATS, median_ms
from consult.media.video.encoder import H264Encoder
from consult.media.video.planes import Planes, compose
from consult.media.video.raster import Raster
from tests.support.motion import SCROLL, TIMES, comes_by
from tests.support.person import CHROMIUM_FLAGS, METERED, Person
from tests.support.server import Server

WHEELS = 60
MOVING_S = 5
DRAGS, JOINS = 12, 5
PER_S = 30
SIZES = ((1280, 720), (1920, 1080))
FRAMES = """(() => {
  window.frames = [];
  addEventListener('painted', ({detail: stamp}) => requestAnimationFrame(() =>
    window.frames.push([stamp.rev, performance.timeOrigin + performance.now(), typeof stamp.rtp === 'number'])));
})()"""
WHEEL = """async ([times, pause]) => {
  const stage = document.querySelector('#stage');
  const box = document.querySelector('canvas[data-layer=picture]').getBoundingClientRect();
  const at = {clientX: box.x + box.width / 2, clientY: box.y + box.height / 2, bubbles: true, cancelable: true};
  const turned = [], start = performance.now();
  for (let i = 0; i < times; i++) {
    turned.push([Number(document.body.dataset.revision), performance.timeOrigin + performance.now()]);
    stage.dispatchEvent(new WheelEvent('wheel', {...at, deltaY: i % 40 < 20 ? 120 : -120}));
    await new Promise((done) => setTimeout(done, Math.max(0, start + (i + 1) * pause - performance.now())));
  }
  return turned;
}"""
TRANSPORTS = {"webrtc": "WebRTC", "websocket": "WebSocket"}
NO_WEBRTC = "delete window.RTCPeerConnection"


def encode_rows(folder: Path) -> list[Row]:
    """What one frame costs in the pool, by part, when each is another slice."""
    rows, stack = [], Stack(folder)
    for width, height in SIZES:
        raster, encoder = Raster(width, height), H264Encoder(Raster(width, height))
        greys = stack.draw(raster, 0)
        turn = stack.planes(raster, 2 * REPEATS)
        drawn = median_ms(partial(stack.draw, raster, 0))
        composed = median_ms(partial(compose, raster, [((0, 0, width, height), greys)]))
        coded = median_ms(partial(encode_next, encoder, (turn(n) for n in count())))
        rows.append(Row(f"draw a frame, {width}x{height}", drawn, "ms"))
        rows.append(Row(f"planes of a frame, {width}x{height}", composed, "ms"))
        rows.append(Row(f"encode a frame, {width}x{height}", coded, "ms", f"one thread; {CONTENT}"))
    return rows


def encode_next(encoder: H264Encoder, turn: Iterator[Planes]) -> None:
    """One more picture."""
    encoder.encode(next(turn), key=False)


def latencies(turned: list[tuple[int, float]], frames: list[tuple[int, float, bool]]) -> list[float]:
    """Milliseconds from each wheel to the first picture of a newer revision than was shown, before the next wheel."""
    taken = []
    for (before, at), (_, until) in zip(turned, [*turned[1:], (0, float("inf"))], strict=True):
        first = next((f for f in frames if f[0] > before and f[1] > at), None)
        if first is not None and first[1] < until:
            taken.append(first[1] - at)
    return taken


async def come(browser: Browser, size: tuple[int, int], transport: str) -> Person:
    """Somebody with a screen of that size, at an empty page; frames can come by that transport alone."""
    context = await browser.new_context(viewport={"width": size[0], "height": size[1]})
    await context.add_init_script(METERED)
    person = Person(context, await context.new_page())
    if transport == "websocket":
        await person.page.add_init_script(NO_WEBRTC)
    return person


async def people(
    browser: Browser, links: dict[str, str], size: tuple[int, int], transport: str
) -> tuple[Person, Person]:
    """Presenter and guest, live, with frames by that transport."""
    persons = []
    for link, name in ((links["host"], ""), (links["guest"], "Guest")):
        person = await come(browser, size, transport)
        await person.join(link, name)
        await person.wait_for(comes_by(transport))
        await person.page.evaluate(FRAMES)
        persons.append(person)
    return persons[0], persons[1]


async def wheel_rows(presenter: Person, guest: Person, server: Server, name: str) -> list[Row]:
    """Wheel to painted picture, and the server's CPU and the pictures a second while it moves."""
    turned: Any = await presenter.page.evaluate(WHEEL, [WHEELS, 400])
    rows = []
    for who, person in (("presenter", presenter), ("guest", guest)):
        taken = latencies(turned, await person.page.evaluate("window.frames"))
        detail = f"p95 {quantile(taken, 0.95):.1f}, page {name}"
        rows.append(Row(f"wheel to painted picture, {who}", quantile(taken, 0.5), "ms", detail))
    before, began = cpu_s(server.pid), time.perf_counter()
    await guest.page.evaluate("window.frames = []")
    await presenter.page.evaluate(WHEEL, [MOVING_S * PER_S, 1000 / PER_S])
    took = time.perf_counter() - began
    rows.append(
        Row(
            f"server while it moves, {name}",
            100 * (cpu_s(server.pid) - before) / took,
            "% of a core",
            f"{PER_S} changes a second, two pages; {CONTENT}",
        )
    )
    moved = [f for f in await guest.page.evaluate("window.frames") if f[2]]
    rows.append(Row(f"pictures on the guest's page, {name}", len({f[0] for f in moved}) / took, "a second"))
    rested = await measure(presenter.page, "drag", DRAGS)
    rows.append(
        Row(
            f"rest to exact after motion, {name}",
            quantile(rested, 0.5),
            "ms",
            f"p95 {quantile(rested, 0.95):.1f} of {DRAGS} drags, from the pointer's release",
        )
    )
    return rows


async def join_rows(presenter: Person, joining: Callable[[], Awaitable[Person]], link: str, name: str) -> list[Row]:
    """Guests who join while the picture moves: from being live, and from the page's beginning, to the first frame."""
    live, whole = [], []
    await presenter.page.evaluate("window.goOn = true")
    moving = asyncio.create_task(presenter.page.evaluate(SCROLL, [0, 1000 / PER_S]))
    for i in range(JOINS):
        late = await joining()
        await late.page.add_init_script(TIMES)
        await late.enter(link, f"Late {i}")
        await late.wait_for("window.times.frame !== undefined")
        times = await late.page.evaluate("window.times")
        live.append(times["frame"] - times["live"])
        whole.append(times["frame"])
        await late.context.close()
    await presenter.page.evaluate("window.goOn = false")
    await moving
    return [
        Row(
            f"join while it moves to the first picture, {name}",
            quantile(live, 0.5),
            "ms",
            f"worst of {JOINS} {max(live):.0f}, from the welcome; {quantile(whole, 0.5):.0f} with the page itself",
        )
    ]


async def measure_all(server: Server, study: str) -> list[Row]:
    """Every figure that wants a browser."""
    rows = []
    async with async_playwright() as driver:
        browser = await driver.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM_FLAGS)
        for size, transport in product(SIZES, TRANSPORTS):
            name, links = f"{size[0]}x{size[1]}, {TRANSPORTS[transport]}", server.open(study)
            presenter, guest = await people(browser, links, size, transport)
            rows += await wheel_rows(presenter, guest, server, name)
            rows += await join_rows(presenter, partial(come, browser, size, transport), links["guest"], name)
            for person in (presenter, guest):
                await person.context.close()
        await browser.close()
    return rows


def run() -> list[Row]:
    """The rows."""
    with chest_server() as (server, chest):
        return encode_rows(chest.files) + asyncio.run(measure_all(server, chest.study))
