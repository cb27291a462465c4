"""axe-core finds nothing serious in any state of the pages; all of the main work goes without a pointer.

Seen to fail, of the states: a grey of 3:1 for quiet text; buttons without a name; a series that slides; the word Leave
without room. Of the work by keys: a sheet that does not give the focus back; a tool on which the focus is not seen; a
still that is closed because two viewports show the same.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from playwright.async_api import Locator, Page, Route

from tests.browser.conftest import People, Studies
from tests.support.axe import LARGE_TEXT, Judge
from tests.support.home import Host, in_base64, post_all, series
from tests.support.keyboard import has_focus, stops, tab_to
from tests.support.person import Person
from tests.support.server import Server

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_axe_finds_nothing_serious_at_home(people: People, own_server: Server, tmp_path: Path) -> None:
    judge = Judge()
    person = await people.come(1440, 900)
    host = Host(person.context, person.page)
    page = host.page
    await page.goto(own_server.address)
    await host.state("signin")
    await judge.look("sign in", page)
    await page.get_by_label("Token").fill(own_server.token)
    await page.keyboard.press("Enter")
    await host.state("live")
    await host.wait_for("document.body.dataset.empty === 'true'")
    await judge.look("empty", page)
    await host.drop({"letter.txt": in_base64(b"Dear colleague " * 40)})
    await host.wait_for("document.querySelector('[data-upload]')?.dataset.state === 'finished'")
    await judge.look("upload refused", page)
    await page.locator("[data-upload]").get_by_role("button", name="Show").click()
    await judge.look("refused files", page)
    await page.keyboard.press("Escape")
    study, _ = series(tmp_path / "a")
    other, _ = series(tmp_path / "b", patient="TEST^BERTA", patient_id="4712")
    await post_all(own_server, tmp_path)
    await page.reload()
    await host.has_studies(2)
    await judge.look("studies", page)
    await host.select(study, other)
    await page.locator(".differ").wait_for()
    await judge.look("two patients", page)
    await page.locator(f"[data-study='{other}']").uncheck()
    await page.route("**/invitations", named_publicly)
    await page.get_by_role("button", name="Open consult").click()
    await page.locator(".invite-dialog .qr svg").wait_for()
    await judge.look("invite", page)
    await page.keyboard.press("Escape")
    await page.set_viewport_size({"width": 390, "height": 844})
    await page.evaluate(LARGE_TEXT)
    await judge.look("studies on a phone, text of 200 %", page)
    await page.set_viewport_size({"width": 1440, "height": 900})
    await page.get_by_role("button", name="Consults").click()
    await judge.look("consults, text of 200 %", page)
    assert not judge.found, judge.report()


async def named_publicly(route: Route) -> None:
    """Links as of an address that others reach: their QR code is drawn."""
    text = await (await route.fetch()).text()
    await route.fulfill(body=text.replace("http://127.0.0.1", "https://consult.example"))


async def press(page: Page, name: str) -> None:
    """A button by its whole name."""
    await page.get_by_role("button", name=name, exact=True).first.click()


async def look_at_the_desk(judge: Judge, host: Person) -> None:
    """The host's page, with all that opens there."""
    page = host.page
    await judge.look("host", page)
    await host.page.keyboard.press("k")
    await page.locator("[data-key-image]").wait_for()
    await page.get_by_role("tab", name="Chat").click()
    await page.get_by_label("Message to all").fill("Is it touching the pleura?")
    await page.keyboard.press("Enter")
    await page.locator(".chat-message").wait_for()
    await judge.look("host, chat", page)
    await page.get_by_role("tab", name="Marks").click()
    openings: list[tuple[str, Callable[[], object]]] = [
        ("More", lambda: press(page, "More")),
        ("Connection", lambda: page.locator(".health").click()),
        ("Layout", lambda: page.get_by_role("button", name="Layout").click()),
        ("More presets", lambda: press(page, "More presets")),
        ("a person", lambda: page.locator("#rail button.person").first.click()),
    ]
    for name, opens in openings:
        await opens()  # type: ignore[misc]  # each is awaitable
        await judge.look(f"host, {name}", page)
        await page.keyboard.press("Escape")
    await page.locator("#stage").focus()
    await page.keyboard.press("?")
    await judge.look("host, keys", page)
    await page.keyboard.press("Escape")
    await press(page, "End")
    await judge.look("host asks to end", page)
    await page.keyboard.press("Escape")


