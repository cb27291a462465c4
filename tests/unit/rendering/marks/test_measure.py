"""Lengths, angles and areas against examples that the page meets too; statistics against numpy, pixel by pixel."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from consult.model.geometry import Grid, Vec, add, cross, scale
from consult.model.identifiers import SeriesKey
from consult.model.image import Image
from consult.model.mark import MarkKind, Shape
from consult.rendering.marks.areas import crosses_itself
from consult.rendering.marks.measure import (
    angle,
    area,
    both_axes,
    cobb,
    diameter,
    length,
    path_length,
    polygon_area,
    sample,
)

EXAMPLES: list[dict[str, Any]] = json.loads((Path(__file__).parents[3] / "measures.json").read_text())
MEASURES: dict[str, Callable[[tuple[Vec, ...]], float]] = {
    "length": length, "angle": angle, "ellipse": area, "circle": area, "diameter": diameter, "polyline": path_length,
    "long_axis": lambda points: both_axes(points)[0], "short_axis": lambda points: both_axes(points)[1], "cobb": cobb,
    "rectangle": polygon_area, "polygon": polygon_area, "crosses": lambda points: float(crosses_itself(points)),
}  # fmt: skip
ROWS, COLUMNS = 40, 60
TILTED: tuple[Vec, Vec] = ((0.6, 0.8, 0.0), (0.0, 0.0, -1.0))


def grid(right: Vec = (1.0, 0.0, 0.0), down: Vec = (0.0, 1.0, 0.0)) -> Grid:
    """Three planes of oblong pixels."""
    positions = tuple(add((-7.0, 11.0, 3.0), scale(cross(right, down), 5.0 * i)) for i in range(3))
    return Grid("patient", ROWS, COLUMNS, 0.7, 1.3, "mm", right, down, positions)


def noise(seed: int = 1) -> NDArray[np.int16]:
    """Stored values, all different enough."""
    return np.random.default_rng(seed).integers(-2000, 2000, (ROWS, COLUMNS)).astype(np.int16)


def shape(kind: MarkKind, *points: Vec) -> Shape:
    return Shape(id="m", kind=kind, series=SeriesKey("s"), image=1, points=points)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: f"{e['kind']} {e['value']}")
def test_the_examples_that_the_page_meets_too(example: dict[str, Any]) -> None:
    points = tuple((float(x), float(y), float(z)) for x, y, z in example["points"])
    assert MEASURES[example["kind"]](points) == pytest.approx(example["value"], abs=1e-6)


@pytest.mark.parametrize("turned", [((1.0, 0.0, 0.0), (0.0, 1.0, 0.0)), TILTED])
@settings(max_examples=60, deadline=None)
@given(
    column=st.floats(-5, COLUMNS + 5), row=st.floats(-5, ROWS + 5), a=st.floats(0.5, 30), b=st.floats(0.5, 30),
    turn=st.floats(0, 3.14),
)  # fmt: skip
def test_an_ellipse_reads_exactly_the_pixels_whose_centres_it_holds(
    turned: tuple[Vec, Vec], column: float, row: float, a: float, b: float, turn: float
) -> None:
    g = grid(*turned)
    pixels = noise()
    centre = g.point(1, column, row)
    c, s = float(np.cos(turn)), float(np.sin(turn))
    one = add(centre, add(scale(g.right, a * c), scale(g.down, a * s)))
    other = add(centre, add(scale(g.right, -b * s), scale(g.down, b * c)))
    inside = []
    for y in range(ROWS):
        for x in range(COLUMNS):
            along, off = (x - column) * 1.3, (y - row) * 0.7
            u, v = (along * c + off * s) / a, (-along * s + off * c) / b
            assume(abs(u * u + v * v - 1.0) > 1e-9)  # else rounding decides
            if u * u + v * v <= 1.0:
                inside.append(float(pixels[y, x]) * 2.5 - 1000)
    found = sample(Image(pixels, 2.5, -1000.0), g, 1, shape("ellipse", centre, one, other))
    if not inside:
        assert found is None or found.pixels == 1
        return
    assert found is not None
    expected = np.array(inside)
    assert found.pixels == len(inside)
    assert found.mean == pytest.approx(expected.mean(), abs=1e-6)
    assert found.sd == pytest.approx(expected.std(), abs=1e-6)
    assert (found.low, found.high) == (expected.min(), expected.max())


def test_a_probe_reads_the_pixel_that_holds_it() -> None:
    pixels, g = noise(2), grid(*TILTED)
    for column, row, x, y in [(10.4, 7.6, 10, 8), (0.0, 0.0, 0, 0), (-0.49, 39.49, 0, 39), (59.4, 3, 59, 3)]:
        found = sample(Image(pixels, 1.0, 5.0), g, 1, shape("probe", g.point(1, column, row)))
        assert found is not None
        assert (found.pixels, found.mean, found.sd) == (1, float(pixels[y, x]) + 5.0, 0.0)


def test_an_ellipse_smaller_than_a_pixel_reads_the_one_below_it() -> None:
    pixels, g = noise(3), grid()
    centre = g.point(1, 20.4, 10.4)
    tiny = shape("ellipse", centre, add(centre, (0.01, 0.0, 0.0)), add(centre, (0.0, 0.01, 0.0)))
    found = sample(Image(pixels), g, 1, tiny)
    assert found is not None
    assert (found.pixels, found.mean) == (1, float(pixels[10, 20]))


def test_beside_the_image_and_in_colour_there_is_no_value() -> None:
    g = grid()
    beside = g.point(1, -3, 5)
    assert sample(Image(noise()), g, 1, shape("probe", beside)) is None
    away = shape("ellipse", beside, add(beside, (1.0, 0.0, 0.0)), add(beside, (0.0, 1.0, 0.0)))
    assert sample(Image(noise()), g, 1, away) is None
    colour = Image(np.zeros((ROWS, COLUMNS, 3), np.uint8))
    assert sample(colour, g, 1, shape("probe", g.point(1, 5, 5))) is None
