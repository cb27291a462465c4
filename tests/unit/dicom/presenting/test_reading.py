"""What a file says of its presentation, and what of it is put into words because it is not applied."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from consult.dicom.presenting.body_part import body_part
from consult.dicom.presenting.graphics import graphics_plane, shutter
from consult.dicom.presenting.image import lut_greys, mean_mask
from consult.dicom.presenting.presentation import mask_of, padding, voi_luts
from consult.dicom.presenting.projection import projection
from consult.dicom.presenting.records import VoiLut
from consult.dicom.reading.file_reader import read_file
from consult.dicom.records import Mask, PixelFormat
from consult.model.image import OVERLAY, SHUTTER
from tests.support.dicom_files import ABSENT, ct, item, write


def note(tmp_path: Path, **changes: Any) -> str:
    return read_file(str(write(ct(**changes), tmp_path / "a.dcm"))).note


def test_what_is_not_applied_is_noted(tmp_path: Path) -> None:
    assert note(tmp_path) == ""
    assert note(tmp_path, RescaleSlope=0) == "RescaleSlope is 0, stored values are shown"
    assert "supplemental palette" in note(tmp_path, PixelPresentation="COLOR")
    assert "shutter" in note(tmp_path, ShutterShape="BITMAP")
    odd = item(MaskOperation="OTHER")
    assert "mask" in note(tmp_path, RecommendedViewingMode="SUB", MaskSubtractionSequence=[odd])


def test_a_slope_of_zero_shows_stored_values(tmp_path: Path) -> None:
    record = read_file(str(write(ct(RescaleSlope=0), tmp_path / "a.dcm")))
    assert (record.frames[0].slope, record.frames[0].intercept, record.unit) == (1.0, 0.0, "")


@pytest.mark.parametrize("keyword", ["ModalityLUTSequence", "VOILUTSequence"])
def test_an_empty_lut_item_is_passed_over(tmp_path: Path, keyword: str) -> None:
    record = read_file(str(write(ct(**{keyword: [item()]}), tmp_path / "a.dcm")))
    assert (record.format.dtype, record.frames[0].intercept) == ("uint16", -1024)
    assert record.frames[0].presentation.voi_luts == ()


def test_padding_is_a_range_of_stored_values_whatever_its_vr() -> None:
    assert padding(item(), signed=True) is None
    assert padding(item(PixelPaddingValue=63536), signed=True) == (-2000, -2000)
    limits = item(PixelPaddingValue=0, PixelPaddingRangeLimit=10)
    assert padding(limits, signed=False) == (0, 10)


def test_a_voi_lut_begins_below_zero_where_values_can_be() -> None:
    lut = item(LUTDescriptor=[2, 64512, 8], LUTData=b"\x00\x00\xff\x00", LUTExplanation="X")
    (read,) = voi_luts(item(VOILUTSequence=[lut], RescaleIntercept=-1024), signed=False)
    assert read == VoiLut(-1024, 8, b"\x00\x00\xff\x00", "X")
    assert lut_greys(read).tolist() == [0, 255]
    assert (read.window(1).window.center, read.window(1).window.width) == (-1023.0, 2.0)


@pytest.mark.parametrize(
    ("more", "frame", "frames"),
    [
        ({"MaskOperation": "AVG_SUB", "MaskFrameNumbers": [1, 2]}, 4, (0, 1)),
        ({"MaskOperation": "AVG_SUB", "MaskFrameNumbers": [1], "ApplicableFrameRange": [3, 4]}, 1, None),
        ({"MaskOperation": "TID", "TIDOffset": 2}, 4, (2,)),
        ({"MaskOperation": "TID"}, 0, None),
        ({"MaskOperation": "REV_TID", "TIDOffset": 1, "ApplicableFrameRange": [4, 6]}, 4, (1,)),
    ],
)
def test_which_frames_are_subtracted(more: dict[str, Any], frame: int, frames: tuple[int, ...] | None) -> None:
    mask = item(**more)
    dataset = item(RecommendedViewingMode="SUB", MaskSubtractionSequence=[mask], NumberOfFrames=6)
    found = mask_of(dataset, frame)
    assert (found.frames if found is not None else None) == frames
    dataset.RecommendedViewingMode = "NAT"
    assert mask_of(dataset, frame) is None


def test_a_mask_is_a_mean_and_may_be_moved() -> None:
    frames = [np.full((4, 4), value, np.uint16) for value in (10, 13)]
    assert (mean_mask(frames, Mask((0, 1))) == 11.5).all()
    ramp = np.tile(np.arange(4, dtype=np.uint16) * 10, (4, 1))
    assert mean_mask([ramp], Mask((0,), (0.0, 1.0)))[0].tolist() == [0, 0, 10, 20]


def test_shutters_hide_what_lies_outside_of_all_of_them() -> None:
    edges = {"ShutterLeftVerticalEdge": 1, "ShutterRightVerticalEdge": 8}
    edges |= {"ShutterUpperHorizontalEdge": 2, "ShutterLowerHorizontalEdge": 9}
    rectangle = shutter(item(ShutterShape="RECTANGULAR", **edges), (8, 8))
    assert (rectangle[2:, 1:7] == 0).all()
    assert (rectangle[:2] == SHUTTER).all()
    circle = shutter(item(ShutterShape="CIRCULAR", CenterOfCircularShutter=[4, 4], RadiusOfCircularShutter=2), (8, 8))
    assert (circle[3, 3], circle[3, 1], circle[3, 0]) == (0, 0, SHUTTER)
    corners = [1, 1, 1, 5, 5, 5, 5, 1]
    polygon = shutter(item(ShutterShape="POLYGONAL", VerticesOfThePolygonalShutter=corners), (8, 8))
    assert (polygon[:5, :5] == 0).all()
    assert polygon[6, 6] == SHUTTER


def test_an_overlay_lies_where_its_origin_is_and_is_cut_at_the_edges(tmp_path: Path) -> None:
    dataset = ct()
    dataset.add_new((0x6000, 0x0010), "US", 2)
    dataset.add_new((0x6000, 0x0011), "US", 2)
    dataset.add_new((0x6000, 0x0050), "SS", [8, 1])
    dataset.add_new((0x6000, 0x0100), "US", 1)
    dataset.add_new((0x6000, 0x0102), "US", 0)
    dataset.add_new((0x6000, 0x3000), "OW", b"\x0d\x00")
    plane = graphics_plane(write(dataset, tmp_path / "a.dcm"), 0, PixelFormat(8, 8, "uint16"))
    assert np.argwhere(plane == OVERLAY).tolist() == [[7, 0]]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"Modality": "MG", "ImageLaterality": "R", "ViewPosition": "MLO"}, "R MLO"),
        ({"Modality": "DX", "Laterality": "L", "PatientOrientation": ["A", "F"]}, "L lateral"),
        ({"Modality": "DX", "PatientOrientation": ["L", "F"]}, "frontal"),
        ({"Modality": "MG", "ImageLaterality": "L", "ViewCodeSequence": [item(CodeValue="R-10242")]}, "L CC"),
        ({"Modality": "CT", "ViewPosition": "AP"}, ""),
    ],
)
def test_a_projection_is_named_by_what_the_file_says(values: dict[str, Any], expected: str) -> None:
    assert projection(item(**values)) == expected


@pytest.mark.parametrize(
    ("values", "part"),
    [
        ({"BodyPartExamined": "KNEE", "StudyDescription": "CT head"}, "KNEE"),
        ({"StudyDescription": "CT Kopf nativ"}, "HEAD"),
        ({"StudyDescription": "CT", "ProtocolName": "Thorax routine"}, "CHEST"),
        ({"StudyDescription": "CT neck and chest"}, ""),
        ({"StudyDescription": "Overhead table"}, ""),
    ],
)
def test_the_part_of_the_body_is_read_from_words_where_it_is_not_stated(values: dict[str, str], part: str) -> None:
    assert body_part(item(**values)) == part


def test_an_object_without_pictures_is_kept_and_named(tmp_path: Path) -> None:
    report = ct(
        SOPClassUID="1.2.840.10008.5.1.4.1.1.88.33",
        Modality="SR",
        SeriesDescription="Findings",
        PixelData=ABSENT,
        ConceptNameCodeSequence=[item(CodeMeaning="Chest CAD report")],
    )
    record = read_file(str(write(report, tmp_path / "a.dcm")))
    assert (record.unshown, record.series_description, record.frames) == ("Structured report", "Chest CAD report", ())
    assert record.file
    assert record.sop_instance == report.SOPInstanceUID
