"""Who follows may look around alone: a view of their own, seen by nobody else, left by one act.

Each was seen to fail: stamps of another stage that are painted; dots that stay where all are; a cursor that is drawn
on whatever image is shown.
"""

from __future__ import annotations

import asyncio
import json

import pytest
from playwright.async_api import WebSocketRoute, expect

from tests.browser.conftest import People
from tests.support.fingers import Fingers, middle
from tests.support.motion import WATCH
from tests.support.person import Person, check_exact
from tests.support.pointing import nodule, point_at, seat, seen, stands_on, under
from tests.support.together import HOST, Comes, Persons, together
from tests.support.waiting import until

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
three = together(HOST, Comes(1366, 700, name="Dr. Guest"), Comes(390, 844, 3, name="On a phone", touch=True))


async def turns_wheel(person: Person, notches: int) -> None:
    """Over the picture."""
    await person.page.mouse.move(*await middle(person))
    for _ in range(notches):
        await person.page.mouse.wheel(0, 120)


async def test_own_navigation_leaves_and_one_key_comes_back(three: Persons) -> None:
    host, guest, _ = three
    number, revision = await host.image_number(), await host.revision()
    await turns_wheel(guest, 3)
    notice = guest.page.locator(".notice")  # it stands for 6 s: looked for before all that takes time
    await expect(notice).to_have_text("You look around alone. Nothing changes for the others.Back to Dr. Host")
    await guest.sees(number + 3)
    await check_exact(guest)
    await expect(guest.page.locator("#presence-bar .drives")).to_have_text("You look around alone")
    await expect(host.page.locator("#presence-bar")).to_contain_text("1 looks around")
    row = host.page.locator("#rail .person", has_text="Dr. Guest")
    await expect(row).to_contain_text(f"Looks around: CT lung, image {number + 3}")
    dots = host.page.locator(f"[data-viewport=a] .position:has([data-dot='{await seat(guest)}'])")
    await expect(dots).to_have_attribute("data-image", str(number + 3))
    assert (await host.image_number(), await host.revision()) == (number, revision), "nothing changes for the others"

    await host.after(host.page.keyboard.press("ArrowUp"))
    await guest.page.keyboard.press("ArrowDown")
    await guest.sees(number + 4)
    await guest.page.keyboard.press("f")
    await guest.sees(number - 1)
    await check_exact(guest)
    assert await guest.revision() == await host.revision()
    await expect(guest.page.locator("#presence-bar .drives")).to_have_text("Following Dr. Host")
    await expect(row).to_contain_text("Following")
    await host.after(host.page.keyboard.press("ArrowUp"))
    await guest.sees(number - 2)
    assert not guest.problems
    assert not await guest.data("refused")


async def test_the_presenter_asks_to_look_here(three: Persons) -> None:
    host, guest, _ = three
    number = await host.image_number()
    await turns_wheel(guest, 2)
    await guest.sees(number + 2)
    await host.page.get_by_role("button", name="Look here").click()
    await expect(guest.page.locator(".notice")).to_contain_text("Dr. Host asks everybody to look here.")
    await guest.page.locator(".notice").get_by_role("button", name="Go").click()
    await guest.sees(number)
    await expect(host.page.get_by_role("button", name="Look here")).to_have_count(0)


async def test_a_cursor_is_on_the_same_anatomy_when_everybody_looks_differently(
    three: Persons,
) -> None:
    host, guest, phone = three
    await guest.page.keyboard.press("+")
    await guest.page.keyboard.press("p")
    x, y = await middle(guest)
    await guest.page.mouse.move(x, y)
    await guest.page.mouse.down()
    await guest.page.mouse.move(x - 47, y + 22, steps=3)
    await guest.page.mouse.up()
    fingers = Fingers(await phone.context.new_cdp_session(phone.page))
    x, y = await middle(phone)
    await fingers.go(((x - 60, y), (x + 60, y)), ((x - 40, y), (x + 40, y)), ((x - 45, y + 9), (x + 45, y + 9)))
    await expect(phone.page.locator("#dock").get_by_role("button", name="Back to host")).to_be_visible()
    await asyncio.gather(guest.settled(), phone.settled())
    cameras = [(await one.shown())["a"]["camera"] for one in (host, guest, phone)]
    assert len({camera["radius"] for camera in cameras}) == 3, "zoomed differently"
    point = await nodule(host)
    await point_at(host, point)
    await stands_on(guest, await seat(host), point, by=host)
    await stands_on(phone, await seat(host), point, by=host)

    await guest.page.keyboard.press("ArrowDown")
    pill = guest.page.locator(f"[data-off='{await seat(host)}']")
    await expect(pill).to_contain_text(f"Dr. Host, image {await host.image_number()}")
    await expect(guest.page.locator(seen(await seat(host)))).to_have_count(0)
    await guest.page.mouse.move(*await middle(guest))
    theirs = host.page.locator(f"[data-off='{await seat(guest)}']")
    await expect(theirs).to_contain_text("Dr. Guest, image")
    await host.after(theirs.click())
    await stands_on(host, await seat(guest), await under(guest, *await middle(guest)))


async def test_who_is_given_control_looks_around_no_longer(three: Persons) -> None:
    host, guest, _ = three
    number = await host.image_number()
    await turns_wheel(guest, 2)
    await guest.sees(number + 2)
    await host.page.get_by_role("button", name="Hand over").click()
    await host.page.get_by_role("menuitem", name="Dr. Guest").click()
    await expect(guest.page.locator("#presence-bar .drives")).to_have_text("You have control")
    await guest.sees(number)
    await turns_wheel(guest, 1)
    await host.sees(number + 1)


async def test_a_picture_of_another_stage_is_not_painted(people: People, links: dict[str, str]) -> None:
    """Stamps lose their stage up to those of one image; the next image's keep it, and its still is fetched behind."""
    host, guest = await people.come(), await people.come(1366, 700)
    stills: list[int] = []
    number = 0

    def route(socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()

        def on_message(text: str | bytes) -> None:
            message = json.loads(text)
            stamp = message.get("stamp", {})
            if stamp.get("stage") and (image := stamp["viewports"][0]["shows"]["place"]) <= number:  # counted from 0
                del stamp["stage"]
                if stamp["stream"] == "still":
                    stills.append(image)
            socket.send(json.dumps(message))

        server.on_message(on_message)

    await guest.page.route_web_socket(lambda url: url.endswith("/ws"), route)
    await host.join(links["host"])
    await guest.join(links["guest"], "Dr. Guest")
    number = await guest.image_number()
    await turns_wheel(guest, 1)
    await until(lambda: number in stills)
    assert await guest.image_number() == number
    await guest.page.evaluate(WATCH)
    await turns_wheel(guest, 1)
    await guest.sees(number + 2)
    assert {one["image"] for one in await guest.page.evaluate("window.seen")} == {number + 1}
    await guest.page.keyboard.press("f")
    await guest.sees(number)
