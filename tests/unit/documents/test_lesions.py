"""The table of lesions in documents and as CSV, in words of each language."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest

from consult.documents.contents import Contents
from consult.documents.lesions import lesions_csv
from consult.documents.page import data_address, render_page
from consult.documents.words import Words
from consult.sessions.features.note.commands import PutNote
from tests.support.documents import contents, order_of
from tests.support.record import RecordTable

WEB = Path(__file__).parents[3] / "web"


def lesions(label: str = "Liver 1", *, signed: bool = False, lymph: bool = False) -> RecordTable:
    """A target lesion of 14 mm in May and of 22 mm in November; another one that was there and is gone."""
    table = RecordTable()
    table.find("host", "f1", title="Metastasis", label=label, size=22.0, lesion="target")
    table.find("host", "f0", title="Metastasis in May", label=label, size=14.0, on="s-2", lesion="target")
    table.find("host", "f3", title="Node", label="Node", size=16.0, on="s-2", lesion="target_node")
    if lymph:
        table.find("host", "f4", title="Node, gone", label="Node", lesion="target_node", lesion_state="absent")
    for finding in table.state.findings:
        table.confirm("host", finding)
    table.write("host", "impression", "Response.")
    table.write("host", "response", "PD")
    if signed:
        table.done("host", **table.signing())
    return table


def text_of(note: Contents, language: str = "en") -> str:
    order, pictures = order_of(note, language)
    page = render_page(order, {n: data_address(png) for n, png in pictures.items()})
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.replace("\u00a0", " ")))


@pytest.mark.parametrize("signed", [False, True], ids=["draft", "signed"])
def test_the_document_has_the_table_its_sums_and_the_readers_response(*, signed: bool) -> None:
    text = text_of(contents(lesions(signed=signed, lymph=True), 1 if signed else 0))
    for words in (
        "Lesions after RECIST 1.1", "Liver 1 target lesion 14.0 mm 22.0 mm", "16.0 mm 0 mm (not there any more)",
        "Sum of target lesions 30.0 mm 22.0 mm", "\u22128.0 mm (\u221226.7 %)", "nadir 30.0 mm",
        "Response, chosen by the reader: PD, progressive disease",
    ):  # fmt: skip
        assert words in text, words


def test_a_lesion_that_is_not_measured_is_named_and_there_is_no_sum() -> None:
    text = text_of(contents(lesions(), 0))
    assert "30.0 mm no sum: Node not measured" in text


def test_it_speaks_german() -> None:
    text = text_of(contents(lesions(), 0), "de")
    for words in ("Läsionen nach RECIST 1.1", "Zielläsion", "14,0 mm 22,0 mm", "Node nicht gemessen", "progrediente"):
        assert words in text, words
    assert "target" not in text


def test_without_a_lesion_there_is_no_table() -> None:
    table = RecordTable()
    table.find("host", "f1", title="Nodule", size=22.0)
    assert "RECIST" not in text_of(contents(table, 0))


def rows(table: RecordTable, language: str = "en") -> list[list[str]]:
    found = lesions_csv(contents(table, 0), Words.read(WEB / "locales", language))
    assert found.startswith(b"\xef\xbb\xbf"), "so that a spreadsheet knows its characters"
    return list(csv.reader(io.StringIO(found.decode("utf-8-sig"))))


def test_as_csv_its_numbers_are_numbers() -> None:
    assert rows(lesions(lymph=True)) == [
        ["Lesion", "Kind", "mm", "2026-05-19", "2026-11-24"],
        ["Liver 1", "target lesion", "mm", "14.0", "22.0"],
        ["Node", "target lymph node", "mm", "16.0", "0.0"],
        ["Sum of target lesions", "", "mm", "30.0", "22.0"],
        ["Change from baseline", "", "mm", "", "-8.0"],
        ["Change from baseline", "", "%", "", "-26.7"],
        ["Nadir before", "", "mm", "", "30.0"],
        ["Change from nadir", "", "mm", "", "-8.0"],
        ["Change from nadir", "", "%", "", "-26.7"],
        ["Response, chosen by the reader", "", "", "PD"],
    ]
    assert rows(lesions(), "de")[0][:2] == ["Läsion", "Art"]


def test_no_cell_begins_as_a_formula() -> None:
    found = rows(lesions('=HYPERLINK("http://evil.example")'))
    assert found[1][0].startswith("'=")
    assert not [cell for row in found for cell in row if cell[:1] in ("=", "+", "@")]


def test_a_response_is_one_of_five_or_nothing() -> None:
    table = lesions()
    for text in ("", "CR", "NE"):
        table.write("host", "response", text)
    rev = table.state.notes["c1"].fields["response"].rev
    assert table.refused("host", PutNote, field="response", text="better", base=rev) == "bad_response"
