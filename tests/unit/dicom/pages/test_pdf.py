"""Encapsulated PDFs as pages: their size, their ink, and why one is not shown."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pypdf import PdfReader, PdfWriter

from consult.dicom.pages.pdf import LONG_SIDE, MAX_PAGES
from consult.dicom.pixels.pixel_tasks import make_thumbnail, shown_pixels
from consult.dicom.reading.file_reader import read_file
from consult.dicom.records import FileRecord
from consult.dicom.stacks import build_stacks
from consult.model.errors import DicomRefused
from tests.support.dicom_files import ct, write
from tests.support.document_files import A4, encapsulated, pdf

RED = (255, 0, 0)


def taken(path: Path, document: bytes, **changes: Any) -> FileRecord:
    return read_file(str(write(encapsulated(ct(), document, **changes), path)))


def test_each_page_is_a_picture_of_it(tmp_path: Path) -> None:
    path = tmp_path / "letter.dcm"
    record = taken(path, pdf([("Dear", A4), ("colleague", A4)]))
    assert (record.document, len(record.frames), record.series_description) == ("pdf", 2, "Referral letter")
    assert (record.format.rows, record.format.colour) == (LONG_SIDE, True)
    pages = [shown_pixels(str(path), page, record.format) for page in range(2)]
    for page in pages:
        scale = record.format.rows / A4[1]
        assert page[10, page.shape[1] // 2].tolist() == list(RED), "the bar at the top"
        assert abs((page[:, 100] == RED).all(axis=1).sum() - 40 * scale) <= 2
        assert (page[-10] == 255).all()
    dark = [int((page.max(axis=2) < 90).sum()) for page in pages]
    assert 500 < dark[0] < dark[1], "the longer word has more ink"


def test_pages_of_several_sizes_lie_in_the_middle_of_one(tmp_path: Path) -> None:
    path = tmp_path / "mixed.dcm"
    record = taken(path, pdf([("tall", A4), ("wide", (842, 300))]))
    wide = shown_pixels(str(path), 1, record.format)
    rows = np.flatnonzero((wide == RED).all(axis=2).any(axis=1))
    middle = record.format.rows / 2
    assert rows.min() < middle < record.format.rows - rows.min()
    assert rows.min() > 100


def test_of_a_long_document_the_first_pages_are_shown_and_it_says_so(tmp_path: Path) -> None:
    record = taken(tmp_path / "long.dcm", pdf([("page", A4)] * (MAX_PAGES + 5)))
    assert (len(record.frames), record.note) == (MAX_PAGES, f"pages 1 to {MAX_PAGES} of {MAX_PAGES + 5}")
    assert len(record.frames) * record.format.frame_bytes <= (256 << 20) * 1.01


def test_each_document_of_a_series_is_an_entry_of_its_own(tmp_path: Path) -> None:
    letters = [taken(tmp_path / f"{i}.dcm", pdf([(f"{i}", A4)]), SeriesInstanceUID="1.2.77") for i in range(3)]
    stacks = build_stacks(letters)
    assert [(stack.series.document, stack.series.images) for stack in stacks] == [("pdf", 1)] * 3
    assert len({stack.series.key for stack in stacks}) == 3


def test_it_has_a_thumbnail(tmp_path: Path) -> None:
    path = tmp_path / "letter.dcm"
    record = taken(path, pdf([("Dear", A4)]))
    assert make_thumbnail(str(path), 0, record.format, record.frames[0]).startswith(b"\x89PNG")


def locked() -> bytes:
    writer = PdfWriter()
    writer.append(PdfReader(io.BytesIO(pdf([("secret", A4)]))))
    writer.encrypt("sesame")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("document", "changes", "why"),
    [
        (b"no PDF at all, only words", {}, "The PDF is damaged, or is none."),
        (b"%PDF-1.4\n%%EOF\n", {}, "The PDF is damaged, or is none."),
        (pdf([]), {}, "The PDF is damaged, or is none."),
        (pdf([("x", (90_000, 90_000))]), {}, "The PDF's pages must be 1 to 20000 points wide and high"),
        (
            pdf([("x", A4)]),
            {"MIMETypeOfEncapsulatedDocument": "text/html"},
            "MIMETypeOfEncapsulatedDocument is 'text/html': must be application/pdf",
        ),
    ],
)
def test_what_is_not_shown_says_why(document: bytes, changes: dict[str, Any], why: str, tmp_path: Path) -> None:
    record = taken(tmp_path / "bad.dcm", document, **changes)
    assert (record.unshown, record.why, record.frames) == ("PDF document", why, ())
    assert record.series_description == "Referral letter"


def test_a_locked_document_says_that_it_asks_for_a_password(tmp_path: Path) -> None:
    assert taken(tmp_path / "locked.dcm", locked()).why == "The PDF asks for a password."


def test_a_page_that_is_not_there_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "letter.dcm"
    record = taken(path, pdf([("Dear", A4)]))
    with pytest.raises(DicomRefused, match="page 2 is not among them"):
        shown_pixels(str(path), 1, record.format)
