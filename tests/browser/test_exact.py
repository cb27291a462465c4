"""Everybody sees the same anatomy, exact to the device pixel, each in their own screen's shape."""

from __future__ import annotations

import asyncio

import pytest

from tests.browser.conftest import People
from tests.support.person import Person, check_exact

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def three(people: People, links: dict[str, str]) -> list[Person]:
    """Host, laptop and phone in one consult."""
    host = await people.come(1440, 900)
    laptop = await people.come(1280, 720, 1.25)
    phone = await people.come(390, 844, 3, touch=True)
    await host.join(links["host"])
    await asyncio.gather(laptop.join(links["guest"], "Referring physician"), phone.join(links["guest"], "On a phone"))
    return [host, laptop, phone]


async def test_host_laptop_and_phone_see_the_same_anatomy_exactly(people: People, links: dict[str, str]) -> None:
    everybody = await three(people, links)
    host = everybody[0]
    stage = host.page.locator("#stage")
    await stage.hover()
    for _ in range(5):
        await host.page.mouse.wheel(0, 120)
    await host.page.keyboard.press("2")
    revision = await host.settled(await host.revision() + 1)
    for person in everybody:
        await person.settled(revision)
    revisions = {await person.revision() for person in everybody}
    assert len(revisions) == 1
    for person in everybody:
        await check_exact(person)
        assert not person.problems
