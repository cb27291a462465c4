"""Everybody sees where the others point, on the same anatomy whatever their screen; hands; who is where.

Each was seen to fail: placed by the part of the window instead of the stamp; on whatever image is shown; without the
case; with another's hand; dots that stay where one was.
"""

from __future__ import annotations

import asyncio
import json
import math
import re

import pytest
from playwright.async_api import Page, WebSocketRoute, expect

from tests.browser.conftest import People
from tests.support.fingers import Fingers
from tests.support.on_screen import on_page
from tests.support.pointing import nodule, point_at, seat, seen, stands_on, under
from tests.support.server import Server
from tests.support.together import HOST, Comes, Persons, together

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
three = together(HOST, Comes(1300, 560, name="Dr. Guest"), Comes(390, 844, 3, name="On a phone", touch=True))
"""A host at a desk, a guest at a low, wide window, a guest with a phone."""


async def test_a_cursor_is_on_the_same_anatomy_everywhere(three: Persons) -> None:
    host, guest, phone = three
    await host.after(host.page.keyboard.press("+"))
    await host.after(host.page.keyboard.press("r"))
    await host.page.keyboard.press("p")
    x, y = await on_page(host, await nodule(host))
    await host.page.mouse.move(x, y)
    await host.page.mouse.down()
    await host.after(host.page.mouse.move(x + 61, y - 37, steps=3))
    await host.page.mouse.up()
    revision = await host.settled()
    await asyncio.gather(guest.settled(revision), phone.settled(revision))
    who = await seat(host)
    for step in (0.0, 17.0):
        point = tuple(c + step for c in (await nodule(host))[:2]) + (await nodule(host))[2:]
        await point_at(host, point)
        await stands_on(guest, who, point, by=host)
        await expect(guest.page.locator(seen(who))).to_have_text("Dr. Host")
        await stands_on(phone, who, point, by=host)
    assert await host.page.locator(seen(who)).count() == 0, "nobody sees their own cursor twice"

    await guest.page.mouse.move(*(await on_page(guest, point)))
    await stands_on(host, await seat(guest), point, by=guest)
    await host.page.mouse.move(5, 5)
    await expect(guest.page.locator(seen(who))).to_have_count(0)


async def test_a_finger_that_stays_points_and_scrolls_nothing(three: Persons) -> None:
    host, _, phone = three
    number, who, point = await host.image_number(), await seat(phone), await nodule(phone)
    fingers = Fingers(await phone.context.new_cdp_session(phone.page))
    x, y = await on_page(phone, point)
    await fingers.touch("touchStart", (x, y))
    await stands_on(host, who, point)
    await fingers.touch("touchMove", (x + 30, y + 90))
    viewport = (await phone.shown())["a"]
    mm = 2 * viewport["camera"]["radius"] / min(viewport["rect_px"][2:]) * 3
    axes = zip(point, viewport["camera"]["right"], viewport["camera"]["down"], strict=True)
    await stands_on(host, who, tuple(c + (30 * right + 90 * down) * mm for c, right, down in axes))
    await fingers.touch("touchEnd")
    await expect(host.page.locator(seen(who))).to_have_count(0)
    assert await host.image_number() == await phone.image_number() == number


async def test_who_is_beyond_the_edge_is_told_there_and_the_presenter_can_go(three: Persons) -> None:
    host, guest, phone = three
    rect = (await guest.shown())["a"]["rect_px"]
    box = await guest.page.locator("#picture-area").bounding_box()
    assert box
    await guest.page.mouse.move(box["x"] + 30, box["y"] + box["height"] / 2)
    who = await seat(guest)
    pill = f"[data-off='{who}']"
    await expect(phone.page.locator(pill)).to_contain_text("Dr. Guest")
    assert rect[2] > 2 * rect[3], "the guest's window shows more at its sides than the phone"
    await expect(phone.page.locator(seen(who))).to_have_count(0)
    assert await phone.page.locator(pill).evaluate("(e) => e.tagName") == "SPAN", "who follows goes nowhere alone"
    await guest.page.mouse.move(0, 0)
    await expect(phone.page.locator(pill)).to_have_count(0)

    await host.page.get_by_role("button", name="On a phone").click()
    await host.page.get_by_text("Give control").click()
    await expect(phone.page.locator(".notice")).to_contain_text("You have control")
    await guest.page.mouse.move(box["x"] + 30, box["y"] + box["height"] / 2)
    point = await under(guest, box["x"] + 30, box["y"] + box["height"] / 2)
    await phone.after(phone.page.get_by_role("button", name="Go to where Dr. Guest points").click())
    await stands_on(phone, who, point, by=guest)
    await stands_on(host, who, point, by=guest)
    assert math.dist(await under(guest, box["x"] + 30, box["y"] + box["height"] / 2), point) > 20, "it has moved"


