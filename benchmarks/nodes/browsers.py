"""Three open browsers while the node that has their consult is killed: they come back by themselves."""

from __future__ import annotations

import asyncio
from time import time

from playwright.async_api import Browser, async_playwright

from benchmarks.rows import Row, quantile
from tests.support.nodes import Nodes
from tests.support.person import CHROMIUM_FLAGS, Person

KILLS, PAGES = 20, 3
PATIENCE_S = 60.0
SAY_ONCE_LIVE = """(texts) => {
  window.saidOnceLive = new Promise((done) => {
    const now = () => performance.timeOrigin + performance.now();
    const shown = texts.map(() => 0);
    let wasAway = false;
    let isSent = false;
    const send = () => {
      const input = document.querySelector(".chat-form input, .chat-form textarea");
      input.value = texts[0];
      input.dispatchEvent(new Event("input", { bubbles: true }));
      input.form.requestSubmit();
      isSent = true;
    };
    const look = () => {
      const isLive = document.body.dataset.state === "live";
      wasAway ||= !isLive;
      if (isLive && wasAway && !isSent) send();
      const on = new Set([...document.querySelectorAll(".chat-text")].map((one) => one.textContent));
      texts.forEach((text, i) => { if (on.has(text)) shown[i] ||= now(); });
      if (shown.every(Boolean)) { watch.disconnect(); done(shown); }
    };
    const watch = new MutationObserver(look);
    watch.observe(document.body, { attributes: true, attributeFilter: ["data-state"], childList: true, subtree: true });
  });
}"""


async def killed_under_browsers(running: Nodes, study: str, kills: int = KILLS) -> list[Row]:
    """kill -9 of the node; each page then sends a message as soon as it is live again: seconds until that is
    acknowledged, which is when the page shows it, and until another page does, which has to be back too. The pages say
    it, and note when, by themselves: what drives them would take its own share of two cores."""
    opened = await asyncio.to_thread(running.open, study)
    acknowledged, shown = list[float](), list[float]()
    async with async_playwright() as driver:
        browser = await driver.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM_FLAGS)
        people = [await opened_page(browser, opened["guest"], f"Guest {i}") for i in range(PAGES)]
        for number in range(kills):
            owner = running.owner(opened["consult"])
            texts = [f"kill {number} page {i}" for i in range(PAGES)]
            for i, person in enumerate(people):
                await say_once_live(person, [texts[i], texts[i - 1]])
            began = time()
            await asyncio.to_thread(owner.kill)
            for own, others in await asyncio.gather(*map(shown_at, people)):
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


async def say_once_live(person: Person, texts: list[str]) -> None:
    """From now on: once the page has not been live and is live again it sends the first of these texts, as by its
    field and Enter, and notes when it shows each of them."""
    await person.page.evaluate(SAY_ONCE_LIVE, texts)


async def shown_at(person: Person) -> list[float]:
    """When the page showed each text, seconds of the wall clock of this machine, which is the page's too."""
    async with asyncio.timeout(PATIENCE_S):
        at: list[float] = await person.page.evaluate("window.saidOnceLive")
    return [one / 1000 for one in at]
