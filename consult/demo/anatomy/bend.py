"""The bending of the phantom: nobody is made of ellipses.

Painted at a place is what the shapes have at place + bend(place). It moves things by a few mm over decimetres.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from consult.demo.anatomy.paint import F32, F64
from consult.demo.anatomy.solids import Point

COARSE_PX = 16
"""It is computed on every so many pixels and interpolated: at most 0.15 mm off."""


def bend(x: NDArray[Any], y: NDArray[Any], z: float) -> tuple[F64, F64]:
    """(dx, dy) mm at places, arrays of one shape."""
    dx = 2.4 * np.sin(0.031 * y + 0.013 * z + 0.4) + 1.5 * np.sin(0.055 * x - 0.035 * y + 0.021 * z + 2.0)
    dy = 2.2 * np.sin(0.034 * x + 0.017 * z + 1.1) + 1.4 * np.sin(0.051 * y + 0.041 * x - 0.019 * z)
    return np.asarray(dx, np.float64), np.asarray(dy, np.float64)


def bent_grid(columns: F64, rows: F64, z: float) -> tuple[F32, F32]:
    """Bent coordinates of a grid, (rows, columns) each.

    Args:
        columns, rows: x of each column and y of each row, evenly spaced, mm.
        z: mm.
    """
    step = (columns[1] - columns[0]) * COARSE_PX
    u, v = np.meshgrid(*[axis[0] + step * np.arange(len(axis) // COARSE_PX + 2) for axis in (columns, rows)])
    at = np.meshgrid(*[np.arange(len(axis), dtype=np.float32) / COARSE_PX for axis in (columns, rows)])
    grids = [d.astype(np.float32) for d in bend(u, v, z)]
    moved = [cv2.remap(d, at[0], at[1], cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE) for d in grids]
    return (
        np.asarray(moved[0] + columns[None, :].astype(np.float32), np.float32),
        np.asarray(moved[1] + rows[:, None].astype(np.float32), np.float32),
    )


def unbent(point: Point) -> Point:
    """Where a point of a shape is painted."""
    x, y, z = point
    for _ in range(30):
        dx, dy = bend(np.asarray(x), np.asarray(y), z)
        x, y = point[0] - float(dx), point[1] - float(dy)
    return x, y, z
