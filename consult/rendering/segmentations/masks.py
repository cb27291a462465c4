"""Contours of a structure set as regions of their own slices, for planes that cut these.

Rules of this file:
- The closed contours of one ROI in one slice are filled together: a pixel belongs to it where its centre lies inside of
  an odd number of them (PS3.3 C.8.8.6.3), as on images. Lines and points have no inside, and are on no plane.
- Pixels are PIXEL_MM wide, coarser where the whole would take too much memory or time.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from consult.model.geometry import scale
from consult.model.segmentations.layers import Layers
from consult.rendering.segmentations.kernels import flip_inside
from consult.rendering.segmentations.regions import Region, RegionSet

PIXEL_MM = 0.5
MAX_BYTES = 32 << 20
"""Of all masks."""
MAX_CROSSINGS = 100_000_000
"""Of edges with rows of pixels: a second."""
Outline = tuple[int, int, NDArray[np.float64]]
"""Layer, segment, (n, 3) points LPS mm."""


def filled(layers: Layers, outlines: Sequence[Outline]) -> RegionSet:
    """The closed contours of a structure set as regions; they have outlines, too."""
    groups: dict[tuple[int, int], list[NDArray[np.float64]]] = {}
    for layer, segment, points in outlines:
        groups.setdefault((layer, segment), []).append(_flat(layers, points))
    pixel = _pixel_mm(list(groups.values()))
    regions = [_region(key, found, pixel) for key, found in groups.items()]
    corners = tuple(scale(layers.normal, at) for at in layers.locations)
    kept = tuple(region for region in regions if region is not None)
    return RegionSet(layers, corners, (0, 0), (pixel, pixel), kept, {}, outlined=True)


def mask_bytes(layers: Layers, outlines: Sequence[Outline]) -> int:
    """Memory that `filled` takes, at most, about."""
    return min(MAX_BYTES, sum(math.ceil(_area(_flat(layers, points)) / PIXEL_MM**2 / 8) for _, _, points in outlines))


def _flat(layers: Layers, points: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n, 2) mm along the layers' right and down."""
    return np.asarray(points @ np.array([layers.right, layers.down]).T, np.float64)


def _area(points: NDArray[np.float64]) -> float:
    """Of the rectangle around it, mm^2."""
    sides = np.ptp(points, axis=0)
    return float(sides[0] * sides[1])


def _pixel_mm(groups: Sequence[Sequence[NDArray[np.float64]]]) -> float:
    """How wide pixels are."""
    area = sum(_area(np.concatenate(found)) for found in groups)
    heights = sum(float(np.abs(np.diff(points[:, 1], append=points[:1, 1])).sum()) for own in groups for points in own)
    return max(PIXEL_MM, math.sqrt(area / 8 / MAX_BYTES), heights / MAX_CROSSINGS)


def _region(key: tuple[int, int], contours: Sequence[NDArray[np.float64]], pixel: float) -> Region | None:
    """One ROI in one layer; None where no pixel's centre lies inside."""
    whole = np.concatenate(contours) / pixel
    left, top = (math.floor(low) for low in whole.min(axis=0))
    right, bottom = (math.ceil(high) for high in whole.max(axis=0))
    flips = np.zeros((bottom - top + 1, right - left + 1), np.uint8)
    for points in contours:
        placed = points / pixel - (left, top)
        flip_inside(np.concatenate((placed, np.roll(placed, -1, axis=0)), axis=1), flips)
    mask = np.bitwise_xor.accumulate(flips, axis=1)
    data = np.packbits(mask, bitorder="little").tobytes()
    (layer, segment), (rows, columns) = key, mask.shape
    return Region(layer, segment, top, left, rows, columns, "bits", data) if mask.any() else None
