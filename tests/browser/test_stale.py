"""What the server has not confirmed for 3 s is called neither live nor exact: a cut line, a sleep, a frozen server.

Seen to fail on a page that counts from the last message, or from when it noticed; on a server that goes by sockets.
"""

from __future__ import annotations

import os
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from itertools import pairwise
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import CDPSession, Playwright, expect

from tests.browser.conftest import People
from tests.support.line import Line
from tests.support.person import CHROMIUM_FLAGS, METERED, Person, check_exact
from tests.support.server import Server

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
STALE_MS = 3000
SAMPLE = """(() => {
  // What the page says of itself, frame by frame, by its own clock.
  window.samples = [];
  const look = (at) => {
    const {state, fidelity} = document.body?.dataset ?? {};
    const text = document.querySelector('#stage')?.textContent ?? '';
    const image = Number(text.match(/Image\\s(\\d+)/)?.[1]), age = text.match(/NOT LIVE, (\\d+) S/)?.[1];
    window.samples.push({at, sure: state === 'live' && fidelity !== 'lossy', image, age: age && Number(age)});
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})()"""
OLD = """([old, since, frame]) => {
  // The longest time, in ms, for which the page was sure of that image since then. What it does not run for on a busy
  // machine does not count: no frame counts for more than that.
  let longest = 0, sure_for = 0, before = null;
  for (const {at, sure, image} of window.samples.filter((one) => one.at >= since)) {
    sure_for = !sure || image !== old || before === null ? 0 : sure_for + Math.min(at - before, frame);
    before = at;
    longest = Math.max(longest, sure_for);
  }
  return longest;
}"""
FRAME_MS = 250
FIRST_AGE = """(() => {
  // What the page says first of the age of what it shows, s, and how long it took then to say anything at all, ms.
  const first = window.samples.findIndex((one) => one.age !== undefined);
  return [window.samples[first].age, window.samples[first].at - window.samples[first - 1].at];
})()"""
PUT_AWAY = "dispatchEvent(new PageTransitionEvent('pagehide', {persisted: true}))"
TAKEN_OUT = "dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))"


@contextmanager
def stopped(*pids: int) -> Iterator[None]:
    """Processes that do not run for a while."""
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)


def check_first_age(said: list[float]) -> None:
    """It counts from the server's last word: not from when the page has found out, unless that was late itself."""
    age, late_ms = said
    assert 3 <= age <= 3 + late_ms // FRAME_MS, "from the server's last word"


class Sleeper:
    """A guest with a browser of their own, whose renderers can be stopped."""

    def __init__(self, person: Person, cdp: CDPSession) -> None:
        self.person, self._cdp = person, cdp

    async def renderers(self) -> list[int]:
        """Processes that run pages."""
        found: list[dict[str, Any]] = (await self._cdp.send("SystemInfo.getProcessInfo"))["processInfo"]
        return [process["id"] for process in found if process["type"] == "renderer"]


@pytest_asyncio.fixture(loop_scope="session")
async def sleeper(playwright: Playwright) -> AsyncIterator[Sleeper]:
    """One page in a browser of its own."""
    browser = await playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM_FLAGS)
    context = await browser.new_context(viewport={"width": 1280, "height": 720}, reduced_motion="reduce")
    await context.add_init_script(METERED)
    await context.add_init_script(SAMPLE)
    person = Person(context, await context.new_page())
    yield Sleeper(person, await browser.new_browser_cdp_session())
    await browser.close()


async def test_a_line_that_dies_without_a_sign(people: People, links: dict[str, str], server: Server) -> None:
    host, guest = await people.come(1440, 900), await people.come(1280, 720)
    await guest.page.add_init_script(SAMPLE)
    async with Line(server.address) as line:
        await host.join(links["host"])
        await guest.enter(line.leads(links["guest"]), "Dr. Guest")  # `join` leaves a connection that this cuts
        await guest.state("live")
        await guest.settled()
        old = await guest.image_number()
        since = await guest.page.evaluate("performance.now()")
        line.cut()
        revision = await host.after(host.page.keyboard.press("ArrowDown"))
        await guest.state("reconnecting")
        await expect(guest.page.locator("[data-viewport=a]")).to_contain_text("NOT LIVE")
        check_first_age(await guest.page.evaluate(FIRST_AGE))
        assert await guest.data("fidelity") == "lossy"
        assert await guest.page.evaluate(OLD, [old, since, FRAME_MS]) < STALE_MS + 1000
        line.mend()
        await guest.page.evaluate("dispatchEvent(new Event('online'))")
        await guest.state("live")
        await guest.settled(revision)
        await check_exact(guest)
        await expect(host.page.locator("#rail").get_by_text("Dr. Guest", exact=True)).to_have_count(1)
        assert not guest.problems


async def test_a_server_that_does_not_run_for_a_while(people: People, links: dict[str, str], server: Server) -> None:
    host, guest = await people.come(1440, 900), await people.come(1280, 720)
    await guest.page.add_init_script(SAMPLE)
    await host.join(links["host"])
    await guest.join(links["guest"], "Dr. Guest")
    with stopped(server.pid):
        for person in (host, guest):
            await person.state("reconnecting")
            await expect(person.page.locator("[data-viewport=a]")).to_contain_text("NOT LIVE")
        check_first_age(await guest.page.evaluate(FIRST_AGE))
    for person in (host, guest):
        await person.state("live")
    revision = await host.after(host.page.keyboard.press("ArrowDown"))
    await guest.settled(revision)
    await check_exact(guest)
    await expect(host.page.locator("#rail").get_by_text("Dr. Guest", exact=True)).to_have_count(1)


async def test_a_page_that_sleeps_is_offline_and_is_not_live_when_it_wakes(
    people: People, links: dict[str, str], sleeper: Sleeper
) -> None:
    host, guest = await people.come(1440, 900), sleeper.person
    await host.join(links["host"])
    await guest.join(links["guest"], "Dr. Guest")
    here = host.page.locator("#rail").get_by_text("Dr. Guest", exact=True)
    await here.wait_for()
    old = await guest.image_number()
    since = await guest.page.evaluate("performance.now()")
    with stopped(*await sleeper.renderers()):
        revision = await host.after(host.page.keyboard.press("ArrowDown"))
        await here.wait_for(state="detached")
    await guest.settled(revision)
    samples = await guest.page.evaluate("window.samples")
    woken = next(b["at"] for a, b in pairwise(samples) if b["at"] - a["at"] > STALE_MS)
    assert woken > since
    assert await guest.page.evaluate(OLD, [old, woken, FRAME_MS]) < STALE_MS
    await here.wait_for()
    await check_exact(guest)

    await guest.page.evaluate(PUT_AWAY)
    await here.wait_for(state="detached")
    await guest.page.evaluate(TAKEN_OUT)
    await guest.state("live")
    await here.wait_for()
    assert not guest.problems
