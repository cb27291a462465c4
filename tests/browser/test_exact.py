"""Everybody sees the same anatomy, exact to the device pixel, each in their own screen's shape."""

from __future__ import annotations

import asyncio
from typing import Any

import numpy as np
import pytest

from tests.browser.conftest import People
from tests.support.anatomy import mean_error
from tests.support.person import Person, check_exact

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
SHARED = ("shows", "camera", "window")


async def three(people: People, links: dict[str, str]) -> list[Person]:
    """Host, laptop and phone in one consult."""
    host = await people.come(1440, 900)
    laptop = await people.come(1280, 720, 1.25)
    phone = await people.come(390, 844, 3, touch=True)
    await host.join(links["host"])
    await asyncio.gather(laptop.join(links["guest"], "Referring physician"), phone.join(links["guest"], "On a phone"))
    return [host, laptop, phone]


async def check_same_anatomy(everybody: list[Person]) -> None:
    """All show one revision, and on each screen the patient's points lie where its circle puts them."""
    revision = max([await person.settled() for person in everybody])
    shown: list[dict[str, Any]] = []
    for person in everybody:
        assert await person.settled(revision) == revision
        shown.append((await person.shown())["a"])
        canvas = (await person.canvas())[..., 0]
        assert mean_error(canvas, shown[-1], person.series(shown[-1]["shows"]["series"])["grid"]) < 2.0
        assert mean_error(canvas, shown[-1], person.series(shown[-1]["shows"]["series"])["grid"], off_by=1) > 4.0
    assert all(viewport[what] == shown[0][what] for viewport in shown for what in SHARED)
    assert len({tuple(viewport["rect_px"]) for viewport in shown}) == len(everybody), "each has a screen of their own"


async def test_host_laptop_and_phone_see_the_same_anatomy_exactly(people: People, links: dict[str, str]) -> None:
    everybody = await three(people, links)
    host = everybody[0]
    number = await host.image_number() + 5
    await host.page.locator("#stage").hover()
    for _ in range(5):
        await host.page.mouse.wheel(0, 120)
    await host.sees(number)
    await host.after(host.page.keyboard.press("6"))
    for _ in range(2):
        await host.after(host.page.keyboard.press("+"))
    await check_same_anatomy(everybody)
    for person in everybody:
        assert await person.image_number() == number
        await check_exact(person)
    await host.after(host.page.keyboard.press("r"))
    await check_same_anatomy(everybody)
    for person in everybody:
        await check_exact(person)
        assert not person.problems
        assert np.ptp((await person.canvas())[..., 0]) > 100, "there is something to see"
