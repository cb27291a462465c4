"""Patient-space geometry, checked against hand-made cases and, where the data is there, a real scanner's numbers."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.model.geometry import Grid, Vec, cross, dot, norm, orientation_letters

AXIAL = Grid(
    "patient",
    4,
    6,
    2.0,
    0.5,
    "mm",
    (1.0, 0.0, 0.0),
    (0.0, 1.0, 0.0),
    tuple((-10.0, -20.0, float(z)) for z in range(100, 110, 3)),
)


def turned(angle: float, tilt: float) -> Grid:
    """A grid turned about z, then tilted about its own right."""
    right = (math.cos(angle), math.sin(angle), 0.0)
    down = (-math.sin(angle) * math.cos(tilt), math.cos(angle) * math.cos(tilt), math.sin(tilt))
    normal = cross(right, down)
    positions = tuple((5 + 2.5 * i * normal[0], -7 + 2.5 * i * normal[1], 2.5 * i * normal[2]) for i in range(5))
    return Grid("patient", 100, 80, 0.7, 0.9, "mm", right, down, positions)


def test_a_pixel_lies_where_the_standard_says() -> None:
    assert AXIAL.point(1, column=2, row=3) == (-9.0, -14.0, 103.0)
    assert AXIAL.pixel(1, (-9.0, -14.0, 103.0)) == (2.0, 3.0)


def test_a_point_off_the_plane_is_dropped_onto_it() -> None:
    assert AXIAL.pixel(0, (-9.0, -14.0, 555.0)) == (2.0, 3.0)


def test_the_normal_of_an_axial_stack_points_to_the_head_and_location_grows_along_it() -> None:
    assert AXIAL.normal == (0.0, 0.0, 1.0)
    assert [AXIAL.location(i) for i in range(4)] == [100.0, 103.0, 106.0, 109.0]
    assert AXIAL.nearest(104.4) == 1
    assert AXIAL.nearest(-1e9) == 0


def test_the_centre_is_the_middle_of_the_area_not_of_a_pixel() -> None:
    assert AXIAL.centre(0) == (-10.0 + 2.5 * 0.5, -20.0 + 1.5 * 2.0, 100.0)


@given(st.floats(-3, 3), st.floats(-1.4, 1.4), st.integers(0, 4), st.floats(-50, 150), st.floats(-50, 150))
def test_there_and_back_again(angle: float, tilt: float, image: int, column: float, row: float) -> None:
    grid = turned(angle, tilt)
    back = grid.pixel(image, grid.point(image, column, row))
    assert back == pytest.approx((column, row), abs=1e-9)
    assert norm(grid.normal) == pytest.approx(1)
    assert abs(dot(grid.normal, grid.right)) < 1e-12
    assert grid.location(image) == pytest.approx(grid.location(0) + 2.5 * image)


@pytest.mark.parametrize(
    ("direction", "letters"),
    [
        ((1.0, 0.0, 0.0), "L"),
        ((-1.0, 0.0, 0.0), "R"),
        ((0.0, 1.0, 0.0), "P"),
        ((0.0, -1.0, 0.0), "A"),
        ((0.0, 0.0, 1.0), "H"),
        ((0.0, 0.0, -1.0), "F"),
        ((0.8, 0.6, 0.0), "LP"),
        ((-0.6, 0.0, -0.8), "FR"),
        ((0.999, 0.04, 0.0), "L"),
    ],
)
def test_letters_name_the_strongest_axis_first_and_leave_out_the_weak(direction: Vec, letters: str) -> None:
    assert orientation_letters(direction) == letters
