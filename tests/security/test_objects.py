"""Hostile segmentations, structure sets, reports and PDF: refused by name within limits, or listed with why; whatever
one of them does, the next file is read."""

from __future__ import annotations

import contextlib
import warnings
import zlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydicom.dataset import Dataset

from consult.dicom.pages import report as report_module
from consult.dicom.pages.pdf import BUDGET_BYTES, MAX_PAGES
from consult.dicom.pages.typesetting import MAX_PAGES as MAX_REPORT_PAGES
from consult.dicom.reading.file_reader import read_file
from consult.dicom.records import FileRecord
from consult.dicom.segmentations import regions, structures
from consult.dicom.segmentations.records import MAX_SEGMENTS
from consult.dicom.segmentations.regions import read_regions
from consult.dicom.segmentations.structures import read_contours
from consult.dicom.workers import DicomWorkers
from consult.model.errors import ConsultError, DicomRefused
from tests.support.dicom_files import ct, item, write
from tests.support.document_files import A4, content, encapsulated, pdf, report
from tests.support.segmentation_files import LIVER, Marked, disc, segment, segmentation, structure_set

PLACE = (-10.0, -20.0, 30.0)
SQUARE = ("CLOSED_PLANAR", [(0, 0, 3), (10, 0, 3), (10, 10, 3), (0, 10, 3)])


@pytest.fixture
async def workers() -> AsyncIterator[DicomWorkers]:
    async with DicomWorkers(1, kept=0) as running:
        yield running


def mark(**changes: Any) -> Dataset:
    return segmentation([Marked(LIVER, PLACE, disc(16, 8, 8, 4))], ct(), **changes)


def of_groups(frames: int) -> list[Dataset]:
    return [item(SegmentIdentificationSequence=[item(ReferencedSegmentNumber=LIVER)]) for _ in range(frames)]


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"NumberOfFrames": 2_000_000}, "NumberOfFrames is '2000000': must be 1 to 20000"),
        ({"Rows": 65_535, "Columns": 65_535}, "PixelData is '32 bytes'"),
        ({"NumberOfFrames": 200, "PerFrameFunctionalGroupsSequence": of_groups(3)}, "PerFrameFunctionalGroupsSequence"),
        (
            {"SegmentSequence": [segment(n, "", None) for n in range(1, MAX_SEGMENTS + 2)]},
            f"SegmentSequence is '{MAX_SEGMENTS + 1}': must have 1 to {MAX_SEGMENTS} items",
        ),
        ({"SegmentSequence": [segment(65_535, "x", [65_535] * 3)]}, "ReferencedSegmentNumber is '1'"),
    ],
)
def test_a_segmentation_that_claims_too_much_is_listed_with_why(
    changes: dict[str, Any], why: str, tmp_path: Path
) -> None:
    record = read_file(str(write(mark(**changes), tmp_path / "s.dcm")))
    assert record.unshown == "Segmentation"
    assert record.why.startswith(why)


def test_frames_that_are_cut_off_refuse_the_segmentation_when_it_is_drawn(tmp_path: Path) -> None:
    frames = [Marked(LIVER, (PLACE[0], PLACE[1], 3.0 * i), np.ones((64, 64))) for i in range(8)]
    made = segmentation(frames, ct())
    made.PixelData = made.PixelData[:1024]
    path = write(made, tmp_path / "s.dcm")
    with pytest.raises(DicomRefused) as refused:
        read_regions(str(path))
    assert refused.value.code == "truncated"


