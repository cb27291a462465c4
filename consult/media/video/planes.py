"""From the pixels of viewports to the planes of a moving picture: BT.709, limited range.

Limited range, because every browser shows its greys within 1 of 256; full range is up to 20 off in one of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from consult.media.video.raster import Raster
from consult.rendering.layout import Rect

BLACK, SPAN, CHROMA_SPAN, NEUTRAL = 16, 219, 224, 128
"""ITU-R BT.709-6 3: luma of black, of white less black, of the chroma axes, of no colour."""
RED, GREEN, BLUE = 0.2126, 0.7152, 0.0722
"""ITU-R BT.709-6 3.2."""
LUMA = np.array([round(BLACK + SPAN * grey / 255) for grey in range(256)], np.uint8)
"""Luma of each grey."""


def _matrix() -> NDArray[np.float32]:
    """(3, 4) float32: Y, Cb, Cr of (R, G, B, 1), all in 0 to 255."""
    rgb = np.eye(3)
    luma = np.array([RED, GREEN, BLUE])
    blue = (rgb[2] - luma) / (2 * (1 - BLUE))
    red = (rgb[0] - luma) / (2 * (1 - RED))
    rows = [
        np.append(axis * span / 255, offset)
        for axis, span, offset in (
            (luma, SPAN, BLACK),
            (blue, CHROMA_SPAN, NEUTRAL),
            (red, CHROMA_SPAN, NEUTRAL),
        )
    ]
    return np.array(rows, np.float32)


YCBCR = _matrix()


@dataclass(frozen=True, eq=False)
class Planes:
    """One picture in 4:2:0.

    Attributes:
        luma: (height, width) uint8.
        chroma: Cb and Cr, each (height / 2, width / 2) uint8; None where there is no colour.
    """

    luma: NDArray[np.uint8]
    chroma: tuple[NDArray[np.uint8], NDArray[np.uint8]] | None = None


def compose(raster: Raster, parts: Sequence[tuple[Rect, NDArray[np.uint8]]]) -> Planes:
    """Put the pixels of viewports in their places.

    Args:
        raster: the whole picture; where there is no viewport it is black.
        parts: each place, and its (height, width) greys or (height, width, 3) RGB.
    """
    luma = np.full((raster.height, raster.width), BLACK, np.uint8)
    whole: tuple[NDArray[np.uint8], NDArray[np.uint8]] | None = None
    for (x, y, width, height), pixels in parts:
        there = (slice(y, y + height), slice(x, x + width))
        if pixels.ndim == 2:
            luma[there] = cv2.LUT(pixels, LUMA)
            continue
        if whole is None:
            whole = (np.full_like(luma, NEUTRAL), np.full_like(luma, NEUTRAL))
        converted = cv2.transform(pixels, YCBCR)
        luma[there], whole[0][there], whole[1][there] = converted[..., 0], converted[..., 1], converted[..., 2]
    if whole is None:
        return Planes(luma)
    half = (raster.width // 2, raster.height // 2)
    blue, red = (np.asarray(cv2.resize(plane, half, interpolation=cv2.INTER_AREA), np.uint8) for plane in whole)
    return Planes(luma, (blue, red))
