"""The compiled loop that lays colours over a picture, each device pixel by what lies nearest to it."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from consult.rendering.compiled import kernel

Mapping = tuple[float, float, float, float, float, float]
"""As `rendering.affine.Affine`: column_0, column_x, column_y, row_0, row_x, row_y."""


@kernel
def lay_over(cover: Any, origin: tuple[int, int], mapping: Mapping, out: NDArray[np.uint8]) -> None:
    """Blend colours into a picture.

    Args:
        cover: (rows, columns, 4) uint8: red, green, blue, opacity.
        origin: (row, column) of the cover's first pixel in the image that the mapping leads to.
        mapping: from device pixels to pixels of that image.
        out: (height, width, 3) uint8; changed.
    """
    column_0, column_x, column_y, row_0, row_x, row_y = mapping
    rows, columns = cover.shape[0], cover.shape[1]
    for y in range(out.shape[0]):
        for x in range(out.shape[1]):
            column = int(np.floor(column_0 + x * column_x + y * column_y + 0.5)) - origin[1]
            row = int(np.floor(row_0 + x * row_x + y * row_y + 0.5)) - origin[0]
            if row < 0 or row >= rows or column < 0 or column >= columns:
                continue
            opacity = np.uint32(cover[row, column, 3])
            if opacity == 0:
                continue
            rest = np.uint32(255) - opacity
            for channel in range(3):
                mixed = np.uint32(out[y, x, channel]) * rest + np.uint32(cover[row, column, channel]) * opacity
                out[y, x, channel] = np.uint8((mixed + np.uint32(127)) // np.uint32(255))


def warm() -> None:
    """Compile (or load from the cache), so that the first segmentation does not wait."""
    cover = np.zeros((1, 1, 4), np.uint8)
    lay_over(cover, (0, 0), (0.0, 1.0, 0.0, 0.0, 0.0, 1.0), np.zeros((2, 2, 3), np.uint8))
