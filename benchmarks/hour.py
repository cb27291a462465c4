"""An hour's worth of events, as fast as they are taken: what a page in real Chromium holds afterwards, and the server.

Server and browser's driver run in this process, so that the server's tasks can be counted; the people in one of their
own. Cursors are sent without their pause (`CURSORS_S`), so that each comes to the page as a message, as in an hour; the
page counts how many came. Marks and chat are kept by the page, up to `MARKS_KEPT` and 150: all that may
grow; so the heap must be level once these are reached, which is in the first half.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from playwright.async_api import Browser, CDPSession, ViewportSize, async_playwright

from benchmarks.rows import Row, progress
from benchmarks.serving import Held, chest, open_here, serving
from consult.http.sockets import uvicorn_override
from consult.model.rates import RateLimit
from consult.runtime import admission
from consult.sessions.features import rates
from consult.sessions.presence import cursors
from tests.support.browser_memory import browser_mb
from tests.support.people_process import PeopleProcess
from tests.support.person import CHROMIUM_FLAGS, Person

CHUNKS = 6
CURSORS, MOVERS, ROUNDS = 108_000, 5, 200
WORK = {"views": 3600, "marks": 500, "chats": 1000, "returns": 180, "visits": 20}
WARM = 0.02
"""Of the hour, before the first measurement."""
SCREEN: ViewportSize = {"width": 1280, "height": 720}
COUNT = """(() => {
  window.received = {};
  window.WebSocket = class extends WebSocket {
    constructor(...where) {
      super(...where);
      this.addEventListener('message', ({data}) => {
        const type = typeof data === 'string' ? /^{"type":"(\\w+)"/.exec(data)[1] : 'frame';
        received[type] = (received[type] ?? 0) + 1;
      });
    }
  };
})()"""
CALM = "document.querySelectorAll('[data-cursor], [data-off]').length === 0"
MB = 1e6
Message = dict[str, Any]
Weights = list[tuple["Weight", Held]]
"""Of the page and of the server, before the hour and after each part of it."""


@dataclass(frozen=True)
class Weight:
    """What a page holds, garbage collected. `heap`: of its main thread's JavaScript, `processes`: the browser's, MB."""

    heap: float
    nodes: int
    listeners: int
    processes: float

    @classmethod
    async def of(cls, session: CDPSession) -> Weight:
        """Collect and look."""
        for _ in range(3):
            await session.send("HeapProfiler.collectGarbage")
        usage = await session.send("Runtime.getHeapUsage")
        answer = await session.send("Performance.getMetrics")
        metrics = {metric["name"]: metric["value"] for metric in answer["metrics"]}
        nodes, listeners = int(metrics["Nodes"]), int(metrics["JSEventListeners"])
        return cls(usage["usedSize"] / MB, nodes, listeners, browser_mb())


@contextmanager
def cursors_at_once() -> Iterator[None]:
    """Without the pause between two messages of cursors."""
    pause = cursors.CURSORS_S
    cursors.CURSORS_S = 0.0
    try:
        yield
    finally:
        cursors.CURSORS_S = pause


@contextmanager
def at_any_rate() -> Iterator[None]:
    """An hour's chat and marks come within minutes: without the rates that hold pages to people's."""
    often = RateLimit(1e6, 1e6)
    with (
        patch.dict(rates.RATES, dict.fromkeys(rates.RATES, often)),
        patch.object(admission, "CONNECT", often),
        patch.object(uvicorn_override, "FRAMES", often),
    ):
        yield


@dataclass(frozen=True)
class WeighedPage:
    """The page that is weighed, and the people who make the hour."""

    person: Person
    session: CDPSession
    people: PeopleProcess
    link: str

    async def live_through(self, share: float) -> None:
        """So much of the hour."""
        before = await self.count("cursors")
        work = {name: max(1, round(share * times)) for name, times in WORK.items()}
        done = await self.people.ask("work", link=self.link, movers=MOVERS, **work)
        assert not done["refused"], done["refused"][:3]
        while await self.count("cursors") < before + share * CURSORS:
            await self.people.ask("point_fast", movers=MOVERS, times=ROUNDS)

    async def count(self, kind: str) -> int:
        """Messages of that type that have come to the page."""
        number: int = await self.person.page.evaluate("kind => window.received[kind] ?? 0", kind)
        return number

    async def weigh(self) -> tuple[Weight, Held]:
        """Once nobody points any more and the picture is exact: the page, and this process."""
        await self.person.wait_for(CALM)
        await self.person.settled()
        return await Weight.of(self.session), Held.now()


async def weighed(browser: Browser, link: str, people: PeopleProcess) -> tuple[float, Weights, Message]:
    """The browser with an empty page, MB; before the hour and after each part of it; and what came to the page."""
    context = await browser.new_context(viewport=SCREEN)
    person = Person(context, await context.new_page())
    empty = browser_mb()
    person.ignore_messages()
    await person.page.add_init_script(COUNT)
    await person.join(link, "Weighed")
    session = await context.new_cdp_session(person.page)
    await session.send("Performance.enable")
    watched = WeighedPage(person, session, people, link)
    await watched.live_through(WARM)
    weights = [await watched.weigh()]
    for part in range(CHUNKS):
        progress(f"part {part + 1} of {CHUNKS}")
        await watched.live_through(1 / CHUNKS)
        weights.append(await watched.weigh())
    assert not person.problems, person.problems
    return empty, weights, await person.page.evaluate("window.received")


async def measure_all(data: Path, study: str) -> list[Row]:
    """The rows."""
    with at_any_rate():
        return await measure_there(data, study)


async def measure_there(data: Path, study: str) -> list[Row]:
    """The rows, on a server of this process."""
    async with serving(data) as (services, address), PeopleProcess() as people, async_playwright() as driver:
        links = await open_here(services, address, study)
        await people.ask("come", link=links["host"])
        await people.ask("come", link=links["participant"], count=MOVERS + 3)
        browser = await driver.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM_FLAGS)
        with cursors_at_once():
            empty, weights, received = await weighed(browser, links["participant"], people)
        await browser.close()
    return [*page_rows([page for page, _ in weights], empty, received), *server_rows([held for _, held in weights])]


def page_rows(pages: list[Weight], empty: float, received: Message) -> list[Row]:
    """How the page grew."""
    before, half, after = pages[0], pages[len(pages) // 2], pages[-1]
    came = ", ".join(f"{number} {kind}" for kind, number in sorted(received.items(), key=lambda item: -item[1]))
    return [
        Row(
            "page's heap after an hour's events, more than before",
            after.heap - before.heap,
            "MB",
            "{}; {}".format(", ".join(f"{page.heap:.1f}" for page in pages), came),
        ),
        Row("page's heap, more in the second half", after.heap - half.heap, "MB", "marks and chat are full by then"),
        Row(
            "page's nodes, more in the second half",
            after.nodes - half.nodes,
            "nodes",
            ", ".join(str(page.nodes) for page in pages),
        ),
        Row(
            "page's listeners, more in the second half",
            after.listeners - half.listeners,
            "listeners",
            ", ".join(str(page.listeners) for page in pages),
        ),
        Row(
            "browser with the page after it, more than with an empty one",
            after.processes - empty,
            "MB",
            f"of {empty:.0f}; {before.processes - empty:.0f} before, {half.processes - empty:.0f} at half",
        ),
    ]


def server_rows(held: list[Held]) -> list[Row]:
    """How the server grew."""
    before, half, after = held[0], held[len(held) // 2], held[-1]
    return [
        Row(
            "server's memory, more in the second half",
            after.memory - half.memory,
            "MiB",
            ", ".join(f"{one.memory:.0f}" for one in held),
        ),
        Row("server's tasks, more than before", after.tasks - before.tasks, "tasks", f"{before.tasks} before"),
        Row(
            "server's descriptors, more than before",
            after.descriptors - before.descriptors,
            "descriptors",
            f"{before.descriptors} before",
        ),
    ]


def run() -> list[Row]:
    """The rows."""
    with chest() as made:
        return asyncio.run(measure_all(made.data, made.study))
