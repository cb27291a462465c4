"""Two pages in one consult, one in German and one in English: each in its own words, about the same picture."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.browser.conftest import People
from tests.support.person import Person

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
CATALOGUE = json.loads((Path(__file__).parents[2] / "web/locales/de.json").read_text())["page"]
WORDS = """() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = new Set();
  while (walker.nextNode()) found.add(walker.currentNode.textContent.trim());
  for (const element of document.querySelectorAll('*'))
    for (const name of ['aria-label', 'title', 'placeholder']) found.add(element.getAttribute(name) ?? '');
  return [...found];
}"""


async def english_words(person: Person) -> set[str]:
    """What a German page shows in English though the catalogue has a German word for it."""
    shown = set(await person.page.evaluate(WORDS))
    return {text for text in shown if text in CATALOGUE and CATALOGUE[text] != text}


async def test_who_comes_in_chooses_a_language_there(people: People, links: dict[str, str]) -> None:
    guest = await people.come(390, 844, locale="en-GB")
    await guest.page.goto(links["guest"])
    await guest.page.get_by_label("Your name").fill("Dr. Gast")
    await guest.page.get_by_role("button", name="Deutsch").click()
    await expect(guest.page.get_by_label("Ihr Name")).to_have_value("Dr. Gast")
    await expect(guest.page.get_by_role("button", name="Deutsch", pressed=True)).to_have_count(1)
    await guest.page.get_by_role("button", name=re.compile("nur zuhören|telefonieren$")).click()
    await guest.page.wait_for_url("**/seat/**")
    assert await guest.evaluate("document.documentElement.lang") == "de"


async def test_each_page_of_a_consult_speaks_its_own_language(people: People, links: dict[str, str]) -> None:
    host, guest = await people.come(), await people.come(locale="de-DE")
    await host.join(links["host"])

    await guest.page.goto(links["guest"])
    await guest.page.get_by_role("heading", name="lädt Sie ein, gemeinsam Bilder anzusehen").wait_for()
    assert await guest.evaluate("document.documentElement.lang") == "de"
    assert await english_words(guest) == set()
    await guest.page.get_by_label("Ihr Name").fill("Dr. Gast")
    await guest.page.get_by_role("button", name=re.compile("nur zuhören|telefonieren$")).click()
    await guest.page.wait_for_url("**/seat/**")
    await guest.state("live")
    await guest.settled()
    assert await english_words(guest) == set()
    text = await guest.evaluate("document.querySelector('#stage').textContent")
    assert re.search(r"geb\. \d\d\.\d\d\.\d{4}", text)
    assert "EXAKT" in text or "SKALIERT" in text
    text = await host.evaluate("document.querySelector('#stage').textContent")
    assert re.search(r"born \d{1,2} [A-Z][a-z]{2} \d{4}", text)
    assert "EXACT" in text or "SCALED" in text
    assert guest.problems == host.problems == []

    await guest.page.keyboard.press("h")
    await guest.page.get_by_text("Nur wer vorführt, dreht und spiegelt das Bild.").wait_for()
    await settings(guest)
    await guest.page.get_by_label("Ihr Name").fill("\u200b")
    await guest.page.keyboard.press("Tab")
    await guest.page.get_by_text("Ein Name braucht mindestens ein sichtbares Zeichen.").wait_for()

    await guest.page.keyboard.press("Escape")
    await guest.page.get_by_role("tab", name="Chat").click()
    await guest.page.locator("#chat-input").fill("half a sentence")
    await settings(guest)
    await guest.page.get_by_label("English").check()
    await guest.page.get_by_role("button", name="Neu laden").click()
    await guest.page.locator("html[lang=en]").wait_for()
    await guest.state("live")
    await guest.settled()
    await guest.page.get_by_role("tab", name="Chat").click()
    assert await guest.page.locator("#chat-input").input_value() == "half a sentence", "a draft outlives it"
    assert (await guest.evaluate("document.querySelector('#stage').textContent")).count("born ") == 1


async def settings(person: Person) -> None:
    """Open them in a German page."""
    await person.page.locator("#top-bar").get_by_role("button", name="Mehr").click()
    await person.page.get_by_role("menuitem", name="Einstellungen").click()
