"""What numbers were computed from, by the same examples as the page's: tests/sources.json; and in the document."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest
from msgspec.structs import replace

from consult.documents.contents import Contents
from consult.documents.page import render_page
from consult.documents.sources import QUANTITIES, SourceWords
from consult.documents.words import Words
from consult.model.mark import Quantity
from consult.sessions.features.findings.events import Number
from tests.support.documents import WEB, contents, order_of, signed_note

EXAMPLES: list[dict[str, Any]] = json.loads((Path(__file__).parents[2] / "sources.json").read_text(encoding="utf-8"))


def number_of(example: dict[str, Any]) -> Number:
    """Of an example; its value says nothing here."""
    return msgspec.convert({"value": 22.4, **example["number"]}, Number)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["why"])
def test_sources(example: dict[str, Any]) -> None:
    """Seen to fail: with the tag, the pixels, the frame or the formula left out."""
    source, number = SourceWords(Words.read(WEB / "locales", "en")), number_of(example)
    assert source.name(number) == example["name"]
    assert source.how(number) == example["how"]
    assert source.file(number) == example["file"]


def test_all_numbers_of_a_mark_are_said_and_their_file_once() -> None:
    length, mean, *_ = map(number_of, EXAMPLES)
    mean = replace(mean, source=replace(mean.source, sop_instance_uid="1.2.840.1", frame=1))
    assert SourceWords(Words.read(WEB / "locales", "en")).of_mark([length, mean]) == (
        "distance of both ends, spacing by PixelSpacing; "
        "mean: mean of the pixels whose centres lie in the shape, pixels read: 412; file 1.2.840.1, frame 1"
    )


def test_each_quantity_has_its_word() -> None:
    assert QUANTITIES.keys() == set(get_args(Quantity))


def sources_in(note: Contents, language: str = "en", *, reading: bool = False) -> list[str]:
    """The lines of that list in a page."""
    page = render_page(order_of(note, language)[0], {}, reading=reading)
    listed = page.partition('<section class="sources">')[2].partition("</section>")[0]
    return [html.unescape(re.sub(r"<[^>]+>", "", line)).replace("\u00a0", " ") for line in listed.split("<li>")[1:]]


@pytest.mark.parametrize("reading", [False, True])
def test_each_number_of_a_document_has_its_source(reading: bool) -> None:
    """Seen to fail: without the list; with the values of the newest date alone."""
    note = contents(signed_note())
    assert sources_in(note, reading=reading) == [
        "Nodule, length, 24 Nov 2026, 22.0 mm: "
        "distance of both ends, spacing by PixelSpacing; file 1.2.840.s-1.4, frame 1",
        "Nodule, length, 19 May 2026, 14.0 mm: "
        "distance of both ends, spacing by PixelSpacing; file 1.2.840.s-2.4, frame 1",
        "Hilar node, length, 24 Nov 2026, 11.0 mm: "
        "distance of both ends, spacing by PixelSpacing; file 1.2.840.s-1.4, frame 1",
    ]


def test_they_are_said_in_german() -> None:
    assert sources_in(contents(signed_note()), "de")[0] == (
        "Nodule, Länge, 24.11.2026, 22,0 mm: Abstand der beiden Enden, Pixelabstand nach PixelSpacing; "
        "Datei 1.2.840.s-1.4, Frame 1"
    )
