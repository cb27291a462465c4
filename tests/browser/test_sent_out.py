"""Who is removed stays out of the link until the host lets them in again; a guest with a host's name is marked."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.browser.conftest import People

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_who_is_removed_stays_out_until_the_host_lets_them_in(people: People, links: dict[str, str]) -> None:
    host, guest = await people.come(1440, 900), await people.come(1366, 768)
    await host.join(links["host"])
    await guest.join(links["guest"], "dr. host")
    rail = host.page.locator("#rail")
    await rail.locator("button.person", has_text="dr. host (guest)").click()
    await host.page.get_by_role("menuitem", name="Remove from consult").click()
    await host.page.get_by_role("button", name="Remove", exact=True).click()
    await expect(guest.page.get_by_text("The host removed you from the consult")).to_be_visible()
    await expect(rail.get_by_text("dr. host (guest) was removed.")).to_be_visible()
    await guest.page.goto(links["guest"])
    await guest.page.reload()
    await expect(guest.page.locator("body")).not_to_have_attribute("data-state", "live")
    await rail.get_by_role("button", name="Let in again").click()
    await expect(rail.get_by_text("was removed.")).to_have_count(0)
    await guest.join(links["guest"], "dr. host")
    await expect(rail.locator("button.person", has_text="dr. host (guest)")).to_be_visible()
