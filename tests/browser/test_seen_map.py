"""The seen map: what each seat has had on screen of a stack, said beside the scroll bar and in a list."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from playwright.async_api import expect

from tests.browser.conftest import People, Studies
from tests.support.person import Person
from tests.support.server import Server

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
STRIP = (
    "[...document.querySelectorAll('[data-viewport=a] .coverage > div')]"
    ".map((e) => [e.dataset.by, Number(e.dataset.from), Number(e.dataset.to)])"
)
PUT_AWAY = "Object.defineProperty(document, 'visibilityState', {value: '%s', configurable: true})"
ROUND = "document.dispatchEvent(new Event('visibilitychange'))"


async def strip(person: Person) -> list[tuple[str, int, int]]:
    """Who has seen which images, from 1."""
    found: list[list[Any]] = await person.evaluate(STRIP)
    return [(by, first, last) for by, first, last in found]


def images(runs: list[tuple[str, int, int]], by: str) -> set[int]:
    return {image for who, first, last in runs if who == by for image in range(first, last + 1)}


async def has_seen(person: Person, number: int) -> None:
    """Wait until that image counts as seen here."""
    await person.wait_for(f"({STRIP}).some(([by, from, to]) => by === 'mine' && from <= {number} && {number} <= to)")


async def scroll_to(host: Person, number: int) -> None:
    """By the keys, image by image, each of which is painted."""
    while (now := await host.image_number()) != number:
        await host.after(host.page.keyboard.press("ArrowDown" if now < number else "ArrowUp"))


async def reported(person: Person) -> None:
    """The page tells at once what it has seen, as one that is put away does; then it is looked at again."""
    await person.evaluate(PUT_AWAY % "hidden")
    await person.evaluate(ROUND)
    await person.evaluate(PUT_AWAY % "visible")
    await person.evaluate(ROUND)


async def until(person: Person, runs: list[tuple[str, int, int]]) -> None:
    """Wait until the strip says that."""
    try:
        async with asyncio.timeout(20):
            while await strip(person) != runs:
                await person.evaluate("new Promise(requestAnimationFrame)")
    except TimeoutError:
        raise AssertionError(f"{await strip(person)} instead of {runs}") from None


async def test_what_was_on_the_screen_is_said_and_survives_a_reload(people: People, links: dict[str, str]) -> None:
    host = await people.come()
    await host.join(links["host"])
    first = await host.image_number()
    await has_seen(host, first)
    await scroll_to(host, first + 3)
    count = int(await host.evaluate("document.querySelector('[role=slider]').getAttribute('aria-valuemax')"))
    seen = [("nobody", 1, first - 1), ("mine", first, first + 3), ("nobody", first + 4, count)]
    await until(host, seen)
    sentence = f"Images 1 to {first - 1}, {first + 4} to {count} were seen by nobody."
    await expect(host.page.locator(".coverage-words")).to_contain_text(sentence)
    await host.page.locator("[role=slider]").hover()
    await expect(host.page.locator(".coverage-words")).to_be_visible()
    await reported(host)
    guest = await people.come(1280, 720)
    await guest.join(links["guest"], "Referring physician")
    await until(
        guest,
        [
            ("nobody", 1, first - 1), ("others", first, first + 2), ("mine", first + 3, first + 3),
            ("nobody", first + 4, count),
        ],
    )  # fmt: skip
    await host.page.reload()
    await host.state("live")
    await host.settled()
    await until(host, seen)


async def test_what_nobody_could_see_is_not_said_to_be_seen(people: People, links: dict[str, str]) -> None:
    host = await people.come()
    await host.join(links["host"])
    first = await host.image_number()
    await has_seen(host, first)
    await host.evaluate(PUT_AWAY % "hidden")
    await scroll_to(host, first + 2)
    assert images(await strip(host), "mine") == {first}
    await host.evaluate(PUT_AWAY % "visible")
    await scroll_to(host, first + 3)
    await has_seen(host, first + 3)
    seen = images(await strip(host), "mine") - {first + 2}  # which may have stood there a moment, once it was visible
    assert seen == {first, first + 3}


async def test_a_host_sees_by_whom_a_guest_how_much(people: People, links: dict[str, str]) -> None:
    host, laptop, phone = await people.three(links)
    await reported(laptop)
    await reported(phone)
    await host.page.get_by_role("button", name="More", exact=True).click()
    entry = host.page.get_by_role("menuitem", name="Seen images")
    await entry.click()
    dialog = host.page.get_by_role("dialog", name="Seen images")
    await expect(dialog).to_contain_text("were seen by nobody.")
    await expect(dialog).to_contain_text("Referring physician")
    await expect(dialog).to_contain_text("On a phone")
    await phone.page.locator("#dock").get_by_role("button", name="More", exact=True).click()
    await phone.page.get_by_role("menuitem", name="Seen images").click()
    theirs = phone.page.get_by_role("dialog", name="Seen images")
    await expect(theirs).to_contain_text("were seen by nobody.")
    await expect(theirs).not_to_contain_text("Referring physician")


async def test_the_strip_is_of_the_series_that_is_painted(people: People, server: Server, studies: Studies) -> None:
    host = await people.come()
    await host.join(server.open(studies.current, studies.prior, title="Two dates")["host"])
    first = await host.image_number()
    await has_seen(host, first)
    await scroll_to(host, first + 2)
    await has_seen(host, first + 2)
    seen = await strip(host)
    await host.after(host.page.keyboard.press("PageDown"))
    await has_seen(host, await host.image_number())
    assert await strip(host) != seen
    await host.after(host.page.keyboard.press("PageUp"))
    await scroll_to(host, first + 1)
    await until(host, seen)
