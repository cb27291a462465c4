"""Overlays and shutters on a drawn picture. Without numba and cv2: `consult render` starts without them."""

from __future__ import annotations

from collections.abc import Callable, Collection

import numpy as np
from numpy.typing import NDArray

from consult.model.image import OVERLAY, SHUTTER
from consult.model.view import Part

Picture = NDArray[np.uint8]
"""(height, width) grey, or (height, width, 3) RGB."""
Plane = NDArray[np.uint8]
BRIGHT = 170
"""Mean grey below an overlay from which on it is drawn in black."""


def with_graphics(
    drawn: Picture, graphics: Plane, without: Collection[Part], seen: Callable[[Plane], Plane] = lambda plane: plane
) -> Picture:
    """The shutter in black, then overlays in white, or in black where what they lie on is bright.

    Args:
        drawn: the image.
        graphics: (rows, columns) of OVERLAY and SHUTTER, in the image's own pixels.
        without: what is left out.
        seen: a plane of 0 and 255 in the image's pixels to one in the picture's, as the image was drawn.
    """
    if "shutter" not in without and (share := _share(graphics, SHUTTER, seen)) is not None:
        drawn = blended(drawn, share, 0)
    if "overlay" not in without and (share := _share(graphics, OVERLAY, seen)) is not None:
        below = drawn[share > 0]
        bright = below.size > 0 and int(below.sum(dtype=np.int64)) > BRIGHT * below.size
        drawn = blended(drawn, share, 0 if bright else 255)
    return drawn


def _share(graphics: Plane, bit: int, seen: Callable[[Plane], Plane]) -> Plane | None:
    """How much of each of the picture's pixels a kind of graphics covers, 0 to 255; None where there is none of it."""
    plane = (graphics & bit).astype(np.bool_).astype(np.uint8) * np.uint8(255)
    return seen(plane) if plane.any() else None


def blended(drawn: Picture, share: Plane, grey: int) -> Picture:
    """A grey over the picture, by how much of each pixel it covers, 0 to 255."""
    part = share.astype(np.uint32)[..., None] if drawn.ndim == 3 else share.astype(np.uint32)
    return np.asarray((drawn * (255 - part) + grey * part + 127) // 255, np.uint8)
