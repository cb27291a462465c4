"""The PDF: PDF/A-3u, its text selectable in every script, the JSON in it, nothing fetched from outside."""

from __future__ import annotations

import io
import json
import unicodedata
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from pypdf import PdfReader

from consult.dicom.reading.file_reader import read_file
from consult.documents import tasks
from consult.documents.printing import OwnPictures, print_pdf
from consult.model.catalogue import Patient
from tests.support.documents import contents, order_of, signed_note
from tests.support.shared_data import shared

pytestmark = pytest.mark.filterwarnings(
    "ignore::DeprecationWarning", "ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
)
"""WeasyPrint leaves its colour profile open."""


def printed(patient: Patient | None = None, language: str = "en") -> PdfReader:
    """Version 1, read again."""
    order, pictures = order_of(contents(signed_note(patient=patient, question="Has it grown?")), language)
    return PdfReader(io.BytesIO(tasks.write_pdf(order, pictures, b'{"version": 1}')))


@cache
def plain() -> PdfReader:
    """Of the usual patient."""
    return printed()


def text_of(pdf: PdfReader) -> str:
    """Of all pages."""
    return "\n".join(page.extract_text() for page in pdf.pages)


def test_its_text_can_be_selected() -> None:
    text = text_of(plain())
    for words in (
        "Consult note",
        "Spiculated nodule",
        "Has it grown?",
        "Growing nodule.",
        "Not for primary diagnosis.",
    ):
        assert words in text, words


def test_three_findings_are_two_pages_at_most_each_with_its_number() -> None:
    pages = plain().pages
    assert len(pages) <= 2
    for number, page in enumerate(pages, start=1):
        assert f"Page {number} of {len(pages)}" in page.extract_text()
        assert "DEMO, Anna" in page.extract_text(), "whose it is, on every sheet"


def test_it_is_pdf_a_3u() -> None:
    catalog: Any = plain().trailer["/Root"].get_object()
    xmp = catalog["/Metadata"].get_object().get_data().decode()
    assert 'part="3"' in xmp or "<pdfaid:part>3<" in xmp
    assert 'conformance="U"' in xmp or "<pdfaid:conformance>U<" in xmp
    intents = catalog["/OutputIntents"].get_object()
    assert [intent.get_object()["/S"] for intent in intents] == ["/GTS_PDFA1"]
    assert "/ID" in plain().trailer


def test_every_font_is_in_it() -> None:
    """PDF/A has no font that is not embedded, and level U none whose glyphs are no characters."""
    pages: list[Any] = list(plain().pages)
    fonts = [font.get_object() for page in pages for font in page["/Resources"]["/Font"].get_object().values()]
    assert fonts
    for font in fonts:
        assert "/ToUnicode" in font
        descriptor = font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
        assert {"/FontFile2", "/FontFile3"} & descriptor.keys()


def test_it_carries_the_json() -> None:
    (content,) = plain().attachments["note.json"]
    assert json.loads(content) == {"version": 1}


NAMES = {
    "chrGreek": "Διονυσιος",
    "chrRuss": "Люкceмбypг",
    "chrArab": "قباني لنزار",
    "chrHbrw": "שרון דבורה",
    "chrH31": "山田 太郎",
    "chrI2": "洪 吉洞",
    "chrX1": "王 小東",
    "chrX2": "王 小东",
    "chrGerm": "Äneas",
    "chrFren": "Buc",
}


@pytest.mark.parametrize("file", NAMES)
def test_names_of_all_character_sets_are_in_it_letter_for_letter(file: str) -> None:
    """Also from right to left: a reader of PDFs may give such letters in another order, but none is missing."""
    patient = read_file(str(shared(f"conformance/pydicom/charset_files/{file}.dcm"))).patient
    assert missing(patient, NAMES[file]) == set()


@pytest.mark.parametrize("name", ["김희중", "สมชาย", "عمر", "ქართველი", "Nguyễn"])
def test_names_in_unicode_are_in_it_too(name: str) -> None:
    assert missing(Patient(name, "1"), name) == set()


def missing(patient: Patient, name: str) -> set[str]:
    """Letters of a name that the text of the PDF does not have as often."""
    wanted, text = (
        Counter(unicodedata.normalize("NFC", found).replace(" ", "").casefold())
        for found in (name, text_of(printed(patient)))
    )
    return {letter for letter in wanted if text[letter] < wanted[letter]}


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:9/x.png", "file:///etc/passwd", "data:image/png;base64,AA", "picture:9"]
)
def test_it_fetches_nothing_but_its_own_pictures(url: str) -> None:
    """Seen to fail: with WeasyPrint's own fetcher for all others, it asked each of them."""
    own = OwnPictures({1: b"png"})
    assert own.fetch("picture:1") is not None
    with pytest.raises(ValueError, match="nothing but its own"):
        own.fetch(url)


def test_a_page_that_asks_for_a_file_is_printed_without_it(tmp_path: Path) -> None:
    """Seen to fail: with WeasyPrint's own fetcher, which reads files of this machine. (Files that are no picture and
    no style sheet leave no trace either way.)"""
    png, css = tmp_path / "one.png", tmp_path / "one.css"
    Image.new("RGB", (9, 9), "red").save(png)
    css.write_text('p::after { content: "behind" }')
    page = f'<p>before<img src="{png.as_uri()}"><link rel="stylesheet" href="{css.as_uri()}"></p>'
    pdf = PdfReader(io.BytesIO(print_pdf(page, {}, b"{}")))
    text = pdf.pages[0].extract_text()
    assert "before" in text
    assert "behind" not in text
    resources: Any = pdf.pages[0]["/Resources"]
    assert "/XObject" not in resources or not resources["/XObject"]
