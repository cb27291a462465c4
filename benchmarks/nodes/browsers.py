"""Three open browsers while the node that has their consult is killed: they come back by themselves."""

from __future__ import annotations

import asyncio
from time import perf_counter

from playwright.async_api import Browser, async_playwright

from benchmarks.rows import Row, quantile
from tests.support.nodes import Nodes
from tests.support.person import CHROMIUM_FLAGS, Person

KILLS, PAGES = 20, 3


async def killed_under_browsers(running: Nodes, study: str, kills: int = KILLS) -> list[Row]:
    """kill -9 of the node; each page then sends a message at once: seconds until that is acknowledged, and until
    another page shows it, which has to be back too."""
    opened = await asyncio.to_thread(running.open, study)
    acknowledged, shown = list[float](), list[float]()
    async with async_playwright() as driver:
        browser = await driver.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM_FLAGS)
        people = [await opened_page(browser, opened["guest"], f"Guest {i}") for i in range(PAGES)]
        for number in range(kills):
            owner = running.owner(opened["consult"])
            began = perf_counter()
            await asyncio.to_thread(owner.kill)
            said = [say(person, people[(i + 1) % PAGES], f"kill {number} page {i}") for i, person in enumerate(people)]
            for own, others in await asyncio.gather(*said):
                acknowledged.append(own - began)
                shown.append(others - began)
            await asyncio.to_thread(owner.start)
        problems = [problem for person in people for problem in person.problems]
        await browser.close()
    often = f"{kills} times, {PAGES} pages; faults of the pages: {len(problems)}"
    return [
        Row(f"a message of a browser behind kill -9 {what}, p95", quantile(taken, 0.95), "s", detail_of(taken, often))
        for what, taken in (("acknowledged", acknowledged), ("shown to another", shown))
    ]


def detail_of(taken: list[float], often: str) -> str:
    """Beside the 95th percentile."""
    return f"p50 {quantile(taken, 0.5):.2f}, most {max(taken):.2f} s, {often}; to be 2.5"


async def opened_page(browser: Browser, link: str, name: str) -> Person:
    """A page in a context of its own."""
    context = await browser.new_context(viewport={"width": 1440, "height": 900})
    person = Person(context, await context.new_page())
    await person.join(link, name)
    await person.page.get_by_role("tab", name="Chat").click()
    return person


async def say(person: Person, other: Person, text: str) -> tuple[float, float]:
    """When what a page sends as soon as it is live again is acknowledged: the page shows it then; and when another page
    has it."""
    await person.wait_for("document.body.dataset.state !== 'live'")
    await person.wait_for("document.body.dataset.state === 'live'")  # Playwright itself looks every half second
    box = person.page.get_by_label("Message to all")
    await box.fill(text)
    await box.press("Enter")
    has = f"[...document.querySelectorAll('.chat-text')].some((one) => one.textContent === '{text}')"
    seen = asyncio.create_task(when(other, has))
    return await when(person, has), await seen


async def when(person: Person, has: str) -> float:
    """That is so in a page."""
    await person.wait_for(has)
    return perf_counter()
