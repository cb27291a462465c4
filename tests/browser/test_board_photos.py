"""Pictures of pathology: added by who prepares, seen by whom their case is told, there after kill -9."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import pytest
from PIL import Image
from playwright.async_api import FilePayload, expect

from tests.browser.conftest import People, Studies
from tests.browser.test_cases import sees_case
from tests.support.server import Server

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
REFUSED, THERE = 404, 200


def jpeg() -> bytes:
    """Of a stain, nearly."""
    pixels = np.random.default_rng(3).integers(120, 255, (90, 120, 3)).astype(np.uint8)
    file = BytesIO()
    Image.fromarray(pixels).save(file, "JPEG")
    return file.getvalue()


async def test_a_picture_is_of_its_own_case_and_stays(people: People, server: Server, studies: Studies) -> None:
    # Seen to fail: a guest could fetch a picture of a case that was not on the stage.
    links = server.open_board([studies.current], [studies.other])
    preparer, guest = await people.come(1440, 900), await people.come(1440, 900)
    await preparer.join(links["preparer"], "Dr. Prep")
    await guest.join(links["guest"], "Dr. Guest")
    files = [
        FilePayload(name="HE stain.jpg", mimeType="image/jpeg", buffer=jpeg()),
        FilePayload(name="letter.png", mimeType="image/png", buffer=b"no picture at all"),
    ]
    async with preparer.page.expect_file_chooser() as chooser:
        await preparer.page.get_by_role("button", name="Add pictures").click()
    await (await chooser.value).set_files(files)
    await expect(preparer.page.locator("[data-photo]")).to_have_count(1)
    await expect(preparer.page.locator(".notice")).to_contain_text("A picture is a JPEG or PNG file.")
    photo = guest.page.locator("[data-photo]")
    await expect(photo).to_have_count(1)
    await photo.get_by_role("button", name="Show HE stain").click()
    dialog = guest.page.get_by_role("dialog")
    await expect(dialog).to_contain_text("Photo, not to scale")
    await guest.wait_for("document.querySelector('.photo-dialog img')?.naturalWidth === 120")
    await dialog.get_by_role("button", name="Close").click()
    address = await photo.locator("img").get_attribute("src")
    assert address
    assert (await guest.page.request.get(address)).status == THERE

    server.kill()
    server.start()
    await guest.state("live")
    await guest.settled()
    assert (await guest.page.request.get(address)).status == THERE
    host = await people.come(1440, 900)
    await host.join(links["host"])
    await host.page.keyboard.press("n")
    await sees_case(guest, 2, "OTHER")
    await expect(photo).to_have_count(0)
    assert (await guest.page.request.get(address)).status == REFUSED
