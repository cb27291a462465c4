"""Links: two seats in one browser, wrong, expired and ended ones; each says what is the matter."""

from __future__ import annotations

import asyncio

import httpx
import pytest
from playwright.async_api import expect

from tests.browser.conftest import People
from tests.support.server import Server

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_host_and_guest_sit_in_two_tabs_of_one_browser(people: People, links: dict[str, str]) -> None:
    host = await people.come(1440, 900)
    await host.join(links["host"])
    guest = await host.another_tab()
    await guest.join(links["guest"], "Referring physician")
    assert await host.data("role") == "host"
    assert await guest.data("role") == "participant"
    await host.page.get_by_text("Referring physician").first.wait_for()
    await guest.page.get_by_text("Dr. Host").first.wait_for()
    assert "#" not in guest.page.url
    await guest.page.reload()
    await guest.state("live")
    await guest.settled()


async def test_a_wrong_link_says_so(people: People, links: dict[str, str]) -> None:
    guest = await people.come(390, 844)
    await guest.page.goto(links["guest"][:-1])
    await guest.page.get_by_text("Ask the person who sent it").wait_for()
    assert await guest.data("state") == "ended"


async def test_an_expired_link_says_until_when_it_was_valid(
    people: People, links: dict[str, str], server: Server
) -> None:
    headers = {"Authorization": f"Bearer {server.token}"}
    async with httpx.AsyncClient(headers=headers) as client:
        answer = await client.post(
            f"{server.address}/api/consults/{links['consult']}/invitations", json={"expires_in_s": 0.001}
        )
    guest = await people.come(390, 844)
    await guest.page.goto(answer.json()["url"])
    await guest.page.get_by_text("This link has expired").wait_for()
    assert await guest.data("reason") == "expired"
    await guest.page.get_by_text("It was valid until").wait_for()


async def test_the_host_invites_in_the_consult_and_revokes_a_link_which_closes_the_page_and_opens_no_more(
    people: People, links: dict[str, str]
) -> None:
    host, guest = await people.come(1440, 900), await people.come(800, 600)
    await host.join(links["host"])
    await host.page.locator("#rail").get_by_role("button", name="Invite").click()
    dialog = host.page.get_by_role("dialog")
    await dialog.get_by_label("For whom").fill("Ward 4")
    await dialog.get_by_role("button", name="Make a new link").click()
    row = dialog.get_by_role("listitem").filter(has_text="Take part, Ward 4")
    await row.wait_for()
    link = await dialog.get_by_label("Link", exact=True).input_value()
    assert link.startswith(links["guest"].split("/join/")[0] + f"/join/{links['consult']}/")
    await dialog.get_by_text("This link opens on this computer alone").wait_for()
    await expect(dialog.locator(".qr")).to_be_hidden()
    await guest.join(link, "Referring physician")
    assert await guest.data("role") == "participant"
    assert await guest.page.get_by_role("button", name="Invite").count() == 0
    await row.get_by_text("used by Referring physician").wait_for()
    await row.get_by_role("button", name="Revoke").click()
    await host.page.get_by_role("dialog", name="Revoke this link?").get_by_role("button", name="Revoke").click()
    await guest.state("ended")
    assert await guest.data("reason") == "revoked"
    late = await people.come(800, 600)
    await late.page.goto(link)
    await late.page.get_by_text("This link no longer works").wait_for()
    await host.page.keyboard.press("Escape")
    await host.wait_for("document.activeElement.textContent === 'Invite'")


async def test_the_host_ends_it_for_everybody_after_asking(people: People, links: dict[str, str]) -> None:
    host = await people.come(1440, 900)
    guest = await people.come(390, 844, touch=True)
    await host.join(links["host"])
    await guest.join(links["guest"], "Referring physician")
    await host.page.get_by_role("button", name="End").click()
    await host.page.get_by_role("button", name="End for all").click()
    await asyncio.gather(host.state("ended"), guest.state("ended"))
    assert await guest.data("reason") == "over"
    await guest.page.get_by_text("The consult has ended").wait_for()
    late = await people.come(390, 844)
    await late.page.goto(links["guest"])
    await late.page.get_by_text("The consult has ended").wait_for()
