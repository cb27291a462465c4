"""The note of a case, in the page: written by two at once, signed, added to, read; through kill -9 between the steps.

What the tests were seen to fail on, but for that of the kills: `write` not sent while one types; a dialog that does not
look at what others sign; `open_note` sent by whoever gets a version; drafts not kept in the tab; the note left on paper
with the picture.
"""

from __future__ import annotations

import pytest
from playwright.async_api import Locator, expect

from tests.browser.conftest import People, Studies
from tests.support.person import Person
from tests.support.server import Server
from tests.support.together import HOST, Comes, Persons, together

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
CASES = 6
two = together(HOST, Comes(1366, 700, name="Thoracic surgeon"))


@pytest.fixture
def links(server: Server, studies: Studies) -> dict[str, str]:
    """A consult on cases of which each test takes one: what is written of a case stays."""
    return server.open(studies.current, title="Second opinion", more_cases=[[studies.current]] * (CASES - 1))


async def at_case(number: int, two: Persons) -> Persons:
    """Both are at that case, from 1."""
    host = two[0]
    epoch = int(await host.data("case"))
    if number > 1:
        await host.page.get_by_role("button", name="Cases").click()
        await host.page.locator("[role=menuitemradio], [role=menuitem]").nth(number - 1).click()
        epoch += 1
    for person in two:
        await person.wait_for(f"document.body.dataset.case === '{epoch}'")
        await person.settled()
    return two


async def open_note(person: Person) -> Locator:
    """The tab of the note, open."""
    await person.page.get_by_role("tab", name="Note").click()
    note = person.page.locator("#note-page")
    await note.wait_for()
    return note


async def write(person: Person, field: str, text: str) -> None:
    """Type into a field, without leaving it."""
    await person.page.get_by_label(field).click()
    await person.page.keyboard.type(text)


async def stored(person: Person, field: str, text: str) -> None:
    """Leave the field, and wait until the server has it."""
    await person.page.get_by_label(field).blur()
    await expect(person.page.locator("[data-field] .quiet:not(:empty)")).to_have_count(0)
    await expect(person.page.get_by_label(field)).to_have_value(text)


async def sign(
    person: Person, name: str, role: str, *, status: str = "", changed: str = "", takes: bool = False, last: bool = True
) -> None:
    """Go through the dialog up to its last button, and press it (`last`)."""
    page = person.page
    await page.get_by_role("button", name="Sign", exact=True).click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Your name").fill(name)
    await dialog.get_by_label("Your role").fill(role)
    if status:
        await dialog.get_by_role("radio", name=status, exact=True).check()
    if changed:
        await dialog.get_by_label("What is changed").fill(changed)
    for box in await dialog.locator("input[name=seen], input[name=takes]" if takes else "input[name=seen]").all():
        await box.check()
    await dialog.get_by_role("button", name="Go on").click()
    await dialog.get_by_label("Your name, once more").fill(name)
    await dialog.get_by_label("Your role, once more").fill(role)
    if last:
        await dialog.get_by_role("button", name="Sign", exact=True).click()


async def back(server: Server, *persons: Person) -> None:
    """kill -9, and a new server at the same address."""
    server.kill()
    for person in persons:
        await person.state("reconnecting")
    server.start()
    for person in persons:
        await person.state("live")


async def test_two_write_at_once_and_nothing_typed_is_lost(two: Persons) -> None:
    host, guest = await at_case(1, two)
    seen, _ = await open_note(host), await open_note(guest)
    await write(guest, "Impression", "Growing")
    live = seen.locator("[data-field=impression] .note-live")
    await expect(live).to_contain_text("Thoracic surgeon is writing …")
    await expect(live).to_contain_text("Growing")
    await guest.page.keyboard.type(" nodule")
    await expect(live).to_contain_text("Growing nodule")
    await write(host, "Impression", "Scar")
    await stored(guest, "Impression", "Growing nodule")
    conflict = seen.get_by_text("Thoracic surgeon has written there meanwhile:")
    await conflict.wait_for()
    await expect(host.page.get_by_role("textbox", name="Impression")).to_have_value("Scar")
    await host.page.get_by_role("button", name="Keep both").click()
    await stored(host, "Impression", "Growing nodule\nScar")
    await expect(guest.page.get_by_role("textbox", name="Impression")).to_have_value("Growing nodule\nScar")


