"""Frames: classic, by functional groups, of a dose, and without a place."""

from __future__ import annotations

from typing import Any

import pytest
from pydicom.dataset import Dataset

from consult.dicom.reading.file_frames import read_frames
from consult.dicom.reading.pixel_attributes import Pixels
from consult.dicom.records import Frame, PixelFormat, Plane
from consult.model.errors import DicomRefused
from tests.support.dicom_files import ABSENT, ct, item

AXIAL: Any = [1, 0, 0, 0, 1, 0]


def frames(dataset: Dataset, count: int = 1, modality: str = "CT") -> tuple[Frame, ...]:
    return read_frames(dataset, Pixels(PixelFormat(8, 8, "uint16"), count, inverted=False), "f" * 64, modality)


def test_a_classic_image_has_place_spacing_rescale_and_windows() -> None:
    (frame,) = frames(ct())
    assert frame.plane == Plane((-10, -20, 30), (1, 0, 0), (0, 1, 0))
    assert (frame.row_spacing, frame.column_spacing, frame.unit) == (0.5, 0.75, "mm")
    assert (frame.slope, frame.intercept, frame.slice_thickness_mm) == (1, -1024, 3)
    assert len(frame.windows) == 2
    assert frame.order == (0, 0, 7, 0)


def test_without_a_spacing_in_mm_there_is_no_place() -> None:
    (frame,) = frames(ct(PixelSpacing=ABSENT))
    assert (frame.plane, frame.unit) == (None, "px")


def test_a_spacing_without_a_place_is_one_at_the_detector() -> None:
    (frame,) = frames(ct(ImagePositionPatient=ABSENT))
    assert (frame.plane, frame.unit, frame.row_spacing) == (None, "mm at detector", 0.5)


def test_a_classic_multi_frame_file_is_a_cine_without_a_place() -> None:
    found = frames(ct(), 3)
    assert [f.frame for f in found] == [0, 1, 2]
    assert [f.plane for f in found] == [None] * 3
    assert found[0].unit == "mm at detector"


@pytest.mark.parametrize("offsets", [[0, 2, 5], [30, 32, 35]])
def test_planes_of_a_dose_lie_at_its_offsets(offsets: list[float]) -> None:
    found = frames(ct(GridFrameOffsetVector=offsets), 3, "RTDOSE")
    assert [f.plane.position[2] for f in found if f.plane] == [30, 32, 35]


def enhanced(**top: Any) -> Dataset:
    """Two frames: the second has its own window and rescale."""
    place = [item(PlanePositionSequence=[item(ImagePositionPatient=[0, 0, z])]) for z in (5, 7)]
    place[1].FrameVOILUTSequence = [item(WindowCenter=1, WindowWidth=2)]
    place[1].PixelValueTransformationSequence = [item(RescaleSlope=3, RescaleIntercept=4)]
    place[1].FrameContentSequence = [item(TemporalPositionIndex=2)]
    shared = item(
        PlaneOrientationSequence=[item(ImageOrientationPatient=AXIAL)],
        PixelMeasuresSequence=[item(PixelSpacing=[0.4, 0.6], SliceThickness=2)],
        FrameVOILUTSequence=[item(WindowCenter=10, WindowWidth=20)],
    )
    gone = dict.fromkeys(("ImagePositionPatient", "ImageOrientationPatient", "PixelSpacing", "SliceThickness"), ABSENT)
    return ct(**gone, SharedFunctionalGroupsSequence=[shared], PerFrameFunctionalGroupsSequence=place, **top)


def test_a_frames_own_group_comes_before_the_shared_one() -> None:
    first, second = frames(enhanced(), 2)
    assert first.plane is not None
    assert second.plane is not None
    assert (first.plane.position[2], second.plane.position[2]) == (5, 7)
    assert (second.row_spacing, second.column_spacing, second.unit, second.slice_thickness_mm) == (0.4, 0.6, "mm", 2)
    assert [f.windows[0].window.center for f in (first, second)] == [10, 1]
    assert [(f.slope, f.intercept) for f in (first, second)] == [(1, -1024), (3, 4)]
    assert [f.order for f in (first, second)] == [(0, 0, 7, 0), (2, 0, 7, 1)]


def test_groups_must_be_as_many_as_frames() -> None:
    with pytest.raises(DicomRefused) as refused:
        frames(enhanced(), 3)
    assert refused.value.code == "functional_groups"
