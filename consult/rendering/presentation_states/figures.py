"""Graphic objects on the screen: lines through device pixels (PS3.3 C.10.5.1.2). Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from consult.model.presentation_states.drawn import Figure, Point
from consult.rendering.affine import Affine

Line = NDArray[np.float64]
"""(n, 2) device pixels, centres at whole numbers."""
ROUND = 96
"""Points of a circle or an ellipse."""
BETWEEN = 12
"""Points of a curve from one of its own to the next."""


def on_screen(points: Sequence[Point], mapping: Affine) -> Line:
    """Pixels of an image to device pixels; where the mapping has no inverse, nowhere."""
    a, b, c, d = mapping.column_x, mapping.column_y, mapping.row_x, mapping.row_y
    determinant = a * d - b * c
    if determinant == 0.0:
        return np.empty((0, 2))
    off = np.asarray(points, np.float64).reshape(-1, 2) - (mapping.column_0, mapping.row_0)
    x = (off[:, 0] * d - off[:, 1] * b) / determinant
    y = (off[:, 1] * a - off[:, 0] * c) / determinant
    return np.stack((x, y), axis=1)


def outline(figure: Figure, mapping: Affine) -> tuple[Line, bool]:
    """The line of a figure on the screen, and whether it is closed."""
    points = on_screen(figure.points, mapping)
    if len(points) == 0:
        return points, False
    match figure.kind:
        case "circle":
            return _round(points[0], _radius(points), _radius(points)[::-1] * (-1.0, 1.0)), True
        case "ellipse":
            centre = (points[0] + points[1]) / 2
            return _round(centre, (points[1] - points[0]) / 2, (points[3] - points[2]) / 2), True
        case "curve":
            return _curve(points, closed=_is_closed(points)), _is_closed(points)
        case _:
            return points, _is_closed(points)


def _radius(points: Line) -> NDArray[np.float64]:
    """Of a circle: it is round on the screen, whatever its pixels are like."""
    return np.asarray(points[1] - points[0], np.float64)


def _round(centre: Line, first: NDArray[np.float64], second: NDArray[np.float64]) -> Line:
    """An ellipse by its centre and two half axes."""
    angles = np.linspace(0.0, 2.0 * math.pi, ROUND, endpoint=False)[:, None]
    return np.asarray(centre + np.cos(angles) * first + np.sin(angles) * second, np.float64)


def _is_closed(points: Line) -> bool:
    return len(points) > 2 and bool(np.allclose(points[0], points[-1]))


def _curve(points: Line, *, closed: bool) -> Line:
    """A smooth line through all points (Catmull-Rom)."""
    own = points[:-1] if closed else points
    count = len(own)
    steps = np.linspace(0.0, 1.0, BETWEEN, endpoint=False)[:, None]
    pieces = []
    for i in range(count if closed else count - 1):
        index = [i - 1, i, i + 1, i + 2]
        at = [k % count for k in index] if closed else [min(max(k, 0), count - 1) for k in index]
        before, start, end, after = (own[k] for k in at)
        pieces.append(
            0.5 * (2 * start + (end - before) * steps + (2 * before - 5 * start + 4 * end - after) * steps**2)
            + 0.5 * (3 * start - 3 * end + after - before) * steps**3
        )
    last = points[-1:] if not closed else points[:1]
    return np.concatenate([*pieces, last]) if pieces else points
