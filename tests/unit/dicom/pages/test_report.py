"""Reports as text: sections, measurements with units, nothing that is not text; and as pages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydicom import dcmread

from consult.dicom.pages.records import Line, Report
from consult.dicom.pages.report import LEFT_OUT, MAX_ITEMS, report_of
from consult.dicom.pages.typesetting import COLUMNS, MARGIN, ROWS, draw_page, pages_of
from consult.dicom.pixels.pixel_tasks import shown_pixels
from consult.dicom.reading.file_reader import read_file
from tests.support.dicom_files import ABSENT, ct, write
from tests.support.document_files import content, report, tid1500
from tests.support.shared_data import shared


def rows(found: Report, kind: str = "") -> list[tuple[int, str, str]]:
    return [(line.level, line.name, line.value) for line in found.lines if kind in ("", line.kind)]


def test_a_measurement_report_is_read_with_its_units() -> None:
    found = report_of(tid1500(ct()))
    assert found.title == "Imaging Measurement Report"
    assert rows(found, "measurement") == [
        (2, "Long Axis", "23.4 mm"),
        (2, "Mean", "41 HU"),
        (2, "Short Axis", "no value"),
    ]
    assert (2, "Tracking Identifier", "Lesion 1") in rows(found)
    assert (1, "Finding", "A nodule in the right upper lobe.\nNo effusion.") in rows(found)
    assert (1, "Recorded by", "READER, Anna") in rows(found)
    assert [name for _, name, _ in rows(found, "heading")] == ["Findings", "Imaging Measurements", "Measurement Group"]
    assert (3, "Source: refers to an image", "") in rows(found, "note")


def test_it_says_whether_anybody_answers_for_it() -> None:
    assert (0, "State", "complete, not verified") in rows(report_of(tid1500(ct())))


def test_dates_leave_it_as_moments_and_stand_on_pages_as_people_write_them() -> None:
    items = [
        content("DATE", "Date of birth", "19610314"),
        content("DATETIME", "Seen", "20261124101500.5+0100"),
        content("DATE", "Due", "no date"),
    ]
    found = report_of(report(ct(), items))
    assert rows(found, "moment") == [
        (0, "Date", "2026-11-24T10:15:00"),
        (0, "Date of birth", "1961-03-14"),
        (0, "Seen", "2026-11-24T10:15:00"),
    ]
    assert (0, "Due", "no date") in rows(found, "text"), "what is no date stays what it is"
    (page,), _ = pages_of(found)
    words = [piece.words for piece in page]
    assert words[words.index("Date") + 1] == "24 Nov 2026 10:15:00"
    assert words[words.index("Date of birth") + 1] == "14 Mar 1961"
    assert not [word for word in words if "2026-11-24" in word or "1961-03" in word]


def test_what_is_ours_and_what_is_the_files_is_told_apart() -> None:
    found = report_of(report(ct(), [content("TEXT", "State", "complete")]))
    told = [(line.kind, line.ours) for line in found.lines if line.name == "State"]
    assert told == [("state", True), ("text", False)]


def test_no_uid_leaves_it_and_no_control_character() -> None:
    hidden = content("TEXT", "Finding\u202e", "a\u202eb\u0007c\u200bd")
    words = " ".join(
        f"{name} {value}" for _, name, value in rows(report_of(report(ct(), [hidden, *tid1500(ct()).ContentSequence])))
    )
    assert "1.2.3.4.5" not in words
    assert not {"\u202e", "\u0007", "\u200b"} & set(words)


def test_markup_is_text() -> None:
    evil = "<script>alert(1)</script>"
    assert (0, "Finding", evil) in rows(report_of(report(ct(), [content("TEXT", "Finding", evil)])))


def test_a_report_without_content_says_so(tmp_path: Path) -> None:
    record = read_file(str(write(report(ct(), [], ContentSequence=ABSENT), tmp_path / "sr.dcm")))
    assert (record.unshown, record.why) == ("Structured report", "ContentSequence is 'none': the report holds no text")


def test_what_is_too_long_is_left_out_and_said() -> None:
    found = report_of(report(ct(), [content("TEXT", "Finding", f"{i}") for i in range(MAX_ITEMS + 10)]))
    assert found.lines[-1] == Line(0, "note", LEFT_OUT)
    assert len(found.lines) < MAX_ITEMS + 10


def test_what_is_too_deep_is_left_out_and_said() -> None:
    nested = content("TEXT", "Finding", "deep")
    for _ in range(14):
        nested = content("CONTAINER", "Section", children=[nested])
    found = report_of(report(ct(), [nested]))
    assert found.lines[-1].name == LEFT_OUT
    assert "deep" not in [line.value for line in found.lines]


def test_pages_are_the_same_each_time_and_hold_what_is_said(tmp_path: Path) -> None:
    path = write(tid1500(ct()), tmp_path / "sr.dcm")
    record = read_file(str(path))
    assert (record.document, len(record.frames), record.series_description) == (
        "report",
        1,
        "Imaging Measurement Report",
    )
    page = shown_pixels(str(path), 0, record.format)
    assert page.shape == (ROWS, COLUMNS, 3)
    assert np.array_equal(page, shown_pixels(str(path), 0, record.format))
    ink = np.argwhere(page.min(axis=2) < 128)
    assert ink[:, 1].min() >= MARGIN - 4
    assert ink[:, 1].max() <= COLUMNS - MARGIN + 4


def test_long_reports_have_several_pages_and_no_word_leaves_a_page() -> None:
    words = ("Unremarkable " * 40 + "W" * 300 + " " + "肝臓に結節 " * 30).strip()
    found = report_of(report(ct(), [content("TEXT", "Finding", words) for _ in range(12)]))
    pages, is_all = pages_of(found)
    assert is_all
    assert len(pages) > 2
    for number, page in enumerate(pages, 1):
        drawn = draw_page(page, number, len(pages))
        assert (drawn[:, COLUMNS - MARGIN + 8 :] == 255).all()
        assert (drawn[ROWS - MARGIN // 3 :] == 255).all()


@pytest.mark.parametrize(
    "name",
    [
        "pydicom/reportsi.dcm",
        "pydicom/test-SR.dcm",
        "pydicom/reportsi_with_empty_number_tags.dcm",
        "dcmqi/sr-example/sr.dcm",
    ],
)
def test_real_reports_are_read_whole(name: str) -> None:
    """Every text and number that pydicom finds anywhere in it is on a line."""
    path = shared(f"conformance/{name}")
    record = read_file(str(path))
    assert record.document == "report", record.why
    found = report_of(dcmread(path))
    words = " ".join(f"{line.name} {line.value}" for line in found.lines)
    texts = list(values(dcmread(path)))
    assert texts
    for text in texts:
        assert " ".join(text.split()) in " ".join(words.split())


def values(dataset: Any) -> Any:
    """TextValue and NumericValue of all content items, by pydicom alone."""
    for one in dataset.get("ContentSequence") or []:
        if one.get("TextValue"):
            yield str(one.TextValue)
        for measured in one.get("MeasuredValueSequence") or []:
            if measured.get("NumericValue") is not None:
                yield str(measured.NumericValue)
        yield from values(one)
