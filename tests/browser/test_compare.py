"""Current and prior side by side: linked by position, one window, equal mm scale, the offset shown, exact."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import expect

from tests.browser.conftest import PRIOR_IMAGES, PRIOR_Z_MM, People, Studies
from tests.support.anatomy import mean_error
from tests.support.ct import FIRST_Z_MM, SLICE_MM
from tests.support.fingers import Fingers, middle
from tests.support.person import Person, check_exact
from tests.support.server import Server

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
IMAGES = 24
OFFSET_MM = PRIOR_Z_MM + (PRIOR_IMAGES - 1) * SLICE_MM - FIRST_Z_MM - (IMAGES - 1) * SLICE_MM
"""Head on head: from a place in the current study to the same in the prior."""


def height(person: Person, viewport: dict[str, Any]) -> float:
    """z of the image shown, mm."""
    shows = viewport["shows"]
    z: float = person.series(shows["series"])["grid"]["positions"][shows["place"]][2]
    return z


async def check_pair(person: Person, offset_mm: float) -> None:
    """Both viewports show what they must, with each other."""
    shown = await person.shown()
    current, prior = shown["a"], shown["b"]
    assert current["shows"]["series"] != prior["shows"]["series"]
    assert current["window"] == prior["window"]
    assert current["camera"]["radius"] == prior["camera"]["radius"]
    assert current["rect_px"][2:] == prior["rect_px"][2:], "equal circles in equal cells: equal mm scale"
    assert height(person, prior) - height(person, current) == pytest.approx(offset_mm)
    canvas = (await person.canvas())[..., 0]
    for viewport, images, first in ((current, IMAGES, FIRST_Z_MM), (prior, PRIOR_IMAGES, PRIOR_Z_MM)):
        grid = person.series(viewport["shows"]["series"])["grid"]
        assert mean_error(canvas, viewport, grid, images=images, first_z_mm=first) < 2.0


async def compare(host: Person) -> None:
    """Choose the layout."""
    await host.page.get_by_role("button", name="Layout 1×1").click()
    await host.page.get_by_role("menuitemradio").or_(host.page.get_by_role("menuitem")).filter(has_text="1×2").click()
    await host.page.locator("[data-viewport=b]").wait_for()
    await host.settled()


async def test_current_and_prior_move_together(people: People, server: Server, studies: Studies) -> None:
    links = server.open(studies.prior, studies.current, title="Growth")
    host, laptop = await people.come(1440, 900), await people.come(1280, 720, 1.25)
    await host.join(links["host"])
    await laptop.join(links["guest"], "Referring physician")
    await compare(host)
    offset = host.page.get_by_text(f"Offset {OFFSET_MM:.1f}".replace("-", "\N{MINUS SIGN}"))
    await offset.wait_for()
    stage = host.page.locator("#stage")
    await expect(stage).to_contain_text("CURRENT")
    await expect(stage).to_contain_text("PRIOR")
    await host.after(host.page.keyboard.press("6"))
    await host.after(host.page.keyboard.press("+"))
    await host.after(host.page.keyboard.press("ArrowDown"))
    await laptop.settled(await host.revision())
    for person in (host, laptop):
        await check_pair(person, OFFSET_MM)
        await check_exact(person)

    await host.page.get_by_role("button", name="Linked by position").click()
    await host.page.get_by_role("button", name="Not linked").wait_for()
    await host.after(host.page.keyboard.press("ArrowRight"))
    before = height(host, (await host.shown())["b"])
    await host.after(host.page.keyboard.press("ArrowDown"))
    moved = height(host, (await host.shown())["b"]) - before
    assert abs(moved) == SLICE_MM
    await host.page.get_by_role("button", name="Not linked").click()
    await host.page.get_by_text(f"Offset {OFFSET_MM + moved:.1f}".replace("-", "\N{MINUS SIGN}")).wait_for()
    shown = await host.shown()
    assert height(host, shown["b"]) - height(host, shown["a"]) == pytest.approx(OFFSET_MM + moved)
    await host.after(host.page.keyboard.press("ArrowUp"))
    shown = await host.shown()
    assert height(host, shown["b"]) - height(host, shown["a"]) == pytest.approx(OFFSET_MM + moved)


async def test_a_phone_says_which_study_it_shows_and_swipes_to_the_other(
    people: People, server: Server, studies: Studies
) -> None:
    links = server.open(studies.prior, studies.current, title="Growth")
    host, phone = await people.come(1280, 720), await people.come(390, 844, touch=True)
    await host.join(links["host"])
    await phone.join(links["guest"], "On a phone")
    await compare(host)
    who = phone.page.locator(".corner.top-left")
    await expect(who).to_contain_text("ID 4711")
    await expect(who).to_contain_text("born 14 Mar 1961")
    await expect(who).to_contain_text("CURRENT 24 Nov 2026")
    x, y = await middle(phone)
    fingers = Fingers(await phone.context.new_cdp_session(phone.page))
    await fingers.go(*[((x + step, y),) for step in (100, 60, 0, -60, -100)])
    await expect(who).to_contain_text("PRIOR 20 May 2026, 6 months before")
    await expect(host.page.locator("[data-viewport]")).to_have_count(2)
    await phone.settled()
    await fingers.go(*[((x + step, y),) for step in (-100, -60, 0, 60, 100)])
    await expect(who).to_contain_text("CURRENT 24 Nov 2026")


async def test_more_than_two_are_linked_as_they_lie(people: People, server: Server, studies: Studies) -> None:
    links = server.open(studies.prior, studies.current, title="Growth")
    host, laptop = await people.come(1440, 900), await people.come(1280, 720)
    await host.join(links["host"])
    await laptop.join(links["guest"], "Referring physician")
    await host.page.get_by_role("button", name="Layout 1×1").click()
    await host.after(host.page.get_by_role("menuitemradio", name="1×3", exact=True).click())
    await host.after(host.page.get_by_role("button", name="Not linked").click())
    await expect(laptop.page.get_by_text("3 viewports")).to_be_visible()
    before = await host.shown()
    await host.after(host.page.keyboard.press("ArrowDown"))
    after = await host.shown()
    moved = [height(host, after[name]) - height(host, before[name]) for name in "abc"]
    assert moved[0] != 0
    assert moved == pytest.approx([moved[0]] * 3)
    await laptop.settled(await host.revision())
    assert {name: one["shows"] for name, one in (await laptop.shown()).items()} == {
        name: one["shows"] for name, one in after.items()
    }
    await host.after(host.page.get_by_role("button", name="Linked by position").click())
    await host.after(host.page.keyboard.press("ArrowDown"))
    alone = await host.shown()
    assert height(host, alone["b"]) == height(host, after["b"])
