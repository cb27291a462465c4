"""From device pixels to image pixels."""

from __future__ import annotations

import math

import pytest

from consult.model.geometry import Grid
from consult.model.view import Camera
from consult.rendering.affine import affine, mm_per_pixel

GRID = Grid("patient", 40, 60, 0.9, 0.7, "mm", (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), ((-3.0, 4.0, 5.0),))


def camera(degrees: float, radius: float = 21.0) -> Camera:
    """A turned camera on the middle of the image."""
    c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return Camera(GRID.centre(0), radius, (c, s, 0.0), (-s, c, 0.0))


@pytest.mark.parametrize("degrees", [0.0, 90.0, 180.0, 37.0])
def test_the_middle_of_the_viewport_is_the_cameras_centre(degrees: float) -> None:
    mapping = affine(GRID, 0, camera(degrees), (31, 21))
    assert mapping.column_0 + 15 * mapping.column_x + 10 * mapping.column_y == pytest.approx(29.5, abs=1e-5)
    assert mapping.row_0 + 15 * mapping.row_x + 10 * mapping.row_y == pytest.approx(19.5, abs=1e-5)


def test_quarters_are_recognized_in_spite_of_rounding() -> None:
    turns = {d: affine(GRID, 0, camera(d), (31, 21)) for d in (0.0, 45.0, 90.0, 180.0, 270.0)}
    assert [d for d, mapping in turns.items() if mapping.upright] == [0.0, 180.0]
    assert [d for d, mapping in turns.items() if mapping.lying] == [90.0, 270.0]


def test_transposed_swaps_columns_and_rows() -> None:
    mapping = affine(GRID, 0, camera(90.0), (31, 21))
    assert mapping.transposed().upright
    assert mapping.transposed().transposed() == mapping
    assert mapping.transposed().column_x == mapping.row_x


def test_one_to_one_survives_a_division_and_json() -> None:
    right, down = (1.0, 0.0, 0.0), (0.0, 1.0, 0.0)
    grid = Grid("patient", 512, 512, 0.7421875, 0.7421875, "mm", right, down, ((-190.1, 3.3, 5.0),))
    for side in (333, 512, 1079):
        radius = 0.7421875 / 3 * side * 1.5
        mapping = affine(grid, 0, Camera(grid.point(0, 255, 255), radius, right, down), (side, side))
        assert (mapping.column_x, mapping.row_y) == (1.0, 1.0)
        assert mapping.column_0 == 255 - (side - 1) / 2


def test_the_smaller_side_counts() -> None:
    assert mm_per_pixel(camera(0.0, 21.0), (300, 42)) == mm_per_pixel(camera(0.0, 21.0), (42, 300)) == 1.0
