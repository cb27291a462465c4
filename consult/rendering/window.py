"""The window: modality values to greys (PS3.3 C.11.2.1.2 and C.11.2.1.3).

Rules of this file:
- A `Ramp` works on stored values: the rescale is folded into it, in float64, so that it costs nothing per pixel.
- What is computed per pixel is float32, in one written order, the same here and in the kernels of `stack`: an image at
  one device pixel per image pixel has the same bytes either way.
- Types that float32 does not hold exactly are first moved to the middle of the ramp, in float64 (`readable`).
- No numba here: `consult render` and the thumbnails start without a compiler.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from consult.model.image import Image
from consult.model.view import Window

MIDDLE_GREY = 127.5
STEP_WIDTH = 1 / 64
"""Modality units. Width 1 of LINEAR is a step just above center - 0.5; the ramp is drawn this wide."""
FARTHEST = 1e30
"""Stored values beyond it, infinite ones too, are drawn as if they were there."""
LOWEST_PERCENT, HIGHEST_PERCENT = 1.0, 99.0
"""Percentiles of a default window's ends: a burnt-in label or a dead detector cell does not decide."""
SAMPLED_PIXELS = 250_000
"""A default window looks at about so many pixels, evenly spread."""
BLOCK_PIXELS = 1 << 16
"""Pixels windowed at once: the intermediate float32 stays in the cache."""


@dataclass(frozen=True)
class Ramp:
    """grey = (stored - middle) * gain + level, cut to 0..255 and rounded; then inverted, if so.

    Attributes:
        middle: stored value that becomes the middle grey.
        gain: grey levels per stored value, negative where the rescale slope is.
        level: the middle grey (a slope of 0 puts its one grey here).
        inverted: dark and light changed places, by MONOCHROME1 or by the viewer, not by both.
        sigmoid: the straight ramp is bent into PS3.3 C.11.2.1.3.1's curve.
        table: greys of a VOI LUT's entries, over which the straight ramp runs (PS3.3 C.11.2.1.1); None: there is none.
    """

    middle: float
    gain: float
    level: float = MIDDLE_GREY
    inverted: bool = False
    sigmoid: bool = False
    table: NDArray[np.uint8] | None = field(default=None, compare=False)

    @property
    def bent(self) -> bool:
        """Greys are not on a straight line: levels are drawn first, and then bent."""
        return self.sigmoid or self.table is not None


IDENTITY = Ramp(127.5, 1.0)
"""Bytes stay what they are: the channels of a colour image."""


def ramp(image: Image, window: Window, *, invert: bool = False) -> Ramp:
    """The ramp of a window on an image's stored values.

    LINEAR is defined for widths from 1 (PS3.3 C.11.2.1.2.1); below that it is drawn as LINEAR_EXACT, which is what
    images of small real numbers mean.

    Args:
        image: its rescale, photometric interpretation and VOI LUT function count.
        window: in modality units.
        invert: the viewer turned greys upside down.
    """
    center, width = window.center, window.width
    table = image.voi_luts[window.lut - 1] if 0 < window.lut <= len(image.voi_luts) else None
    if table is None and image.voi_function == "LINEAR" and width >= 1.0:
        center, width = center - 0.5, width - 1.0
        if width < STEP_WIDTH:
            center, width = center + STEP_WIDTH / 2, STEP_WIDTH
    sigmoid = table is None and image.voi_function == "SIGMOID"
    levels = 255.0 / width
    inverted = image.inverted != invert
    if image.slope == 0.0:
        return Ramp(0.0, 0.0, MIDDLE_GREY + (image.intercept - center) * levels, inverted, sigmoid, table)
    return Ramp((center - image.intercept) / image.slope, levels * image.slope, MIDDLE_GREY, inverted, sigmoid, table)


def readable(pixels: NDArray[Any], ramp: Ramp) -> tuple[NDArray[Any], Ramp]:
    """Pixels of a type that float32 holds exactly, and the ramp that belongs to them.

    8- and 16-bit integers stay as they are. Others become float32 distances from the ramp's middle, so that a narrow
    window far from zero keeps its levels. NaN (no value) becomes the value that is drawn black.

    Args:
        pixels: (rows, columns) of any type of `Image`.
        ramp: on those values.
    """
    if pixels.dtype.kind in "iu" and pixels.dtype.itemsize <= 2:
        return pixels.astype(np.int16) if pixels.dtype == np.int8 else pixels, ramp
    if pixels.dtype == np.float32:
        moved = pixels - np.float32(ramp.middle)
        residue = float(np.float32(ramp.middle)) - ramp.middle
    else:
        moved, residue = (pixels - np.float64(ramp.middle)).astype(np.float32), 0.0
    darkest = FARTHEST if (ramp.gain < 0) != ramp.inverted else -FARTHEST
    finite = np.nan_to_num(moved, copy=False, nan=darkest, posinf=FARTHEST, neginf=-FARTHEST)
    return finite, replace(ramp, middle=-residue)


