"""How long the frames of a clip are shown: by FrameTime, FrameTimeVector or the rates."""

from __future__ import annotations

from typing import Any

import pytest

from consult.dicom.reading.cine import frame_times
from consult.dicom.reading.file_frames import read_frames
from consult.dicom.reading.pixel_attributes import Pixels
from consult.dicom.records import PixelFormat
from tests.support.dicom_files import ABSENT, ct


@pytest.mark.parametrize(
    ("keywords", "times"),
    [
        ({"FrameTime": "33.3"}, (33.3, 33.3, 33.3)),
        ({"FrameTimeVector": [0, 20, 40]}, (20, 40, 40)),
        ({"FrameTimeVector": [0, 20], "FrameTime": "50"}, (50, 50, 50)),
        ({"CineRate": "25"}, (40, 40, 40)),
        ({"RecommendedDisplayFrameRate": "10", "FrameTime": "0"}, (100, 100, 100)),
        ({"FrameTime": "0.001"}, (1, 1, 1)),
        ({"FrameTime": "-4", "CineRate": "0"}, ()),
        ({}, ()),
    ],
)
def test_frames_are_shown_as_long_as_the_file_says(keywords: dict[str, Any], times: tuple[float, ...]) -> None:
    assert frame_times(ct(**keywords), 3) == times


def test_each_frame_of_a_clip_has_its_time_and_a_single_image_has_none() -> None:
    absent = dict.fromkeys(("ImagePositionPatient", "ImageOrientationPatient"), ABSENT)
    dataset = ct(FrameTimeVector=[0, 20, 40], **absent)
    pixels = Pixels(PixelFormat(8, 8, "uint16"), 3, inverted=False)
    frames = read_frames(dataset, pixels, "f" * 64, "US")
    assert [frame.attributes and frame.attributes.numbers["FrameTime"] for frame in frames] == [20, 40, 40]
    (single,) = read_frames(ct(FrameTime="40"), Pixels(PixelFormat(8, 8, "uint16"), 1, inverted=False), "f" * 64, "US")
    assert single.attributes is not None
    assert "FrameTime" not in single.attributes.numbers
