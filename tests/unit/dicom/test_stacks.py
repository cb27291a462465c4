"""Files to stacks: sorted, split where they differ, and real series against what other tools found in them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from msgspec.structs import replace

from consult.dicom.naming import short_key
from consult.dicom.reading.file_reader import read_file
from consult.dicom.records import FileRecord, PixelFormat, Plane
from consult.dicom.stacks import (
    TOGETHER,
    UNEVEN,
    StackContent,
    build_stacks,
    series_key,
    series_of,
    stack_content,
    stack_of,
)
from consult.model.catalogue import Axis
from consult.model.geometry import Vec, cross, scale
from consult.model.view import NamedWindow, Window
from tests.support.file_records import a_file, turned
from tests.support.shared_data import shared, table


def locations(files: Sequence[FileRecord]) -> list[list[float]]:
    return [[p[2] for p in stack.series.grid.positions] for stack in build_stacks(files)]


def test_axial_images_are_sorted_from_head_to_feet_whatever_their_order() -> None:
    stacks = build_stacks([a_file(z, n) for n, z in enumerate([4, 0, 6, 2])])
    assert [p[2] for p in stacks[0].series.grid.positions] == [6, 4, 2, 0]
    assert [f.sop_instance_uid for f in stacks[0].frames] == ["1.2", "1.0", "1.3", "1.1"]
    assert (stacks[0].series.note, stacks[0].series.images) == ("", 4)


S = 2**-0.5


@pytest.mark.parametrize(
    ("right", "down", "step", "axis", "ascending"),
    [
        ((1, 0, 0), (0, 1, 0), (0, 0, 1), 2, False),
        ((1, 0, 0), (0, -1, 0), (0, 0, 1), 2, False),  # the normal points to the feet
        ((1, 0, 0), (0, 0, -1), (0, 1, 0), 1, True),
        ((-1, 0, 0), (0, 0, -1), (0, 1, 0), 1, True),  # seen from behind
        ((0, 1, 0), (0, 0, -1), (1, 0, 0), 0, True),
        ((0, -1, 0), (0, 0, -1), (1, 0, 0), 0, True),
        ((1, 0, 0), (0, S, -S), (0, S, S), 2, False),  # halfway: by z
        ((1, 0, 0), (0, 0.5, -(0.75**0.5)), (0, 0.75**0.5, 0.5), 1, True),
    ],
)
def test_stacks_run_from_head_to_feet_front_to_back_and_right_to_left(
    right: Vec, down: Vec, step: Vec, axis: int, ascending: bool
) -> None:
    planes = [Plane(scale(step, k), right, down) for k in (1, 0, 3, 2)]
    grid = build_stacks([a_file(0, n, plane=plane) for n, plane in enumerate(planes)])[0].series.grid
    along = [position[axis] for position in grid.positions]
    assert along == sorted(along, reverse=not ascending)
    assert len(set(along)) == 4


def test_images_without_a_place_keep_their_patient_orientation() -> None:
    flat = [a_file(0, n, plane=None, orientation=o) for n, o in enumerate([("L", "F"), ("L", "F"), None])]
    assert build_stacks(flat)[0].series.orientations == (("L", "F"), ("L", "F"), ("", ""))
    assert build_stacks(flat[:2])[0].series.orientations == (("L", "F"),)
    assert build_stacks(flat[2:])[0].series.orientations == ()
    assert build_stacks([a_file(0, 0, orientation=("L", "F"))])[0].series.orientations == (), "the plane says it"


@pytest.mark.parametrize(
    "changes",
    [
        {"format": PixelFormat(8, 4, "int16")},
        {"format": PixelFormat(4, 4, "float32")},
        {"unit": "BQML"},
        {"inverted": True},
        {"row_spacing": 1.1},
        {"frame_of_reference_uid": "g"},
        {"plane": Plane((0, 0, 9), (0, 1, 0), (0, 0, 1))},
        {"plane": None},
    ],
)
def test_what_differs_is_a_stack_of_its_own_with_a_key_of_its_own(changes: dict[str, Any]) -> None:
    odd = replace(a_file(9, 9), unit=changes["unit"]) if "unit" in changes else a_file(9, 9, **changes)
    stacks = build_stacks([odd, a_file(0), a_file(1, 1), a_file(2, 2)])
    assert [(series_of(s.series.key), s.series.images) for s in stacks] == [(series_key("s", "u"), n) for n in (3, 1)]
    assert stacks[0].series.key != stacks[1].series.key


def test_series_of_two_studies_never_share_a_key() -> None:
    assert series_key("s", "u") != series_key("t", "u")
    assert len({s.series.key for s in build_stacks([a_file(0), replace(a_file(0, 1), study_uid="t")])}) == 2


def test_a_key_names_the_images_and_their_order() -> None:
    files = [a_file(z, z) for z in range(3)]
    (stack,) = build_stacks(files)
    assert build_stacks(files[::-1])[0].series.key == stack.series.key
    reverse = stack_of(files, StackContent(stack_content(stack).sources[::-1]))
    assert reverse is not None
    others = [reverse, build_stacks(files[:2])[0], build_stacks([*files[:2], a_file(2, 3)])[0]]
    assert len({s.series.key for s in (stack, *others)}) == 4


def test_keys_of_stacks_without_an_axis_are_those_of_older_versions() -> None:
    """`former` made keys of the files' hashes in their order, and of nothing else."""
    (stack,) = build_stacks([a_file(z, z) for z in range(3)])
    assert stack.series.key == "2da52dad8af0a60e-" + short_key(*(f"{z:064x}/0" for z in (2, 1, 0)))