async def look_at_a_phone(judge: Judge, phone: Person) -> None:
    """A guest's phone, with its sheets; with large text too."""
    page = phone.page
    await judge.look("phone", page)
    for sheet in ("In the consult", "Chat"):
        await page.locator("#compact-bar").get_by_role("button", name=sheet).click()
        await judge.look(f"phone, {sheet}", page)
        await page.keyboard.press("Escape")
    await press(page, "More")
    await judge.look("phone, More", page)
    await page.keyboard.press("Escape")
    await page.evaluate(LARGE_TEXT)
    await judge.look("phone, text of 200 %", page)
    await page.set_viewport_size({"width": 844, "height": 390})
    await page.evaluate("document.documentElement.style.fontSize = ''")
    await phone.settled()
    await judge.look("phone on its side", page)


async def test_axe_finds_nothing_serious_in_a_consult(people: People, server: Server, studies: Studies) -> None:
    judge = Judge()
    links = server.open(studies.current, studies.prior, title="Second opinion")
    host, guest = await people.come(1440, 900), await people.come(1280, 720)
    phone = await people.come(390, 844, touch=True)
    await host.join(links["host"])
    for person, name in ((guest, "Desk"), (phone, "Phone")):
        await person.page.goto(links["guest"])
        await person.page.get_by_label("Your name").wait_for()
        await judge.look(f"join, {name}", person.page)
        await person.join(links["guest"], name)
    await look_at_the_desk(judge, host)
    await look_at_a_phone(judge, phone)

    page = guest.page
    await press(page, "Ask for control")
    await host.page.locator("#rail").get_by_text("asks for control").wait_for()
    await judge.look("host is asked for control", host.page)
    await press(page, "Raise hand")
    await page.keyboard.press("f")
    await page.locator(".notice").get_by_text("You look around alone").wait_for()
    await judge.look("guest looks around, asks, hand up", page)
    await page.locator("#rail button.person").first.click()
    await judge.look("guest, rail open", page)
    await page.keyboard.press("Escape")
    await page.evaluate(LARGE_TEXT)
    await judge.look("guest, text of 200 %", page)

    server.kill()
    for person, name in ((host, "host"), (phone, "phone")):
        await person.state("reconnecting")
        await judge.look(f"lost, {name}", person.page)
    server.start()
    await host.state("live")
    await judge.look("back", host.page)
    await look_at_the_ends(judge, links, server, guest, phone)
    assert not judge.found, judge.report()


async def look_at_the_ends(judge: Judge, links: dict[str, str], server: Server, guest: Person, phone: Person) -> None:
    """Expired, wrong, revoked, ended."""
    headers = {"Authorization": f"Bearer {server.token}"}
    of_consult = f"{server.address}/api/consults/{links['consult']}"
    async with httpx.AsyncClient(headers=headers) as client:
        answer = await client.post(f"{of_consult}/invitations", json={"expires_in_s": 0.001})
        await phone.page.goto(answer.json()["url"])
        await phone.page.get_by_text("This link has expired").wait_for()
        await judge.look("expired", phone.page)
        await phone.page.goto(links["guest"][:-1])
        await phone.page.get_by_text("Ask the person who sent it").wait_for()
        await judge.look("wrong link", phone.page)
        invitation = links["guest"].split("/join/")[1].split("/")[1].split("#")[0]
        await client.request("DELETE", f"{of_consult}/invitations", json={"invitation": invitation})
        await guest.state("ended")
        await judge.look("revoked", guest.page)


async def guest_comes_by_keys(guest: Person, link: str) -> None:
    """From the link to the picture, on which the focus is then."""
    keyboard = guest.page.keyboard
    await guest.page.goto(link)
    await guest.page.get_by_label("Your name").wait_for()
    await keyboard.type("Desk")
    await tab_to(guest, "Join and only listen")
    await keyboard.press("Enter")
    await guest.page.wait_for_url("**/seat/**")
    await guest.settled()
    await keyboard.press("Tab")
    await has_focus(guest, "Skip to the picture")
    await keyboard.press("Enter")
    await guest.page.locator("#stage[aria-label*='image']:focus").wait_for()


