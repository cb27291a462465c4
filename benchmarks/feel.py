"""What the hand feels: from the wheel to the exact picture, for host and guest, beside screen sharing; one notch step
by step; and on slow lines.

Two clocks: the page's own (the event to `painted`), and the compositor's (the event to the animation frame in which the
canvas, read back, holds another picture). Both pages run on this machine and share its clock.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

from playwright.async_api import Browser, async_playwright

from benchmarks.felt_beside import share_rows, trame_rows
from benchmarks.rows import Row, quantile
from benchmarks.serving import Chest, chest_server, cpu_s, quiet
from tests.support.person import CHROMIUM_FLAGS, EXACT, METERED, Person
from tests.support.server import Server
from tests.support.slow_line import Slow, SlowLine

WIDTH, HEIGHT = 1920, 1080
EXACT_MOTION = "document.body?.dataset.motion === 'exact'"
LESION, TURNS = 5, 8
"""Images to either side, and how often."""
FIRST_SWEEP = 3 * LESION
"""Notches until each image of the lesion was shown once."""
MISSES = 40
GUEST_S, GUEST_PER_S = 6, 15
LINES = {
    "20 Mbit/s, 40 ms": Slow(20e6, 0.040),
    "5 Mbit/s, 80 ms": Slow(5e6, 0.080),
    "2 Mbit/s, 150 ms, 1 % loss": Slow(2e6, 0.150, 0.01),
}
HOOKS = """(() => {
  const now = () => performance.timeOrigin + performance.now();
  const trace = window.trace = [];
  const note = (what, more) => { if (window.traces) trace.push([what, now(), more ?? '']); };
  const type = (data) => { try { return JSON.parse(data).type; } catch { return ''; } };
  const {WebSocket: Plain, Worker: PlainWorker} = window;
  window.WebSocket = class extends Plain {
    constructor(...all) {
      super(...all);
      this.addEventListener('message', ({data}) => typeof data === 'string' && note('received ' + type(data)));
    }
    send(data) { if (typeof data === 'string') note('sent ' + type(data)); return super.send(data); }
  };
  window.Worker = class extends PlainWorker {
    constructor(...all) {
      super(...all);
      this.addEventListener('message', ({data}) => {
        if ('came' in data) note('still came', data.came);
        else if ('image' in data) note('still decoded', data.ahead ?? '');
      });
    }
  };
})()"""
"""Before a page's scripts: notes what passes between page, server and worker while `window.traces` is set."""
WATCH = """(() => {
  window.pictures = [];
  window.composed = [];
  const now = () => performance.timeOrigin + performance.now();
  addEventListener('painted', ({detail: stamp}) => {
    window.trace?.push(['painted', now(), '']);
    window.pictures.push([stamp.rev, now(), stamp.stream === 'still', JSON.stringify(stamp.viewports[0].shows)]);
  });
  const canvas = document.querySelector('canvas[data-layer=picture]');
  let before = '';
  const look = () => {
    requestAnimationFrame(look);
    if (!window.reads || !canvas.width) return;
    const {data} = canvas.getContext('2d').getImageData(canvas.width / 2 - 64, canvas.height / 2, 128, 1);
    const text = data.join();
    if (text !== before) window.composed.push(now());
    before = text;
  };
  look();
})()"""
TURN = """async (steps) => {
  const stage = document.querySelector('#stage');
  const box = document.querySelector('canvas[data-layer=picture]').getBoundingClientRect();
  const at = {clientX: box.x + box.width / 2, clientY: box.y + box.height / 2, bubbles: true, cancelable: true};
  const turned = [], start = performance.now();
  let due = 0;
  for (const [way, pause] of steps) {
    turned.push([Number(document.body.dataset.revision), performance.timeOrigin + performance.now()]);
    window.trace?.push(['wheel', performance.timeOrigin + performance.now(), '']);
    if (typeof way === 'number') stage.dispatchEvent(new WheelEvent('wheel', {...at, deltaY: way * 120}));
    else document.dispatchEvent(new KeyboardEvent('keydown', {key: way, bubbles: true, cancelable: true}));
    due += pause;
    await new Promise((done) => setTimeout(done, Math.max(0, start + due - performance.now())));
  }
  return turned;
}"""
Steps = list[tuple[int | str, int]]
"""Notches down (1) or up (-1), or a key; each with the milliseconds until the next."""


@dataclass(frozen=True)
class Felt:
    """What came of a hand on one page, in ms. `shown`: events that had an exact picture before the next, a share."""

    page: list[float]
    composed: list[float]
    shown: float

    @property
    def detail(self) -> str:
        """In words."""
        median, slowest = quantile(self.composed, 0.5), quantile(self.composed, 0.95)
        own = f"p95 {quantile(self.page, 0.95):.0f}"
        return f"{own}; composed {median:.0f} / {slowest:.0f}; {100 * self.shown:.0f} % before the next"


