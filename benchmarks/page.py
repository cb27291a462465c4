"""What a person waits for, in real Chromium on loopback: link to first picture, wheel to exact picture, rest to exact.

Times are taken in the page: from the event to the animation frame after the exact picture was painted.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from pathlib import Path

import httpx
from playwright.async_api import Browser, Page, async_playwright

from benchmarks.rows import Row, quantile
from tests.support.ct import write_series
from tests.support.person import CHROMIUM_FLAGS, Person
from tests.support.server import Server, consult

SLICES = 160
WHEELS = 60
DRAGS = 20
WATCH = """async ({times, gesture}) => {
  const stage = document.querySelector('#stage');
  const box = document.querySelector('canvas[data-layer=picture]').getBoundingClientRect();
  const at = {clientX: box.x + box.width / 2, clientY: box.y + box.height / 2, bubbles: true, cancelable: true};
  const shown = () => Number(document.body.dataset.revision);
  const exact = () => ['exact', 'scaled'].includes(document.body.dataset.fidelity);
  const painted = (after) => new Promise((done) => {
    const look = () => { if (shown() > after && exact()) { watch.disconnect(); requestAnimationFrame(() => done()); } };
    const watch = new MutationObserver(look);
    watch.observe(document.body, {attributes: true});
    look();
  });
  const pointer = (type, dx, buttons) => stage.dispatchEvent(new PointerEvent(type, {...at, clientX: at.clientX + dx,
    pointerId: 1, pointerType: 'mouse', isPrimary: true, button: type === 'pointermove' ? -1 : 0, buttons}));
  const taken = [];
  for (let i = 0; i < times; i++) {
    let after = shown(), from = performance.now();
    if (gesture === 'wheel') {
      stage.dispatchEvent(new WheelEvent('wheel', {...at, deltaY: i % 40 < 20 ? 120 : -120}));
    } else {
      pointer('pointerdown', 0, 1);
      for (let step = 1; step <= 10; step++) {
        pointer('pointermove', (i % 2 ? -1 : 1) * step * 3, 1);
        await new Promise(requestAnimationFrame);
      }
      after = shown(); from = performance.now();
      pointer('pointerup', (i % 2 ? -1 : 1) * 33, 0);
    }
    await painted(after);
    taken.push(performance.now() - from);
    await new Promise((done) => setTimeout(done, 150));
  }
  return taken;
}"""


async def measure(page: Page, gesture: str, times: int) -> list[float]:
    """Milliseconds of each gesture."""
    taken: list[float] = await page.evaluate(WATCH, {"times": times, "gesture": gesture})
    return taken


async def first_picture(browser: Browser, link: str, width: int, height: int) -> tuple[float, Page]:
    """Milliseconds from opening a host's link to the first exact picture, and the page."""
    context = await browser.new_context(viewport={"width": width, "height": height})
    person = Person(context, await context.new_page())
    start = time.perf_counter()
    await person.join(link)
    return (time.perf_counter() - start) * 1000, person.page


async def revoked(browser: Browser, server: Server, study: str) -> float:
    """Milliseconds from the revocation of a link to the end of the page of who came by it."""
    context = await browser.new_context()
    person, links = Person(context, await context.new_page()), server.open(study)
    await person.join(links["guest"], "Guest")
    path = f"{server.address}/api/consults/{links['consult']}/invitations"
    async with httpx.AsyncClient(headers={"Authorization": f"Bearer {server.token}"}) as client:
        invitations = (await client.get(path)).json()["invitations"]
        used = next(one["invitation"] for one in invitations if one["role"] == "participant")
        ended = asyncio.create_task(person.state("ended"))
        start = time.perf_counter()
        (await client.request("DELETE", path, json={"invitation": used})).raise_for_status()
        await ended
    took = (time.perf_counter() - start) * 1000
    await context.close()
    return took


async def measure_all(server: Server, study: str) -> list[Row]:
    """Every figure that wants a browser."""
    rows = []
    async with async_playwright() as driver:
        browser = await driver.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM_FLAGS)
        cold, page = await first_picture(browser, server.open(study)["host"], 1920, 1080)
        rows.append(Row("link to first exact picture, 1080p, nothing decoded yet", cold, "ms", f"{SLICES} slices"))
        await page.context.close()
        for width, height in ((1280, 720), (1920, 1080)):
            warm, page = await first_picture(browser, server.open(study)["host"], width, height)
            rows.append(Row(f"link to first exact picture, {width}x{height}, decoded", warm, "ms"))
            for gesture, times, name in (("wheel", WHEELS, "wheel to exact picture"), ("drag", DRAGS, "rest to exact")):
                taken = await measure(page, gesture, times)
                p95 = quantile(taken, 0.95)
                rows.append(Row(f"{name}, page {width}x{height}", quantile(taken, 0.5), "ms", f"p95 {p95:.1f}"))
            await page.context.close()
        taken_ms = await revoked(browser, server, study)
        rows.append(Row("link revoked until the page of who came by it has ended", taken_ms, "ms"))
        await browser.close()
    return rows


def run() -> list[Row]:
    """The rows; also the cold start of the server."""
    with tempfile.TemporaryDirectory(prefix="consult-bench-") as name:
        data = Path(name)
        study = write_series(data / "files", images=SLICES, size=512)
        start = time.perf_counter()
        consult("import", str(data / "files"), data=data)
        took = (time.perf_counter() - start) * 1000
        rows = [Row("import, whole command", took, "ms", f"{SLICES} files of 512x512")]
        server = Server(data)
        start = time.perf_counter()
        server.start()
        rows.append(Row("cold start until the server answers", (time.perf_counter() - start) * 1000, "ms"))
        try:
            return rows + asyncio.run(measure_all(server, study))
        finally:
            server.kill()
