"""axe-core finds nothing serious on a board: at a desk, on a laptop, on a phone, in a room; nor where one is opened.

Seen to fail on: a field without a label; words that were cut on a control.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.browser.conftest import People, Studies
from tests.support.axe import LARGE_TEXT, Judge
from tests.support.ct import write_series
from tests.support.home import Host
from tests.support.server import Server, serving

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_axe_finds_nothing_serious_on_a_board(people: People, server: Server, studies: Studies) -> None:
    judge = Judge()
    links = server.open_board([studies.current], [studies.other], title="Thorax")
    host, laptop = await people.come(1440, 900), await people.come(1280, 720)
    phone = await people.come(390, 844, touch=True)
    await host.join(links["host"])
    await laptop.join(links["guest"], "Dr. Guest")
    await phone.join(links["guest"], "On a phone")
    page = host.page
    await judge.look("prepared", page)
    await page.get_by_role("button", name="Specialties and sound").click()
    await judge.look("settings", page)
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Begin the board").click()
    await page.get_by_role("button", name="Add this view").click()
    await expect(page.locator("#prepared [data-prepared]")).to_have_count(1)
    await page.get_by_role("textbox", name="Decision").fill("Surgery first.")
    await page.locator("#board-page").get_by_role("button", name="Show on all screens").click()
    for name, person in (("desk", host), ("laptop", laptop), ("phone", phone)):
        await expect(person.page.locator("#shown-decision")).to_contain_text("Surgery first.")
        await person.settled()
        await judge.look(f"shown, {name}", person.page)
    await phone.page.get_by_role("button", name="More", exact=True).first.click()
    await phone.page.get_by_role("menuitem", name="Board").click()
    await judge.look("phone, the tab", phone.page)
    await phone.page.keyboard.press("Escape")
    await phone.page.evaluate(LARGE_TEXT)
    await judge.look("phone, text of 200 %", phone.page)
    await page.get_by_role("button", name="Series 1").click()
    await judge.look("series", page)
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="More", exact=True).first.click()
    await page.get_by_role("menuitem", name="Room display").click()
    await expect(page.locator("#room-bar")).to_be_visible()
    await judge.look("room", page)
    assert not judge.found, judge.report()


async def test_axe_finds_nothing_serious_where_a_board_is_opened(people: People, tmp_path: Path) -> None:
    judge = Judge()
    for who in ("A", "B"):
        write_series(tmp_path / "files" / who, patient=f"DEMO^{who}", patient_id=who, images=2, size=32)
    with serving(tmp_path, files=tmp_path / "files") as server:
        person = await people.come(1440, 900)
        host = Host(person.context, person.page)
        await host.come_home(server)
        await host.has_studies(2)
        await host.page.get_by_role("button", name="Open a board", exact=True).click()
        await host.page.locator("[data-choose=board-list]").set_input_files(
            {"name": "a.csv", "mimeType": "text/csv", "buffer": b"ID,Question\nA,Surgery?\nZ,Which?\n"}
        )
        await expect(host.page.locator("[data-line]")).to_have_count(2)
        await judge.look("from a list", host.page)
        await host.page.set_viewport_size({"width": 390, "height": 844})
        await judge.look("from a list, phone", host.page)
    assert not judge.found, judge.report()
