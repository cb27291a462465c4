"""Losing the connection loses nothing: a tunnel, a locked phone, kill -9 in mid-drawing; and each says so in words.

What each was seen to fail on, in their order: a page that takes silence for peace; a finger that is taken away like
one that lets go; nothing kept beside the page.
"""

from __future__ import annotations

import asyncio
import contextlib
import re

import numpy as np
import pytest
from playwright.async_api import Error, expect

from tests.browser.conftest import People
from tests.support.fingers import Fingers
from tests.support.marking import at_pixel, choose, length_in, rows
from tests.support.on_screen import drag, on_page
from tests.support.person import Person, check_exact
from tests.support.server import Server
from tests.support.tunnel import Tunnel

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
SILENCE_MS = 11_000
"""A page that hears nothing for 6 s knows that it is alone."""
COUNTED = re.compile(r"NOT LIVE, ([3-9]\d|1[01]\d) S OLD|NOT LIVE, \d+ MIN OLD")
"""From the server's last word, more than 30 s ago."""
IN_THE_TUNNEL_MS = 20_000
OFFER = "Your mark is not stored yet: Length."


async def test_half_a_minute_in_a_tunnel(people: People, links: dict[str, str]) -> None:
    """The page's own clock is put forward, so that nobody waits; it believes that more than 30 s have passed."""
    host, guest = await people.come(1440, 900), await people.come(1366, 768)
    tunnel = Tunnel(guest)
    await tunnel.lay()
    await guest.page.clock.install()
    await host.join(links["host"])
    await guest.join(links["guest"], "Dr. Guest")
    before = await guest.canvas()
    await tunnel.enter()
    number = await host.image_number()
    await host.after(host.page.keyboard.press("ArrowDown"))
    one, other = await at_pixel(host, 40, 40), await at_pixel(host, 60, 40)
    await choose(host, "Length")
    await drag(host, one, other)
    await rows(host, 1)
    await host.page.get_by_role("tab", name="Chat").click()
    await host.page.get_by_label("Message to all").fill("Look at this one.")
    await host.page.keyboard.press("Enter")
    await host.page.locator(".chat-text").wait_for()

    await guest.page.clock.fast_forward(SILENCE_MS)
    await guest.state("reconnecting")
    await guest.page.clock.fast_forward(IN_THE_TUNNEL_MS)
    bar = guest.page.locator("#presence-bar")
    await expect(bar).to_contain_text("Reconnecting")
    await expect(bar).to_contain_text("You see the last picture. Your marks are safe.")
    await expect(guest.page.locator("[data-viewport=a]")).to_contain_text(COUNTED)
    await expect(guest.page.get_by_role("radio", name="Length tool")).to_be_disabled()
    assert np.array_equal(await guest.canvas(), before), "the last picture is untouched"

    await tunnel.leave()
    await guest.page.locator(".notice").get_by_text("Connected again.").wait_for()
    await guest.settled(await host.revision())
    assert await guest.image_number() == number + 1
    await check_exact(guest)
    [row] = await rows(guest, 1)
    assert abs(length_in(row["text"]) - 40) <= 0.5
    await expect(guest.page.get_by_role("tab", name="Chat 1 unread")).to_be_visible()

    await tunnel.enter()
    await host.page.get_by_role("button", name="End").click()
    await host.page.get_by_role("button", name="End for all").click()
    await host.state("ended")
    await guest.page.clock.fast_forward(SILENCE_MS)
    await guest.state("reconnecting")
    await tunnel.leave()
    await guest.state("ended")
    assert await guest.data("reason") == "over"
    assert not guest.problems


async def test_a_phone_that_is_locked_in_mid_drawing(people: People, links: dict[str, str], server: Server) -> None:
    """The system takes the finger away and freezes the page; meanwhile the server is killed, and comes back."""
    host, phone = await people.come(1440, 900), await people.come(390, 844, touch=True)
    await host.join(links["host"])
    await phone.join(links["guest"], "On a phone")
    cdp = await phone.context.new_cdp_session(phone.page)
    fingers = Fingers(cdp)
    one, other = await at_pixel(phone, 40, 40), await at_pixel(phone, 60, 40)
    (x, y), there = await on_page(phone, one), await on_page(phone, other)
    await choose(phone, "Length")
    await fingers.touch("touchStart", (x, y))
    await fingers.touch("touchMove", (x + 20, y))
    await fingers.touch("touchMove", there)
    await host.wait_for("document.querySelector('[data-viewport]').dataset.marks !== ''")
    await phone.page.evaluate("window.sameForEver = true")
    await fingers.touch("touchCancel")
    await phone.page.locator(".notice").get_by_text(OFFER).wait_for()
    await cdp.send("Page.setWebLifecycleState", {"state": "frozen"})
    server.kill()
    await host.state("reconnecting")
    server.start()
    await host.state("live")
    revision = await host.after(host.page.keyboard.press("ArrowDown"))
    await cdp.send("Page.setWebLifecycleState", {"state": "active"})
    await phone.settled(revision)
    assert await phone.image_number() == await host.image_number()
    await check_exact(phone)
    assert await phone.page.evaluate("window.sameForEver")
    await rows(host, 0)
    await phone.page.locator(".notice").get_by_role("button", name="Keep it").click()
    [row] = await rows(host, 1)
    assert abs(length_in(row["text"]) - 40) <= 0.5
    await expect(phone.page.locator(".notice").get_by_text(OFFER)).to_have_count(0)
    assert not phone.problems


async def reload_in_vain(person: Person) -> str:
    """Press reload while nobody answers; the address to come back to."""
    address = person.page.url
    with contextlib.suppress(Error):
        await person.page.reload()
    return address


async def test_kill_9_during_a_drag_and_a_reload(people: People, links: dict[str, str], server: Server) -> None:
    host, guest = await people.come(1440, 900), await people.come(1366, 768)
    await host.join(links["host"])
    await guest.join(links["guest"], "Dr. Guest")
    corners = [await at_pixel(guest, column, 40) for column in (30, 50, 70)]
    await choose(guest, "Length")
    await drag(guest, corners[0], corners[1])
    await rows(host, 1)
    await guest.page.mouse.move(*await on_page(guest, corners[1]))
    await guest.page.keyboard.press("Escape")
    low = [(x, y + 30.0, z) for x, y, z in corners]
    await guest.page.mouse.move(*await on_page(guest, low[0]))
    await guest.page.mouse.down()
    await guest.page.mouse.move(*await on_page(guest, low[2]), steps=4)
    drawn = "document.querySelector('[data-viewport]').dataset.marks.split(' ').length"
    await host.wait_for(f"{drawn} === 2")
    server.kill()
    await guest.state("reconnecting")
    address = await reload_in_vain(guest)
    server.start()
    await guest.page.goto(address)
    await asyncio.gather(host.state("live"), guest.state("live"))
    await guest.page.locator(".notice").get_by_text(OFFER).wait_for()
    for person in (host, guest):
        [row] = await rows(person, 1)
        assert abs(length_in(row["text"]) - 40) <= 0.5
    await guest.wait_for(f"{drawn} === 2")
    await guest.page.locator(".notice").get_by_role("button", name="Keep it").click()
    for person in (host, guest):
        listed = await rows(person, 2)
        assert abs(length_in(listed[1]["text"]) - 80) <= 0.5
    await guest.page.reload()
    await guest.state("live")
    await rows(guest, 2)
    await expect(guest.page.locator(".notice").get_by_text(OFFER)).to_have_count(0)
    assert not guest.problems
