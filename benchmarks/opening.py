"""From the button of a link's page to the first picture, and to the exact one: real Chromium, near and far.

By the page's own clock (its performance marks, web/js/app/opening.js). The page is one that somebody has read for a
moment: the viewer's script and styles are here. Far: TCP and UDP go through relays of ours (tests/support), whose
links have no slow start. The host comes to a consult that nobody is in, the guest to one whose host is there.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from playwright.async_api import Browser, ViewportSize, async_playwright

from benchmarks.rows import Row, progress, quantile
from benchmarks.serving import chest
from tests.support.impair import Impairment, Relay, free_udp_port
from tests.support.person import CHROMIUM_FLAGS, Person
from tests.support.server import Server, behind
from tests.support.slow_line import Slow, SlowLine

RUNS = 10
SIZE: ViewportSize = {"width": 1920, "height": 1080}
UDP_QUEUE_BYTES = 200_000
HERE = """performance.getEntriesByType('resource').filter(
  (e) => /consult-page.js|consult.css/.test(e.name) && e.responseEnd > 0).length >= 2"""
MARKS = "Object.fromEntries(performance.getEntriesByType('mark').map((e) => [e.name, e.startTime]))"
STEPS = ("consult-seat", "consult-open", "consult-live", "consult-picture", "consult-exact")


@dataclass(frozen=True)
class Distance:
    """What lies between a page and the server."""

    name: str
    bits_per_s: float = 0.0
    round_trip_s: float = 0.0


DISTANCES = (
    Distance("loopback"),
    Distance("20 Mbit/s, 40 ms", 20e6, 0.04),
    Distance("5 Mbit/s, 80 ms", 5e6, 0.08),
)


async def opened(browser: Browser, link: str, name: str) -> dict[str, float]:
    """Somebody comes: milliseconds from the button to each of STEPS."""
    context = await browser.new_context(viewport=SIZE)
    person = Person(context, await context.new_page())
    await person.page.goto(link)
    if name:
        await person.page.get_by_label("Your name").fill(name)
    button = person.page.get_by_role("button", name="only listen" if name else "Continue as")
    await button.wait_for()
    await person.wait_for(HERE)
    await button.click(no_wait_after=True)
    await person.wait_for("performance.getEntriesByName('consult-exact').length > 0")
    marks: dict[str, float] = await person.evaluate(MARKS)
    await context.close()
    return {step: marks[step] - marks["consult-join"] for step in STEPS}


@asynccontextmanager
async def there(distance: Distance, server: Server, relay: Relay) -> AsyncIterator[SlowLine | None]:
    """The line of that distance."""
    link = Impairment(distance.round_trip_s / 2, bits_per_s=distance.bits_per_s, queue_bytes=UDP_QUEUE_BYTES)
    relay.impair("up", link)
    relay.impair("down", link)
    if not distance.bits_per_s:
        yield None
        return
    line = SlowLine(server.address, Slow(distance.bits_per_s, distance.round_trip_s))
    async with line:
        yield line


async def measure(
    browser: Browser, server: Server, study: str, line: SlowLine | None
) -> dict[str, list[dict[str, float]]]:
    """Steps of host and guest, RUNS times each."""
    found: dict[str, list[dict[str, float]]] = {"host": [], "guest": []}
    leads = line.leads if line else str
    links = server.open(study)
    context = await browser.new_context(viewport=SIZE)
    await Person(context, await context.new_page()).join(links["host"])
    for _ in range(RUNS):
        found["host"].append(await opened(browser, leads(server.open(study)["host"]), ""))
        found["guest"].append(await opened(browser, leads(links["guest"]), "Guest"))
    await context.close()
    return found


def rows_of(distance: Distance, who: str, runs: list[dict[str, float]]) -> list[Row]:
    """The first picture and the exact one, with what lies before them."""
    median = {step: quantile([run[step] for run in runs], 0.5) for step in STEPS}
    before = ", ".join(f"{step.removeprefix('consult-')} {median[step]:.0f}" for step in STEPS[:3])
    rows = []
    for step, what in (("consult-picture", "first picture"), ("consult-exact", "exact picture")):
        p95 = quantile([run[step] for run in runs], 0.95)
        name = f"{who}: button to {what}, {distance.name}"
        rows.append(Row(name, median[step], "ms", f"p95 {p95:.0f}; {before}"))
    return rows


async def measure_all() -> list[Row]:
    """The rows."""
    rows = []
    with chest() as made:
        async with Relay(free_udp_port(), seed=1) as relay, async_playwright() as driver:
            server = behind(relay, made.data)
            server.start()
            try:
                browser = await driver.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM_FLAGS)
                for distance in DISTANCES:
                    progress(distance.name)
                    async with there(distance, server, relay) as line:
                        found = await measure(browser, server, made.study, line)
                    rows += [row for who, runs in found.items() for row in rows_of(distance, who, runs)]
                await browser.close()
            finally:
                server.kill()
    return rows


def run() -> list[Row]:
    """The rows."""
    return asyncio.run(measure_all())
