"""Values of marks: lengths and angles from points, statistics from the pixels themselves, never from a rendering.

Rules of this file:
- Points lie in the space of the series' grid; lengths are in its unit ("mm", "mm at detector", "px").
- A pixel belongs to an ellipse when its centre lies in it; where it holds no centre, the pixel nearest to its own.
- Statistics are of modality values (PS3.3 C.11.1), in float64; colour has none. Padding is in none of them, and no mask
  is subtracted.
- An image of any size is read in parts, so that a mark takes no more memory than the pixels that it holds.
- web/js/core/marks/measure.js is the twin of what needs no pixels; tests/measures.json holds
  examples that both must meet.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from consult.model.geometry import Grid, Vec, add, dot, norm, subtract
from consult.model.image import Image
from consult.model.mark import Shape

Stored = NDArray[Any]
"""(n,) stored values."""
PART = 1 << 20
"""Pixels that are reckoned with at once."""


@dataclass(frozen=True)
class Sample:
    """Statistics of the pixels below a shape. The deviation is the population's.

    `padding`: pixels below it that are no image, and are left out; where all are, `pixels` is 0.
    """

    pixels: int
    mean: float
    sd: float
    low: float
    high: float
    padding: int = 0


def length(points: tuple[Vec, ...]) -> float:
    """Distance of the first two points, in the grid's unit."""
    return norm(subtract(points[1], points[0]))


def angle(points: tuple[Vec, ...]) -> float:
    """Degrees, 0 to 180, at the second of three points; 0 where a side has no length."""
    one, other = subtract(points[0], points[1]), subtract(points[2], points[1])
    sides = norm(one) * norm(other)
    return math.degrees(math.acos(max(-1.0, min(1.0, dot(one, other) / sides)))) if sides else 0.0


def area(points: tuple[Vec, ...]) -> float:
    """Of an ellipse (centre, ends of its semi-axes), in the grid's unit squared."""
    return math.pi * norm(subtract(points[1], points[0])) * norm(subtract(points[2], points[0]))


def extremes(shape: Shape) -> tuple[Vec, ...]:
    """Points between which all of a shape lies; of an ellipse both ends of both axes."""
    if shape.kind != "ellipse":
        return shape.points
    centre, *ends = shape.points
    return (*ends, *(subtract(add(centre, centre), end) for end in ends))


def sample(image: Image, grid: Grid, place: int, shape: Shape) -> Sample | None:
    """What the pixels below an ellipse or a probe say.

    Args:
        image: the decoded image that the shape was drawn on, `shape.image` of the series.
        grid: of the series.
        place: of the image in it.
        shape: ellipse or probe.

    Returns:
        None where the shape lies beside the image, or the image is colour.
    """
    if image.colour:
        return None
    stored = _probed(image, grid, place, shape) if shape.kind == "probe" else _within(image, grid, place, shape)
    if stored.size == 0:
        return None
    padded = image.padded(stored)
    stored, padding = stored[~padded], int(padded.sum())
    if stored.size == 0:
        return Sample(0, 0.0, 0.0, 0.0, 0.0, padding)
    return Sample(int(stored.size), *_statistics(stored, image), padding)


def _statistics(stored: Stored, image: Image) -> tuple[float, float, float, float]:
    """Mean, deviation, least and greatest modality value."""
    parts = [stored[first : first + PART] for first in range(0, stored.size, PART)]

    def values(part: Stored) -> NDArray[np.float64]:
        return np.asarray(part, np.float64) * image.slope + image.intercept

    lows, highs = zip(*((float(v.min()), float(v.max())) for v in map(values, parts)), strict=True)
    if len(parts) == 1:
        return float(values(stored).mean()), float(values(stored).std()), lows[0], highs[0]
    mean = sum(float(values(part).sum()) for part in parts) / stored.size
    square = sum(float(np.square(values(part) - mean).sum()) for part in parts) / stored.size
    return mean, math.sqrt(square), min(lows), max(highs)


def _probed(image: Image, grid: Grid, place: int, shape: Shape) -> Stored:
    """The stored value of the pixel that holds the first point; empty beside the image."""
    column, row = (math.floor(c + 0.5) for c in grid.pixel(place, shape.points[0]))
    rows, columns = image.pixels.shape[:2]
    if not (0 <= row < rows and 0 <= column < columns):
        return image.pixels[:0, 0]
    return image.pixels[row : row + 1, column]


def _within(image: Image, grid: Grid, place: int, shape: Shape) -> Stored:
    """Stored values of the pixels whose centres lie in the ellipse."""
    centre, one, other = shape.points
    axes = subtract(one, centre), subtract(other, centre)
    squares = dot(axes[0], axes[0]), dot(axes[1], axes[1])
    if not all(squares):
        return _probed(image, grid, place, shape)
    column, row = grid.pixel(place, centre)
    reach_x = math.hypot(*(dot(axis, grid.right) for axis in axes)) / grid.column_spacing
    reach_y = math.hypot(*(dot(axis, grid.down) for axis in axes)) / grid.row_spacing
    rows, columns = image.pixels.shape[:2]
    left, right = max(0, math.ceil(column - reach_x)), min(columns - 1, math.floor(column + reach_x))
    top, bottom = max(0, math.ceil(row - reach_y)), min(rows - 1, math.floor(row + reach_y))
    if left > right or top > bottom:
        return _probed(image, grid, place, shape)
    across = (np.arange(left, right + 1) - column) * grid.column_spacing
    sides = [(dot(axis, grid.right), dot(axis, grid.down), square) for axis, square in zip(axes, squares, strict=True)]
    found, high = [], max(1, PART // len(across))
    for first in range(top, bottom + 1, high):
        rows_here = np.arange(first, min(first + high, bottom + 1))
        down = ((rows_here - row) * grid.row_spacing)[:, None]
        share = sum(((across * x + down * y) / square) ** 2 for x, y, square in sides)
        part = image.pixels[rows_here[0] : rows_here[-1] + 1, left : right + 1]
        found.append(part[share <= 1.0 + 1e-9])
    inside = np.concatenate(found)
    return inside if inside.size else _probed(image, grid, place, shape)
