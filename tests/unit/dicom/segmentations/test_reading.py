"""What a segmentation marks: held against the masks that it was made of, and against pydicom, Pillow and SimpleITK."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageCms
from pydicom import dcmread

from consult.dicom.reading.file_reader import read_file
from consult.dicom.records import FileRecord
from consult.dicom.segmentations.colours import lab_colour, own_colour
from consult.dicom.segmentations.data import RegionData
from consult.dicom.segmentations.records import SegmentationRecord
from consult.dicom.segmentations.regions import read_regions
from consult.rendering.segmentations.regions import Region
from tests.support.ct import write_series
from tests.support.dicom_files import ABSENT, write
from tests.support.segmentation_files import (
    LESION,
    LIVER,
    SEGMENTS,
    Marked,
    disc,
    images_of,
    region_values,
    segment,
    segmentation,
    write_marked,
)
from tests.support.shared_data import shared

SIZE = 24


@pytest.fixture(scope="module")
def images(tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    folder = tmp_path_factory.mktemp("ct")
    write_series(folder, images=6, size=SIZE)
    return images_of(folder)


def marked(record: FileRecord) -> SegmentationRecord:
    assert (record.unshown, record.why) == ("", "")
    assert record.segmentation is not None
    return record.segmentation


def whole(data: RegionData, region: Region) -> Any:
    """A region in its whole frame."""
    frame = np.zeros(data.shape, np.uint16)
    frame[region.top : region.top + region.rows, region.left : region.left + region.columns] = region_values(region)
    return frame


def test_segments_have_their_names_and_their_place(images: list[Any], tmp_path: Path) -> None:
    path, frames = write_marked(tmp_path, images, tmp_path / "seg.dcm")
    record = read_file(str(path))
    found = marked(record)
    assert record.series_description == "Liver, Lesion"
    assert [(s.number, s.label) for s in found.segments] == [(LIVER, "Liver"), (LESION, "Lesion")]
    assert found.layers is not None
    assert len(found.layers.locations) == 4
    assert found.layers.spacing_mm == 3.0
    assert found.shape == (SIZE, SIZE)
    assert len(frames) > 4


def test_every_region_is_the_mask_that_was_written(images: list[Any], tmp_path: Path) -> None:
    path, frames = write_marked(tmp_path, images, tmp_path / "seg.dcm")
    data = read_regions(str(path))
    assert data.layers is not None
    for region, frame in zip(data.regions, frames, strict=True):
        assert region.segment == frame.segment
        assert data.corners[region.layer] == tuple(map(float, frame.position or ()))
        assert np.array_equal(whole(data, region), frame.mask * 255)


def test_fractions_are_shares_of_their_own_maximum(images: list[Any], tmp_path: Path) -> None:
    mask = np.linspace(0, 200, SIZE * SIZE).astype(np.uint8).reshape(SIZE, SIZE)
    at = images[2].ImagePositionPatient
    path = write(segmentation([Marked(LIVER, at, mask)], images[0], kind="FRACTIONAL"), tmp_path / "seg.dcm")
    assert marked(read_file(str(path))).note == "paler where it is less sure"
    data = read_regions(str(path))
    assert np.array_equal(whole(data, data.regions[0]), mask.astype(np.uint32) * 255 // 200)


def test_a_label_map_keeps_its_numbers_and_leaves_its_background_out(images: list[Any], tmp_path: Path) -> None:
    labels = np.where(disc(SIZE, 9, 9, 5), LESION, 0) + np.where(disc(SIZE, 17, 17, 4), LIVER, 0)
    frames = [Marked(0, images[2].ImagePositionPatient, labels)]
    segments = (segment(0, "Background", None), *SEGMENTS)
    path = write(segmentation(frames, images[0], kind="LABELMAP", segments=segments), tmp_path / "seg.dcm")
    assert [s.number for s in marked(read_file(str(path))).segments] == [LIVER, LESION]
    data = read_regions(str(path))
    assert np.array_equal(whole(data, data.regions[0]), labels)


def test_empty_frames_are_not_kept(images: list[Any], tmp_path: Path) -> None:
    empty, full = np.zeros((SIZE, SIZE)), disc(SIZE, 5, 5, 3)
    frames = [
        Marked(LIVER, image.ImagePositionPatient, mask) for image, mask in zip(images, (empty, full), strict=False)
    ]
    path = write(segmentation(frames, images[0]), tmp_path / "seg.dcm")
    assert [region.layer for region in read_regions(str(path)).regions] == [1]


def test_colours_are_those_of_an_independent_colour_engine() -> None:
    """LittleCMS, from CIE L*a*b* for D50 to sRGB."""
    lab, srgb = ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB")
    to_srgb = ImageCms.buildTransform(lab, srgb, "LAB", "RGB")
    for stored in ([34885, 53485, 50171], [41662, 52988, 21333], [65535, 32896, 32896], [20000, 40000, 30000]):
        eight = tuple(round(value / 257) for value in stored)
        pixel = ImageCms.applyTransform(Image.new("LAB", (1, 1), eight), to_srgb)
        assert pixel is not None
        found: Any = pixel.getpixel((0, 0))
        assert np.allclose(lab_colour(stored), found, atol=6)


def test_a_segment_without_a_colour_gets_one_by_its_number(images: list[Any], tmp_path: Path) -> None:
    frames = [Marked(2, images[1].ImagePositionPatient, disc(SIZE, 5, 5, 3))]
    path = write(segmentation(frames, images[0], segments=[segment(2, "Kidney", None)]), tmp_path / "seg.dcm")
    assert marked(read_file(str(path))).segments[0].colour == own_colour(2)


@pytest.mark.parametrize("name", ["liver", "liver_rle", "liver_j2k", "liver_deflate", "liver_expb"])
def test_encodings_of_one_segmentation_mark_the_same(name: str) -> None:
    """Against pydicom's own reading of the uncompressed file."""
    expected = dcmread(shared("conformance/pydicom-data/liver.dcm")).pixel_array
    data = read_regions(str(shared(f"conformance/pydicom-data/{name}.dcm")))
    assert len(data.regions) == sum(bool(frame.any()) for frame in expected)
    for region in data.regions:
        assert np.array_equal(whole(data, region) > 0, expected[region.frame] > 0)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"SegmentationType": "SURFACE"}, "SegmentationType is 'SURFACE': must be one of BINARY, FRACTIONAL, LABELMAP"),
        ({"SegmentSequence": ABSENT}, "SegmentSequence is '0': must have 1 to 1024 items"),
        ({"SegmentSequence": [SEGMENTS[0]]}, "ReferencedSegmentNumber is '3': must be the number of a segment"),
        ({"SegmentSequence": [SEGMENTS[0]] * 2}, "SegmentNumber is '1': must number each segment once"),
        ({"NumberOfFrames": 999}, "PerFrameFunctionalGroupsSequence is"),
        ({"BitsAllocated": 32, "BitsStored": 32}, "PixelData is"),
        ({"Rows": 4000, "Columns": 4000}, "PixelData is"),
    ],
)
def test_what_cannot_be_read_is_listed_with_why(
    changes: dict[str, Any], sentence: str, images: list[Any], tmp_path: Path
) -> None:
    path, frames = write_marked(tmp_path, images, tmp_path / "seg.dcm")
    record = read_file(str(write(segmentation(frames, images[0], **changes), path)))
    assert record.unshown == "Segmentation"
    assert record.series_description
    assert record.why.startswith(sentence)
