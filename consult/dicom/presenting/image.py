"""A frame's record and its decoded pixels to an image that a kernel reads. Without pydicom."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from consult.dicom.presenting.records import SupplementalPalette, VoiLut
from consult.dicom.records import Frame, Mask
from consult.model.image import Image, SupplementalColours

CACHED_LUTS = 64


def image_of(
    pixels: NDArray[Any],
    frame: Frame,
    *,
    mask: NDArray[np.float32] | None = None,
    graphics: NDArray[np.uint8] | None = None,
    palette: SupplementalPalette | None = None,
) -> Image:
    """Decoded pixels, with all that a frame's file says of them.

    Args:
        pixels: stored values, or RGB.
        frame: its record.
        mask: `mean_mask` of the frames that are subtracted from it.
        graphics: its overlays and shutter.
        palette: of its file; it counts where the frame is to be shown in its colours.
    """
    shown = frame.presentation
    return Image(
        pixels,
        frame.slope,
        frame.intercept,
        frame.inverted,
        frame.voi_function,
        padding=shown.padding,
        voi_luts=tuple(map(lut_greys, shown.voi_luts)),
        mask=mask,
        graphics=graphics,
        supplemental=colours_of(palette) if palette is not None and "palette" in shown.parts else None,
    )


@lru_cache(CACHED_LUTS)
def colours_of(palette: SupplementalPalette) -> SupplementalColours:
    """A palette as a kernel reads it."""
    colours = np.frombuffer(zlib.decompress(palette.colours), np.uint8).reshape(-1, 3)
    return SupplementalColours(palette.first, colours)


@lru_cache(CACHED_LUTS)
def lut_greys(lut: VoiLut) -> NDArray[np.uint8]:
    """The greys of a VOI LUT's entries, (n,) uint8: 0 to 2^bits - 1 are black to white (PS3.3 C.11.2.1.1)."""
    entries = np.frombuffer(lut.entries, "<u2").astype(np.float64)
    greys = np.clip(entries * 255.0 / ((1 << lut.bits) - 1) + 0.5, 0, 255).astype(np.uint8)
    greys.setflags(write=False)
    return greys


def mean_mask(frames: Sequence[NDArray[Any]], mask: Mask) -> NDArray[np.float32]:
    """The mean of the mask's frames, (rows, columns), moved by its shift (PS3.3 C.7.6.10)."""
    mean: NDArray[np.float32] = np.asarray(np.mean(frames, axis=0, dtype=np.float64), np.float32)
    if mask.shift == (0.0, 0.0):
        return mean
    import cv2  # `consult render` starts without it

    down, across = mask.shift
    moved = cv2.warpAffine(
        mean,
        np.array([[1.0, 0.0, across], [0.0, 1.0, down]]),
        (mean.shape[1], mean.shape[0]),
        flags=cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return np.asarray(moved, np.float32)