def lesion() -> Steps:
    """Back and forth, about 10 images a second. The first sweep, to both sides, is not counted (`FIRST_SWEEP`)."""
    return [(way, 100) for i in range(TURNS) for way in [1 if i % 2 == 0 else -1] * (LESION if i == 0 else 2 * LESION)]


def onwards(per_s: int, count: int) -> Steps:
    """So many images in one direction, back at the end."""
    return [(1 if i % 50 < 25 else -1, round(1000 / per_s)) for i in range(count)]


def misses() -> Steps:
    """Windows that nobody has asked for yet, each on another image."""
    return [step for i in range(MISSES) for step in ((str(i % 9 + 1), 400), (1, 300))]


async def come(browser: Browser, link: str, name: str = "", *, before: str = "") -> Person:
    """Somebody with an exact picture at 1080p."""
    context = await browser.new_context(viewport={"width": WIDTH, "height": HEIGHT})
    await context.add_init_script(HOOKS)
    if before:
        await context.add_init_script(before)
    person = Person(context, await context.new_page())
    person.ignore_messages()
    await person.join(link, name)
    await person.page.evaluate(WATCH)
    return person


async def until_exact_motion(host: Person, *others: Person) -> None:
    """All show exact stills while it moves; each still that is fetched is measured, so something moves meanwhile."""
    for key in ("End", "Home") * 20:
        if all([await person.page.evaluate(EXACT_MOTION) for person in (host, *others)]):
            return
        await host.page.keyboard.press(key)
        await asyncio.sleep(1.5)
    raise RuntimeError("the stills are not fast enough on this machine")


def felt(turned: list[tuple[int, float]], pictures: list[Any], composed: list[float], skip: int = 0) -> Felt:
    """From each event to the first exact picture of a newer revision before the next event."""
    page, frames = [], []
    pairs = list(zip(turned, [*turned[1:], (0, turned[-1][1] + 1000)], strict=True))[skip:]
    for (before, at), (_, until) in pairs:
        first = next((p[1] for p in pictures if p[0] > before and p[1] > at and p[2]), None)
        if first is not None and first < until:
            page.append(first - at)
            frames += [frame - at for frame in composed if at < frame < until][:1]
    return Felt(page or [float("nan")], frames or [float("nan")], len(page) / max(len(pairs), 1))


async def turn(host: Person, steps: Steps, *watching: Person, skip: int = 0) -> list[Felt]:
    """Do it, and what each page showed. The canvas is read back in a second run, since reading costs time; what can be
    done once alone is done once."""
    plain = await run_once(host, steps, watching, skip, reads=False)
    if any(isinstance(step, str) for step, _ in steps):
        return plain
    read = await run_once(host, steps, watching, skip, reads=True)
    return [Felt(one.page, other.composed, one.shown) for one, other in zip(plain, read, strict=True)]


async def run_once(host: Person, steps: Steps, watching: tuple[Person, ...], skip: int, *, reads: bool) -> list[Felt]:
    """What each page showed."""
    for person in watching:
        await person.page.evaluate(f"window.pictures = []; window.composed = []; window.reads = {str(reads).lower()}")
    turned: Any = await host.page.evaluate(TURN, steps)
    await host.wait_for(EXACT)
    found = []
    for person in watching:
        pictures, composed = await person.page.evaluate("[window.pictures, window.composed]")
        found.append(felt(turned, pictures, composed, skip))
    return found


async def loopback_rows(browser: Browser, server: Server, chest: Chest) -> list[Row]:
    """Host and guest on loopback."""
    links = server.open(chest.study)
    host = await come(browser, links["host"])
    guest = await come(browser, links["guest"], "Guest")
    await until_exact_motion(host, guest)
    await quiet(server.pid)
    rows = []
    plans: dict[str, tuple[Steps, int]] = {
        "over a lesion, back and forth": (lesion(), FIRST_SWEEP),
        "scrolling on, 10 images a second": (onwards(10, 80), 2),
        "scrolling on, 30 images a second": (onwards(30, 150), 4),
    }
    for name, (steps, skip) in plans.items():
        for who, result in zip(("host", "guest"), await turn(host, steps, host, guest, skip=skip), strict=True):
            rows.append(Row(f"{name}, {who}", quantile(result.page, 0.5), "ms", result.detail))
        await asyncio.sleep(0.5)
    rows += await trace_rows(host, "a notch whose picture is there", [(1, 700)] * 20)
    rows += await trace_rows(host, "a window whose picture is not there", misses())
    rows += await guest_rows(host, guest, server)
    for person in (host, guest):
        await person.context.close()
    return rows