async def test_it_is_written_signed_added_to_and_read_through_kills(two: Persons, server: Server) -> None:
    host, guest = await at_case(2, two)
    note, read = await open_note(host), await open_note(guest)
    await host.page.get_by_role("button", name="Sign", exact=True).click()
    stops = host.page.get_by_role("dialog")
    await expect(stops).to_contain_text("The impression is empty.")
    await stops.get_by_role("button", name="Go there").click()
    await expect(host.page.get_by_role("textbox", name="Impression")).to_be_focused()
    await host.page.keyboard.type("Growing nodule")
    await stored(host, "Impression", "Growing nodule")
    await back(server, host, guest)
    await expect(read.get_by_role("textbox", name="Impression")).to_have_value("Growing nodule")
    await write(guest, "Recommendation", "EBUS")
    await stored(guest, "Recommendation", "EBUS")
    await host.page.get_by_role("button", name="Sign", exact=True).click()
    await stops.get_by_label("Your role").fill("radiologist")
    await stops.get_by_role("button", name="Go on").click()
    await expect(stops).to_contain_text("Thoracic surgeon wrote some of it.")
    await stops.get_by_role("button", name="Cancel").click()
    await back(server, host, guest)
    await sign(host, "Dr. Host", "radiologist", takes=True)
    await expect(note).to_contain_text("Preliminary, version 1")
    await expect(note).to_contain_text("Signed by Dr. Host, radiologist, ")
    await back(server, host, guest)
    await expect(read).to_contain_text("Preliminary, version 1")
    await expect(note.locator("[data-reader]")).to_contain_text("Opened by Thoracic surgeon, not said to be read, ")
    await read.get_by_role("button", name="I have read this").click()
    await expect(note.locator("[data-reader]")).to_contain_text("Seen by Thoracic surgeon, ")
    await host.page.get_by_role("button", name="Write what is to be added").click()
    await write(host, "Limits", "No contrast.")
    await stored(host, "Limits", "No contrast.")
    await back(server, host, guest)
    await sign(host, "Dr. Host", "radiologist", status="Final", changed="Limits added", takes=True)
    await expect(read).to_contain_text("Final, version 2")
    await expect(read).to_contain_text("Limits added")
    await back(server, host, guest)
    await host.page.get_by_role("button", name="Write what is to be added").click()
    await write(host, "Category", "Lung-RADS 4B")
    await stored(host, "Category", "Lung-RADS 4B")
    await sign(host, "Dr. Host", "radiologist", changed="Category added", takes=True)
    await expect(read).to_contain_text("Addendum, version 3")
    await read.get_by_role("button", name="Preliminary, version 1").click()
    first = read.locator("[data-version='c2.1']")
    await expect(first).to_contain_text("Growing nodule")
    await expect(first).not_to_contain_text("No contrast.")
    await expect(read.locator("[data-note-version]")).to_have_count(3)


async def test_of_two_who_sign_at_once_one_wins_and_the_other_is_told(two: Persons) -> None:
    host, guest = await at_case(3, two)
    await open_note(host)
    read = await open_note(guest)
    await write(host, "Impression", "Growing nodule")
    await stored(host, "Impression", "Growing nodule")
    await expect(guest.page.get_by_role("textbox", name="Impression")).to_have_value("Growing nodule")
    await sign(guest, "Dr. Surgeon", "surgeon", takes=True, last=False)
    await sign(host, "Dr. Host", "radiologist")
    dialog = guest.page.get_by_role("dialog")
    await expect(dialog).to_contain_text("Dr. Host has signed version 1 meanwhile. Read it first.")
    await dialog.get_by_role("button", name="Read it").click()
    await expect(read).to_contain_text("Signed by Dr. Host, radiologist, ")
    await expect(read.locator("[data-note-version]")).to_have_count(1)


