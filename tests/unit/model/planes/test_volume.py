"""Which series are volumes, where their voxels lie, and why others are none."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from msgspec.structs import replace

from consult.model.catalogue import Series
from consult.model.errors import Refused
from consult.model.geometry import Grid, Vec, norm, subtract
from consult.model.planes.volume import interpolated, volume_geometry, volume_places, why_no_planes
from tests.support.cases import timed_series
from tests.support.volumes import GRIDS, volume_grid, volume_series

AXIAL = volume_series(GRIDS["axial"])


def at(*heights: float, beside: float = 0.0) -> Series:
    """Axial images at those heights; every second one lies beside the others."""
    grid = volume_grid((len(heights), 32, 40))
    positions = tuple((beside * (i % 2), 0.0, z) for i, z in enumerate(heights))
    return volume_series(replace(grid, positions=positions))


@pytest.mark.parametrize("name", GRIDS)
def test_a_voxel_lies_where_its_image_says(name: str) -> None:
    grid = GRIDS[name]
    geometry = volume_geometry(volume_series(grid))
    for place, column, row in ((0, 0.0, 0.0), (5, 7.0, 3.5), (11, 20.25, 30.0)):
        point = grid.point(place, column, row)
        assert geometry.voxel(point) == pytest.approx((column, row, place), abs=1e-9)
        assert geometry.point((column, row, float(place))) == pytest.approx(point)
    assert geometry.layers == ()


def test_a_sheared_stack_has_steps_that_are_not_along_its_normal() -> None:
    geometry = volume_geometry(volume_series(GRIDS["sheared by the gantry"]))
    assert geometry.through == pytest.approx((0.0, 0.0, 3.0))
    assert abs(geometry.along[2]) > 0.4


def test_uneven_layers_lie_where_the_files_say() -> None:
    uneven = at(0.0, 2.0, 4.0, 9.0, 14.0, 16.0)
    geometry = volume_geometry(uneven)
    assert geometry.layers == pytest.approx((0.0, 0.625, 1.25, 2.8125, 4.375, 5.0))
    assert interpolated(uneven) == "interpolated between images 2 to 5 mm apart"
    assert interpolated(AXIAL) == ""


def test_places_written_with_few_digits_are_even() -> None:
    assert volume_geometry(at(0.0, 0.67, 1.33, 2.0, 2.67, 3.33, 4.0)).layers == ()


def test_a_time_without_its_last_images_is_a_shorter_volume() -> None:
    dynamic = replace(timed_series("s", places=10, missing=3), frame_of_reference="f")
    assert volume_places(dynamic, 1) == (0, 1, 2, 3, 4, 5, 6)
    assert volume_geometry(dynamic, 1).shape == (7, 64, 64)
    assert volume_geometry(dynamic, 0).shape == (10, 64, 64)


REASONS: dict[str, tuple[Callable[[], Series], str]] = {
    "colour": (lambda: replace(AXIAL, colour=True), "There are no planes of colour images."),
    "no place": (
        lambda: replace(AXIAL, grid=replace(AXIAL.grid, space="image")),
        "These images have no place in the patient, so there are no planes of them.",
    ),
    "deleted images": (
        lambda: replace(AXIAL, deleted=((3, 4),)), "Images of this series were deleted, so there are no planes of it."
    ),
    "one image": (lambda: at(0.0), "There is one image alone: planes need images behind each other."),
    "not behind each other": (
        lambda: at(0.0, 3.0, 6.0, 9.0, beside=8.0),
        "The images do not lie straight behind each other, so there are no planes of them.",
    ),
    "at one place": (
        lambda: at(0.0, 3.0, 3.0, 6.0), "Several images lie at one place, so there are no planes of them."
    ),
    "a gap": (
        lambda: at(0.0, 5.0, 10.0, 40.0, 45.0),
        "There is a gap of 30 mm after image 3, where images lie 5 mm apart: no planes.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", REASONS)
def test_what_is_no_volume_says_why(name: str) -> None:
    make, sentence = REASONS[name]
    made = make()
    assert why_no_planes(made) == sentence
    assert interpolated(made) == ""
    with pytest.raises(Refused, match=f"no_planes: {re.escape(sentence)}"):
        volume_geometry(made)


def test_a_volume_holds_what_lies_in_it_and_clamps_the_rest() -> None:
    geometry = volume_geometry(AXIAL)
    inside: Vec = (0.0, 0.0, 0.0)
    assert geometry.holds(inside)
    assert geometry.clamped(inside) == inside
    for far in ((99.0, 0.0, 0.0), (0.0, -99.0, 0.0), (0.0, 0.0, 99.0)):
        assert not geometry.holds(far)
        edge = geometry.clamped(far)
        assert geometry.holds(edge)
        assert norm(subtract(edge, inside)) < 99.0


def test_layers_are_as_far_apart_as_voxels_lie_along_a_direction() -> None:
    geometry = volume_geometry(AXIAL)
    assert geometry.layer_mm((0.0, 0.0, 1.0)) == pytest.approx(3.0)
    assert geometry.layer_mm((1.0, 0.0, 0.0)) == pytest.approx(1.5)
    assert geometry.layer_mm((0.0, 2**-0.5, 2**-0.5)) == pytest.approx(1.5 * 2**0.5)


def test_another_series_of_the_same_key_is_another_volume() -> None:
    grid: Grid = volume_grid((7, 32, 40))
    assert volume_geometry(volume_series(grid)).shape == (7, 32, 40)
    assert volume_geometry(AXIAL).shape == (24, 32, 40)
