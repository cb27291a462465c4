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

from consult.model.image import Image, SupplementalColours
from consult.rendering.affine import Affine
from consult.rendering.graphics import Picture
from consult.rendering.segmentations import kernels

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
    if image.supplemental is not None:
        kernels.lay_over(_cover(image.pixels, image.supplemental), (0, 0), astuple(mapping), out)
    return out


def with_own_colours(drawn: Picture, image: Image) -> Picture:
    """The same of a picture that has the image's own pixels, one for one."""
    if image.supplemental is None:
        return drawn
    cover = _cover(image.pixels, image.supplemental)
    return np.where(cover[..., 3:] > 0, cover[..., :3], drawn[..., None])


def _cover(pixels: NDArray[Any], supplemental: SupplementalColours) -> NDArray[np.uint8]:
    """(rows, columns, 4): red, green, blue, and 255 where a value stands for a colour."""
    index = pixels.astype(np.int64) - supplemental.first
    cover = np.zeros((*pixels.shape, 4), np.uint8)
    coloured = index >= 0
    cover[coloured, :3] = supplemental.colours[np.minimum(index[coloured], len(supplemental.colours) - 1)]
    cover[coloured, 3] = 255
    return cover
