"""Every file beside the project is shown, or says word for word why it is not: one table of exceptions.

Shown means: an image's first, middle and last frame are decoded; what a segmentation or a structure set marks is read;
all pages of a report or a PDF are drawn.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from consult.dicom.pixels.pixel_tasks import shown_pixels
from consult.dicom.presentation_states.catalogue import catalogued
from consult.dicom.reading.file_reader import read_file
from consult.dicom.records import FileRecord
from consult.dicom.segmentations.regions import read_regions
from consult.dicom.segmentations.structures import read_contours
from consult.model.errors import DicomRefused
from tests.support.shared_data import SHARED, shared, shared_case

TABLE = Path(__file__).parents[2] / "shared-exceptions.tsv"
NO_DICOM = {".png", ".md", ".tsv", ".txt", ".json", ".py", ".sh"}


def exceptions() -> dict[str, str]:
    """The sentence of each file, or of all files of a folder (with a slash behind it), that is not shown."""
    with TABLE.open(encoding="utf-8") as file:
        return {row["path"]: row["sentence"] for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)}


def files_below(root: Path) -> list[Path]:
    return [path for path in sorted(root.rglob("*")) if path.is_file() and path.suffix not in NO_DICOM]


def why_not(path: Path) -> str:
    """The sentence why a file is not shown; "": it is."""
    try:
        record = read_file(str(path))
        if not record.unshown:
            show(record, str(path))
    except DicomRefused as refused:
        return refused.sentence
    return record.why


def show(record: FileRecord, path: str) -> None:
    if record.presentation_state is not None:
        assert catalogued(record, []).why, "it is for images of other files"
        return
    if record.segmentation is not None:
        read = read_contours if record.segmentation.kind == "contours" else read_regions
        read(path)
        return
    last = len(record.frames) - 1
    for frame in range(last + 1) if record.document else sorted({0, last // 2, last}):
        assert shown_pixels(path, frame, record.format).shape == record.format.shape


@pytest.mark.parametrize("folder", ["cases", "data/demo", "data/conformance"])
def test_every_file_is_shown_or_says_word_for_word_why_not(folder: str) -> None:
    root = shared_case("") if folder == "cases" else shared(folder.removeprefix("data/"))
    found = {path.relative_to(SHARED).as_posix(): why_not(path) for path in files_below(root)}
    assert len(found) > 60
    expected = {path: sentence for path, sentence in exceptions().items() if path.startswith(f"{folder}/")}
    folders = {path: sentence for path, sentence in expected.items() if path.endswith("/")}
    wanted = {path: next((s for at, s in folders.items() if path.startswith(at)), "") for path in found}
    wanted |= {path: sentence for path, sentence in expected.items() if path not in folders}
    assert {path: why for path, why in found.items() if why != wanted[path]} == {}
    assert set(wanted) == set(found), "the table names files that are not there"


def test_the_table_has_reports_segmentations_and_structure_sets_among_what_is_shown() -> None:
    """So that the test above is not passed by a table that excuses them all."""
    shown = (
        "highdicom/seg_image_ct_binary.dcm",
        "highdicom/sr_document.dcm",
        "rt-utils/rt.dcm",
        "dcmqi/sr-example/sr.dcm",
    )
    assert [path for path in shown if f"data/conformance/{path}" in exceptions()] == []
