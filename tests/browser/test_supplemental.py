"""Colours that a file has for its upper values: seen by all, exact, left out for all, and never measured."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from playwright.async_api import expect

from tests.browser.conftest import People
from tests.support.dicom_files import write
from tests.support.palettes import FIRST, coloured_ct
from tests.support.person import check_exact, check_exact_colours
from tests.support.server import Server, serving

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
SIDE = 64


@pytest.fixture(scope="module")
def coloured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, str]]:
    """A server with a CT of three images, a square of each in the palette's second colour."""
    data = tmp_path_factory.mktemp("coloured")
    files = data / "files"
    files.mkdir()
    stored = np.full((SIDE, SIDE), 1024)
    stored[20:44, 20:44] = FIRST + 1
    for image in range(3):
        made = coloured_ct(
            stored, SOPInstanceUID=f"1.2.9.{image}", ImagePositionPatient=[0, 0, image], InstanceNumber=image + 1,
            PixelSpacing=[1, 1],
        )  # fmt: skip
        write(made, files / f"{image}.dcm")
    with serving(data, files=files) as server:
        yield server, str(made.StudyInstanceUID)


async def test_all_see_the_colours_of_the_file_until_they_are_hidden(
    people: People, coloured: tuple[Server, str]
) -> None:
    server, study = coloured
    host, laptop, phone = await people.three(server.open(study, title="Activation"))
    for person in (host, laptop, phone):
        await check_exact_colours(person)
        await expect(person.page.locator("#stage")).to_contain_text("FILE'S COLOURS")
        canvas = (await person.painted()).canvas
        height, width = canvas.shape[:2]
        assert tuple(canvas[height // 2, width // 2, :3]) == (0, 255, 0)
    await host.page.get_by_role("button", name="More", exact=True).click()
    await host.after(host.page.get_by_role("menuitem", name="Hide the colours of the file").click())
    revision = await host.revision()
    for person in (host, laptop, phone):
        await person.settled(revision)
        await expect(person.page.locator("#stage")).to_contain_text("FILE'S COLOURS HIDDEN")
        await check_exact(person)
    await host.page.get_by_role("button", name="More", exact=True).click()
    await host.after(host.page.get_by_role("menuitem", name="Show the colours of the file").click())
    await check_exact_colours(host)


async def test_a_probe_on_a_colour_has_no_value(people: People, coloured: tuple[Server, str]) -> None:
    server, study = coloured
    host = await people.come()
    await host.join(server.open(study, title="Activation")["host"])
    await host.page.get_by_role("radio", name="Probe tool").click()
    box = await host.page.locator("[data-viewport=a]").bounding_box()
    assert box
    await host.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    await expect(host.page.locator("[data-mark]")).to_contain_text("stands for colours")
