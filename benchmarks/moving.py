"""The moving picture: one frame's cost by part, and in real Chromium on loopback from the wheel to the painted picture.

Times are taken in the pages: from the presenter's wheel event to the animation frame after the first frame (or still)
of the new revision was painted, there and on a guest's page; both pages run on this machine and share its clock.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
import time
from collections.abc import Iterator
from functools import partial
from itertools import cycle, product
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from playwright.async_api import Browser, async_playwright

from benchmarks.rows import Row, quantile
from benchmarks.stills import median_ms
from consult.media.encoder import H264Encoder
from consult.media.planes import Planes, compose
from consult.media.raster import Raster
from tests.support.ct import pixels, write_series
from tests.support.person import CHROMIUM_FLAGS, Person
from tests.support.server import Server, consult

SLICES = 160
WHEELS = 60
MOVING_S = 5
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
    stage.dispatchEvent(new WheelEvent('wheel', {...at, deltaY: i % 100 < 50 ? 120 : -120}));
    await new Promise((done) => setTimeout(done, Math.max(0, start + (i + 1) * pause - performance.now())));
  }
  return turned;
}"""
WAYS = {"webrtc": "WebRTC", "websocket": "WebSocket"}
NO_WEBRTC = "delete window.RTCPeerConnection"


def encode_rows() -> list[Row]:
    """What one frame costs in the pool, by part, for CT-like noise that changes whole."""
    rows = []
    for width, height in SIZES:
        raster, encoder = Raster(width, height), H264Encoder(Raster(width, height))
        greys = [
            np.clip(cv2.resize(pixels(i, 24, 512).astype(np.float32), (height, height)) / 8, 0, 255).astype(np.uint8)
            for i in range(8)
        ]
        planes = [compose(raster, [((0, 0, height, height), grey)]) for grey in greys]
        turn = cycle(planes)
        composed = median_ms(partial(compose, raster, [((0, 0, height, height), greys[0])]))
        coded = median_ms(partial(encode_next, encoder, turn))
        rows.append(Row(f"planes of a frame, {width}x{height}", composed, "ms"))
        rows.append(Row(f"encode a frame, {width}x{height}", coded, "ms", "one thread"))
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


def cpu_s(process: int) -> float:
    """CPU time of a process so far, in seconds (proc(5))."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def people(
    browser: Browser, server: Server, study: str, size: tuple[int, int], way: str
) -> tuple[Person, Person]:
    """Presenter and guest, live, with frames that way."""
    links = server.open(study)
    persons = []
    for link, name in ((links["host"], ""), (links["guest"], "Guest")):
        context = await browser.new_context(viewport={"width": size[0], "height": size[1]})
        person = Person(context, await context.new_page())
        if way == "websocket":
            await person.page.add_init_script(NO_WEBRTC)
        await person.join(link, name)
        await person.wait_for(f"document.body.dataset.transport === '{way}'")
        await person.page.evaluate(FRAMES)
        persons.append(person)
    return persons[0], persons[1]


async def wheel_rows(browser: Browser, server: Server, study: str, size: tuple[int, int], way: str) -> list[Row]:
    """Wheel to painted picture, and the server's CPU and the pictures a second while it moves."""
    presenter, guest = await people(browser, server, study, size, way)
    turned: Any = await presenter.page.evaluate(WHEEL, [WHEELS, 400])
    rows, name = [], f"{size[0]}x{size[1]}, {WAYS[way]}"
    for who, person in (("presenter", presenter), ("guest", guest)):
        taken = latencies(turned, await person.page.evaluate("window.frames"))
        detail = f"p95 {quantile(taken, 0.95):.1f}, page {name}"
        rows.append(Row(f"wheel to painted picture, {who}", quantile(taken, 0.5), "ms", detail))
    before, began = cpu_s(server.pid), time.perf_counter()
    await guest.page.evaluate("window.frames = []")
    await presenter.page.evaluate(WHEEL, [MOVING_S * PER_S, 1000 / PER_S])
    took = time.perf_counter() - began
    rows.append(Row(f"server while it moves, {name}", 100 * (cpu_s(server.pid) - before) / took, "% of a core",
                    f"{PER_S} changes a second, two pages"))
    moved = [f for f in await guest.page.evaluate("window.frames") if f[2]]
    rows.append(Row(f"pictures on the guest's page, {name}", len({f[0] for f in moved}) / took, "a second"))
    for person in (presenter, guest):
        await person.context.close()
    return rows


async def measure_all(server: Server, study: str) -> list[Row]:
    """Every figure that wants a browser."""
    rows = []
    async with async_playwright() as driver:
        browser = await driver.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM_FLAGS)
        for size, way in product(SIZES, WAYS):
            rows += await wheel_rows(browser, server, study, size, way)
        await browser.close()
    return rows


def run() -> list[Row]:
    """The rows."""
    with tempfile.TemporaryDirectory(prefix="consult-bench-") as name:
        data = Path(name)
        study = write_series(data / "files", images=SLICES, size=512)
        consult("import", str(data / "files"), data=data)
        server = Server(data)
        server.start()
        try:
            return encode_rows() + asyncio.run(measure_all(server, study))
        finally:
            server.kill()
