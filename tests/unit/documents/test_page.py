"""The page: what others wrote is never markup, nothing comes from outside, all is in the reader's language."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from consult.documents.contents import Contents
from consult.documents.page import data_address, render_page, render_view
from consult.model.catalogue import Patient
from consult.sessions.features.seen.commands import MarkSeen
from tests.support.documents import contents, order_of, signed_note

HOSTILE = (
    '<script>alert(1)</script><img src="http://evil.example/x" onerror="x()">" \' {{ 7*7 }} {% raw %} <!-- </style>'
)


class Tags(HTMLParser):
    """The elements of a page, and all attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note it."""
        self.tags.append(tag)
        self.attributes += attrs


def page(language: str = "en", *, reading: bool = False, patient: Patient | None = None, **texts: Any) -> str:
    """Of version 1."""
    note = contents(signed_note(patient=patient, **texts))
    order, pictures = order_of(note, language)
    return render_page(order, {n: data_address(png) for n, png in pictures.items()}, reading=reading)


def test_hostile_text_is_text() -> None:
    """Seen to fail: without autoescape its script was one."""
    plain = Tags(page(patient=Patient("DEMO^ANNA", "10042", "1961-03-14", "F")))
    fields = (
        "question",
        "impression",
        "recommendation",
        "limits",
        "unavailable",
        "local_report",
        "category",
        "finding",
    )
    texts: dict[str, Any] = dict.fromkeys(fields, HOSTILE)
    hostile = page(patient=Patient(HOSTILE, HOSTILE, "1961-03-14", HOSTILE), **texts)
    found = Tags(hostile)
    assert set(found.tags) - {"p"} <= set(plain.tags) | {"section", "h2"}, "no element that the template does not have"
    assert "script" not in found.tags
    assert not [name for name, _ in found.attributes if name.startswith("on")]
    assert "{{ 7*7 }}" in hostile
    assert hostile.count("&lt;script&gt;") >= len(fields)


FREE = {
    "question", "impression", "recommendation", "limits", "unavailable", "local_report", "category", "title", "text",
    "label", "name", "changed", "host_name", "author", "description", "institution", "what", "owner", "due", "formula",
    "spacing_tag", "sop_instance_uid",
}  # fmt: skip
"""What people and files write, by the names of its fields; of a signature also the role."""


def spoiled(value: Any, key: str = "", free: set[str] = FREE) -> Any:
    """Plain data with hostile text wherever somebody may write what they like."""
    match value:
        case dict():
            inner = FREE | {"role"} if key == "signature" else FREE
            return {name: spoiled(one, name, inner) for name, one in value.items()}
        case list() | tuple():
            return [spoiled(one, key, free) for one in value]
        case str() if key in free:
            return HOSTILE
        case _:
            return value


def test_nothing_that_anybody_may_write_is_markup() -> None:
    """Seen to fail on each of them by itself, unescaped: signer, reader, participant, label, step, limit, source."""
    table = signed_note(recommendation="Biopsy | Surgeon | soon", question="Grown?", category="4B", finding="Round.")
    table.done("ann", MarkSeen, version="c1.1")
    table.done("host", **table.signing("addendum", versions=1, changed="The size."))
    plain = msgspec.to_builtins(replace(contents(table), limits=("One.",)))
    order, pictures = order_of(msgspec.convert(spoiled(plain), Contents))
    found = Tags(render_page(order, {n: data_address(png) for n, png in pictures.items()}))
    assert "script" not in found.tags
    assert not [name for name, _ in found.attributes if name.startswith("on")]
    assert not [value for name, value in found.attributes if name in ("src", "href") and "evil" in (value or "")]


def test_nothing_is_asked_for_from_anywhere() -> None:
    found = Tags(page())
    addresses = [value or "" for name, value in found.attributes if name in ("src", "href", "action", "data", "srcset")]
    assert addresses
    assert all(address.startswith(("data:image/png;base64,", "#")) for address in addresses)
    assert not re.search(r"url\(|@import", page())


def test_it_says_what_the_note_says() -> None:
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page().replace("\u00a0", " ")))
    for words in (
        "Spiculated nodule, RIGHT, 22.0 mm, was 14.0 mm on 19 May 2026",
        "+8.0 mm (+57 %)",
        "interval 189 days",
        "Growing nodule.",
        "Signed electronically",
        "Dr. Host, radiologist",
        "Not for primary diagnosis.",
        "Audit chain aaaaaaaa…aaaaaaaa",
        "DEMO, Anna",
    ):
        assert words in text, words


def test_it_speaks_german() -> None:
    found = page("de")
    assert '<html lang="de">' in found
    for words in ("Konsilbericht", "RECHTS", "22,0", "24.11.2026", "Beurteilung", "Nicht zur Primärbefundung."):
        assert words in found, words
    assert "Findings" not in found


def test_a_draft_says_so_and_a_signed_version_does_not() -> None:
    table = signed_note()
    drafted = render_page(order_of(contents(table, 0))[0], {})
    assert "Draft: nobody has signed this note." in drafted
    assert "Draft: nobody" not in render_page(order_of(contents(table, 1))[0], {})


def test_in_the_readers_page_sentences_open_their_views() -> None:
    found = page(reading=True)
    buttons = re.findall(r'<button type="button" class="opens" data-picture="(\d+)">', found)
    assert buttons == ["1", "2", "3"]
    assert "<style>" not in found
    assert 'style="' not in found, "the page's policy lets no inline style"


def test_what_lies_over_one_picture() -> None:
    note = contents(signed_note())
    order, _ = order_of(note)
    with pytest.raises(ValueError, match="unpack"):
        render_view(order)  # it is of one picture