async def trace_rows(host: Person, name: str, steps: Steps) -> list[Row]:
    """One event from its beginning to the animation frame, step by step: medians of all."""
    await host.page.evaluate("window.trace.length = 0; window.traces = true; window.reads = false")
    await host.page.evaluate(TURN, steps)
    await host.wait_for(EXACT)
    trace: list[tuple[str, float, str]] = await host.page.evaluate("window.traces = false, window.trace")
    order = ("sent show", "received view", "received stamp", "still came", "still decoded", "painted")
    taken: dict[str, list[float]] = {step: [] for step in order}
    begins = [i for i, (what, *_) in enumerate(trace) if what == "wheel"]
    for begin, end in zip(begins, [*begins[1:], len(trace)], strict=True):
        part = trace[begin:end]
        first = {what: at for what, at, _ in reversed(part)}
        if "painted" not in first:
            continue
        for step in order:
            if step in first and first[step] <= first["painted"]:
                taken[step].append(first[step] - trace[begin][1])
    return [
        Row(
            f"{name}: {step}",
            quantile(times, 0.5),
            "ms",
            f"since the event; p95 {quantile(times, 0.95):.1f} of {len(times)}",
        )
        for step, times in taken.items()
        if len(times) >= len(begins) / 2
    ]


async def guest_rows(host: Person, guest: Person, server: Server) -> list[Row]:
    """CPU of the server while both take stills at 15 images a second, and without the guest."""
    shares = []
    for alone in (False, True):
        if alone:
            await guest.page.goto("about:blank")
        await quiet(server.pid)
        before, began = cpu_s(server.pid), time.perf_counter()
        await host.page.evaluate(TURN, onwards(GUEST_PER_S, GUEST_S * GUEST_PER_S))
        shares.append(100 * (cpu_s(server.pid) - before) / (time.perf_counter() - began))
    return [
        Row("server, host and guest by stills at 15 images a second", shares[0], "% of a core", "encoded once"),
        Row("of it a guest's", shares[0] - shares[1], "% of a core", f"the host alone {shares[1]:.1f}"),
    ]


async def line_rows(browser: Browser, server: Server, chest: Chest) -> list[Row]:
    """On slow lines: the stream while it moves, exact at rest; as WebSocket, through the line."""
    rows = []
    for name, slow in LINES.items():
        async with AsyncExitStack() as stack:
            line = await stack.enter_async_context(SlowLine(server.address, slow))
            links = server.open(chest.study)
            host = await come(browser, line.leads(links["host"]), before="delete window.RTCPeerConnection")
            await host.wait_for("document.body.dataset.transport === 'websocket'")
            await host.page.evaluate("window.pictures = []")
            turned: Any = await host.page.evaluate(TURN, [(1 if i % 20 < 10 else -1, 600) for i in range(24)])
            pictures: Any = await host.page.evaluate("window.pictures")
            first, exact = [], []
            for (before, at), (_, until) in zip(turned, [*turned[1:], (0, float("inf"))], strict=True):
                newer = [p for p in pictures if p[0] > before and at < p[1] < until]
                first += [newer[0][1] - at] if newer else []
                exact += [p[1] - at for p in newer if p[2]][:1]
            motion = await host.data("motion")
            rows.append(
                Row(
                    f"wheel to picture, {name}",
                    quantile(first, 0.5),
                    "ms",
                    f"p95 {quantile(first, 0.95):.0f}; shown while it moves: {motion}",
                )
            )
            if exact:
                rows.append(
                    Row(
                        f"wheel to exact, {name}",
                        quantile(exact, 0.5),
                        "ms",
                        f"p95 {quantile(exact, 0.95):.0f}; {len(exact)} of {len(turned)} before the next",
                    )
                )
            await host.context.close()
    return rows


async def stream_rows(browser: Browser, server: Server, chest: Chest) -> list[Row]:
    """The same hand where the page keeps the stream: what was before."""
    links = server.open(chest.study)
    host = await come(browser, links["host"], before=METERED)
    guest = await come(browser, links["guest"], "Guest", before=METERED)
    await host.wait_for("document.body.dataset.transport === 'webrtc'")
    await guest.wait_for("document.body.dataset.transport === 'webrtc'")
    rows = []
    for person in (host, guest):
        await person.page.evaluate("window.pictures = []")
    turned: Any = await host.page.evaluate(TURN, lesion())
    for who, person in (("host", host), ("guest", guest)):
        pictures: Any = await person.page.evaluate("window.pictures.map((p) => [p[0], p[1], true, p[3]])")
        result = felt(turned, pictures, [], FIRST_SWEEP)
        rows.append(
            Row(
                f"by the stream (WebRTC), over a lesion, {who}",
                quantile(result.page, 0.5),
                "ms",
                f"p95 {quantile(result.page, 0.95):.0f}; not exact",
            )
        )
        await person.context.close()
    return rows


async def measure_all(server: Server, chest: Chest) -> list[Row]:
    """All rows."""
    async with async_playwright() as driver:
        browser = await driver.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM_FLAGS)
        rows = await loopback_rows(browser, server, chest)
        rows += await stream_rows(browser, server, chest)
        ours = next(row.value for row in rows if row.name == "over a lesion, back and forth, guest")
        rows += await share_rows(browser, chest, ours)
        rows += await trame_rows(browser, chest, ours)
        rows += await line_rows(browser, server, chest)
        await browser.close()
    return rows


def run() -> list[Row]:
    """The rows."""
    with chest_server() as (server, chest):
        return asyncio.run(measure_all(server, chest))
