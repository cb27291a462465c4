"""How many images a stack should have: by what its files announce, by gaps and numbers, by its second axis.

Each test was seen to fail on the bug that its name, or its docstring, says.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import pytest
from msgspec.structs import replace
from pydicom.dataset import Dataset

from consult.dicom.presenting.announced import MOST, announced_instances
from consult.dicom.presenting.completeness import expected_images
from consult.dicom.reading.file_reader import read_file
from consult.dicom.records import FileRecord
from consult.dicom.stacks import build_stacks, stack_content, stack_of
from tests.support.file_records import a_file
from tests.support.shared_data import shared

STEP_MM = 2.5


def files(numbers: Iterable[int], **changes: Any) -> list[FileRecord]:
    """Images whose place follows from their number."""
    return [a_file(STEP_MM * n, n, **changes) for n in numbers]


def expected(found: Sequence[FileRecord]) -> list[int]:
    """Of each stack that these files make."""
    return [stack.series.expected for stack in build_stacks(found)]


def test_of_a_whole_stack_nothing_is_said() -> None:
    assert expected(files(range(1, 161))) == [0]
    assert expected(files(range(1, 161), announced=160)) == [0]
    assert expected(files(range(1, 161), announced=100)) == [0], "more are here than were announced"


def test_images_that_are_left_out_by_place_and_by_number_are_missing() -> None:
    """64 of 160 in two gaps, whatever the direction in which they are numbered."""
    here = [n for n in range(1, 161) if not (20 <= n < 60 or 100 <= n < 124)]
    assert expected(files(here)) == [160]
    assert expected([a_file(-STEP_MM * n, n) for n in here]) == [160]


def test_two_of_one_number_side_by_side_take_none_away_from_what_is_missing() -> None:
    """Seen to fail: one of them counted as less than nothing, and a stack had fewer images than it has."""
    (whole,) = build_stacks(files(range(1, 41)))
    for numbers, missing in (([*range(1, 41), 40], 0), ([n for n in [*range(1, 41), 40] if n != 30], 1)):
        places = tuple((0.0, 0.0, STEP_MM * n) for n in numbers[:-1])
        grid = replace(whole.series.grid, positions=(*places, (0.0, 0.0, STEP_MM * 40 + 0.2)))
        values = replace(whole.series.values, instance_number=tuple(numbers))
        series = replace(whole.series, images=len(numbers), grid=grid, values=values)
        assert expected_images(series, 0) == (len(numbers) + missing if missing else 0)


def test_positions_with_few_digits_are_counted_all_the_same() -> None:
    here = [n for n in range(1, 161) if not 20 <= n < 84]
    assert expected([a_file(round(1.3333 * n, 1), n) for n in here]) == [160]


def test_every_second_image_is_a_whole_stack() -> None:
    """Numbers alone are no evidence; a gap of such a stack is one by its own steps."""
    assert expected(files(range(1, 161, 2))) == [0]
    assert expected(files(n for n in range(1, 161, 2) if n not in (41, 43))) == [80]


def test_a_gap_alone_may_have_been_scanned_so() -> None:
    """Numbers go on over it: two parts of a body, in one series."""
    places = [*range(1, 41), *range(61, 101)]
    assert expected([a_file(STEP_MM * place, n) for n, place in enumerate(places, 1)]) == [0]


def test_numbers_alone_are_no_gap() -> None:
    """Even places, and numbers that leave some out."""
    assert expected([a_file(STEP_MM * n, n if n < 50 else n + 30) for n in range(1, 101)]) == [0]


def test_without_numbers_nothing_is_said_of_a_gap() -> None:
    assert expected([a_file(STEP_MM * place, 0) for place in (1, 2, 3, 4, 5, 8, 9, 10)]) == [0]
    some = [a_file(STEP_MM * n, n, order=(0, 0, 0 if n in (5, 9) else n, 0)) for n in range(1, 15)]
    assert expected(some) == [0], "two have none"


def test_a_few_images_have_no_usual_distance() -> None:
    assert expected(files([1, 2, 4])) == [0]


def test_images_without_a_place_have_no_gap() -> None:
    assert expected([a_file(None, n) for n in (1, 2, 3, 4, 7, 8)]) == [0]


def test_a_stack_that_was_cut_off_at_its_end_lacks_what_the_files_announce() -> None:
    assert expected(files(range(1, 97), announced=160)) == [160]


def test_files_that_do_not_agree_announce_nothing() -> None:
    assert expected([*files(range(1, 50), announced=160), *files(range(50, 97), announced=120)]) == [0]
    assert expected([*files(range(1, 50), announced=160), *files(range(50, 97))]) == [0]


def test_of_several_acquisitions_each_announces_its_own() -> None:
    """Ten in each of three: nothing is missing of a series of thirty."""
    of_three = [a_file(STEP_MM * n, n, order=(0, 1 + n % 3, n, 0), announced=40) for n in range(30)]
    assert expected(of_three) == [0]


def test_what_is_announced_of_a_series_is_not_said_of_its_parts() -> None:
    """A localizer in the same series is a stack of its own."""
    scout = ("ORIGINAL", "PRIMARY", "LOCALIZER")
    localizer = a_file(-900.0, 200, image_type=scout, announced=160)
    assert expected([*files(range(1, 97), announced=160), localizer]) == [0, 0]


def test_what_is_no_image_counts_as_an_instance() -> None:
    """A presentation state that lies in the series of its images."""
    other = a_file(None, 99, frames=(), unshown="Presentation state", object_file="f" * 64, object_uid="1.99")
    assert expected([*files(range(1, 97), announced=97), other]) == [0]


def test_a_second_axis_lacks_its_missing_images() -> None:
    found = [a_file(STEP_MM * n, 1 + n + 20 * t, numbers={"EchoTime": 10.0 + t}) for t in range(2) for n in range(20)]
    assert expected(found) == [0]
    assert expected(found[:-2]) == [40]


def test_a_place_that_all_times_lack_is_missing_in_each() -> None:
    places = [n for n in range(20) if n not in (7, 8)]
    found = [a_file(STEP_MM * n, 1 + n + 20 * t, numbers={"EchoTime": 10.0 + t}) for t in range(2) for n in places]
    assert expected(found) == [40]


def test_a_stack_that_a_case_has_stays_incomplete_by_what_was_known_then() -> None:
    """Missing files that come later make another stack."""
    stack = build_stacks(files(range(1, 97), announced=160))[0]
    again = stack_of(files(range(1, 161), announced=160), stack_content(stack))
    assert again is not None
    assert (again.series, again.series.expected) == (stack.series, 160)


def dataset(**values: Any) -> Dataset:
    """Of the acquisition itself, unless another type is given."""
    found = Dataset()
    for keyword, value in ({"ImageType": ["ORIGINAL", "PRIMARY", "AXIAL"], "Modality": "CT"} | values).items():
        setattr(found, keyword, value)
    return found


@pytest.mark.parametrize(
    ("values", "announced"),
    [
        ({}, 0),
        ({"ImagesInAcquisition": 160}, 160),
        ({"NumberOfSeriesRelatedInstances": 150, "ImagesInAcquisition": 160}, 150),
        ({"ImagesInAcquisition": 160, "ImageType": ["DERIVED", "PRIMARY", "MPR"]}, 0),
        ({"NumberOfSeriesRelatedInstances": 150, "ImageType": ["DERIVED", "SECONDARY"]}, 150),
        ({"ImagesInAcquisition": -3}, 0),
        ({"ImagesInAcquisition": MOST + 1}, 0),
        ({"Modality": "PT", "NumberOfSlices": 324, "SeriesType": ["WHOLE BODY", "IMAGE"]}, 324),
        ({"Modality": "PT", "NumberOfSlices": 111, "SeriesType": ["DYNAMIC", "IMAGE"]}, 0),
        ({"Modality": "PT", "NumberOfSlices": 111, "NumberOfTimeSlices": 36, "SeriesType": ["DYNAMIC", "IMAGE"]}, 3996),
        ({"Modality": "PT", "NumberOfSlices": 47, "SeriesType": ["GATED", "IMAGE"]}, 0),
        ({"Modality": "CT", "NumberOfSlices": 324, "SeriesType": ["WHOLE BODY", "IMAGE"]}, 0),
    ],
)
def test_what_a_file_announces(values: dict[str, Any], announced: int) -> None:
    assert announced_instances(dataset(**values)) == announced


def test_real_series_that_are_whole_are_called_whole() -> None:
    """No false alarm over what is known to be whole; a single slice of a whole-body PET is known to be one of 324."""
    for name in ("ct_thorax_tcga_thca", "ct_head_invesalius_cranium", "pet_coronal_tcga_thca", "mr_t1_studyforrest"):
        paths = sorted(shared(f"demo/{name}").glob("*.dcm"))
        found = expected([read_file(str(path)) for path in paths])
        assert set(found) == {0}, name
    single = read_file(str(shared("demo/pet_breast_flt_single_slices/1.dcm")))
    assert expected([single]) == [324]
