"""What a structure set marks: names, colours, planes; held against pydicom's own reading of real files."""

from __future__ import annotations

import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydicom import dcmread

from consult.dicom.reading.attributes import items
from consult.dicom.reading.file_reader import read_file
from consult.dicom.reading.opening import open_dicom
from consult.dicom.segmentations import structures
from consult.dicom.segmentations.colours import own_colour
from consult.dicom.segmentations.structures import read_contours
from tests.support.ct import write_series
from tests.support.dicom_files import ABSENT, item, write
from tests.support.hostile_objects import points_without_end
from tests.support.segmentation_files import images_of, structure_set
from tests.support.shared_data import shared

SQUARE = [(0, 0, 3), (10, 0, 3), (10, 10, 3), (0, 10, 3)]


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("ct")
    write_series(folder, images=2, size=16)
    return images_of(folder)[0]


def test_rois_have_their_names_colours_and_planes(image: Any, tmp_path: Path) -> None:
    rois = [
        (4, "Heart", (10, 200, 30), [("CLOSED_PLANAR", SQUARE), ("CLOSED_PLANAR", [(x, y, 6) for x, y, _ in SQUARE])]),
        (9, "Isocentre", None, [("POINT", [(1, 2, 3)])]),
    ]
    path = write(structure_set(rois, image), tmp_path / "rt.dcm")
    record = read_file(str(path))
    assert record.segmentation is not None
    assert record.series_description == "Plan 1"
    assert record.frame_of_reference_uid == image.FrameOfReferenceUID
    assert [(s.number, s.label, s.colour) for s in record.segmentation.segments] == [
        (4, "Heart", (10, 200, 30)),
        (9, "Isocentre", own_colour(9)),
    ]
    layers, contours = read_contours(str(path))
    assert layers.locations == pytest.approx((3.0, 6.0))
    assert [(contour.segment, contour.layer, contour.kind) for contour in contours] == [
        (4, 0, "closed"),
        (4, 1, "closed"),
        (9, 0, "points"),
    ]


def test_contours_of_other_planes_are_left_out_and_said(image: Any, tmp_path: Path) -> None:
    upright = [(0, 5, 0), (2, 5, 0), (2, 5, 2)]
    rois = [(1, "Both", None, [("CLOSED_PLANAR", SQUARE), ("CLOSED_PLANAR", upright)])]
    record = read_file(str(write(structure_set(rois, image), tmp_path / "rt.dcm")))
    assert record.segmentation is not None
    assert record.segmentation.note == "1 contour in other planes not drawn"


def test_sagittal_contours_lie_in_sagittal_planes(image: Any, tmp_path: Path) -> None:
    rois = [(1, "Cord", None, [("CLOSED_PLANAR", [(7, y, z) for y, z, _ in SQUARE])])]
    layers, _ = read_contours(str(write(structure_set(rois, image), tmp_path / "rt.dcm")))
    assert np.abs(layers.normal) == pytest.approx((1.0, 0.0, 0.0))
    assert [abs(location) for location in layers.locations] == pytest.approx([7.0])


@pytest.mark.parametrize("name", ["conformance/rt-utils/rt.dcm", "conformance/pydicom/rtstruct.dcm"])
def test_real_structure_sets_are_read_as_pydicom_reads_them(name: str) -> None:
    dataset, path = dcmread(shared(name), force=True), str(shared(name))
    record = read_file(path)
    assert record.segmentation is not None, record.why
    names = {int(roi.ROINumber): str(roi.ROIName) for roi in dataset.StructureSetROISequence}
    assert {s.number: s.label for s in record.segmentation.segments} == names
    colours = {int(roi.ReferencedROINumber): roi.get("ROIDisplayColor") for roi in dataset.ROIContourSequence}
    for segment in record.segmentation.segments:
        if colours.get(segment.number):
            assert segment.colour == tuple(map(int, colours[segment.number]))
    _, contours = read_contours(path)
    expected = [
        np.array(contour.ContourData, float).reshape(-1, 3)
        for roi in dataset.ROIContourSequence
        for contour in roi.get("ContourSequence") or []
    ]
    assert len(contours) == len(expected)
    for found, wanted in zip(contours, expected, strict=True):
        assert np.allclose(found.points, wanted)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"StructureSetROISequence": ABSENT}, "StructureSetROISequence is '0': must have 1 to 1024 items"),
        ({"ROIContourSequence": ABSENT}, "ROIContourSequence is 'none': must hold contours"),
        ({"StructureSetROISequence": [item(ROINumber=-1)]}, "ROINumber is '-1': must be 0 to 65535"),
    ],
)
def test_what_cannot_be_read_is_listed_with_why(
    changes: dict[str, Any], sentence: str, image: Any, tmp_path: Path
) -> None:
    rois = [(1, "Heart", None, [("CLOSED_PLANAR", SQUARE)])]
    record = read_file(str(write(structure_set(rois, image, **changes), tmp_path / "rt.dcm")))
    assert (record.unshown, record.why) == ("RT structure set", sentence)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"1\\2", "ContourData is '2': must be points of three numbers"),
        (b"1\\2\\east", "ContourData is '1\\\\2\\\\east': must be numbers"),
        (b"1\\2\\1e300", "ContourData is 'beyond': must be finite millimetres"),
        (b"1\\2\\nan", "ContourData is 'beyond': must be finite millimetres"),
    ],
)
def test_coordinates_that_are_none_are_named(data: bytes, sentence: str, image: Any, tmp_path: Path) -> None:
    made = structure_set([(1, "Heart", None, [("CLOSED_PLANAR", SQUARE)])], image)
    path = write(made, tmp_path / "rt.dcm")
    whole = "\\".join(f"{value:.4g}" for point in SQUARE for value in point).encode()
    content = path.read_bytes()
    assert content.count(whole) == 1
    path.write_bytes(content.replace(whole, data.ljust(len(whole))))
    record = read_file(str(path))
    assert (record.unshown, record.why) == ("RT structure set", sentence)


def test_of_a_long_contour_no_word_is_an_object_longer_than_its_part_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seen to fail: each of its numbers was an object at once, which took more memory than a file may long before there
    were as many points as may be."""
    monkeypatch.setattr(structures, "PART_BYTES", 1 << 12)
    with open_dicom(points_without_end(tmp_path / "rt.dcm", many=50_000)) as opened:
        (roi,) = items(opened.dataset, "ROIContourSequence")
        (contour,) = items(roi, "ContourSequence")
        tracemalloc.start()
        found = structures._points(contour, structures.MAX_POINTS)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert found.tolist() == [[1.0, 2.0, 3.0]] * 50_000
    assert peak < 4 * found.nbytes
