"""Whether a canvas shows the anatomy that it must, held against the values that were written into the files."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.support.ct import FIRST_Z_MM, SIZE, SLICE_MM, SPACING_MM, pixels


def mean_error(
    canvas: NDArray[np.uint8],
    viewport: dict[str, Any],
    grid: dict[str, Any],
    *,
    off_by: int = 0,
    images: int = 24,
    first_z_mm: float = FIRST_Z_MM,
) -> float:
    """Mean difference, in greys, between a canvas at the places of image pixels and what the file has there.

    Where a point of the patient lies is told by the viewport's circle: centre on centre, the smaller half spans the
    radius. Only pixels within the circle are looked at.

    Args:
        canvas: (height, width) grey, the whole picture.
        viewport: as its stamp says.
        grid: of the series.
        off_by: compare with the image's neighbour pixels this many columns away: what would be wrong.
        images, first_z_mm: as the series was written.
    """
    position = np.array(grid["positions"][viewport["shows"]["place"]])
    hu = pixels(round((position[2] - first_z_mm) / SLICE_MM), images).astype(float) - 1024
    center, width = viewport["window"]["center"], viewport["window"]["width"]
    grey = np.clip(((hu - (center - 0.5)) / (width - 1) + 0.5) * 255, 0, 255)
    columns, rows = (n.ravel() for n in np.meshgrid(np.arange(2, SIZE - 2), np.arange(2, SIZE - 2)))
    points = position + columns[:, None] * SPACING_MM * np.array(grid["right"])
    points = points + rows[:, None] * SPACING_MM * np.array(grid["down"])
    camera, (left, top, wide, high) = viewport["camera"], viewport["rect_px"]
    from_centre = points - np.array(camera["center"])
    right, down = from_centre @ np.array(camera["right"]), from_centre @ np.array(camera["down"])
    inside = np.hypot(right, down) < 0.95 * camera["radius"]
    per_mm = min(wide, high) / (2 * camera["radius"])
    x, y = left + wide / 2 + right * per_mm - 0.5, top + high / 2 + down * per_mm - 0.5
    assert inside.sum() > 500, "the circle holds enough of the image to tell"
    there = canvas[np.round(y[inside]).astype(int), np.round(x[inside]).astype(int)].astype(float)
    return float(np.abs(there - grey[rows[inside], columns[inside] + off_by]).mean())
