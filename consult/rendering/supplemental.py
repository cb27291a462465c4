"""Colours of upper stored values over the greys of the others (PS3.3 C.7.6.19).

Rules of this file:
- A value that stands for a colour is never interpolated, neither with greys nor with other colours: a device pixel has
  the colour of the image pixel that lies nearest to it, or none.
- So that no bright rim runs around colours, greys are interpolated as if they went on below them: a coloured pixel
  counts as the mean of the greys around it.
"""

from __future__ import annotations

from dataclasses import astuple, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from consult.model.image import Image
from consult.rendering.affine import Affine
from consult.rendering.compiled import kernel
from consult.rendering.graphics import Picture

Mapping = tuple[float, float, float, float, float, float]
ONE_TO_ONE = Affine(0.0, 1.0, 0.0, 0.0, 0.0, 1.0)
RIM = 2
"""Pixels that greys go on below colours, one by one; further in it is one grey."""


def grey_part(image: Image) -> Image:
    """An image without its coloured values: greys go on below them."""
    coloured = image.coloured(image.pixels)
    if not coloured.any():
        return replace(image, supplemental=None)
    known = ~coloured
    values = np.where(coloured, 0.0, image.pixels)
    for _ in range(RIM):
        sums, counts = _around(values), _around(known.astype(np.float64))
        fresh = ~known & (counts > 0)
        values[fresh] = sums[fresh] / counts[fresh]
        known |= fresh
    values[~known] = values[known].mean() if known.any() else 0.0
    pixels = values if image.pixels.dtype.kind == "f" else np.rint(values)
    return replace(image, pixels=pixels.astype(image.pixels.dtype), supplemental=None)


def _around(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """The sum of each pixel and its eight neighbours."""
    wide = np.pad(values, 1)
    rows = wide[:-2] + wide[1:-1] + wide[2:]
    return np.asarray(rows[:, :-2] + rows[:, 1:-1] + rows[:, 2:], np.float64)


def with_colours(drawn: Picture, image: Image, mapping: Affine) -> NDArray[np.uint8]:
    """The greys of `grey_part`, drawn, and the colours over them.

    Args:
        drawn: (height, width) uint8.
        image: with its supplemental colours.
        mapping: from device pixels to those of the image.

    Returns:
        (height, width, 3) RGB.
    """
    out = np.repeat(drawn[..., None], 3, axis=2)
    if (colours := image.supplemental) is not None:
        lay(np.asarray(image.pixels), colours.first, colours.colours, astuple(mapping), out)
    return out


def with_own_colours(drawn: Picture, image: Image) -> Picture:
    """The same of a picture that has the image's own pixels, one for one."""
    if image.supplemental is None:
        return drawn
    return with_colours(drawn, image, ONE_TO_ONE)


@kernel
def lay(pixels: Any, first: int, colours: Any, mapping: Mapping, out: Any) -> None:
    """Colours of upper values over a picture; of each device pixel the image pixel that lies nearest counts.

    Args:
        pixels: (rows, columns) stored values.
        first: the lowest that stands for a colour.
        colours: (n, 3) uint8, of `first` and those above it.
        mapping: as of `Affine`.
        out: (height, width, 3) uint8; changed.
    """
    column_0, column_x, column_y, row_0, row_x, row_y = mapping
    rows, columns = pixels.shape
    for y in range(out.shape[0]):
        for x in range(out.shape[1]):
            column = int(np.floor(column_0 + x * column_x + y * column_y + 0.5))
            row = int(np.floor(row_0 + x * row_x + y * row_y + 0.5))
            if row < 0 or row >= rows or column < 0 or column >= columns:
                continue
            index = int(pixels[row, column]) - first
            if index < 0:
                continue
            for channel in range(3):
                out[y, x, channel] = colours[min(index, colours.shape[0] - 1), channel]