def greys(values: NDArray[Any], ramp: Ramp) -> NDArray[np.uint8]:
    """Draw readable values.

    Args:
        values: (rows, columns), a type that float32 holds exactly.
        ramp: on those values.

    Returns:
        (rows, columns) uint8.
    """
    out = np.empty(values.shape, np.uint8)
    step = max(1, BLOCK_PIXELS // max(values.shape[1], 1))
    for row in range(0, values.shape[0], step):
        block = values[row : row + step].astype(np.float32)
        block -= np.float32(ramp.middle)
        block *= np.float32(ramp.gain)
        block += np.float32(ramp.level)
        out[row : row + step] = finish(block, ramp)
    return out


def finish(straight: NDArray[np.float32], ramp: Ramp) -> NDArray[np.uint8]:
    """Bend, cut, round and invert levels of the straight ramp, (rows, columns) float32; they are overwritten."""
    if ramp.table is not None:
        drawn = _looked_up(straight, ramp.table)
        return np.bitwise_xor(drawn, np.uint8(255)) if ramp.inverted else drawn
    if ramp.sigmoid:
        straight -= np.float32(MIDDLE_GREY)
        straight *= np.float32(-4.0 / 255.0)
        np.clip(straight, -80.0, 80.0, out=straight)
        np.exp(straight, out=straight)
        straight += np.float32(1.0)
        np.divide(np.float32(255.0), straight, out=straight)
    np.clip(straight, 0.0, 255.0, out=straight)
    straight += np.float32(0.5)
    drawn = straight.astype(np.uint8)
    return np.bitwise_xor(drawn, np.uint8(255)) if ramp.inverted else drawn


def _looked_up(straight: NDArray[np.float32], table: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The nearest entry of a table that is stretched over the ramp; beyond its ends, those (PS3.3 C.11.2.1.1)."""
    straight *= np.float32(len(table) / 255.0)
    straight += np.float32(0.5)
    np.clip(straight, 0.0, len(table) - 1.0, out=straight)
    return np.asarray(table[straight.astype(np.int32)], np.uint8)


def subtracted(image: Image) -> Image:
    """An image with its mask subtracted: values are differences, 0 where nothing has changed (PS3.3 C.7.6.10)."""
    if image.mask is None:
        return image
    difference = image.pixels.astype(np.float32) - image.mask
    return replace(image, pixels=difference, intercept=0.0, padding=None, voi_luts=(), mask=None, supplemental=None)


def around_zero(window: Window) -> Window:
    """As wide to both sides: where nothing has changed, a difference is the middle grey."""
    reach = max(abs(window.center) + window.width / 2, 0.5)
    return Window(0.0, 2 * reach)


def apply_window(image: Image, window: Window, *, invert: bool = False) -> NDArray[np.uint8]:
    """An image's own pixels in grey, one for one, nothing interpolated (PS3.3 C.11.2.1.2.1, C.11.2.1.3).

    Args:
        image: grey; a colour image has no window.
        window: in modality units.
        invert: greys upside down, on top of what MONOCHROME1 asks for.

    Returns:
        (rows, columns) uint8.

    Raises:
        ValueError: a colour image.
    """
    if image.colour:
        raise ValueError("a colour image has no window")
    values, moved = readable(image.pixels, ramp(image, window, invert=invert))
    return greys(values, moved)


def default_window(image: Image) -> Window:
    """A window for an image whose file has none: from its 1st to its 99th percentile, else its minimum and maximum.

    Padding is left out, as if the image were smaller.

    Args:
        image: grey.

    Returns:
        In modality units, at least one grey wide.

    Raises:
        ValueError: a colour image.
    """
    if image.colour:
        raise ValueError("a colour image has no window")
    step = max(1, int((image.pixels.size / SAMPLED_PIXELS) ** 0.5))
    stored = image.pixels[::step, ::step].ravel()
    sample = stored[~image.padded(stored)].astype(np.float64) * image.slope + image.intercept
    sample = sample[np.isfinite(sample)]
    if sample.size == 0:
        return Window(0.5, 1.0)
    low, high = (float(end) for end in np.percentile(sample, (LOWEST_PERCENT, HIGHEST_PERCENT)))
    if high <= low:
        low, high = float(sample.min()), float(sample.max())
    exact = image.pixels.dtype.kind == "f" or image.slope != round(image.slope)
    width = high - low if exact else high - low + 1.0
    if width < 1e-6:
        return Window(low + 0.5, 1.0)
    return Window((low + high) / 2.0 if exact else (low + high + 1.0) / 2.0, min(width, 1e9))
