"""Values of marks: lengths and angles from points, statistics from the pixels themselves, never from a rendering.

Rules of this file:
- Points lie in the space of the series' grid; lengths are in its unit ("mm", "mm at detector", "px").
- A pixel belongs to an area when its centre lies in it; where it holds no centre, the pixel that holds the middle of
  its points (of an ellipse its centre). A contour that crosses itself holds nothing.
- Statistics are of modality values (PS3.3 C.11.1), in float64; colour has none. Padding is in none of them, and no mask
  is subtracted.
- An image of any size is read in parts, so that a mark takes no more memory than the pixels that it holds.
- web/js/core/marks/shape-geometry.js is the twin of what needs no pixels; tests/measures.json holds
  examples that both must meet.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from consult.model.geometry import Grid, Vec, add, cross, dot, norm, scale, subtract
from consult.model.image import Image
from consult.model.mark import Shape
from consult.rendering.marks.areas import Mask, crosses_itself, fill

Stored = NDArray[Any]
"""(n,) stored values."""
PART = 1 << 20
"""Pixels that are reckoned with at once."""
ROUND_KINDS = ("ellipse", "circle")
COBB_MOST = 120.0
"""Degrees: no curve of a spine is larger."""


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


def path_length(points: tuple[Vec, ...]) -> float:
    """Along all points, in the grid's unit."""
    return sum(norm(subtract(b, a)) for a, b in pairwise(points))


def both_axes(points: tuple[Vec, ...]) -> tuple[float, float]:
    """Long and short axis of four points; the longer one is the long one, whichever was drawn first."""
    one, other = length(points[:2]), length(points[2:])
    return max(one, other), min(one, other)


def angle(points: tuple[Vec, ...]) -> float:
    """Degrees, 0 to 180, at the second of three points; 0 where a side has no length."""
    return between(subtract(points[0], points[1]), subtract(points[2], points[1]))


def between(one: Vec, other: Vec) -> float:
    """Degrees between two directions, 0 to 180; 0 where one has no length."""
    sides = norm(one) * norm(other)
    return math.degrees(math.acos(max(-1.0, min(1.0, dot(one, other) / sides)))) if sides else 0.0


def cobb(points: tuple[Vec, ...]) -> float:
    """Degrees at which two lines meet, however each was drawn: at their crossing, between the middles of both.

    So a curve of more than 90 degrees is one. Over COBB_MOST the lines are no endplates one above the other but follow
    each other (two bones), and it is the angle that completes it to 180.
    """
    one, other = subtract(points[1], points[0]), subtract(points[3], points[2])
    middles = [scale(add(points[i], points[i + 1]), 0.5) for i in (0, 2)]
    spine = subtract(middles[1], middles[0])
    found = between(one, other)
    if dot(_beside(one, spine), _beside(other, spine)) < 0:
        found = 180.0 - found
    return found if found <= COBB_MOST else 180.0 - found


def _beside(direction: Vec, spine: Vec) -> Vec:
    """What of a direction is perpendicular to another."""
    size = dot(spine, spine)
    return subtract(direction, scale(spine, dot(direction, spine) / size)) if size else direction


def area(points: tuple[Vec, ...]) -> float:
    """Of an ellipse or a circle (centre, ends of its semi-axes), in the grid's unit squared."""
    return math.pi * norm(cross(subtract(points[1], points[0]), subtract(points[2], points[0])))


def polygon_area(points: tuple[Vec, ...]) -> float:
    """Of a closed contour in a plane, in the grid's unit squared."""
    total: Vec = (0.0, 0.0, 0.0)
    for a, b in pairwise(points[1:]):
        total = add(total, cross(subtract(a, points[0]), subtract(b, points[0])))
    return norm(total) / 2


def diameter(points: tuple[Vec, ...]) -> float:
    """Of a circle: of the mean of both radii."""
    return norm(subtract(points[1], points[0])) + norm(subtract(points[2], points[0]))


def extremes(shape: Shape) -> tuple[Vec, ...]:
    """Points between which all of a shape lies; of an ellipse both ends of both axes."""
    if shape.kind not in ROUND_KINDS:
        return shape.points
    centre, *ends = shape.points
    return (*ends, *(subtract(add(centre, centre), end) for end in ends))


