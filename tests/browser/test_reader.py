"""A link to read, on a phone: the note in full, a sentence's view exactly, "I have read this"; and no consult."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest
from playwright.async_api import expect

from tests.browser.conftest import People
from tests.support.consult_client import ConsultClient
from tests.support.journeys import Journeys
from tests.support.person import grey_hash
from tests.support.server import Server
from tests.support.waiting import until_notified

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
PATIENCE_S = 300.0


async def sign_a_note(server: Server, links: dict[str, str]) -> None:
    """Version 1 of a note with one finding, by the host."""
    host = ConsultClient((800, 600), Journeys(), Journeys())
    await host.join(links["host"], "Dr. Host")
    await host.draw("m1", 0.0)
    await host.command("put_finding", finding="f1", base=0, wording={"title": "Nodule"}, marks=["m1"])
    await host.command("confirm_side", finding="f1", side="RIGHT")
    await host.command("put_note", field="impression", text="A nodule.", base=0)
    signer = {"name": "Dr. Host", "role": "radiologist"}
    seen = [host.welcome["snapshot"]["cases"][0]["studies"][0]["key"]]
    fields: dict[str, Any] = {"status": "final", "versions": 0, "signer": signer, "again": signer, "seen": seen}

    path = f"/api/consults/{links['consult']}/note.json?version=draft"

    async def measured() -> bool:
        (finding,) = (await asyncio.to_thread(ask, server, "GET", path))["findings"]
        return bool(finding["values"])

    await until_notified(measured, PATIENCE_S)
    await host.command("sign_note", **fields)
    await host.close()


def ask(server: Server, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
    """The host API's answer."""
    headers = {"Authorization": f"Bearer {server.token}"}
    return httpx.request(method, server.address + path, json=body, headers=headers, timeout=PATIENCE_S).json()


async def test_a_reader_on_a_phone_opens_a_sentences_view_exactly(
    people: People, server: Server, links: dict[str, str]
) -> None:
    await sign_a_note(server, links)
    path = f"/api/consults/{links['consult']}"
    link = ask(server, "POST", f"{path}/invitations", {"role": "reader"})
    ask(server, "DELETE", path)  # the consult is over: the note is still there to be read
    reader = await people.come(390, 844, 3, touch=True)
    page = reader.page
    page.set_default_timeout(PATIENCE_S * 1000)
    await page.goto(link["url"])
    await page.get_by_label("Your name").fill("Dr. Reader")
    await page.get_by_role("button", name="Open the note").click()
    await page.get_by_text("A nodule.").wait_for()
    assert await reader.data("role") == "reader"
    await page.locator("#reading button.opens").first.click()
    await reader.wait_for("document.querySelector('.key-picture')?.dataset.digest")
    digest = await page.locator(".key-picture").get_attribute("data-digest")
    assert digest
    canvas = await reader.canvas()
    still, sha256 = await reader.still(digest)
    assert canvas.shape[:2] == still.shape
    assert canvas.shape[1] == 390 * 3
    assert grey_hash(canvas) == sha256
    over = page.locator(".key-picture .over")
    await expect(over.locator(".who")).to_contain_text("TEST, Anna")
    await expect(over.locator(".letter.left")).to_have_text("R")
    assert await over.locator(".badge").inner_text() in ("EXACT", "SCALED") or await reader.data("fidelity") == "scaled"
    await page.get_by_role("button", name="Close").click()
    await page.get_by_role("button", name="I have read this").click()
    await page.locator("#read .seen").get_by_text("Read by Dr. Reader").wait_for()
    (reading,) = ask(server, "GET", f"{path}/note.json")["readers"]
    assert (reading["name"], reading["seen_at"] is not None) == ("Dr. Reader", True)
    ask(server, "DELETE", f"{path}/invitations", {"invitation": link["invitation"]})
    await page.reload()
    await page.get_by_text("no longer works").wait_for()
    assert await page.locator("#reading").count() == 0


async def test_a_guest_reads_the_signed_note_after_the_end_and_nothing_else(
    people: People, server: Server, links: dict[str, str]
) -> None:
    """The page that says that the consult has ended opens the note, and so does the guest's own link later; somebody
    who opens that link and was not there sees only that it has ended."""
    guest, late = await people.come(390, 844, touch=True), await people.come(1280, 720)
    page = guest.page
    page.set_default_timeout(PATIENCE_S * 1000)
    await guest.join(links["guest"], "Dr. Ward")
    await sign_a_note(server, links)
    ask(server, "DELETE", f"/api/consults/{links['consult']}")
    await guest.state("ended")
    await expect(page.get_by_role("heading", name="The consult has ended")).to_be_visible()
    await expect(page.get_by_text("You can read its signed note")).to_be_visible()
    await page.get_by_role("button", name="Open the note").click()
    await page.get_by_text("A nodule.").wait_for()
    assert await guest.data("role") == "reader"
    await page.locator("#reading button.opens").first.click()
    await guest.wait_for("document.querySelector('.key-picture')?.dataset.digest")
    await page.get_by_role("button", name="Close").click()
    await page.get_by_role("button", name="I have read this").click()
    await page.locator("#read .seen").get_by_text("Read by Dr. Ward").wait_for()
    await page.goto(links["guest"])
    await expect(page.get_by_text("You can read its signed note")).to_be_visible()
    await page.get_by_role("button", name="Open the note").click()
    await page.locator("#read .seen").get_by_text("Read by Dr. Ward").wait_for()
    await late.page.goto(links["guest"])
    await late.page.get_by_role("heading", name="The consult has ended").wait_for()
    assert await late.page.get_by_role("button").filter(has_text="Open the note").count() == 0, "who was not there"
