"""What may lie in one stack: kinds are entries of their own, and named."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

import pytest
from msgspec.structs import replace

from consult.dicom.records import FileRecord, FrameAttributes, PixelFormat, Plane
from consult.dicom.stacks import TOGETHER, build_stacks, stack_content, stack_of
from tests.support.file_records import a_file, turned

M, P = ("ORIGINAL", "PRIMARY", "M"), ("ORIGINAL", "PRIMARY", "P")


def entries(files: Sequence[FileRecord]) -> list[tuple[str, int]]:
    """Names and images of the stacks."""
    found = [(stack.series.description, stack.series.images) for stack in build_stacks(files)]
    return sorted(found, key=lambda entry: (-entry[1], entry[0]))


def of(kind: dict[str, Any], *places: float, first: int = 0) -> list[FileRecord]:
    return [a_file(z, first + n, **({"modality": "MR"} | kind)) for n, z in enumerate(places)]


@pytest.mark.parametrize(
    ("first", "second", "names"),
    [
        ({"image_type": M}, {"image_type": P}, ["magnitude", "phase"]),
        ({"component": "REAL"}, {"component": "IMAGINARY"}, ["imaginary", "real"]),
        ({"image_type": M}, {"image_type": ("DERIVED", "PRIMARY", "DIFFUSION", "ADC")}, ["ADC", "magnitude"]),
        ({"image_type": ("A", "B", "DIXON", "W")}, {"image_type": ("A", "B", "DIXON", "F")}, ["fat", "water"]),
        (
            {"image_type": ("ORIGINAL", "PRIMARY")},
            {"image_type": ("DERIVED", "PRIMARY")},
            ["derived", "original"],
        ),
        ({"kernel": "B60f"}, {"kernel": "B30f"}, ["B30f", "B60f"]),
    ],
)
def test_kinds_at_one_place_are_entries_of_their_own_and_named(
    first: dict[str, Any], second: dict[str, Any], names: list[str]
) -> None:
    assert entries(of(first, 0, 1) + of(second, 0, 1, first=10)) == [(name, 2) for name in names]


def test_names_follow_the_description_of_the_series() -> None:
    files = of({"image_type": M}, 0, 1) + of({"image_type": P}, 0, 1, first=10)
    named = [replace(file, series_description="B0 map") for file in files]
    assert entries(named) == [("B0 map, magnitude", 2), ("B0 map, phase", 2)]


def test_a_kind_of_its_own_repeats_in_its_own_axis() -> None:
    files = [
        a_file(z, 100 * echo + 10 * n + z, modality="MR", image_type=kind, numbers={"EchoTime": 5.0 * echo})
        for n, kind in enumerate((M, P))
        for echo in (1, 2)
        for z in (0, 1)
    ]
    stacks = build_stacks(files)
    assert [(s.series.description, s.series.places, s.series.times) for s in stacks] == [
        ("magnitude", 2, 2),
        ("phase", 2, 2),
    ]


def test_a_localizer_is_an_entry_of_its_own_wherever_it_lies() -> None:
    localizer = of({"image_type": ("ORIGINAL", "PRIMARY", "LOCALIZER"), "modality": "CT"}, 7, first=9)
    axial = of({"image_type": ("ORIGINAL", "PRIMARY", "AXIAL"), "modality": "CT"}, 0, 5, 10)
    assert entries(localizer + axial) == [("", 3), ("localizer", 1)]


def test_images_at_places_of_their_own_stay_together_whatever_else_their_image_type_holds() -> None:
    assert entries(of({"image_type": (*M, "ND")}, 0, 2) + of({"image_type": (*M, "NORM")}, 1, 3, first=10)) == [("", 4)]


def test_one_kind_has_no_name() -> None:
    assert entries(of({"image_type": M}, 0, 1)) == [("", 2)]


def test_single_letters_are_components_only_of_mr() -> None:
    files = of({"image_type": M, "modality": "CT"}, 0) + of({"image_type": P, "modality": "CT"}, 1, first=10)
    assert entries(files) == [("", 2)]


def test_signed_and_unsigned_slices_interleave_and_do_not_where_they_share_a_place() -> None:
    signed, unsigned = {"format": PixelFormat(4, 4, "int16")}, {"format": PixelFormat(4, 4, "uint16")}
    (stack,) = build_stacks(of(signed, 0, 2) + of(unsigned, 1, 3, first=10))
    assert (stack.series.images, stack.format.dtype, stack.series.note) == (4, "int32", "")
    apart = build_stacks(of(signed, 0, 2) + of(unsigned, 2, 4, first=10))
    assert [(s.series.images, s.format.dtype) for s in apart] == [(2, "int16"), (2, "uint16")]


def test_images_without_a_place_are_not_parted_by_their_kind() -> None:
    files = [a_file(None, n, modality="US", image_type=kind) for n, kind in enumerate((M, P))]
    assert entries(files) == [("", 2)]


def test_each_object_of_a_series_with_a_clip_is_an_entry() -> None:
    clip = a_file(None, 1)
    clip = replace(clip, frames=tuple(replace(clip.frames[0], frame=n, order=(0, 0, 1, n)) for n in range(3)))
    assert entries([a_file(None, 2), clip, a_file(None, 0)]) == [("clip 2", 3), ("still 1", 1), ("still 3", 1)]
    assert entries([clip]) == [("", 3)]


def test_records_of_an_older_version_stay_one_stack_where_their_numbers_do_not_help() -> None:
    files = [a_file(z, 10 * t + z, attributes=None) for t in (1, 2) for z in (0, 1)]
    (stack,) = build_stacks(files)
    assert stack.series.note == TOGETHER


def an_object(number: int, *planes: float, **changes: Any) -> FileRecord:
    """A multi-frame object with a frame at each place."""
    file = a_file(0, number, modality="MR", **changes)
    frames = tuple(
        replace(file.frames[0], frame=n, plane=replace(upright(file), position=(0.0, 0.0, z)))
        for n, z in enumerate(planes)
    )
    return replace(file, frames=frames)


def upright(file: FileRecord) -> Plane:
    plane = file.frames[0].plane
    assert plane is not None
    return plane


def test_each_multi_frame_object_is_an_entry_unless_they_are_times_or_one_concatenation() -> None:
    assert entries([an_object(n, 0, 1, 2, z) for n, z in ((1, 3.0), (2, 9.0))]) == [("object 1", 4), ("object 2", 4)]
    times = [an_object(n, 0, 1, numbers={"EchoTime": 5.0 * n}) for n in (1, 2)]
    assert [(s.series.places, s.series.times) for s in build_stacks(times)] == [(2, 2)]
    parts = [an_object(1, 0, 1, concatenation="1.9"), an_object(2, 2, 3, concatenation="1.9")]
    assert entries(parts) == [("", 4)]


def test_stacks_of_an_enhanced_object_are_entries_of_their_own_though_they_lie_alike() -> None:
    file = an_object(1, 0, 1, 0.5, 1.5)
    frames = tuple(
        replace(frame, attributes=FrameAttributes(stack="1" if n < 2 else "2")) for n, frame in enumerate(file.frames)
    )
    assert entries([replace(file, frames=frames)]) == [("stack 1", 2), ("stack 2", 2)]


@pytest.mark.parametrize(
    ("changes", "names"),
    [
        ({"plane": Plane((0, 0, 0), (1, 0, 0), (0, 0, -1))}, ["axial", "coronal"]),
        ({"plane": Plane((0, 0, 0), (0, 1, 0), (0, 0, -1))}, ["axial", "sagittal"]),
        ({"plane": turned(30, "x", 0)}, ["axial", "oblique axial"]),
        ({"plane": turned(0.8, "x", 0)}, ["orientation 1", "orientation 2"]),
        ({"plane": None}, ["axial", "no position"]),
        ({"format": PixelFormat(8, 4, "int16")}, ["4 × 4", "4 × 8"]),
        ({"format": PixelFormat(4, 4, "uint8", colour=True)}, ["colour", "grey"]),
        ({"row_spacing": 0.5}, ["0.5 mm", "1 mm"]),
        ({"inverted": True}, ["part 1", "part 2"]),
        ({"frame_of_reference_uid": "other"}, ["part 1", "part 2"]),
    ],
)
def test_names_say_what_made_the_split(changes: dict[str, Any], names: list[str]) -> None:
    found = [name for name, _ in entries([a_file(0, 1), a_file(5, 2), a_file(0, 3, **changes)])]
    assert sorted(found) == names


@pytest.mark.parametrize(
    ("kind", "note"),
    [
        ({"image_type": ("ORIGINAL", "PRIMARY", "M", "MOSAIC"), "modality": "MR"}, "mosaic: lengths in px"),
        ({"modality": "SM"}, "slide tiles: lengths in px"),
    ],
)
def test_tiles_have_no_place_and_no_millimetres(kind: dict[str, Any], note: str) -> None:
    files = [a_file(0, n, row_spacing=2.0, column_spacing=4.0, **kind) for n in (1, 2)]
    (stack,) = build_stacks(files)
    grid = stack.series.grid
    assert (grid.space, grid.unit, grid.row_spacing, grid.column_spacing) == ("image", "px", 1.0, 2.0)
    assert (stack.series.note, stack.series.images, stack.series.axis) == (note, 2, None)
    assert stack_of(files, stack_content(stack)) == stack


@pytest.mark.parametrize("seed", range(5))
def test_the_order_in_which_files_came_decides_nothing(seed: int) -> None:
    files = [a_file(z, n, plane=turned(0.04 * n, "x", z)) for n, z in enumerate((0.0, 1.0, 2.0, 3.0))]
    files += of({"image_type": M}, 0, 1, first=10) + of({"image_type": P}, 0, 1, first=20)
    files += [an_object(30, 0, 1, component="REAL"), an_object(31, 0, 1, component="REAL"), a_file(None, 40)]
    shuffled = random.Random(seed).sample(files, len(files))
    assert build_stacks(shuffled) == build_stacks(files)