def test_a_stack_of_an_older_version_keeps_its_old_form() -> None:
    """Then the echoes of a series were two stacks; each image is a place, and there is no axis."""
    files = [a_file(z, 10 * echo + z, numbers={"EchoTime": 10.0 * echo}) for echo in (1, 2) for z in (0, 1)]
    (now,) = build_stacks(files)
    former = stack_of(files, StackContent([f"{number:064x}/0" for number in (11, 10)]))
    assert former is not None
    assert former.series.key == f"{series_of(now.series.key)}-" + short_key(f"{11:064x}/0", f"{10:064x}/0")
    assert (former.series.axis, former.series.places, former.series.images, former.series.note) == (None, 2, 2, "")
    everything = stack_of(files, StackContent(stack_content(now).sources))
    assert everything is not None
    assert everything.series.axis is None
    assert everything.series.key != now.series.key


def test_a_stack_with_an_axis_is_found_as_it_was_after_files_were_added() -> None:
    files = [a_file(z, 10 * echo + z, numbers={"EchoTime": 10.0 * echo}) for echo in (1, 2) for z in (0, 1, 2)]
    (former,) = build_stacks(files[:-1])
    assert former.series.axis == Axis("EchoTime", ("TE 10 ms", "TE 20 ms"), ((1, 0),))
    assert build_stacks(files)[0].series.key != former.series.key
    assert stack_of(files, stack_content(former)) == former


def test_a_key_distinguishes_axes_of_another_shape() -> None:
    files = [a_file(z, 10 * echo + z, numbers={"EchoTime": 10.0 * echo}) for echo in (1, 2) for z in (0, 1, 2)]
    (stack,) = build_stacks(files)
    content = stack_content(stack)
    axes = [Axis("EchoTime", ("a",) * 3), Axis("InversionTime", ("a", "b")), None]
    others = [stack_of(files, replace(content, axis=axis)) for axis in axes]
    reworded = stack_of(files, replace(content, axis=Axis("EchoTime", ("first", "second"))))
    assert len({other.series.key for other in (stack, *others) if other is not None}) == 4
    assert reworded is not None
    assert reworded.series.key == stack.series.key


def test_a_stack_is_found_as_it_was_after_files_were_added() -> None:
    files = [a_file(z, z) for z in range(3)]
    (former,) = build_stacks(files)
    added = [a_file(1, 7), *files, a_file(9, 9)]
    assert build_stacks(added)[0].series.key != former.series.key
    assert stack_of(added, stack_content(former)) == former
    assert stack_of([added[0]], stack_content(former)) is None
    assert stack_of(added, StackContent([])) is None


def test_of_a_stack_whose_file_was_deleted_the_others_keep_their_numbers() -> None:
    files = [a_file(z, z) for z in range(3)]
    (former,) = build_stacks(files)
    now = stack_of([files[0], files[2]], stack_content(former))
    assert now is not None
    assert now.series.key == former.series.key
    assert [frame.file for frame in now.frames] == [frame.file for frame in former.frames]


def test_images_that_only_their_numbers_distinguish_stay_one_stack() -> None:
    files = [a_file(z, number=t * 10 + int(z)) for t in (1, 2) for z in (0, 1, 2)]
    (stack,) = build_stacks(files)
    assert [f.order[2] for f in stack.frames] == [12, 22, 11, 21, 10, 20]
    assert (stack.series.axis, stack.series.note, stack.series.places) == (None, TOGETHER, 6)


def test_the_order_of_images_that_nothing_distinguishes_is_that_of_their_uids_and_never_of_their_hashes() -> None:
    made = [a_file(0, order=(0, 0, 1, 0), sop_instance_uid=f"1.2.{n}", file=f"{99 - n:064x}") for n in (10, 9, 2)]
    for files in (made, made[::-1]):
        (stack,) = build_stacks(files)
        assert [f.sop_instance_uid for f in stack.frames] == ["1.2.2", "1.2.9", "1.2.10"]
        assert stack.series.note == TOGETHER


def test_one_slice_through_time_stays_together() -> None:
    assert locations([a_file(5, n) for n in (3, 1, 2)]) == [[5, 5, 5]]