def test_what_is_marked_takes_no_more_memory_than_it_may(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(regions, "MAX_KEPT_BYTES", 4 * 64 * 64 // 8)
    frames = [Marked(LIVER, (PLACE[0], PLACE[1], 3.0 * i), np.ones((64, 64))) for i in range(8)]
    with pytest.raises(DicomRefused, match="what is marked must take at most"):
        read_regions(str(write(segmentation(frames, ct()), tmp_path / "s.dcm")))


@pytest.mark.parametrize(("limit", "most"), [("MAX_POINTS", 30), ("MAX_CONTOURS", 10)])
def test_contours_and_points_are_counted(
    limit: str, most: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(structures, limit, most)
    path = write(structure_set([(1, "Heart", None, [SQUARE] * 40)], ct()), tmp_path / "rt.dcm")
    assert read_file(str(path)).why.startswith(("ContourData is 'more than", "ContourSequence is 'more than"))


def test_contours_of_very_many_points_are_read_whole(tmp_path: Path) -> None:
    """Also those that are longer than a DS may be, which writers of explicit VR call UN."""
    many = [(x % 50, x // 50 % 50, 3) for x in range(20_000)]
    dataset = structure_set([(1, "Heart", None, [("CLOSED_PLANAR", many), SQUARE])], ct())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        path = write(dataset, tmp_path / "rt.dcm")
    assert sorted(len(contour.points) for contour in read_contours(str(path))[1]) == [4, 20_000]


def test_a_report_of_any_length_and_depth_has_a_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report_module, "MAX_CHARACTERS", 1 << 30)
    monkeypatch.setattr(report_module, "MAX_ITEMS", 1 << 30)
    long = report(ct(), [content("TEXT", "Finding", "word " * 4000) for _ in range(80)])
    record = read_file(str(write(long, tmp_path / "sr.dcm")))
    assert len(record.frames) == MAX_REPORT_PAGES
    assert record.note == f"the first {MAX_REPORT_PAGES} pages of the report"


def test_a_report_that_nests_without_end_is_refused_before_it_is_walked(tmp_path: Path) -> None:
    nested = content("TEXT", "Finding", "deep")
    for _ in range(40):
        nested = content("CONTAINER", "Section", children=[nested])
    path = write(report(ct(), [nested]), tmp_path / "sr.dcm")
    with pytest.raises(DicomRefused) as refused:
        read_file(str(path))
    assert refused.value.code == "nesting"


def drawing(operators: bytes, made: bytes) -> bytes:
    """A PDF whose page draws an object, `/X`, by these operators before its word."""
    whole = pdf([("x", A4)])
    body = whole[: whole.index(b"xref\n")]
    body = body.replace(b"/Font << /F1 3 0 R >>", b"/Font << /F1 3 0 R >> /XObject << /X 9 0 R >>")
    body = body.replace(b"BT /F1", operators + b" BT /F1")
    return body + b"9 0 obj\n" + made + b"\nendstream\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"


def with_image(side: int) -> bytes:
    """A PDF whose page draws a picture of side x side pixels, which unpacks to as many bytes."""
    packed = zlib.compress(bytes(side) * side if side < 4096 else bytes(1 << 20) * (side * side >> 20), 9)
    head = f"<< /Type /XObject /Subtype /Image /Width {side} /Height {side} /ColorSpace /DeviceGray"
    image = f"{head} /BitsPerComponent 8 /Filter /FlateDecode /Length {len(packed)} >>\nstream\n".encode() + packed
    return drawing(b"600 0 0 800 0 0 cm /X Do", image)


def form_in_itself() -> bytes:
    """A page that draws a form which draws itself, without end."""
    form = b"/X Do /X Do"
    head = b"<< /Type /XObject /Subtype /Form /BBox [0 0 600 800] /Resources << /XObject << /X 9 0 R >> >>"
    return drawing(b"/X Do", head + b" /Length %d >>\nstream\n%s" % (len(form), form))


@pytest.mark.parametrize(
    "document", [with_image(30_000), form_in_itself()], ids=["a picture that unpacks", "a form in itself"]
)
async def test_a_pdf_ends_its_worker_at_most(document: bytes, workers: DicomWorkers, tmp_path: Path) -> None:
    hostile = str(write(encapsulated(ct(), document), tmp_path / "hostile.dcm"))
    with contextlib.suppress(ConsultError):  # what it ends is the worker
        record: FileRecord = await workers.run("read_file", hostile, cpu_s=5.0)
        if record.frames:
            await workers.run("make_thumbnail", hostile, 0, record.format, record.frames[0], cpu_s=5.0)
    sound = str(write(encapsulated(ct(), pdf([("Dear", A4)])), tmp_path / "sound.dcm"))
    record = await workers.run("read_file", sound, cpu_s=5.0)
    assert len(record.frames) == 1


def test_pages_of_any_size_and_number_fit_into_their_budget(tmp_path: Path) -> None:
    for name, pages in {
        "many": [("x", A4)] * 300,
        "long": [("x", (20_000, 20))] * 50,
        "large": [("x", (20_000, 20_000))],
    }.items():
        record = read_file(str(write(encapsulated(ct(), pdf(pages)), tmp_path / f"{name}.dcm")))
        assert 0 < len(record.frames) <= MAX_PAGES
        assert len(record.frames) * record.format.frame_bytes <= BUDGET_BYTES * 1.01
