"""Which language a browser gets, and its pages in it."""

from __future__ import annotations

import json
import re

import pytest

from consult.http.pages.languages import Catalogue, best_language, read_catalogue
from consult.http.pages.static import site
from consult.http.pages.templates import PAGES, Page
from tests.unit.http.conftest import Door

OFFERED = {"en", "de"}


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "en"),
        ("de", "de"),
        ("de-AT,de;q=0.9,en;q=0.8", "de"),
        ("en-GB,en;q=0.9,de;q=0.8", "en"),
        ("fr;q=1, de;q=0.2, en;q=0.1", "de"),
        ("EN;q=0.1, DE;q=0.3", "de"),
        ("de;q=0", "en"),
        ("*", "en"),
        ("de;q=much, ,;", "en"),
    ],
)
def test_the_best_language_that_a_browser_asks_for(accepted: str, language: str) -> None:
    assert best_language(accepted, OFFERED) == language


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize(
    ("headers", "language"),
    [
        ({}, "en"),
        ({"Accept-Language": "de"}, "de"),
        ({"Accept-Language": "de", "Cookie": "language=en"}, "en"),
        ({"Cookie": "language=de"}, "de"),
        ({"Cookie": "language=../../x", "Accept-Language": "de"}, "de"),
    ],
)
@pytest.mark.parametrize(("path", "status"), [("/", 200), ("/join/x/y", 200), ("/nowhere", 404), ("/seat/x/", 404)])
async def test_a_page_comes_in_the_language_that_was_chosen(
    door: Door, path: str, status: int, headers: dict[str, str], language: str
) -> None:
    async with door.client() as client:
        page = await client.get(path, headers={"Accept": "text/html", **headers})
    assert page.status_code in (status, 403)
    assert page.headers["content-language"] == language
    assert {name.strip() for name in page.headers["vary"].split(",")} >= {"Cookie", "Accept-Language"}
    assert f'<html lang="{language}"' in page.text
    assert ("Nicht zur Primärbefundung" in page.text) == (language == "de" and path != "/")
    assert ("Untersuchungen" in page.text) == (language == "de" and path in ("/", "/nowhere"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.template)
def test_its_texts_are_there_before_its_script_and_english_needs_none(page: Page) -> None:
    edition = site.now()
    html = edition.pages["de"][page.template].decode()
    scripts = re.findall(r'<script (?:type="module"|defer) src="[./]*static/\w+/([^"]+)"', html)
    assert scripts == ["bundle/locales/de.js", f"bundle/{page.script}"]
    assert "locales" not in edition.pages["en"][page.template].decode()


def test_the_script_holds_the_catalogue() -> None:
    body = site.now().assets["bundle/locales/de.js"].body.decode()
    content = json.loads(body.removeprefix("globalThis.consultCatalogue = ").removesuffix(";\n"))
    assert content["language"] == "de"
    assert content["page"]["Close"] == "Schließen"
    assert content["server"]["This consult is over."] == "Dieses Konsil ist beendet."


def test_a_text_that_a_catalogue_lacks_stays_english() -> None:
    found = read_catalogue("de", b'{"page": {"Close": "Zu", "{n} files": {"one": "x", "other": "y"}}, "server": {}}')
    assert [found.text(key) for key in ("Close", "Open", "{n} files")] == ["Zu", "Open", "{n} files"]
    assert Catalogue("en").text("Close") == "Close"
