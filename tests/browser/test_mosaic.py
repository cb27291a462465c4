"""A mosaic of one series: laid out by one, scrolled as one, and seen by all, exact in each cell."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import pytest
from playwright.async_api import expect

from tests.browser.conftest import People
from tests.support.marking import rows
from tests.support.person import Person, check_exact

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def lay_out(host: Person, cells: str, button: str) -> None:
    """By the layout menu, whose button says what is shown now."""
    await host.page.get_by_role("button", name=button).click()
    await host.page.get_by_role("menuitemradio", name="Mosaic of this series").click()
    menu = host.page.get_by_role("menu", name="Grid")
    await host.after(menu.get_by_role("menuitemradio", name=cells, exact=True).click())


def places(shown: Mapping[str, Mapping[str, Any]]) -> list[int]:
    """Of the cells, in their order."""
    return [viewport["shows"]["place"] for viewport in shown.values()]


async def places_of(host: Person, *others: Person) -> list[int]:
    """What the host's cells show, once all show the same."""
    revision = await host.settled()
    shown = await host.shown()
    for other in others:
        await other.settled(revision)
        theirs = await other.shown()
        assert {key: viewport["shows"] for key, viewport in theirs.items()} == {
            key: shown[key]["shows"] for key in theirs
        }
    return places(shown)


async def cell(person: Person, name: str) -> tuple[float, float]:
    """The middle of a cell on the screen, in CSS pixels."""
    box = await person.page.locator(f"[data-viewport={name}]").bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


async def test_consecutive_images_are_scrolled_as_one_and_seen_by_all(people: People, links: dict[str, str]) -> None:
    host, laptop, phone = await people.three(links)
    first = places(await host.shown())[0]
    await lay_out(host, "2×2", "Layout 1×1")
    assert await places_of(host, laptop, phone) == [first, first + 1, first + 2, first + 3]
    await expect(host.page.locator("[data-viewport=a] .badges")).to_contain_text("MOSAIC")
    await host.page.mouse.move(*await cell(host, "c"))
    await host.after(host.page.mouse.wheel(0, 100))
    assert await places_of(host, laptop, phone) == [first + 1, first + 2, first + 3, first + 4]
    await host.page.keyboard.down("Shift")
    await host.after(host.page.mouse.wheel(0, -100))
    await host.page.keyboard.up("Shift")
    assert await places_of(host, laptop, phone) == [first - 3, first - 2, first - 1, first]
    for person in (host, laptop, phone):
        await check_exact(person)
    await host.after(host.page.keyboard.press("2"))
    windows = [viewport["window"] for viewport in (await host.shown()).values()]
    assert windows == [windows[0]] * 4


async def test_a_whole_series_fits_in_and_the_picture_says_what_is_left_out(
    people: People, links: dict[str, str]
) -> None:
    host, laptop, phone = await people.three(links)
    await lay_out(host, "3×3", "Layout 1×1")
    await host.page.get_by_role("button", name="Layout Mosaic 3×3").click()
    await host.page.get_by_role("menuitemradio", name="Mosaic of this series").click()
    await host.after(host.page.get_by_role("menuitemradio", name="From the first to the last image").click())
    shown = await places_of(host, laptop, phone)
    assert [b - a for a, b in pairwise(shown)] == [2] * 8
    badges = host.page.locator(".badges")
    await expect(badges.first).to_have_text(re.compile("SCALED|EXACT"))
    await expect(badges.last).not_to_have_text(re.compile("SCALED|EXACT"))
    assert await host.page.get_by_role("slider").count() == 1, "one bar scrolls all cells"
    for person in (host, laptop, phone):
        await expect(person.page.locator("#stage")).to_contain_text("MOSAIC, ONE OF 2 SHOWN")
    await check_exact(host)
    await host.page.get_by_role("button", name="Layout Mosaic 3×3").click()
    await host.after(host.page.get_by_role("menuitemradio", name="1×1", exact=True).click())
    assert list(await host.shown()) == ["a"]
    await expect(host.page.locator("#stage")).not_to_contain_text("MOSAIC")


async def test_a_mark_belongs_to_the_image_of_its_cell(people: People, links: dict[str, str]) -> None:
    host, laptop, phone = await people.three(links)
    await lay_out(host, "2×2", "Layout 1×1")
    await places_of(host, laptop, phone)
    shown = await host.shown()
    await host.page.get_by_role("radio", name="Length tool").click()
    x, y = await cell(host, "c")
    await host.page.mouse.move(x, y)
    await host.page.mouse.down()
    await host.page.mouse.move(x + 60, y + 20, steps=4)
    await host.page.mouse.up()
    (row,) = await rows(host, 1)
    grid = host.series(shown["c"]["shows"]["series"])["grid"]
    assert row["points"][0][2] == pytest.approx(grid["positions"][shown["c"]["shows"]["place"]][2])
    await rows(laptop, 1)


async def test_a_case_comes_back_with_its_mosaic(people: People, links: dict[str, str]) -> None:
    host = await people.come()
    await host.join(links["host"])
    await lay_out(host, "2×2", "Layout 1×1")
    before = places(await host.shown())
    await host.page.reload()
    await host.state("live")
    await host.settled()
    assert places(await host.shown()) == before
    await expect(host.page.get_by_role("button", name="Layout Mosaic 2×2")).to_be_visible()
