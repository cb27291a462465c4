"""Which pixels of an image a display shutter hides (PS3.3 C.7.6.11)."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from consult.model.presentation_states.drawn import Point, Shutter


def hidden_by(shutter: Shutter, shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """(rows, columns): whether each pixel lies outside of any of its shapes."""
    rows, columns = np.ogrid[1 : shape[0] + 1, 1 : shape[1] + 1]
    open_ = np.ones(shape, np.bool_)
    if shutter.rectangle is not None:
        left, right, upper, lower = shutter.rectangle
        open_ &= (columns > left) & (columns < right) & (rows > upper) & (rows < lower)
    if shutter.circle is not None:
        row, column, radius = shutter.circle
        open_ &= (rows - row) ** 2 + (columns - column) ** 2 <= radius**2
    if shutter.polygon:
        open_ &= _inside(shutter.polygon, shape)
    return ~open_


def _inside(polygon: Sequence[Point], shape: tuple[int, ...]) -> NDArray[np.bool_]:
    corners = np.array([(column - 1, row - 1) for row, column in polygon])
    inside = np.zeros(shape, np.uint8)
    cv2.fillPoly(inside, [corners.round().astype(np.int32)], 1)
    return np.asarray(inside == 1, np.bool_)
