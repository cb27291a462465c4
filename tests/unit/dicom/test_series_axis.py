"""The second axis of a series: by what distinguishes the images of each place, labelled, in order; never a guess."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from consult.dicom.placing import Item, find_places
from consult.dicom.records import FileRecord, Plane
from consult.dicom.series_axis import find_axis
from consult.model.catalogue import Axis
from tests.support.file_records import a_file


def axis_of(files: Sequence[FileRecord]) -> Axis | None:
    found = find_axis(find_places(Item(file, file.frames[0]) for file in files))
    return None if found is None else found[1]


def repeated(times: Sequence[dict[str, Any]], places: int = 3) -> list[FileRecord]:
    """An image at each place for each time; all have one instance number."""
    return [
        a_file(z, 100 * t + z, **({"order": (0, 0, 1, 0)} | time))
        for z in range(places)
        for t, time in enumerate(times)
    ]


def numbers(keyword: str, *values: float) -> list[dict[str, Any]]:
    return [{"numbers": {keyword: value}} for value in values]


@pytest.mark.parametrize(
    ("times", "axis"),
    [
        (numbers("DiffusionBValue", 1000, 0, 500), Axis("DiffusionBValue", ("b 0", "b 500", "b 1000"))),
        (numbers("EchoTime", 12, 4.604), Axis("EchoTime", ("TE 4.6 ms", "TE 12 ms"))),
        (numbers("InversionTime", 800, 50), Axis("InversionTime", ("TI 50 ms", "TI 800 ms"))),
        (numbers("NominalPercentageOfCardiacPhase", 75, 40), Axis("NominalPercentageOfCardiacPhase", ("40 %", "75 %"))),
        (
            numbers("NominalCardiacTriggerDelayTime", 120, 0),
            Axis("NominalCardiacTriggerDelayTime", ("0 ms", "120 ms")),
        ),
        (numbers("TriggerTime", 62.5, 0), Axis("TriggerTime", ("0 ms", "62.5 ms"))),
        (
            [{"order": (2, 0, 1, 0)}, {"order": (1, 0, 2, 0)}],
            Axis("TemporalPositionIdentifier", ("time 1", "time 2")),
        ),
        ([{"order": (0, 2, 1, 0)}, {"order": (0, 1, 2, 0)}], Axis("AcquisitionNumber", ("time 1", "time 2"))),
        (numbers("AcquisitionTime", 30.5, 30.0), Axis("AcquisitionTime", ("time 1", "time 2"))),
        (numbers("ContentTime", 30.5, 30.0), Axis("ContentTime", ("time 1", "time 2"))),
        (
            [{"dimensions": {"TubeAngle": 2}}, {"dimensions": {"TubeAngle": 1}}],
            Axis("TubeAngle", ("tube angle 1", "tube angle 2")),
        ),
    ],
)
def test_an_attribute_that_distinguishes_the_images_of_every_place_makes_the_axis(
    times: list[dict[str, Any]], axis: Axis
) -> None:
    assert axis_of(repeated(times)) == axis


def test_images_are_ordered_time_by_time_and_in_each_place_by_place() -> None:
    files = repeated(numbers("EchoTime", 20, 10))
    found = find_axis(find_places(Item(file, file.frames[0]) for file in files))
    assert found is not None
    assert [item.frame.sop_instance_uid for item in found[0]] == ["1.102", "1.101", "1.100", "1.2", "1.1", "1.0"]


def test_what_describes_the_acquisition_comes_before_its_number_and_the_clock() -> None:
    times = [{"numbers": {"EchoTime": 10.0 * t, "ContentTime": 9.0 - t}, "order": (0, 9 - t, 1, 0)} for t in (1, 2)]
    assert axis_of(repeated(times)) == Axis("EchoTime", ("TE 10 ms", "TE 20 ms"))


def test_several_attributes_make_an_axis_together_where_no_single_one_does() -> None:
    times = [{"numbers": {"EchoTime": echo}, "order": (t, 0, 1, 0)} for t in (1, 2) for echo in (5.0, 10.0)]
    labels = ("TE 5 ms, time 1", "TE 5 ms, time 2", "TE 10 ms, time 1", "TE 10 ms, time 2")
    assert axis_of(repeated(times)) == Axis("EchoTime", labels)


def test_directions_of_one_b_value_are_counted_in_the_order_in_which_they_were_taken() -> None:
    times: list[dict[str, Any]] = [
        {"numbers": {"DiffusionBValue": 0.0}},
        {"numbers": {"DiffusionBValue": 1000.0}, "direction": (0.0, 1.0, 0.0), "order": (0, 0, 5, 0)},
        {"numbers": {"DiffusionBValue": 1000.0}, "direction": (1.0, 0.0, 0.0), "order": (0, 0, 9, 0)},
    ]
    assert axis_of(repeated(times)) == Axis("DiffusionBValue", ("b 0", "b 1000, direction 1", "b 1000, direction 2"))


def test_values_within_rounding_are_one() -> None:
    files = [
        a_file(z, 10 * t + z, order=(0, 0, 1, 0), numbers={"EchoTime": 4.6 * t + 0.001 * z})
        for z in range(3)
        for t in (1, 2)
    ]
    assert axis_of(files) == Axis("EchoTime", ("TE 4.6 ms", "TE 9.2 ms"))


@pytest.mark.parametrize(
    ("jitter", "labels"), [(4.0, ("4 ms", "54 ms", "104 ms")), (30.0, ("phase 1", "phase 2", "phase 3"))]
)
def test_trigger_times_that_differ_from_place_to_place_are_matched_by_their_rank(
    jitter: float, labels: tuple[str, ...]
) -> None:
    files = [
        a_file(z, 10 * t + z, order=(0, 0, 1, 0), numbers={"TriggerTime": 50.0 * t + jitter * z})
        for z in range(3)
        for t in range(3)
    ]
    assert axis_of(files) == Axis("TriggerTime", labels)


def test_a_last_time_may_be_short() -> None:
    files = [file for t in (1, 2) for file in repeated([{"order": (t, 0, t, 0), "sop_instance_uid": f"1.{t}"}], 10)]
    assert axis_of(files[:12]) == Axis(
        "TemporalPositionIdentifier", ("time 1", "time 2"), tuple((1, place) for place in range(8))
    )


def test_two_thirds_of_the_images_must_be_there_where_not_only_the_last_time_is_short() -> None:
    files = repeated(numbers("EchoTime", 10, 20, 30), 4)
    assert axis_of([file for n, file in enumerate(files) if n not in (0, 4, 8)]) == Axis(
        "EchoTime", ("TE 10 ms", "TE 20 ms", "TE 30 ms"), ((0, 3), (1, 2), (2, 1))
    )
    assert axis_of([file for n, file in enumerate(files) if n not in (0, 1, 3, 5, 8)]) is None


def test_one_image_that_was_taken_again_makes_no_axis() -> None:
    files = [a_file(z, z, numbers={"AcquisitionTime": 10.0 + z}) for z in range(6)]
    assert axis_of([*files, a_file(2, 9, numbers={"AcquisitionTime": 99.0})]) is None


@pytest.mark.parametrize(
    "times",
    [
        [{}, {}],
        numbers("EchoTime", 10, 10),
        [{"numbers": {"EchoTime": 10.0}}, {}],  # of one image it is not known
        [{"file": "b" * 64}, {"file": "a" * 64}],
        [{"sop_instance_uid": "1.1"}, {"sop_instance_uid": "1.2"}],
        [{"order": (0, 0, 1, 0)}, {"order": (0, 0, 2, 0)}],
        [{"attributes": None}, {"attributes": None}],  # of an older version
    ],
)
def test_nothing_that_distinguishes_images_is_no_axis(times: list[dict[str, Any]]) -> None:
    assert axis_of(repeated(times)) is None


def test_images_of_one_place_have_an_axis_by_what_describes_them_and_not_by_the_clock() -> None:
    assert axis_of(repeated(numbers("TriggerTime", 0, 40, 80), 1)) == Axis("TriggerTime", ("0 ms", "40 ms", "80 ms"))
    assert axis_of(repeated(numbers("ContentTime", 0, 40, 80), 1)) is None


def test_images_that_do_not_lie_over_each_other_have_no_axis() -> None:
    shifted = Plane((0.5, 0.0, 0.0), (1.0, 0.0, 0.0), (0.0, 1.0, 0.0))
    files = repeated(numbers("EchoTime", 10, 20), 2)
    assert axis_of(files) is not None
    assert axis_of([a_file(0, 7, plane=shifted, numbers={"EchoTime": 10.0}), *files[1:]]) is None
