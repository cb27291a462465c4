"""Doors for guests: a code that is said, a lobby, a PIN, and who may lead while the host is gone."""

from __future__ import annotations

import asyncio
import re

import pytest
from playwright.async_api import Locator, expect

from tests.browser.conftest import People
from tests.support.person import LISTENS, Person
from tests.support.server import Server
from tests.support.together import HOST, LAPTOP, Persons, resize, together

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
two = together(HOST, LAPTOP)
OF_THE_CONSULT = re.compile("Second opinion|TEST|CT|Referring|Series")
"""Words that nobody reads before they are let in: the title, the patient, the images, others."""


async def spoken_code(host: Person) -> str:
    """A new code, as the host reads it out."""
    await host.page.get_by_role("button", name="Invite", exact=True).first.click()
    dialog = host.page.get_by_role("dialog")
    await dialog.get_by_role("button", name="Make a code to say").click()
    code = dialog.locator(".spoken-code")
    await expect(code).to_have_text(re.compile(r"^\d{3} \d{3}$"))
    text = await code.text_content()
    await expect(dialog.get_by_text("Say it to one person")).to_contain_text("/join")
    await host.page.keyboard.press("Escape")
    assert text
    return text


async def new_link(host: Person, *doors: str) -> tuple[str, Locator]:
    """A new link with these switches on; the dialog stays open."""
    dialog = host.page.get_by_role("dialog")
    if await dialog.count() == 0:
        await host.page.get_by_role("button", name="Invite", exact=True).first.click()
    for door in doors:
        await dialog.get_by_label(door).check()
    before = await dialog.get_by_label("Link", exact=True).input_value()
    await dialog.get_by_role("button", name="Make a new link").click()
    await expect(dialog.get_by_label("Link", exact=True)).not_to_have_value(before)
    return await dialog.get_by_label("Link", exact=True).input_value(), dialog


async def say(guest: Person, server: Server, code: str, name: str) -> None:
    """Come with a code, as far as the door."""
    await guest.page.goto(f"{server.address}/join")
    await guest.page.get_by_label("Code").fill(code)
    await guest.page.get_by_label("Your name").fill(name)
    await guest.page.get_by_role("button", name="Ask to be let in").click()


async def waits(guest: Person) -> None:
    """They are before the door, and read nothing of the consult."""
    await guest.state("lobby")
    await guest.page.get_by_text("Please wait to be let in").wait_for()
    await guest.page.get_by_text("Dr. Host knows that you are here").wait_for()
    assert await guest.page.locator("canvas, img").count() == 0
    assert not OF_THE_CONSULT.search(await guest.page.locator("body").inner_text())


async def test_who_comes_by_a_code_or_such_a_link_waits_until_the_host_lets_them_in(
    two: Persons, people: People, server: Server
) -> None:
    host, inside = two
    phone, laptop = await people.come(390, 844, touch=True), await people.come(1366, 768)
    code = await spoken_code(host)
    await say(phone, server, code, "On a phone")
    await waits(phone)
    link, _ = await new_link(host, "They wait until you let them in")
    await host.page.keyboard.press("Escape")
    await laptop.enter(link, "At a laptop")
    await waits(laptop)

    rail, row = host.page.locator("#rail"), "#rail [data-waiting]"
    await expect(host.page.locator(row)).to_have_count(2)
    await expect(rail.locator("li", has_text="On a phone")).to_contain_text(re.compile(r"since \d\d?:\d\d"))
    await expect(host.page.locator(".notice")).to_contain_text("On a phone and At a laptop wait to be let in.")
    assert await inside.page.get_by_text("On a phone").count() == 0, "hosts alone are told"
    await expect(inside.page.locator("#rail [data-waiting]")).to_have_count(0)

    await phone.page.reload()
    await waits(phone)
    server.kill()
    server.start()
    await host.state("live")
    await expect(host.page.locator(row)).to_have_count(2)
    await waits(phone)

    await rail.get_by_role("button", name="Let all in").click()
    for guest in (phone, laptop):
        await guest.state("live")
        await guest.settled()
    await expect(host.page.locator(row)).to_have_count(0)
    await expect(rail.locator("button.person", has_text="On a phone")).to_be_visible()
    await expect(inside.page.locator("#rail .person")).to_have_count(4)
    late = await people.come(390, 844, touch=True)
    await say(late, server, code, "Somebody else")
    await expect(late.page.get_by_role("alert")).to_contain_text("This code opens nothing")
    assert not host.problems + inside.problems + phone.problems + laptop.problems + late.problems


async def tones(person: Person) -> int:
    """Tones that the page has played since it was loaded."""
    return int(await person.page.evaluate("window.tones"))


