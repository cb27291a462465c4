"""A board from a list: what was found for each row is said, and nothing is taken that nobody is sure of."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import FilePayload, expect

from tests.browser.conftest import People
from tests.support.ct import write_series
from tests.support.home import Host
from tests.support.server import serving

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

LIST = """Patientennummer;Name;Geburtsdatum;Fragestellung;Minuten;Station
A-1;DEMO^ANNA;14.03.1961;Operation zuerst?;8;4b
B-9;DEMO^BERTA;14.03.1961;Resektabel?;6;4b
"""


async def test_a_list_says_what_it_found_and_a_person_names_the_rest(people: People, tmp_path: Path) -> None:
    data = tmp_path / "data"
    for who, name in (("A-1", "DEMO^ANNA"), ("B-2", "DEMO^BERTA"), ("C-3", "DEMO^CARLA")):
        write_series(data / "files" / who, patient=name, patient_id=who, images=2, size=32)
    with serving(data, files=data / "files") as server:
        person = await people.come(1440, 900)
        host = Host(person.context, person.page)
        await host.come_home(server)
        await host.has_studies(3)
        page = host.page
        await page.get_by_role("button", name="Open a board", exact=True).click()
        dialog = page.get_by_role("dialog", name="Open a board")
        await expect(dialog.get_by_role("button", name="Open a board of 0 cases")).to_be_disabled()
        file = FilePayload(name="list.csv", mimeType="text/csv", buffer=LIST.encode("cp1252"))
        await page.locator("[data-choose=board-list]").set_input_files(file)
        rows = dialog.locator("[data-line]")
        await expect(rows).to_have_count(2)
        await expect(rows.nth(0)).to_have_attribute("data-state", "found")
        await expect(rows.nth(0).get_by_role("checkbox")).to_be_checked()
        await expect(rows.nth(1)).to_have_attribute("data-state", "nothing")
        await expect(rows.nth(1).get_by_role("checkbox")).to_be_disabled()
        await expect(dialog).to_contain_text("These columns are not used: Station.")
        await rows.nth(1).get_by_role("searchbox").fill("berta")
        await rows.nth(1).get_by_role("button", name="DEMO, Berta").click()
        await expect(rows.nth(1).get_by_role("checkbox")).to_be_checked()
        await rows.nth(1).get_by_role("button", name="Earlier: DEMO, Berta").click()
        await dialog.get_by_label("Title").fill("Thorax")
        await dialog.get_by_role("button", name="Open a board of 2 cases").click()
        await page.get_by_role("link", name="Go to the consult").click()
        await page.get_by_role("button", name="Continue as Dr. Host").click()
        await person.state("live")
        await person.settled()
        await expect(page.locator("#cases [data-case]")).to_have_count(2)
        await expect(page.locator("#cases [data-case]").nth(0)).to_contain_text("DEMO, Berta")
        await expect(page.get_by_role("textbox", name="Question")).to_have_value("Resektabel?")
        assert host.problems == []


async def test_one_more_case_comes_into_a_board_that_is_open(people: People, tmp_path: Path) -> None:
    data = tmp_path / "data"
    first = write_series(data / "files" / "a", patient="DEMO^ANNA", patient_id="A-1", images=2, size=32)
    other = write_series(data / "files" / "b", patient="DEMO^BERTA", patient_id="B-2", images=2, size=32)
    with serving(data, files=data / "files") as server:
        links = server.open_board([first], title="Thorax")
        moderator, person = await people.come(1440, 900), await people.come(1440, 900)
        await moderator.join(links["host"])
        await expect(moderator.page.locator("#cases [data-case]")).to_have_count(1)
        host = Host(person.context, person.page)
        await host.come_home(server)
        await host.select(other)
        await host.page.get_by_role("button", name="Add to a board").click()
        await host.page.get_by_role("menuitem", name="Thorax").click()
        await expect(moderator.page.locator("#cases [data-case]")).to_have_count(2)
        await expect(moderator.page.locator("#cases [data-case]").nth(1)).to_contain_text("DEMO, Berta")
