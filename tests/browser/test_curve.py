"""A time-intensity curve of a region: the values of the files, for host, guest and viewer; it goes with its mark."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.async_api import expect

from tests.browser.conftest import People
from tests.support.dynamic import PLACES, SECONDS, SIZE, SLICE_MM, SPACING_MM, UPTAKE, write_dynamic
from tests.support.marking import choose, rows
from tests.support.on_screen import Point, drag
from tests.support.person import Person
from tests.support.server import Server, serving

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


EXPECTED = [
    f"{at:.1f} s, time {number}{value} ± 0" for number, (at, value) in enumerate(zip(SECONDS, UPTAKE, strict=True), 1)
]
"""The rows of the table: MR has no unit."""


@pytest.fixture(scope="module")
def dynamic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, str]]:
    """A server with one dynamic MR."""
    data = tmp_path_factory.mktemp("dynamic")
    study = write_dynamic(data / "files")
    with serving(data, files=data / "files") as server:
        yield server, study


def at_pixel(column: float, row: float) -> Point:
    """On the middle of the three places, with which the series opens."""
    return (-SIZE + column * SPACING_MM, -SIZE + row * SPACING_MM, SLICE_MM * (PLACES // 2))


async def open_curve(person: Person) -> None:
    await person.page.get_by_role("button", name="More about").first.click()
    await person.page.get_by_role("menuitem", name="Time-intensity curve").click()
    await expect(person.page.locator(".curve-plot")).to_be_visible()


async def values(person: Person) -> list[str]:
    """The rows of its table."""
    texts: list[str] = await person.page.locator(".curve-values tbody tr").all_text_contents()
    return [text.replace("\u00a0", " ") for text in texts]


async def test_a_curve_has_the_values_of_the_files_for_all_and_goes_with_its_mark(
    people: People, dynamic: tuple[Server, str]
) -> None:
    server, study = dynamic
    links = server.open(study)
    host, guest = await people.come(1440, 900), await people.come(1440, 900)
    await host.join(links["host"])
    await guest.join(links["guest"], "Dr. Guest")
    await choose(host, "Ellipse")
    await drag(host, at_pixel(23, 22), at_pixel(29, 27))
    await rows(guest, 1)
    for person in (host, guest):
        await open_curve(person)
        assert await values(person) == EXPECTED
        await expect(person.page.locator(".curve")).to_contain_text("Dynamic")
        await expect(person.page.locator(".curve-plot")).to_contain_text("Time (s)")
        await expect(person.page.locator(".curve-plot")).to_contain_text("Signal")
        await expect(person.page.locator(".curve-now")).to_contain_text(str(UPTAKE[0]))
    revision = await host.after(host.page.keyboard.press("."))
    await guest.settled(revision)
    for person in (host, guest):
        await expect(person.page.locator(".curve-now")).to_contain_text(f"{SECONDS[1]} s, time 2: {UPTAKE[1]}")
    plot = await host.page.locator(".curve-plot").bounding_box()
    assert plot is not None
    last = await host.page.locator(".curve-plot circle.dot").nth(3).bounding_box()
    assert last is not None
    await host.after(host.page.mouse.click(last["x"] + last["width"] / 2, plot["y"] + plot["height"] / 2))
    await expect(host.page.locator("#stage")).to_contain_text("time 4")
    await expect(guest.page.locator(".curve-now")).to_contain_text(str(UPTAKE[3]))
    await grow(host)
    for person in (host, guest):
        await expect(person.page.locator(".curve-values tbody tr").first).not_to_contain_text(f"{UPTAKE[0]} ± 0")
        await expect(person.page.locator(".curve-values tbody tr").first).to_contain_text("±")
    await host.page.locator("[data-mark] .mark-main").click()
    await host.page.keyboard.press("Delete")
    for person in (host, guest):
        await expect(person.page.locator(".curve")).to_be_hidden()
        assert person.problems == []


async def grow(person: Person) -> None:
    """The mark by its handle at the right, out of what takes up contrast: its own image first."""
    await person.page.locator("[data-mark] .mark-main").click()
    await expect(person.page.locator("#stage")).to_contain_text("time 1")
    await person.settled()
    await drag(person, at_pixel(29, 24.5), at_pixel(52, 24.5))


async def test_a_phone_and_a_viewer_read_it_and_save_it(people: People, dynamic: tuple[Server, str]) -> None:
    server, study = dynamic
    links = server.open(study)
    host, phone = await people.come(1440, 900), await people.come(390, 844, 3, touch=True)
    await host.join(links["host"])
    await phone.join(links["guest"], "On a phone")
    await choose(host, "Probe")
    await drag(host, at_pixel(25, 25), at_pixel(25, 25))
    await rows(host, 1)
    await phone.page.locator("#dock").get_by_role("button", name="More", exact=True).click()
    await phone.page.get_by_role("menuitem", name="Marks").click()
    await open_curve(phone)
    found: dict[str, Any] = await phone.evaluate(
        "(() => { const r = document.querySelector('.curve-plot').getBoundingClientRect();"
        " return {left: r.left, right: r.right, wide: innerWidth} })()"
    )
    assert found["left"] >= 0
    assert found["right"] <= found["wide"]
    async with phone.page.expect_download() as saving:
        await phone.page.get_by_role("button", name="Save as CSV").click()
    saved = await (await saving.value).path()
    lines = saved.read_text(encoding="utf-8-sig").splitlines()
    assert lines[0].startswith("region,series,step,label,time_s,mean,sd,min,max,pixels")
    assert [float(line.split(",")[5]) for line in lines[1:]] == list(UPTAKE)
    assert [float(line.split(",")[4]) for line in lines[1:]] == pytest.approx(list(SECONDS))
    await phone.page.get_by_role("button", name="Close the curve").click()
    await expect(phone.page.locator(".curve")).to_be_hidden()