def test_one_slice_whose_images_share_a_number_is_noted() -> None:
    assert [s.series.note for s in build_stacks([a_file(5, n) for n in (3, 1, 2)])] == [""]
    same = [a_file(5, n, order=(0, 0, 1, 0)) for n in (3, 1, 2)]
    assert [s.series.note for s in build_stacks(same)] == [TOGETHER]


@pytest.mark.parametrize(("degrees", "stacks"), [(0.04, 1), (0.06, 2), (0.8, 2)])
@pytest.mark.parametrize("about", ["x", "z"])
def test_orientations_within_a_stack_agree_within_a_twentieth_of_a_degree(
    degrees: float, stacks: int, about: str
) -> None:
    assert len(build_stacks([a_file(0), a_file(1, 1, plane=turned(degrees, about, 1.0))])) == stacks


def test_positions_are_equal_within_rounding() -> None:
    rounded = [(10.004, 1.0), (9.99, 2.0), (5.0, 1.0), (5.012, 2.0), (0.0, 1.0), (0.0, 2.0)]
    files = [a_file(z, n, numbers={"EchoTime": echo}) for n, (z, echo) in enumerate(rounded)]
    (stack,) = build_stacks(files)
    assert (stack.series.places, stack.series.times) == (3, 2)
    fine = build_stacks([a_file(0.02 * n, n) for n in range(4)])
    assert [(s.series.places, s.series.note) for s in fine] == [(4, "")]


def test_the_window_of_a_series_with_an_axis_is_that_of_its_middle_place_and_time() -> None:
    files = [
        a_file(z, 10 * t + z, order=(t, 0, 0, 0), windows=(NamedWindow(Window(10 * t + z, 100)),))
        for t in (1, 2, 3)
        for z in range(3)
        if (t, z) != (2, 1)
    ]
    (stack,) = build_stacks(files)
    assert stack.series.windows[0].window.center == 11  # of the middle place, whose middle time is missing


def test_an_image_too_many_at_one_place_is_noted() -> None:
    (stack,) = build_stacks([a_file(0), a_file(1, 1), a_file(1, 2), a_file(2, 3)])
    assert stack.series.note == TOGETHER
    assert stack.series.images == 4


def test_uneven_spacing_is_noted_and_rounding_is_not() -> None:
    assert build_stacks([a_file(z, n) for n, z in enumerate([0, 1, 2, 4])])[0].series.note == UNEVEN
    assert build_stacks([a_file(z, n) for n, z in enumerate([0, 2.666, 5.333, 8])])[0].series.note == ""


def test_images_without_a_place_are_sorted_by_their_numbers() -> None:
    (stack,) = build_stacks([a_file(None, n) for n in (2, 0, 1)])
    assert [f.order[2] for f in stack.frames] == [0, 1, 2]
    assert stack.series.grid.space == "image"
    assert stack.series.grid.positions == ((0, 0, 0),) * 3


def test_the_window_is_that_of_the_middle_image() -> None:
    files = [a_file(z, z, windows=(NamedWindow(Window(z, 100)),)) for z in range(5)]
    assert build_stacks(files)[0].series.windows[0].window.center == 2


def numbers(text: str) -> list[float]:
    return [float(v) for v in text.split("\\")]


def demo_series() -> list[dict[str, str]]:
    return [row for row in table("geometry.tsv") if row["orientation"]]


def test_real_series_lie_where_other_tools_found_them() -> None:
    """geometry.tsv: positions read by hand, spacing and origin by SimpleITK."""
    rows = demo_series()
    assert len(rows) >= 12
    for row in rows:
        path = shared(f"demo/{row['series']}")
        files = [path] if path.is_file() else sorted(path.glob("*.dcm"))
        stacks = build_stacks([read_file(str(file)) for file in files])
        grid, frames = stacks[0].series.grid, int(row["stack_slices"])
        assert stacks[0].series.places == frames, row["series"]
        assert (grid.rows, grid.columns) == (int(row["rows"]), int(row["cols"]))
        assert (grid.row_spacing, grid.column_spacing) == (float(row["row_spacing"]), float(row["col_spacing"]))
        assert [*grid.right, *grid.down] == pytest.approx(numbers(row["orientation"]), abs=1e-5), row["series"]
        assert cross(grid.right, grid.down) == pytest.approx(numbers(row["normal"]), abs=1e-5)
        ends = [numbers(row["first_position"]), numbers(row["last_position"])]  # along the normal
        leading = max((2, 1, 0), key=lambda axis: abs(grid.normal[axis]))
        ends.sort(key=lambda end: end[leading], reverse=leading == 2)
        assert grid.positions[0] == pytest.approx(ends[0], abs=1e-3), row["series"]
        assert grid.positions[-1] == pytest.approx(ends[1], abs=1e-3)
        extent = abs(grid.location(frames - 1) - grid.location(0))
        assert extent == pytest.approx(float(row["extent_mm"]), abs=2e-2)
        assert grid.unit == "mm"
        assert sum(s.series.images for s in stacks) == int(row["instances"])
        assert UNEVEN not in stacks[0].series.note
