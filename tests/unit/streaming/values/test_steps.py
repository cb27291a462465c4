"""What the steps of a curve lie at: what the files say of the very images, else their clock, else a number."""

from __future__ import annotations

from typing import Any

import pytest

from consult.dicom.records import FrameAttributes
from consult.rendering.suv import Uptake
from consult.streaming.values.steps import Steps, steps_along, steps_of_clip


def images(keyword: str, *values: float, **more: Any) -> list[FrameAttributes]:
    return [FrameAttributes(numbers={keyword: value}, **more) for value in values]


@pytest.mark.parametrize(
    ("attribute", "quantity"),
    [("DiffusionBValue", "b"), ("EchoTime", "echo"), ("InversionTime", "inversion"),
     ("NominalPercentageOfCardiacPhase", "phase"), ("NominalCardiacTriggerDelayTime", "trigger"),
     ("TriggerTime", "trigger")],
)  # fmt: skip
def test_what_made_the_axis_is_its_value(attribute: str, quantity: Any) -> None:
    assert steps_along(attribute, images(attribute, 0.0, 50.0, 800.0)) == Steps(quantity, (0.0, 50.0, 800.0))


def test_trigger_times_over_more_than_a_cycle_are_seconds() -> None:
    """GE writes the times of a dynamic series there. Seen to fail where they stayed ms."""
    found = steps_along("TriggerTime", images("TriggerTime", 3000.0, 63_000.0, 183_000.0))
    assert found == Steps("time", (0.0, 60.0, 180.0))


@pytest.mark.parametrize("attribute", ["TemporalPositionIdentifier", "AcquisitionNumber", "AcquisitionTime"])
def test_a_temporal_position_lies_at_the_time_of_its_acquisition(attribute: str) -> None:
    found = steps_along(attribute, images("AcquisitionTime", 86_390.0, 86_402.5, 86_430.0))
    assert found == Steps("time", (0.0, 12.5, 40.0))


def test_where_the_acquisition_stands_still_the_content_says_it_and_where_that_does_too_it_is_counted() -> None:
    both = [FrameAttributes(numbers={"AcquisitionTime": 100.0, "ContentTime": at}) for at in (100.0, 107.0, 115.0)]
    assert steps_along("TemporalPositionIdentifier", both) == Steps("time", (0.0, 7.0, 15.0))
    still = images("AcquisitionTime", 100.0, 100.0, 100.0)
    assert steps_along("TemporalPositionIdentifier", still) == Steps("number", (1.0, 2.0, 3.0))
    assert steps_along("TemporalPositionIdentifier", [None, None]) == Steps("number", (1.0, 2.0))
    assert steps_along("TemporalPositionIdentifier", [*still[:1], None]) == Steps("number", (1.0, 2.0))


def test_pet_lies_at_the_reference_times_of_its_frames() -> None:
    """Not where they begin: the first frames are shorter than the last."""
    frames = [
        FrameAttributes(numbers={"AcquisitionTime": begin}, uptake=Uptake(reference_s=middle))
        for begin, middle in ((0.0, 5.0), (10.0, 25.0), (40.0, 100.0))
    ]
    assert steps_along("TemporalPositionIdentifier", frames) == Steps("time", (0.0, 20.0, 95.0))
    unknown = [FrameAttributes(numbers=frame.numbers, uptake=Uptake()) for frame in frames]
    assert steps_along("TemporalPositionIdentifier", unknown) == Steps("time", (0.0, 10.0, 40.0))


def test_directions_of_one_b_value_are_counted() -> None:
    assert steps_along("DiffusionBValue", images("DiffusionBValue", 0.0, 1000.0, 1000.0)).quantity == "number"
    assert steps_along("Contrast", images("EchoTime", 1.0, 2.0)) == Steps("number", (1.0, 2.0))


def test_frames_of_a_clip_begin_when_those_before_are_over() -> None:
    assert steps_of_clip((40.0, 60.0, 500.0)) == Steps("time", (0.0, 0.04, 0.1))


@pytest.mark.parametrize("unknown", [None, 0.0])
def test_frames_of_a_clip_of_which_one_says_no_time_are_numbered(unknown: float | None) -> None:
    """Seen to fail where it lasted no time: two frames at one moment."""
    assert steps_of_clip((40.0, unknown, 500.0)) == Steps("number", (1.0, 2.0, 3.0))
    assert steps_of_clip((40.0, 60.0, unknown)) == Steps("time", (0.0, 0.04, 0.1)), "nothing follows the last"