async def alter(page: Page, case: int) -> None:
    """Let a page hear of cursors as if they were of another case."""

    def route(socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()

        def on_message(text: str | bytes) -> None:
            message = json.loads(text)
            if message["type"] == "cursors":
                message["case"] += case
            socket.send(json.dumps(message))

        server.on_message(on_message)

    await page.route_web_socket(lambda url: url.endswith("/ws"), route)


@pytest.mark.parametrize("off_by", [0, 1])
async def test_a_cursor_of_another_case_is_not_shown(three: Persons, people: People, off_by: int) -> None:
    host, witness, _ = three
    guest = await people.come(1200, 700)
    await alter(guest.page, off_by)
    await guest.join(three.links["guest"], "Who hears of another case")
    await point_at(host, await nodule(host))
    marker = guest.page.locator(f"{seen(await seat(host))}, [data-off]")
    if off_by == 0:
        await expect(marker).to_have_count(1)
    else:
        await expect(witness.page.locator(seen(await seat(host)))).to_have_count(1)
        await expect(marker).to_have_count(0)


async def test_the_laser_leaves_a_trail_that_goes(three: Persons) -> None:
    host, guest, _ = three
    revision, point = await host.revision(), await nodule(guest)
    await guest.page.get_by_role("button", name="Laser pointer").click()
    x, y = await on_page(guest, point)
    await guest.page.mouse.move(x, y)
    await guest.page.mouse.down()
    await guest.page.mouse.move(x + 60, y + 30, steps=8)
    trail = f"[data-trail='{await seat(guest)}'] path.over"
    await expect(host.page.locator(trail)).to_have_count(1)
    await expect(guest.page.locator(trail)).to_have_count(1)
    await guest.page.mouse.up()
    await expect(host.page.locator(trail)).to_have_count(0)
    await expect(guest.page.locator(trail)).to_have_count(0)
    await guest.page.keyboard.press("Escape")
    await expect(guest.page.get_by_role("button", name="Laser pointer")).to_have_attribute("aria-pressed", "false")
    assert await host.revision() == revision


async def test_a_hand_is_seen_and_lowered(three: Persons) -> None:
    host, guest, phone = three
    await guest.page.keyboard.press("y")
    row = host.page.locator("#rail .person", has_text="Dr. Guest")
    await expect(row.locator(".hand-sign")).to_have_text("1")
    await expect(host.page.locator("#polite")).to_have_text("Dr. Guest raises a hand")
    await phone.page.get_by_role("button", name="Raise hand").click()
    other = host.page.locator("#rail .person", has_text="On a phone")
    await expect(other.locator(".hand-sign")).to_have_text("2")
    await row.click()
    await host.page.get_by_role("menuitem", name="Lower hand").click()
    await expect(row.locator(".hand-sign")).to_have_count(0)
    await expect(other.locator(".hand-sign")).to_have_text("1")
    await expect(guest.page.get_by_role("button", name="Raise hand")).to_have_attribute("aria-pressed", "false")
    await expect(phone.page.get_by_role("button", name="Lower hand")).to_have_attribute("aria-pressed", "true")
    await expect(host.page.get_by_role("button", name="On a phone")).to_have_attribute(
        "title", re.compile("WebRTC|WebSocket|still pictures")
    )


async def test_nobody_points_while_the_connection_is_lost(three: Persons, server: Server) -> None:
    host, guest, _ = three
    await guest.page.keyboard.press("y")
    point = await nodule(host)
    await point_at(host, point)
    await stands_on(guest, await seat(host), point, by=host)
    server.kill()
    await guest.state("reconnecting")
    await expect(guest.page.locator("[data-cursor]")).to_have_count(0)
    server.start()
    await asyncio.gather(guest.state("live"), host.state("live"))
    await expect(host.page.locator("#rail .hand-sign")).to_have_text("1")
    x, y = await on_page(host, point)
    await host.page.mouse.move(x + 1, y)
    await host.page.mouse.move(x, y)
    await stands_on(guest, await seat(host), point, by=host)


async def test_dots_say_where_everybody_is(three: Persons) -> None:
    host, guest, phone = three
    others = [await seat(guest), await seat(phone)]
    await host.after(host.page.keyboard.press("ArrowDown"))
    number = await host.image_number()
    row = host.page.locator("[data-viewport=a] .position")
    await expect(row).to_have_attribute("data-image", str(number))
    for who in others:
        await expect(row.locator(f"[data-dot='{who}']")).to_have_count(1)
        await expect(host.page.locator(f".series-item[aria-current=true] [data-dot='{who}']")).to_have_count(1)
    assert await guest.page.locator(f".position [data-dot='{await seat(guest)}']").count() == 0, "not one's own"
    handle = await host.page.locator("[data-viewport=a] .handle").bounding_box()
    dots = await row.bounding_box()
    assert handle
    assert dots
    assert abs(handle["y"] + handle["height"] / 2 - dots["y"] - dots["height"] / 2) < 1.5, "beside the handle"
    await phone.context.close()
    await expect(host.page.locator(f"[data-dot='{others[1]}']")).to_have_count(0)