async def test_who_only_watches_reads_it_and_is_not_counted_before_opening_it(
    two: Persons, people: People, server: Server
) -> None:
    host, _ = await at_case(4, two)
    viewer = await people.come(390, 844, 3, touch=True)
    await viewer.page.goto(server.invite(two.links["consult"], "viewer"))
    await viewer.page.get_by_label("Your name").fill("Referring physician")
    await viewer.page.get_by_role("button", name="Join", exact=True).click()
    await viewer.page.wait_for_url("**/seat/**")
    await viewer.state("live")
    note = await open_note(host)
    await write(host, "Impression", "Growing nodule")
    await stored(host, "Impression", "Growing nodule")
    await sign(host, "Dr. Host", "radiologist")
    await expect(viewer.page.locator(".notice")).to_contain_text("Dr. Host has signed the note")
    await viewer.page.get_by_role("button", name="Raise hand").click()
    await expect(host.page.locator("#rail")).to_contain_text("hand raised")  # and all that came before it
    await expect(note.locator("[data-reader]")).to_have_count(0)
    await viewer.page.get_by_role("button", name="More", exact=True).click()
    await viewer.page.get_by_role("menuitem", name="Note").click()
    read = viewer.page.locator("#note-page")
    await expect(read).to_contain_text("Growing nodule")
    await expect(note.locator("[data-reader].opened")).to_contain_text("Referring physician")
    await read.get_by_role("button", name="I have read this").click()
    await expect(note.locator("[data-reader].seen")).to_contain_text("Seen by Referring physician, ")
    await expect(read.get_by_role("textbox")).to_have_count(0)


async def test_what_is_typed_survives_a_reload_and_another_case(
    people: People, server: Server, studies: Studies
) -> None:
    board = server.open(studies.current, title="Board", more_cases=[[studies.other]])
    host, guest = await people.come(1440, 900), await people.come(1366, 700)
    await host.join(board["host"])
    await guest.join(board["guest"], "Thoracic surgeon")
    await open_note(guest)
    server.kill()
    await guest.state("reconnecting")
    await write(guest, "Impression", "Growing nodule")
    server.start()
    await guest.page.reload()
    await guest.state("live")
    await open_note(guest)
    await stored(guest, "Impression", "Growing nodule")
    impression = guest.page.get_by_role("textbox", name="Impression")
    await impression.press_sequentially(", right")
    await host.page.locator("#stage").focus()
    await host.page.keyboard.press("n")
    await guest.wait_for("document.body.dataset.case === '2'")
    await expect(impression).to_have_value("")
    await guest.page.keyboard.type(" upper lobe")  # whose note it is now, this hand has not seen
    await expect(impression).to_have_value("")
    await host.page.keyboard.press("n")
    await guest.wait_for("document.body.dataset.case === '3'")
    await expect(impression).to_have_value("Growing nodule, right")


async def test_on_paper_stands_the_note_alone(two: Persons) -> None:
    host, _ = await at_case(5, two)
    await open_note(host)
    await write(host, "Impression", "Growing nodule")
    await stored(host, "Impression", "Growing nodule")
    await host.page.emulate_media(media="print")
    await host.evaluate("dispatchEvent(new Event('beforeprint'))")
    sheet = host.page.locator("#note-sheet")
    await expect(sheet).to_be_visible()
    await expect(sheet).to_contain_text("Growing nodule")
    await expect(sheet).to_contain_text("Draft, not signed")
    await expect(sheet).to_contain_text("Not for primary diagnosis")
    await expect(host.page.locator("#stage")).to_be_hidden()
    await expect(host.page.locator("#panel")).to_be_hidden()
    await host.page.emulate_media(media="screen")
    await host.evaluate("dispatchEvent(new Event('afterprint'))")


async def test_a_recommendation_says_who_does_it_until_when(two: Persons) -> None:
    """Who reads the note sees a list of steps, each with its person and date, and no bars between them."""
    host, guest = await at_case(6, two)
    await open_note(host)
    read = await open_note(guest)
    await write(host, "Impression", "Growing nodule")
    await stored(host, "Impression", "Growing nodule")
    await write(host, "Recommendation", "No further imaging")
    await host.page.get_by_role("button", name="Add with who and until when").click()
    form = host.page.get_by_role("dialog")
    await form.get_by_label("What").fill("EBUS of node 10R")
    await form.get_by_label("Who").fill("Thoracic surgeon")
    await form.get_by_label("Until").fill("2026-12-01")
    await form.get_by_role("button", name="Add").click()
    await stored(host, "Recommendation", "No further imaging\nEBUS of node 10R | Thoracic surgeon | 2026-12-01")
    await sign(host, "Dr. Host", "radiologist")
    steps = read.locator(".note-steps li")
    await expect(steps).to_have_count(2)
    await expect(steps.nth(1)).to_contain_text("EBUS of node 10R")
    await expect(steps.nth(1)).to_contain_text("Thoracic surgeon · 1 Dec 2026")
