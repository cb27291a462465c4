"""A board in the page: begun, decided on all screens, and all of it there after kill -9."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.browser.conftest import People, Studies
from tests.browser.test_cases import sees_case
from tests.support.server import Server

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_a_case_is_decided_on_all_screens_and_stays_so(people: People, server: Server, studies: Studies) -> None:
    links = server.open_board([studies.current], [studies.other])
    host, guest = await people.come(1440, 900), await people.come(1366, 700)
    await host.join(links["host"])
    await guest.join(links["guest"], "Dr. Guest")
    page = host.page
    await page.get_by_role("button", name="Begin the board").click()
    await page.get_by_role("button", name="Add this view").click()
    await expect(page.locator("[data-prepared]")).to_have_count(1)
    await page.get_by_role("textbox", name="Decision").fill("Surgery first.")
    await page.locator("#board-page").get_by_role("button", name="Show on all screens").click()
    shown = guest.page.locator(".shown-decision")
    await expect(shown).to_contain_text("Surgery first.")
    await shown.get_by_role("textbox", name="Why not").fill("Chemotherapy first.")
    await shown.get_by_role("button", name="Dissent").click()
    await expect(page.locator(".shown-decision")).to_contain_text("Chemotherapy first.")
    await page.locator(".shown-decision").get_by_role("button", name="Save and go to case 2").click()
    for person in (host, guest):
        await sees_case(person, 2, "case 2 of 2")
    await expect(page.locator("[data-case=c1]")).to_have_attribute("data-progress", "decided")
    await expect(shown).to_be_hidden()