async def looks_without_a_pointer(guest: Person, host: Person) -> None:
    """A guest, alone and with the others, who asks for nothing but to be heard."""
    keyboard = guest.page.keyboard
    await keyboard.press("?")
    await has_focus(guest, "Close")
    await keyboard.press("Escape")
    await has_focus(guest, "image")
    number = await guest.image_number()
    await keyboard.press("ArrowDown")
    await guest.sees(number + 1)
    await keyboard.press("2")
    await guest.page.locator("#stage[aria-label*='window 1500 level']").wait_for()
    await keyboard.press("f")
    await guest.page.locator("#stage[aria-label*='window 400 level 40']").wait_for()
    await keyboard.press("y")
    await host.page.locator("#rail").get_by_title("Hand raised").wait_for()
    await keyboard.press("m")
    await guest.page.locator(".notice").get_by_text("microphone").wait_for()


async def talks_without_a_pointer(guest: Person, host: Person) -> None:
    """A guest, who asks for control and writes."""
    keyboard = guest.page.keyboard
    await tab_to(guest, "Ask for control")
    await keyboard.press("Enter")
    await host.page.locator("#rail").get_by_text("asks for control").wait_for()
    await guest.page.get_by_role("button", name="Asked for control").wait_for()
    await has_focus(guest, "Look around")  # the button is off now: the focus is beside it
    await tab_to(guest, "Dr. Host")
    await keyboard.press("Enter")
    await guest.page.locator("#rail.open").wait_for()
    await has_focus(guest, "Close")
    await keyboard.press("Escape")
    await has_focus(guest, "Dr. Host")
    await tab_to(guest, "Chat")
    await keyboard.press("Enter")
    await has_focus(guest, "Message to all about TEST, Anna")
    await keyboard.type("Is this the old one?")
    await keyboard.press("Enter")
    await host.page.get_by_role("tab", name="Chat 1 unread").wait_for()
    await keyboard.press("Escape")
    await has_focus(guest, "Chat")
    assert await guest.page.locator("#panel.open").count() == 0
    assert len(await stops(guest)) > 20


async def opens_and_closes(host: Person, control: str, opened: Locator, inside: str = "") -> None:
    """Enter opens it, Escape closes it, and the focus is where it was."""
    await tab_to(host, control)
    await host.page.keyboard.press("Enter")
    await opened.wait_for()
    if inside:
        await has_focus(host, inside)
    await host.page.keyboard.press("Escape")
    await opened.wait_for(state="detached")
    await has_focus(host, control)


async def leads_without_a_pointer(host: Person, guest: Person) -> None:
    """A host, who gives control to the guest and takes it back."""
    page, keyboard = host.page, host.page.keyboard
    await tab_to(host, "Layout")
    await keyboard.press("Enter")
    await keyboard.press("ArrowRight")
    await host.after(keyboard.press("Enter"))
    await has_focus(host, "Layout 1×2")
    await tab_to(host, "Window and level tool")
    await keyboard.press("ArrowRight")
    await keyboard.press("Enter")
    await page.locator("[role=radio][aria-label='Pan tool'][aria-checked=true]").wait_for()
    await opens_and_closes(host, "Connection", page.get_by_role("dialog", name="Connection"))
    await opens_and_closes(host, "End", page.get_by_role("dialog", name="End the consult"), "Cancel")
    await tab_to(host, "CT lung, 20 images")
    await host.after(keyboard.press("Enter"))  # both viewports show the same now
    await tab_to(host, "Bone")
    await host.after(keyboard.press("Enter"))
    await keyboard.press("k")
    await page.locator("[data-key-image]").wait_for()
    await opens_and_closes(host, "Desk", page.get_by_role("menuitem", name="Give control"))
    await keyboard.press("Enter")
    await keyboard.press("Enter")
    await guest.page.locator(".notice").get_by_text("You have control").wait_for()
    await tab_to(host, "Take back")
    await keyboard.press("Enter")
    await page.locator("#presence-bar").get_by_text("You present").wait_for()
    names = await stops(host)
    order = ["Skip to", "image", "Layout", "Pan tool", "Connection", "20 images", "Soft tissue", "Desk", "Unmute"]
    places = [next((i for i, name in enumerate(names) if part in name), -1) for part in order]
    assert -1 not in places, (order, names)
    assert places == sorted(places), (order, names)


async def test_all_of_the_main_work_goes_without_a_pointer(people: People, server: Server, studies: Studies) -> None:
    links = server.open(studies.current, studies.prior, title="Growth")
    host, guest = await people.come(1440, 900), await people.come(1280, 720)
    await host.join(links["host"])
    await guest_comes_by_keys(guest, links["guest"])
    await looks_without_a_pointer(guest, host)
    await talks_without_a_pointer(guest, host)
    await leads_without_a_pointer(host, guest)
    assert not host.problems + guest.problems
