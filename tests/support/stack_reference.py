"""What a stack picture is, in float64 and in so many words: the oracle of the kernels. It shares no line with them."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from consult.model.geometry import Grid
from consult.model.image import Image
from consult.model.view import Camera, Window

F64 = NDArray[np.float64]


def standard_grey(values: NDArray[Any], window: Window, function: str = "LINEAR") -> F64:
    """PS3.3 C.11.2.1.2.1 and C.11.2.1.3, unrounded greys."""
    c, w = window.center, window.width
    if function == "SIGMOID":
        return 255.0 / (1.0 + np.exp(np.minimum(-4.0 * (values - c) / w, 700.0)))
    if function == "LINEAR_EXACT" or w < 1:
        y = ((values - c) / w + 0.5) * 255.0
        return np.where(values <= c - w / 2, 0.0, np.where(values > c + w / 2, 255.0, y))
    if w == 1:
        return np.asarray(np.where(values <= c - 0.5, 0.0, 255.0))
    y = ((values - (c - 0.5)) / (w - 1) + 0.5) * 255.0
    return np.where(values <= c - 0.5 - (w - 1) / 2, 0.0, np.where(values > c - 0.5 + (w - 1) / 2, 255.0, y))


def image_coordinates(grid: Grid, index: int, camera: Camera, size: tuple[int, int]) -> tuple[F64, F64]:
    """(column, row) of the centre of every device pixel, (height, width) each."""
    width, height = size
    step = 2 * camera.radius / min(width, height)
    x, y = np.meshgrid(np.arange(width) - (width - 1) / 2, np.arange(height) - (height - 1) / 2)
    point = [camera.center[i] + (x * camera.right[i] + y * camera.down[i]) * step for i in range(3)]
    offset = [point[i] - grid.positions[index][i] for i in range(3)]
    column = sum(offset[i] * grid.right[i] for i in range(3)) / grid.column_spacing
    row = sum(offset[i] * grid.down[i] for i in range(3)) / grid.row_spacing
    return np.asarray(column), np.asarray(row)


def covered(grid: Grid, column: F64, row: F64) -> NDArray[np.bool_]:
    """Where there is image: its pixels are squares around their centres."""
    eps = 1e-6
    across = (column >= -0.5 - eps) & (column < grid.columns - 0.5 - eps)
    return np.asarray(across & (row >= -0.5 - eps) & (row < grid.rows - 0.5 - eps))


def bilinear(pixels: NDArray[Any], column: F64, row: F64) -> F64:
    """Linear interpolation; the border's pixels go on beyond it."""
    p = pixels.astype(np.float64)
    u, v = np.clip(column, 0, p.shape[1] - 1), np.clip(row, 0, p.shape[0] - 1)
    c, r = np.floor(u).astype(int), np.floor(v).astype(int)
    c1, r1 = np.minimum(c + 1, p.shape[1] - 1), np.minimum(r + 1, p.shape[0] - 1)
    fu, fv = u - c, v - r
    return np.asarray((p[r, c] * (1 - fu) + p[r, c1] * fu) * (1 - fv) + (p[r1, c] * (1 - fu) + p[r1, c1] * fu) * fv)


def box_weights(centres: NDArray[Any], step: float, length: int) -> F64:
    """(device pixels, image pixels): the share of each image pixel's box in each device pixel's box."""
    width = max(1.0, abs(step))
    weights = np.zeros((len(centres), length))
    for i, centre in enumerate(centres):
        for k in range(math.floor(centre - width / 2) - 1, math.ceil(centre + width / 2) + 2):
            overlap = min(centre + width / 2, k + 0.5) - max(centre - width / 2, k - 0.5)
            if overlap > 0:
                weights[i, min(max(k, 0), length - 1)] += overlap / width
    return weights


def reference_values(image: Image, grid: Grid, index: int, camera: Camera, size: tuple[int, int]) -> tuple[F64, Any]:
    """(modality values, where there is image): (height, width) each."""
    column, row = image_coordinates(grid, index, camera, size)
    dc = [column[0, 1] - column[0, 0], column[1, 0] - column[0, 0]]
    dr = [row[0, 1] - row[0, 0], row[1, 0] - row[0, 0]]
    if abs(dc[1]) < 1e-9 and abs(dr[0]) < 1e-9:
        across, down = box_weights(column[0], dc[0], grid.columns), box_weights(row[:, 0], dr[1], grid.rows)
        values = down @ image.pixels.astype(np.float64) @ across.T
    elif abs(dc[0]) < 1e-9 and abs(dr[1]) < 1e-9:
        across, down = box_weights(column[:, 0], dc[1], grid.columns), box_weights(row[0], dr[0], grid.rows)
        values = (down @ image.pixels.astype(np.float64) @ across.T).T
    else:
        values = _sampled(image, column, row, dc, dr)
    return values * image.slope + image.intercept, covered(grid, column, row)


def _sampled(image: Image, column: F64, row: F64, dc: list[float], dr: list[float]) -> F64:
    n = [max(1, math.ceil(math.hypot(dc[i], dr[i]) - 1e-6)) for i in (0, 1)]
    total = np.zeros_like(column)
    for j in range(n[1]):
        for i in range(n[0]):
            a, b = (i + 0.5) / n[0] - 0.5, (j + 0.5) / n[1] - 0.5
            total += bilinear(image.pixels, column + a * dc[0] + b * dc[1], row + a * dr[0] + b * dr[1])
    return np.asarray(total / (n[0] * n[1]))