def sample(image: Image, grid: Grid, place: int, shape: Shape) -> Sample | None:
    """What the pixels below an area or a probe say.

    Args:
        image: the decoded image that the shape was drawn on, `shape.image` of the series.
        grid: of the series.
        place: of the image in it.
        shape: one of PIXEL_KINDS.

    Returns:
        None where the shape lies beside the image or crosses itself, or the image is colour.
    """
    if image.colour:
        return None
    stored = _stored(image, grid, place, shape)
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

    with np.errstate(over="ignore", invalid="ignore"):  # what is no finite number then is said to be none
        lows, highs = zip(*((float(v.min()), float(v.max())) for v in map(values, parts)), strict=True)
        if len(parts) == 1:
            return float(values(stored).mean()), float(values(stored).std()), lows[0], highs[0]
        mean = sum(float(values(part).sum()) for part in parts) / stored.size
        square = sum(float(np.square(values(part) - mean).sum()) for part in parts) / stored.size
        return mean, math.sqrt(square), min(lows), max(highs)


def _row_parts(columns: range, rows: range) -> list[range]:
    """Rows, in as many as are reckoned with at once."""
    high = max(1, PART // len(columns))
    return [rows[first : first + high] for first in range(0, len(rows), high)]


def _picked(image: Image, columns: range, rows: range, mask: Callable[[range], Mask]) -> Stored:
    """Stored values of the pixels of a box that a mask of its rows holds."""
    found = [
        image.pixels[part.start : part.stop, columns.start : columns.stop][mask(part)]
        for part in _row_parts(columns, rows)
    ]
    return np.concatenate(found)


def _stored(image: Image, grid: Grid, place: int, shape: Shape) -> Stored:
    if shape.kind == "probe":
        return _probed(image, grid, place, shape.points[0])
    if shape.kind in ROUND_KINDS:
        return _within(image, grid, place, shape.points)
    if crosses_itself(shape.points):
        return image.pixels[:0, 0]
    return _enclosed(image, grid, place, shape.points)


def middle(points: tuple[Vec, ...]) -> Vec:
    """Of all points."""
    total: Vec = (0.0, 0.0, 0.0)
    for point in points:
        total = add(total, point)
    return scale(total, 1.0 / len(points))


def _enclosed(image: Image, grid: Grid, place: int, points: tuple[Vec, ...]) -> Stored:
    """Stored values of the pixels whose centres lie in a contour."""
    corners = np.array([grid.pixel(place, point) for point in points])
    rows, columns = image.pixels.shape[:2]
    (left, top), (right, bottom) = np.ceil(corners.min(axis=0) - 0.5), np.floor(corners.max(axis=0) + 0.5)
    across = range(max(0, int(left)), min(columns - 1, int(right)) + 1)
    down = range(max(0, int(top)), min(rows - 1, int(bottom)) + 1)
    if not across or not down:
        return _probed(image, grid, place, middle(points))
    inside = _picked(image, across, down, lambda part: fill(corners, across, part))
    return inside if inside.size else _probed(image, grid, place, middle(points))


def _probed(image: Image, grid: Grid, place: int, point: Vec) -> Stored:
    """The stored value of the pixel that holds a point; empty beside the image."""
    column, row = (math.floor(c + 0.5) for c in grid.pixel(place, point))
    rows, columns = image.pixels.shape[:2]
    if not (0 <= row < rows and 0 <= column < columns):
        return image.pixels[:0, 0]
    return image.pixels[row : row + 1, column]


def _within(image: Image, grid: Grid, place: int, points: tuple[Vec, ...]) -> Stored:
    """Stored values of the pixels whose centres lie in an ellipse."""
    centre, one, other = points
    axes = subtract(one, centre), subtract(other, centre)
    squares = dot(axes[0], axes[0]), dot(axes[1], axes[1])
    if not all(squares):
        return _probed(image, grid, place, centre)
    column, row = grid.pixel(place, centre)
    reach_x = math.hypot(*(dot(axis, grid.right) for axis in axes)) / grid.column_spacing
    reach_y = math.hypot(*(dot(axis, grid.down) for axis in axes)) / grid.row_spacing
    rows, columns = image.pixels.shape[:2]
    left, right = max(0, math.ceil(column - reach_x)), min(columns - 1, math.floor(column + reach_x))
    top, bottom = max(0, math.ceil(row - reach_y)), min(rows - 1, math.floor(row + reach_y))
    if left > right or top > bottom:
        return _probed(image, grid, place, centre)
    columns_here, rows_here = range(left, right + 1), range(top, bottom + 1)
    across = (np.arange(left, right + 1) - column) * grid.column_spacing

    def held(part: range) -> Mask:
        down = ((np.arange(part.start, part.stop) - row) * grid.row_spacing)[:, None]
        share = np.zeros((len(part), len(across)))
        for axis, square in zip(axes, squares, strict=True):
            share += ((across * dot(axis, grid.right) + down * dot(axis, grid.down)) / square) ** 2
        return np.asarray(share <= 1.0 + 1e-9, np.bool_)

    inside = _picked(image, columns_here, rows_here, held)
    return inside if inside.size else _probed(image, grid, place, centre)
