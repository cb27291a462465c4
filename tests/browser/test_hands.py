"""Which hand has a press: a tool that draws, the laser, or a finger that stays and points. Never two of them.

What each test was seen to fail on, in their order: the pointing hand asked before the drawing one; a press, then a
click, that the drawing hand takes although the laser is chosen.
"""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.support.fingers import Fingers
from tests.support.marking import at_pixel, choose, length_in, rows
from tests.support.on_screen import drag, on_page
from tests.support.pointing import seat, seen
from tests.support.together import HOST, Comes, Persons, together

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
three = together(HOST, Comes(820, 1180, 2, name="Dr. Guest"), Comes(390, 844, 3, name="On a phone", touch=True))
LONG_PRESS = "new Promise((done) => setTimeout(done, 800))"
"""A timer of the page due behind the one that lets a finger point (500 ms): it runs behind it, however busy all is."""
SELECTED = "[data-mark][aria-current=true]"


async def test_a_finger_that_stays_with_a_tool_in_the_hand_draws(three: Persons) -> None:
    host, _, phone = three
    fingers = Fingers(await phone.context.new_cdp_session(phone.page))
    here, there = [await on_page(phone, await at_pixel(phone, column, 40)) for column in (40, 60)]
    await choose(phone, "Length")
    await fingers.touch("touchStart", here)
    await phone.page.evaluate(LONG_PRESS)
    await fingers.touch("touchMove", ((here[0] + there[0]) / 2, here[1]))
    await fingers.touch("touchMove", there)
    await host.wait_for("document.querySelector('[data-viewport]').dataset.marks !== ''")
    await expect(host.page.locator(seen(await seat(phone)))).to_have_count(0)
    await fingers.touch("touchEnd")
    [row] = await rows(host, 1)
    assert abs(length_in(row["text"]) - 40) <= 0.5


async def test_the_laser_takes_no_mark_into_the_hand(three: Persons) -> None:
    host, guest, _ = three
    one, other = await at_pixel(host, 40, 40), await at_pixel(host, 60, 40)
    await choose(host, "Length")
    await drag(host, one, other)
    [before] = await rows(host, 1)
    await host.page.keyboard.press("Escape")
    middle = await on_page(host, ((one[0] + other[0]) / 2, one[1], one[2]))
    await host.page.mouse.click(*middle)
    await expect(host.page.locator(SELECTED)).to_have_count(1)
    await host.page.get_by_role("button", name="Laser pointer").click()
    x, y = await on_page(host, other)
    await host.page.mouse.move(x, y)
    await host.page.mouse.down()
    await host.page.mouse.move(x + 40, y + 60, steps=5)
    trail = f"[data-trail='{await seat(host)}'] path.over"
    for person in (host, guest):
        await expect(person.page.locator(trail)).to_have_count(1)
    await host.page.mouse.up()
    await expect(guest.page.locator(trail)).to_have_count(0)
    await host.page.keyboard.press("Escape")
    await expect(host.page.locator(SELECTED)).to_have_count(0)
    await host.page.mouse.click(*middle)
    await expect(guest.page.locator(trail)).to_have_count(0)
    await expect(host.page.locator(SELECTED)).to_have_count(0)
    for person in (host, guest):
        [row] = await rows(person, 1)
        assert row["points"] == before["points"]
