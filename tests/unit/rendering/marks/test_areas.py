"""What areas hold: contours against an independent filling, pixel by pixel, and against SimpleITK."""

from __future__ import annotations

import importlib
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from consult.model.geometry import Vec
from consult.model.image import Image
from consult.rendering.marks.areas import crosses_itself, fill, holds
from consult.rendering.marks.measure import polygon_area, sample
from tests.unit.rendering.marks.test_measure import COLUMNS, ROWS, TILTED, grid, shape


def star(corners: int, seed: int, middle: tuple[float, float], size: float) -> list[tuple[float, float]]:
    """A contour that does not cross itself: corners around a middle, near and far."""
    rng = np.random.default_rng(seed)
    turns = np.sort(rng.uniform(0, 2 * math.pi, corners))
    far = rng.uniform(0.2, 1.0, corners) * size
    return [(middle[0] + r * math.cos(t), middle[1] + r * math.sin(t)) for t, r in zip(turns, far, strict=True)]


def is_inside(x: float, y: float, corners: list[tuple[float, float]]) -> bool:
    """By the angles under which its sides are seen: all of a turn from inside."""
    total = 0.0
    for (x0, y0), (x1, y1) in zip(corners, [*corners[1:], corners[0]], strict=True):
        one, other = math.atan2(y0 - y, x0 - x), math.atan2(y1 - y, x1 - x)
        total += (other - one + math.pi) % (2 * math.pi) - math.pi
    return abs(total) > math.pi


def is_clear(x: float, y: float, corners: list[tuple[float, float]]) -> bool:
    """Not so near to a side that rounding decides."""
    for (x0, y0), (x1, y1) in zip(corners, [*corners[1:], corners[0]], strict=True):
        far = math.hypot(x1 - x0, y1 - y0) or 1.0
        if abs((x1 - x0) * (y - y0) - (y1 - y0) * (x - x0)) / far < 1e-5:
            return False
    return True


@pytest.mark.parametrize("turned", [((1.0, 0.0, 0.0), (0.0, 1.0, 0.0)), TILTED])
@settings(max_examples=60, deadline=None)
@given(
    corners=st.integers(3, 40), seed=st.integers(0, 10_000), column=st.floats(-5, COLUMNS + 5),
    row=st.floats(-5, ROWS + 5), size=st.floats(1.5, 40),
)  # fmt: skip
def test_a_contour_reads_exactly_the_pixels_whose_centres_it_holds(
    turned: tuple[Vec, Vec], corners: int, seed: int, column: float, row: float, size: float
) -> None:
    g = grid(*turned)
    pixels = np.random.default_rng(1).integers(-2000, 2000, (ROWS, COLUMNS)).astype(np.int16)
    outline = star(corners, seed, (column, row), size)
    assume(all(is_clear(x, y, outline) for y in range(ROWS) for x in range(COLUMNS)))
    inside = [float(pixels[y, x]) for y in range(ROWS) for x in range(COLUMNS) if is_inside(x, y, outline)]
    points = tuple(g.point(1, *corner) for corner in outline)
    assume(not crosses_itself(points))
    found = sample(Image(pixels), g, 1, shape("freehand", *points))
    if not inside:
        assert found is None or found.pixels == 1
        return
    assert found is not None
    assert found.pixels == len(inside)
    assert found.mean == pytest.approx(np.mean(inside), abs=1e-6)
    assert found.sd == pytest.approx(np.std(inside), abs=1e-6)
    assert (found.low, found.high) == (min(inside), max(inside))


@settings(max_examples=60, deadline=None)
@given(corners=st.integers(3, 60), seed=st.integers(0, 10_000))
def test_both_ways_to_fill_agree(corners: int, seed: int) -> None:
    outline = np.array(star(corners, seed, (20.3, 17.9), 19.0))
    rows, columns = np.mgrid[0:40, 0:40].astype(np.float64)
    assert (fill(outline, range(40), range(40)) == holds(outline, columns, rows)).all()


def test_the_area_is_that_of_the_filled_pixels() -> None:
    for seed in range(20):
        outline = np.array(star(30, seed, (400.0, 400.0), 380.0))
        points = tuple((float(x), float(y), 5.0) for x, y in outline)
        filled = fill(outline, range(800), range(800)).sum()
        assert polygon_area(points) == pytest.approx(float(filled), rel=0.01)


def test_a_rectangle_along_the_pixels_holds_those_on_its_sides() -> None:
    g = grid()
    pixels = np.ones((ROWS, COLUMNS), np.int16)
    corners = [(10.0, 5.0), (14.0, 5.0), (14.0, 8.0), (10.0, 8.0)]
    for turned in (corners, corners[::-1], corners[2:] + corners[:2]):
        points = tuple(g.point(1, *corner) for corner in turned)
        found = sample(Image(pixels), g, 1, shape("rectangle", *points))
        assert found is not None
        assert found.pixels == 5 * 4


def test_a_contour_that_crosses_itself_has_no_values() -> None:
    g = grid()
    eight = tuple(g.point(1, *corner) for corner in ((5, 5), (25, 25), (25, 5), (5, 25)))
    assert crosses_itself(eight)
    assert sample(Image(np.ones((ROWS, COLUMNS), np.int16)), g, 1, shape("freehand", *eight)) is None


def test_beside_the_image_a_contour_has_no_values() -> None:
    g = grid()
    beside = tuple(g.point(1, *corner) for corner in ((-9, 5), (-5, 5), (-7, 9)))
    assert sample(Image(np.ones((ROWS, COLUMNS), np.int16)), g, 1, shape("polygon", *beside)) is None


def test_simpleitk_says_the_same_of_a_contour() -> None:
    """Its label statistics, over a mask made by its own physical points."""
    sitk: Any = importlib.import_module("SimpleITK")
    rng = np.random.default_rng(3)
    pixels = rng.integers(-1000, 1000, (ROWS, COLUMNS)).astype(np.int16)
    g = grid()
    image = sitk.GetImageFromArray(pixels)
    image.SetSpacing((g.column_spacing, g.row_spacing))
    image.SetOrigin(g.positions[1][:2])
    outline = star(17, 5, (28.2, 19.4), 15.0)
    points = tuple(g.point(1, *corner) for corner in outline)
    flat = [(point[0], point[1]) for point in points]
    mask = np.zeros((ROWS, COLUMNS), np.uint8)
    for row in range(ROWS):
        for column in range(COLUMNS):
            x, y = image.TransformIndexToPhysicalPoint((column, row))
            mask[row, column] = is_inside(x, y, flat)
    label = sitk.GetImageFromArray(mask)
    label.CopyInformation(image)
    statistics = sitk.LabelStatisticsImageFilter()
    statistics.Execute(image, label)
    found = sample(Image(pixels), g, 1, shape("freehand", *points))
    assert found is not None
    assert found.pixels == statistics.GetCount(1)
    assert found.mean == pytest.approx(statistics.GetMean(1))
    assert (found.low, found.high) == (statistics.GetMinimum(1), statistics.GetMaximum(1))
    assert polygon_area(points) == pytest.approx(found.pixels * 0.7 * 1.3, rel=0.05)