async def test_a_host_hears_once_that_somebody_waits_unless_it_is_switched_off(
    people: People, links: dict[str, str]
) -> None:
    host, guest = await people.come(1440, 900), await people.come(390, 844, touch=True)
    await host.page.add_init_script("""
        window.tones = 0;
        const start = OscillatorNode.prototype.start;
        OscillatorNode.prototype.start = function (...when) { window.tones++; return start.apply(this, when); };
    """)
    await host.join(links["host"])
    link, _ = await new_link(host, "They wait until you let them in")
    await host.page.keyboard.press("Escape")
    assert await tones(host) == 0
    await guest.enter(link, "A guest at the door")
    rail = host.page.locator("#rail")
    await host.wait_for("window.tones === 2")
    await guest.page.reload()
    await waits(guest)
    await rail.get_by_role("button", name="Do not let A guest at the door in").click()
    await guest.page.get_by_text("You were not let in").wait_for()
    assert await tones(host) == 2, "once for each"
    await host.page.get_by_role("button", name="More", exact=True).click()
    await host.page.get_by_role("menuitem", name="Settings").click()
    await host.page.get_by_label("A sound when somebody waits to be let in").uncheck()
    await host.page.keyboard.press("Escape")
    await guest.page.get_by_role("button", name="Ask again").click()
    await rail.get_by_role("button", name="Let A guest at the door in", exact=True).click()
    await guest.state("live")
    assert await tones(host) == 2
    assert not host.problems + guest.problems


async def test_who_is_not_let_in_reads_so_asks_once_more_and_can_be_let_in_after_all(
    two: Persons, people: People
) -> None:
    host, guest = two[0], await people.come(390, 844, touch=True)
    link, _ = await new_link(host, "They wait until you let them in")
    await host.page.keyboard.press("Escape")
    await guest.enter(link, "A stranger")
    rail = host.page.locator("#rail")
    deny = rail.get_by_role("button", name="Do not let A stranger in")
    await deny.click()
    await guest.page.get_by_text("You were not let in").wait_for()
    assert (await guest.data("state"), await guest.data("reason")) == ("ended", "denied")
    await guest.page.get_by_role("button", name="Ask again").click()
    await waits(guest)
    await deny.click()
    await guest.page.get_by_text("You were not let in").wait_for()
    await expect(guest.page.get_by_role("button", name="Ask again")).to_have_count(0)
    await guest.page.goto(link)
    await guest.page.get_by_label("Your name").fill("Under another name")
    await guest.page.get_by_role("button", name=re.compile(LISTENS)).click()
    await guest.page.get_by_text("You were not let in").wait_for()
    await rail.get_by_text("A stranger was not let in.").wait_for()
    await rail.get_by_role("button", name="Let in again").click()
    await guest.page.reload()
    await guest.state("live")
    assert not host.problems + guest.problems


async def test_a_link_with_a_pin_for_one_person(two: Persons, people: People) -> None:
    host, guest = two[0], await people.come(1280, 720)
    phone = await people.come(390, 844, touch=True)
    await host.page.get_by_role("button", name="Invite", exact=True).first.click()
    dialog = host.page.get_by_role("dialog")
    await dialog.get_by_label("How many people").select_option(label="1 person")
    link, dialog = await new_link(host, "Ask for a PIN")
    said = re.search(r"PIN (\d{3} \d{3})", await dialog.locator(".pin").inner_text())
    assert said
    await guest.page.goto(link)
    assert not OF_THE_CONSULT.search(await guest.page.locator("body").inner_text())
    await guest.page.get_by_label("Your name").fill("A surgeon")
    await guest.page.get_by_label("PIN").fill("12")
    await guest.page.get_by_role("button", name=re.compile(LISTENS)).click()
    await expect(guest.page.get_by_role("alert")).to_have_text("Wrong PIN. Tries left: 4.")
    await guest.page.get_by_label("PIN").fill(said.group(1))
    await guest.page.get_by_role("button", name=re.compile(LISTENS)).click()
    await guest.page.wait_for_url("**/seat/**")
    await guest.state("live")
    await phone.page.goto(link)
    await phone.page.get_by_label("Your name").fill("Another")
    await phone.page.get_by_label("PIN").fill(said.group(1))
    await phone.page.get_by_role("button", name=re.compile(LISTENS)).click()
    await phone.page.get_by_text("This link was used too often").wait_for()
    await expect(dialog.locator("li", has_text="A surgeon")).to_contain_text("1 of 1 used")
    assert not host.problems + guest.problems


async def test_while_the_host_is_gone_who_takes_part_leads_and_gives_it_back_at_once(
    people: People, links: dict[str, str]
) -> None:
    host, guest, other = await people.three(links)
    number = await host.image_number()
    seat = host.page.url
    await host.page.close()
    bar = guest.page.locator("#presence-bar")
    await expect(bar).to_contain_text("is away")
    await expect(bar.locator(".count-text").first).to_have_attribute("title", re.compile("You can take control in"))
    await expect(guest.page.get_by_role("button", name="Ask for control")).to_have_count(0)
    await bar.get_by_role("button", name="Take control").click()
    await expect(bar).to_contain_text("You lead while the host is away")
    leads = "Referring physician leads while the host is away"
    await expect(other.page.get_by_text(leads).first).to_be_visible()
    await resize(other, 1366, 768)
    await expect(other.page.locator("#presence-bar")).to_contain_text(leads)
    await guest.page.locator("#stage").focus()
    await guest.page.keyboard.press("ArrowDown")
    await asyncio.gather(*(one.sees(number + 1) for one in (guest, other)))

    back = await host.another_tab()
    await back.page.goto(seat)
    await back.state("live")
    await expect(back.page.locator("#presence-bar")).to_contain_text("You present")
    await expect(bar).to_contain_text("Following Dr. Host")
    assert not guest.problems + other.problems + back.problems
