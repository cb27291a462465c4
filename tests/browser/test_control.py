"""Control is asked for, granted and taken back; who does not have it changes nothing."""

from __future__ import annotations

import asyncio
import re
from typing import Any

import pytest
from playwright.async_api import expect

from tests.browser.conftest import People, Studies
from tests.support.person import Person
from tests.support.server import Server

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
SHOW_BY_HAND = """async () => {
  const socket = new WebSocket(new URL('ws', location.href).href.replace('http', 'ws'));
  const send = (message) => socket.send(JSON.stringify(message));
  return await new Promise((done) => {
    socket.onopen = () => send({type: 'hello', protocol: 2, tab: 'by-hand-1', screen: {width: 64, height: 64}});
    socket.onmessage = (event) => {
      const m = JSON.parse(event.data);
      if (m.type === 'welcome') {
        const view = structuredClone(m.view.view);
        view.viewports[0].shows.place = 0;
        send({type: 'show', control: m.snapshot.control.epoch, case: m.snapshot.case, n: 1, view, rest: true});
      }
      if (m.type === 'view' && m.tab === 'by-hand-1') done('shown');
      if (m.type === 'refused') { socket.close(); done(m.code); }
    };
  });
}"""


async def two(people: People, links: dict[str, str]) -> tuple[Person, Person]:
    """Host and guest at desks."""
    host, guest = await people.come(1440, 900), await people.come(1366, 768)
    await host.join(links["host"])
    await guest.join(links["guest"], "Dr. Guest")
    return host, guest


async def seen_by(number: int, *everybody: Person) -> None:
    """All see that image."""
    await asyncio.gather(*(person.sees(number) for person in everybody))


def window(viewports: dict[str, Any]) -> dict[str, float]:
    """Of the first viewport."""
    found: dict[str, float] = viewports["a"]["window"]
    return found


async def test_a_guest_without_control_cannot_change_the_view(people: People, links: dict[str, str]) -> None:
    host, guest = await two(people, links)
    revision, number = await host.revision(), await host.image_number()
    await guest.page.locator("#stage").hover()
    await guest.page.mouse.wheel(0, 120)
    await guest.page.locator(".notice").get_by_text("You look around alone").wait_for()
    await guest.page.keyboard.press("ArrowDown")
    await guest.sees(number + 2)
    assert await guest.page.evaluate(SHOW_BY_HAND) == "not_in_control"
    assert await host.revision() == revision
    await guest.page.keyboard.press("f")
    await guest.sees(number)
    assert await guest.revision() == revision
    await host.after(host.page.keyboard.press("ArrowDown"))
    await seen_by(number + 1, host, guest)


AWAY = """(() => {
  const title = document.querySelector('#presence-bar .drives'), text = document.createRange();
  text.selectNodeContents(title);
  return title.textContent.endsWith('is away') &&
    text.getBoundingClientRect().width <= title.getBoundingClientRect().width + 0.01;
})()"""
"""It says who is away, and nothing of it is cut off, by however little: an ellipsis takes whole letters."""


async def test_who_has_control_and_is_gone_is_named_whole_on_a_small_screen(
    people: People, server: Server, studies: Studies
) -> None:
    # Seen to fail: "Dr. Host has control and is aw…".
    links = server.open(studies.prior, studies.current, title="Growth")
    host, guest = await people.come(), await people.come(1280, 720)
    await host.join(links["host"])
    await guest.join(links["guest"], "Dr. Guest")
    await host.page.get_by_role("button", name="Layout 1×1").click()
    await host.page.get_by_role("menuitemradio", name="1×2 compare").click()
    await guest.page.locator("[data-viewport=b]").wait_for()
    await host.page.close()
    await guest.wait_for(AWAY)
    await expect(guest.page.locator("#presence-bar .count-text").first).to_have_attribute(
        "title", re.compile("You can take control")
    )


async def test_control_is_asked_for_granted_and_taken_back(people: People, links: dict[str, str]) -> None:
    host, guest = await two(people, links)
    follower = await people.come(390, 844, 3, touch=True)
    await follower.join(links["guest"], "On a phone")
    number = await host.image_number()
    await guest.page.get_by_role("button", name="Ask for control").click()
    await host.page.locator("#rail").get_by_text("asks for control").wait_for()
    await host.page.get_by_role("button", name="Give control").click()
    await expect(guest.page.locator("#presence-bar")).to_contain_text("You have control")
    await expect(host.page.locator("#presence-bar")).to_contain_text("Dr. Guest has control")
    await guest.page.locator("#stage").hover()
    await guest.page.mouse.wheel(0, 120)
    await seen_by(number + 1, host, guest, follower)

    box = await guest.page.locator("#stage").bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    await guest.page.keyboard.press("w")
    await guest.page.mouse.move(x, y)
    await guest.page.mouse.down()
    await guest.after(guest.page.mouse.move(x + 60, y))
    revision = await guest.revision()
    await asyncio.gather(host.settled(revision), follower.settled(revision))
    wide = window(await host.shown())
    await host.page.get_by_role("button", name="Take back").click()
    await expect(host.page.locator("#presence-bar")).to_contain_text("You present")
    await expect(guest.page.locator("#presence-bar")).to_contain_text("Following Dr. Host")
    await guest.page.mouse.move(x + 160, y + 40)
    await guest.page.locator(".notice").wait_for()
    await guest.page.mouse.up()
    await guest.page.keyboard.press("f")
    await host.after(host.page.keyboard.press("ArrowDown"))
    await seen_by(number + 2, host, guest, follower)
    for person in (host, guest, follower):
        assert window(await person.shown()) == wide, "the former presenter's gesture is without effect"
