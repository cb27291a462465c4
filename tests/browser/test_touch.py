"""Fingers, mouse and keys: what each does to the view, as everybody then sees it."""

from __future__ import annotations

import math
from typing import Any

import pytest
from playwright.async_api import expect

from tests.browser.conftest import People
from tests.support.fingers import Fingers, middle
from tests.support.person import Person

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
PRESETS = {
    "1": (40, 400), "2": (-600, 1500), "3": (50, 350), "4": (480, 2500), "5": (40, 80),
    "6": (50, 400), "7": (30, 150), "8": (100, 700), "9": (300, 600),
}  # fmt: skip
PX_PER_IMAGE = 14
"""Of a drag along a short stack, in CSS pixels."""


async def view(person: Person) -> dict[str, Any]:
    """The first viewport as it is shown."""
    return (await person.shown())["a"]


def mm_per_css_px(viewport: dict[str, Any], ratio: float) -> float:
    """How far a drag of one CSS pixel goes."""
    radius: float = viewport["camera"]["radius"]
    shorter: int = min(viewport["rect_px"][2:])
    return 2 * radius / shorter * ratio


def moved(before: dict[str, Any], after: dict[str, Any]) -> list[float]:
    """How far the camera's centre went, (right, down) on the screen, mm."""
    d = [a - b for a, b in zip(after["camera"]["center"], before["camera"]["center"], strict=True)]
    return [sum(x * y for x, y in zip(d, before["camera"][axis], strict=True)) for axis in ("right", "down")]


async def test_a_phone_with_control_scrolls_pans_and_pinches(people: People, links: dict[str, str]) -> None:
    host, phone = await people.come(1440, 900), await people.come(390, 844, 3, touch=True)
    await host.join(links["host"])
    await phone.join(links["guest"], "On a phone")
    await host.page.get_by_role("button", name="On a phone").click()
    await host.page.get_by_text("Give control").click()
    await expect(host.page.locator("#presence-bar")).to_contain_text("On a phone has control")
    await phone.page.locator(".notice").get_by_text("You have control").wait_for()
    fingers = Fingers(await phone.context.new_cdp_session(phone.page))
    x, y = await middle(phone)
    number = await phone.image_number()
    await fingers.go(((x, y),), ((x, y + 30),), ((x, y + 5 * PX_PER_IMAGE),))
    await phone.sees(number + 5)
    await host.sees(number + 5)

    before = await view(phone)
    await phone.after(fingers.go(((x - 50, y), (x + 50, y)), ((x - 60, y), (x + 60, y)), ((x - 100, y), (x + 100, y))))
    await phone.wait_for("document.body.dataset.fidelity !== 'lossy'")
    zoomed = await view(phone)
    assert zoomed["camera"]["radius"] == pytest.approx(before["camera"]["radius"] / 2, rel=0.02)
    assert zoomed["shows"] == before["shows"]
    await phone.after(fingers.go(((x - 50, y), (x + 50, y)), ((x - 30, y + 10), (x + 70, y + 10))))
    panned = await view(phone)
    step = mm_per_css_px(panned, 3)
    assert panned["camera"]["radius"] == pytest.approx(zoomed["camera"]["radius"])
    assert moved(zoomed, panned) == pytest.approx([-20 * step, -10 * step], abs=step)
    await host.settled(await phone.revision())
    assert (await view(host))["camera"] == panned["camera"]


async def drag(person: Person, dx: float, dy: float, button: str = "left") -> tuple[dict[str, Any], dict[str, Any]]:
    """From the middle of the picture; the view before and after."""
    before = await view(person)
    x, y = await middle(person)
    await person.page.mouse.move(x, y)
    await person.page.mouse.down(button=button)  # type: ignore[arg-type]  # one of three words
    await person.after(person.page.mouse.move(x + dx, y + dy))
    await person.page.mouse.up(button=button)  # type: ignore[arg-type]  # one of three words
    await person.settled()
    return before, await view(person)


async def test_the_mouse_windows_pans_zooms_and_scrolls(people: People, links: dict[str, str]) -> None:
    host = await people.come(1440, 900)
    await host.join(links["host"])
    before, after = await drag(host, 60, 30)
    assert before["window"] == {"center": 40, "width": 400}
    assert after["window"] == {"center": 80, "width": 480}
    before, after = await drag(host, 40, -20, "middle")
    step = mm_per_css_px(before, 1)
    assert moved(before, after) == pytest.approx([-40 * step, 20 * step])
    before, after = await drag(host, 0, -150, "right")
    assert after["camera"]["radius"] == pytest.approx(before["camera"]["radius"] / 2)
    assert moved(before, after) == pytest.approx([0, 0], abs=1), "what is under the pointer stays there"
    number = await host.image_number()
    await host.page.mouse.wheel(0, 120)
    await host.sees(number + 1)
    await host.page.keyboard.down("Shift")
    await host.page.mouse.wheel(0, 120)
    await host.page.keyboard.up("Shift")
    await host.sees(number + 6)
    await host.page.mouse.wheel(0, -120)
    await host.sees(number + 5)
    assert not host.problems


async def press(person: Person, key: str) -> dict[str, Any]:
    """What is shown after a key."""
    await person.after(person.page.keyboard.press(key))
    return await view(person)


async def test_keys_do_what_viewers_do(people: People, links: dict[str, str]) -> None:
    host = await people.come(1440, 900)
    await host.join(links["host"])
    first = await view(host)
    camera = first["camera"]
    for key in ("2", "3", "4", "5", "6", "7", "8", "9", "1"):
        center, width = PRESETS[key]
        assert (await press(host, key))["window"] == {"center": center, "width": width}, key
    one = await press(host, "o")
    assert one["scale"] == pytest.approx(1.0)
    assert (await press(host, "="))["camera"] == camera
    turned = (await press(host, "r"))["camera"]
    assert (turned["right"], turned["down"]) == ([-n for n in camera["down"]], camera["right"])
    await expect(host.page.locator("#stage")).to_contain_text("ROTATED")
    flipped = (await press(host, "h"))["camera"]
    assert flipped["right"] == [-n for n in turned["right"]]
    await expect(host.page.locator("#stage")).to_contain_text("FLIPPED")
    assert (await press(host, "i"))["invert"]
    reset = await press(host, "Space")
    assert reset["camera"] == camera
    assert not reset.get("invert", False)
    assert reset["window"] == first["window"]
    assert (await press(host, "End"))["shows"]["place"] == 23
    assert (await press(host, "Home"))["shows"]["place"] == 0
    number = await host.image_number()
    assert number == 1
    await host.page.keyboard.press("ArrowUp")
    larger = (await press(host, "+"))["camera"]["radius"]
    assert math.isclose(larger * 1.25, camera["radius"])
    assert await host.image_number() == 1, "no wrap at the ends"
