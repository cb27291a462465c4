"""Rows of the table of solids that `paint` understands."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from consult.demo.anatomy import paint
from consult.demo.anatomy.paint import ANYWHERE, ELLIPSOID, F64, FIELDS, TUBE

Point = tuple[float, float, float]
NO_LEVEL = 1e9


def tube(
    start: Point, end: Point, radii: tuple[float, float], hu: float, *, where: int = ANYWHERE, straight: bool = False
) -> F64:
    """A tube with round ends.

    Args:
        start, end: of its axis, mm.
        radii: at the start and at the end, mm.
        hu: inside.
        where: labels it is limited to.
        straight: not bent.
    """
    row = np.zeros(FIELDS)
    row[[paint.KIND, paint.HU, paint.WHERE, paint.STRAIGHT]] = TUBE, hu, where, straight
    row[paint.X0 : paint.Z0 + 1], row[paint.X1 : paint.Z1 + 1] = start, end
    row[[paint.R0, paint.R1]] = radii
    reach = max(radii)
    row[paint.REACH], row[paint.LEVEL] = reach, NO_LEVEL
    row[paint.Z_LOW], row[paint.Z_HIGH] = min(start[2], end[2]) - reach - 1.0, max(start[2], end[2]) + reach + 1.0
    return row


def ellipsoid(
    centre: Point, radii: Point, hu: float, *, turn: float = 0.0, power: float = 2.0,
    where: int = ANYWHERE, rim: tuple[float, float] = (0.0, 0.0), straight: bool = False, level: float = NO_LEVEL,
) -> F64:  # fmt: skip
    """An ellipsoid, or a rounded box.

    Args:
        centre: mm.
        radii: half axes, mm.
        hu: inside.
        turn: about the z axis, degrees, from x to y.
        power: 2 is an ellipsoid; more is boxier.
        rim: (thickness in mm, HU) of its wall, which lies within the radii.
        where, straight: as `tube`.
        level: only what lies in front of this y: gas in a hollow organ.
    """
    row = np.zeros(FIELDS)
    row[[paint.KIND, paint.HU, paint.WHERE, paint.STRAIGHT, paint.POWER]] = ELLIPSOID, hu, where, straight, power
    row[paint.X0 : paint.Z0 + 1] = row[paint.X1 : paint.Z1 + 1] = centre
    row[[paint.R0, paint.R1, paint.RZ]] = radii
    row[[paint.RIM, paint.RIM_HU]] = rim
    row[paint.LEVEL] = level
    row[paint.COS], row[paint.SIN] = math.cos(math.radians(turn)), math.sin(math.radians(turn))
    row[paint.REACH] = max(radii[0], radii[1]) * (1.0 if power == 2.0 else 1.42)
    row[paint.Z_LOW], row[paint.Z_HIGH] = centre[2] - radii[2] - 1.0, centre[2] + radii[2] + 1.0
    return row


def path(
    points: Sequence[Point], radii: Sequence[float], hu: float, *,
    where: int = ANYWHERE, wall: tuple[float, float] = (0.0, 0.0), straight: bool = False,
) -> list[F64]:  # fmt: skip
    """Tubes along a smooth curve through points.

    Args:
        points: mm.
        radii: outer ones, one a point.
        hu: inside.
        where, straight: as `tube`.
        wall: (thickness in mm, HU); the wall lies within the radii and is painted before all of the inside.
    """
    curve = smooth(points)
    widths = np.interp(np.linspace(0, len(points) - 1, len(curve)), np.arange(len(points)), radii)
    layers = [(0.0, hu)] if wall[0] == 0.0 else [(0.0, wall[1]), (wall[0], hu)]
    return [
        tube(as_point(a), as_point(b), (float(r) - thin, float(s) - thin), value, where=where, straight=straight)
        for thin, value in layers
        for a, b, r, s in zip(curve, curve[1:], widths, widths[1:], strict=False)
    ]


def smooth(points: Sequence[Point], parts: int = 6) -> F64:
    """Points on a Catmull-Rom curve, (n, 3): `parts` to each piece."""
    p = np.asarray(points, float)
    p = np.vstack([2 * p[0] - p[1], p, 2 * p[-1] - p[-2]])
    t = np.arange(parts)[:, None] / parts
    pieces = []
    for a, b, c, d in zip(p, p[1:], p[2:], p[3:], strict=False):
        pieces.append(b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a))))
    return np.vstack([*pieces, p[-2]])


def as_point(row: F64) -> Point:
    """Three numbers of an array."""
    return float(row[0]), float(row[1]), float(row[2])
