"""What an area holds: an ellipse by its axes, all others by the polygon of their corners.

Rules of this file:
- A place belongs to a polygon by the even-odd rule; on its edge, by EDGE, it belongs to it too, so that a rectangle
  along the pixels has one answer.
- Of a grid of pixels a polygon is filled row by row: an edge costs what its rows cost, not the whole area.
- web/js/core/marks/shape-geometry.js is the twin of `crosses_itself`.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from consult.model.geometry import Vec, cross, norm, subtract

EDGE = 1e-6
"""So near to an edge, in pixels or mm, is on it."""
Corners = NDArray[np.float64]
"""(n, 2): across and down."""
Mask = NDArray[np.bool_]


def normal_of(points: tuple[Vec, ...]) -> Vec:
    """Perpendicular to the plane of points: of the two directions from the first that span the most; zero of a line."""
    away = [subtract(point, points[0]) for point in points]
    far = max(away, key=norm)
    return max((cross(far, one) for one in away), key=norm)


def crosses_itself(points: tuple[Vec, ...]) -> bool:
    """Whether two sides of a closed contour cross; it has no area then. Sides that merely touch do not cross."""
    normal = normal_of(points)
    left_out = max(range(3), key=lambda axis: abs(normal[axis]))
    across, down = (axis for axis in range(3) if axis != left_out)
    flat = np.array([(point[across], point[down]) for point in points])
    starts, ends = flat, np.roll(flat, -1, axis=0)
    sides = [_side(starts, ends, other) for other in (starts, ends)]
    apart = sides[0] * sides[1] < 0  # [i, j]: both ends of side j lie on two sides of side i
    return bool((apart & apart.T).any())


def _side(starts: Corners, ends: Corners, points: Corners) -> NDArray[np.float64]:
    """(sides, points): on which side of each line each point lies; 0: on it."""
    along = ends - starts
    away = points[None, :, :] - starts[:, None, :]
    found = along[:, None, 0] * away[..., 1] - along[:, None, 1] * away[..., 0]
    size = np.hypot(along[:, 0], along[:, 1])[:, None] * np.hypot(away[..., 0], away[..., 1])
    found[np.abs(found) <= 1e-12 * np.maximum(size, 1e-300)] = 0.0
    return np.asarray(found, np.float64)


def fill(corners: Corners, columns: range, rows: range) -> Mask:
    """(rows, columns): the pixels, by their centres, that a polygon in pixel coordinates holds."""
    inside = np.zeros((len(rows), len(columns)), np.bool_)
    edge = np.zeros_like(inside)
    across = np.arange(columns.start, columns.stop, dtype=np.float64)
    for one, other in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        low, high = sorted((one[1], other[1]))
        first, last = max(rows.start, math.ceil(low)), min(rows.stop - 1, math.ceil(high) - 1)
        if first <= last:
            down = np.arange(first, last + 1)
            at = one[0] + (down - one[1]) * (other[0] - one[0]) / (other[1] - one[1])
            inside[first - rows.start : last + 1 - rows.start] ^= across[None, :] < at[:, None]
        _mark_edge(edge, one, other, columns, rows)
    return np.asarray(inside | edge, np.bool_)


def _mark_edge(edge: Mask, one: Corners, other: Corners, columns: range, rows: range) -> None:
    """Mark the pixels whose centres lie on a side: of each column, or of each row of a steep one, the nearest."""
    steep = abs(other[1] - one[1]) > abs(other[0] - one[0])
    main, across = (1, 0) if steep else (0, 1)
    low, high = sorted((one[main], other[main]))
    here = rows if steep else columns  # a side may go on for millions of pixels beyond the image
    steps = np.arange(max(here.start, math.ceil(low - EDGE)), min(here.stop - 1, math.floor(high + EDGE)) + 1)
    length = other[main] - one[main]
    share = np.clip((steps - one[main]) / length, 0.0, 1.0) if length else np.zeros(len(steps))
    at = one[across] + share * (other[across] - one[across])
    nearest = np.floor(at + 0.5)
    on = np.hypot(at - nearest, one[main] + share * length - steps) <= EDGE
    x, y = (nearest[on], steps[on]) if steep else (steps[on], nearest[on])
    within = (x >= columns.start) & (x < columns.stop) & (y >= rows.start) & (y < rows.stop)
    edge[y[within].astype(int) - rows.start, x[within].astype(int) - columns.start] = True


def holds(corners: Corners, across: NDArray[np.float64], down: NDArray[np.float64]) -> Mask:
    """Which of any places in the plane of a polygon it holds; both arrays of one shape."""
    inside = np.zeros(across.shape, np.bool_)
    edge = np.zeros_like(inside)
    for one, other in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        between = (one[1] <= down) != (other[1] <= down)
        rise = other[1] - one[1]
        if rise:
            inside ^= between & (across < one[0] + (down - one[1]) * (other[0] - one[0]) / rise)
        edge |= _apart(one, other, across, down) <= EDGE
    return np.asarray(inside | edge, np.bool_)


def _apart(one: Corners, other: Corners, across: NDArray[np.float64], down: NDArray[np.float64]) -> NDArray[np.float64]:
    """How far places lie from a side."""
    along = other - one
    size = float(along @ along)
    x, y = across - one[0], down - one[1]
    share = np.clip((x * along[0] + y * along[1]) / size, 0.0, 1.0) if size else np.zeros(across.shape)
    return np.asarray(np.hypot(x - share * along[0], y - share * along[1]), np.float64)
