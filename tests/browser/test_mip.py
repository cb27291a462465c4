"""A whole volume: its MIP turns for all, by hand and by the clock, a click goes to the voxel of the maximum; in 3D."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from consult.model.geometry import Vec, dot, norm, subtract
from tests.browser.conftest import People
from tests.browser.test_planes import followed, mm_per_pixel, opened, scanner
from tests.support.person import Person
from tests.support.pet import CENTRE_MM, RADIUS_MM
from tests.support.server import Server

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
__all__ = ["scanner"]
MIP, VOLUME = "j", "d"


async def point(person: Person) -> Vec:
    """The crosshair's, as it is read out."""
    text = await person.page.locator(".crosshair-point").inner_text()
    x, y, z, *_ = (float(n.replace("\u2212", "-")) for n in re.findall(r"[-\u2212]?\d+(?:\.\d+)?", text))
    return x, y, z


async def test_it_turns_for_all_and_a_click_goes_to_the_hottest_voxel(people: People, scanner: Server) -> None:
    links = scanner.open("1.2.3", title="Planes")
    host, laptop, phone = await opened(await people.three(links, laptop=(1440, 900)))
    await host.page.get_by_role("button", name=re.compile("^Layout")).click()
    await host.page.get_by_role("menuitemradio", name="PET/CT 3×3 and turning MIP").click()
    await expect(laptop.page.locator(f"[data-viewport={MIP}]")).to_contain_text("PET MIP")
    before = (await followed(host, laptop, phone))[MIP]
    assert before["shows"]["whole"]
    box = await host.page.locator(f"[data-viewport={MIP}]").bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    await host.page.mouse.move(x, y)
    await host.after(host.page.mouse.wheel(0, 120))
    await expect(phone.page.locator("#stage")).to_contain_text("turned by 5°")
    await host.page.mouse.down()
    await host.page.mouse.move(x + 30, y)
    await host.page.mouse.move(x + 60, y)
    await host.page.mouse.up()
    turned = (await followed(host, laptop, phone))[MIP]
    assert turned["camera"]["right"] != before["camera"]["right"]
    assert (await host.at_rest()).digests == (await laptop.at_rest()).digests

    await host.page.keyboard.press("c")
    await expect(laptop.page.locator(f"[data-viewport={MIP}]")).to_contain_text("CINE 10/s")
    turns = "document.querySelector('[data-viewport=j] .corner.bottom-left').textContent"
    first = await laptop.evaluate(turns)
    await laptop.wait_for(f"{turns} !== {first!r}")
    await host.page.keyboard.press("c")
    still = (await followed(host, laptop, phone))[MIP]

    off = subtract(CENTRE_MM, tuple(still["camera"]["center"]))
    right, down = (dot(off, tuple(still["camera"][axis])) / mm_per_pixel(still) for axis in ("right", "down"))
    await host.after(host.page.mouse.click(x + right, y + down))
    assert norm(subtract(await point(host), CENTRE_MM)) < RADIUS_MM / 2, "in the middle of the hot sphere"
    assert await point(laptop) == await point(host)
    await rendered(host, laptop, phone)


async def rendered(host: Person, laptop: Person, phone: Person) -> None:
    """A volume in 3D, with the same people: by a preset, turned and leant by one, exact at rest for all."""
    await host.page.get_by_role("button", name=re.compile("^Layout")).click()
    await host.page.get_by_role("menuitemradio", name="Planes and 3D").click()
    await expect(laptop.page.locator(f"[data-viewport={VOLUME}]")).to_contain_text("3D, ")
    before = (await followed(host, laptop, phone))[VOLUME]
    await host.page.locator("#stage").focus()
    await host.page.keyboard.press("2")
    chosen = (await followed(host, laptop, phone))[VOLUME]
    assert chosen["shows"]["preset"] not in {"", before["shows"]["preset"]}
    box = await host.page.locator(f"[data-viewport={VOLUME}]").bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    await host.page.mouse.move(x, y)
    await host.page.mouse.down()
    await host.page.mouse.move(x + 40, y + 20)
    await host.page.mouse.move(x + 80, y + 40)
    await host.page.mouse.up()
    await expect(phone.page.locator("#stage")).to_contain_text("turned by 40°, 20° from above")
    turned = await followed(host, laptop, phone)
    assert turned["a"]["camera"]["right"] == [1, 0, 0], "planes stay"
    assert (await host.at_rest()).digests == (await laptop.at_rest()).digests
