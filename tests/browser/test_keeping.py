"""A consult is saved as a file from the home, and deleted for good; whoever reads it then is told."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.browser.conftest import People
from tests.support.ct import write_series
from tests.support.home import Host, post_all
from tests.support.server import Server

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_a_consult_is_exported_and_deleted_and_its_guest_is_told(
    people: People, own_server: Server, tmp_path: Path
) -> None:
    """Seen to fail: with a runner that is closed as for a restart the guest's page waited for it to come back."""
    study = write_series(tmp_path / "files", images=2, size=32)
    await post_all(own_server, tmp_path)
    opened = own_server.open(study, title="T")
    person, guest = await people.come(1440, 900), await people.come(800, 600)
    host = Host(person.context, person.page)
    await guest.join(opened["guest"], "Referring physician")
    await host.come_home(own_server)
    row = host.page.locator("li[data-consult]:visible").first
    await row.get_by_role("button", name="More").click()
    async with host.page.expect_download() as saving:
        await host.page.get_by_role("menuitem", name="Export…").click()
    with zipfile.ZipFile(await (await saving.value).path()) as file:
        assert file.namelist() == ["log.jsonl", "notes.json", "manifest.json"]
    await row.get_by_role("button", name="More").click()
    await host.page.get_by_role("menuitem", name="Delete for good…").click()
    await host.page.get_by_text("Referring physician is in it now").wait_for()
    await host.page.get_by_role("button", name="Delete with 1 study").click()
    await expect(row).to_have_count(0)
    await guest.state("ended")
    await expect(guest.page.get_by_role("heading", name="This consult was deleted")).to_be_visible()
    assert await guest.data("reason") == "deleted"
    await host.has_studies(0)
