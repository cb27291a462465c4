"""Which image pixels an upright device pixel averages, along one axis.

A device pixel is a box as wide as its step, but never narrower than one image pixel; an image pixel is a box of width
one. The weight of an image pixel is their overlap. So magnification is linear interpolation, minification is the true
area average, they meet without a seam at a step of one, and there at whole positions it is the pixel itself.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Taps:
    """Taps of all device pixels along one axis.

    Attributes:
        start: (n,) int32, the first image pixel of each device pixel.
        weights: (taps, n) float32, of `start`, `start + 1`, ...; each column adds up to 1.
        first, last: the device pixels [first, last) have their centre on the image; the others show nothing.
    """

    start: NDArray[np.int32]
    weights: NDArray[np.float32]
    first: int
    last: int


def taps(origin: float, step: float, count: int, length: int) -> Taps:
    """Taps of `count` device pixels on `length` image pixels.

    Beyond the border the border's pixel goes on, as far as a box reaches over it.

    Args:
        origin: image coordinate of device pixel 0.
        step: image pixels from one device pixel to the next; negative where the image is flipped.
        count: device pixels.
        length: image pixels.
    """
    centre = origin + np.arange(count) * step
    inside = np.flatnonzero((centre >= -0.5) & (centre < length - 0.5))
    first, last = (int(inside[0]), int(inside[-1]) + 1) if inside.size else (0, 0)
    width = min(max(1.0, abs(step)), 2.0 * length + 1.0)  # a wider box holds the whole image and its border alone
    low = np.clip(centre - width / 2, -0.5 - width, length - 0.5)
    lowest = np.floor(low + 0.5).astype(np.int64)
    boxes = int(np.floor(width)) + 2 if width > 1.0 else 2
    size = min(boxes, length)
    start = np.clip(lowest, 0, length - size)
    weights = np.zeros((size, count))
    for tap in range(boxes):
        pixel = lowest + tap
        overlap = np.minimum(low + width, pixel + 0.5) - np.maximum(low, pixel - 0.5)
        slot = np.clip(np.clip(pixel, 0, length - 1) - start, 0, size - 1)
        np.add.at(weights, (slot, np.arange(count)), np.maximum(overlap, 0.0))
    weights /= weights.sum(axis=0)
    return Taps(start.astype(np.int32), weights.astype(np.float32), first, last)
