"""The side of a mark: by the outline of the trunk, and by nothing less."""

from __future__ import annotations

import numpy as np
import pytest
from msgspec.structs import replace
from numpy.typing import NDArray

from consult.model.geometry import Grid, Vec
from consult.model.image import Image
from consult.rendering.side import Side, side_of

SIZE, MM = 250, 2.0
Pixels = NDArray[np.int16]


def grid(centre_x: float = 0.0, right: Vec = (1.0, 0.0, 0.0), down: Vec = (0.0, 1.0, 0.0)) -> Grid:
    corner = (centre_x - SIZE * MM / 2, -SIZE * MM / 2, 0.0)
    return Grid("patient", SIZE, SIZE, MM, MM, "mm", right, down, (corner,))


def body(width_mm: float, *, shift_mm: float = 0.0, arm: bool = False, table: bool = False) -> Image:
    """An ellipse of soft tissue in air, shifted to the right of the picture; a raised arm, a table."""
    y, x = np.mgrid[:SIZE, :SIZE] * MM - SIZE * MM / 2
    inside = ((x - shift_mm) / (width_mm / 2)) ** 2 + (y / (width_mm / 3)) ** 2 <= 1
    pixels: Pixels = np.full((SIZE, SIZE), -1000, np.int16)
    pixels[inside] = 40
    if arm:
        pixels[np.hypot(x - shift_mm - width_mm / 2 - 35, y) <= 40] = 40
    if table:
        pixels[(np.abs(y - width_mm / 3 - 8) < 4) & (np.abs(x) < 215)] = -100
    return Image(pixels)


def at(x: float) -> tuple[Vec, ...]:
    return ((x, 0.0, 0.0), (x + 5.0, 10.0, 0.0))


@pytest.mark.parametrize(("x", "side"), [(60.0, "L"), (-60.0, "R"), (5.0, ""), (-10.0, ""), (-18.0, "")])
def test_a_mark_in_the_trunk_has_the_side_that_all_of_it_lies_on(x: float, side: Side) -> None:
    assert side_of(body(360.0), grid(), 0, at(x)) == side
    assert side_of(body(360.0, table=True), grid(), 0, at(x)) == side


def test_the_midline_is_the_bodys_and_not_the_scanners() -> None:
    # Seen to fail on: the sign of x.
    off_centre = body(300.0, shift_mm=80.0)
    assert side_of(off_centre, grid(), 0, at(40.0)) == "R"
    assert side_of(body(300.0), grid(centre_x=-120.0), 0, at(-60.0)) == "L"


def test_a_picture_that_runs_from_left_to_right_changes_nothing() -> None:
    mirrored = replace(grid(), right=(-1.0, 0.0, 0.0), positions=((250.0, -250.0, 0.0),))
    assert side_of(body(360.0), mirrored, 0, at(60.0)) == "L"


@pytest.mark.parametrize(
    "image",
    [
        body(160.0),
        body(300.0, arm=True),
        body(620.0),
        body(300.0, shift_mm=110.0),
        Image(np.zeros((SIZE, SIZE, 3), np.uint8)),
    ],
    ids=["a head or a limb", "a raised arm", "a cut field of view", "cut on one side", "colour"],
)
def test_what_does_not_show_the_midline_gives_no_side(image: Image) -> None:
    assert side_of(image, grid(), 0, at(60.0)) == ""
    assert side_of(image, grid(), 0, at(-60.0)) == ""


def test_a_sagittal_slice_or_one_without_a_place_gives_no_side() -> None:
    sagittal = grid(right=(0.0, 1.0, 0.0), down=(0.0, 0.0, -1.0))
    coronal = grid(down=(0.0, 0.0, -1.0))
    for other in (sagittal, coronal, replace(grid(), space="image")):
        assert side_of(body(360.0), other, 0, at(60.0)) == ""
