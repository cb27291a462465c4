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
    """kill -9 of the node; each page then sends a message at once: seconds until another page has it."""
    opened = await asyncio.to_thread(running.open, study)
    taken = list[float]()
    async with async_playwright() as driver:
        browser = await driver.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM_FLAGS)
        people = [await opened_page(browser, opened["guest"], f"Guest {i}") for i in range(PAGES)]
        for number in range(kills):
            owner = running.owner(opened["consult"])
            began = perf_counter()
            await asyncio.to_thread(owner.kill)
            said = [say(person, people[(i + 1) % PAGES], f"kill {number} page {i}") for i, person in enumerate(people)]
            taken += [at - began for at in await asyncio.gather(*said)]
            await asyncio.to_thread(owner.start)
        problems = [problem for person in people for problem in person.problems]
        await browser.close()
    often = f"{kills} times, {PAGES} pages; faults of the pages: {len(problems)}"
    detail = f"p50 {quantile(taken, 0.5):.2f}, most {max(taken):.2f} s, {often}; to be 2.5"
    return [Row("a message of a browser stored behind kill -9, p95", quantile(taken, 0.95), "s", detail)]


async def opened_page(browser: Browser, link: str, name: str) -> Person:
    """A page in a context of its own."""
    context = await browser.new_context(viewport={"width": 1440, "height": 900})
    person = Person(context, await context.new_page())
    await person.join(link, name)
    await person.page.get_by_role("tab", name="Chat").click()
    return person


async def say(person: Person, other: Person, text: str) -> float:
    """When another page has what this one has sent, as it does while its connection may be lost."""
    box = person.page.get_by_label("Message to all")
    await box.fill(text)
    await box.press("Enter")
    await other.wait_for(f"[...document.querySelectorAll('.chat-text')].some((one) => one.textContent === '{text}')")
    return perf_counter()
