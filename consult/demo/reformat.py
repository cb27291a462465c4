"""Images derived from the soft volume: the scout and the coronal series."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from consult.demo.anatomy.paint import F32, PIXEL_MM

CORONAL_MM = 3.0
SCOUT_PIXEL_MM = 1.0
SCOUT_CENTER, SCOUT_WIDTH = 0.0, 300.0


def coronal(volume: NDArray[np.int16], first_row: int, slice_mm: float) -> F32:
    """One coronal image: the mean of `CORONAL_MM` of rows, head up, pixels square.

    Args:
        volume: (slice, row, column) HU, slices from the feet up.
        first_row: of the rows averaged.
        slice_mm: distance of slices.
    """
    rows = round(CORONAL_MM / PIXEL_MM)
    slab = volume[::-1, first_row : first_row + rows].mean(axis=1, dtype=np.float32)
    height = round((len(volume) - 1) * slice_mm / PIXEL_MM) + 1
    at = np.arange(height, dtype=np.float32) * np.float32(PIXEL_MM / slice_mm)
    columns = np.arange(slab.shape[1], dtype=np.float32)
    grid = np.meshgrid(columns, at)
    return np.asarray(cv2.remap(slab, grid[0], grid[1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), np.float32)


def scout(volume: NDArray[np.int16], slice_mm: float) -> F32:
    """A frontal projection, head up, pixels of `SCOUT_PIXEL_MM`, contrast between neighbours enhanced.

    Args:
        volume: (slice, row, column) HU.
        slice_mm: distance of slices.
    """
    density = np.maximum(volume[::-1], -1000).astype(np.float32).mean(axis=1) + 1000.0
    thickness = density * (volume.shape[1] * PIXEL_MM / 1e4)
    size = (round(volume.shape[2] * PIXEL_MM / SCOUT_PIXEL_MM), round(len(volume) * slice_mm / SCOUT_PIXEL_MM))
    plain = cv2.resize(thickness, size, interpolation=cv2.INTER_LINEAR)
    plain = np.log1p(plain) * 100.0
    sharp = plain + 1.8 * (plain - cv2.GaussianBlur(plain, (0, 0), 9.0))
    return np.asarray(sharp - float(np.percentile(sharp, 60)), np.float32)
