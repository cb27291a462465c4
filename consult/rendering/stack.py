"""One viewport of a stack: an image, seen by a camera, windowed, in the device pixels of a screen.

Interpolate first, window then (cutting is not linear). Nothing is drawn where there is no image: no data is black, also
when greys are inverted. The same input gives the same bytes, on every machine: a still's digest names them.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import astuple, replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from consult.model.geometry import Grid
from consult.model.image import Image
from consult.model.view import Camera, Part, Window
from consult.rendering import kernels
from consult.rendering.affine import Affine, Size, affine, viewport_scale
from consult.rendering.graphics import Picture, with_graphics
from consult.rendering.supplemental import grey_part, with_colours
from consult.rendering.taps import Taps, taps
from consult.rendering.window import IDENTITY, Ramp, finish, ramp, readable, subtracted

__all__ = ["affine", "render_viewport", "viewport_scale", "warm"]

MAX_SAMPLES = 256
"""Along a device pixel: an image that is smaller still is a point, whatever its spacing claims."""
SAMPLE_TOLERANCE = 1e-6
"""Image pixels: a step so little above a whole number needs no further sample."""


def render_viewport(  # noqa: PLR0917 - what a picture is made of, each once; callers name the last ones
    image: Image,
    grid: Grid,
    place: int,
    camera: Camera,
    window: Window | None,
    size: Size,
    *,
    invert: bool = False,
    without: Collection[Part] = (),
    mask_shift: tuple[float, float] = (0.0, 0.0),
) -> NDArray[np.uint8]:
    """Draw one viewport. Thread-safe; releases the GIL.

    Args:
        image: its pixels.
        grid: of its series.
        place: where it lies in the grid.
        camera: the circle to show; its right and down lie in the image's plane.
        window: in modality units; None for colour.
        size: (width, height) in device pixels.
        invert: greys (or colours) upside down, on top of what MONOCHROME1 asks for.
        without: parts of the file's own presentation that are left out.
        mask_shift: pixels (down, across) that the mask is moved by before it is subtracted.

    Returns:
        (height, width) uint8, or (height, width, 3) RGB for a colour image, and for one with supplemental colours.

    Raises:
        ValueError: a grey image without a window.
    """
    mapping = affine(grid, place, camera, size)
    shown = subtracted(_with_moved_mask(image, mask_shift)) if "mask" not in without else image
    if shown.supplemental is not None and "palette" not in without:
        drawn: Picture = _draw_image(grey_part(shown), mapping, window, size, invert=invert)
        drawn = with_colours(drawn, shown, mapping)
    else:
        drawn = _draw_image(shown, mapping, window, size, invert=invert)
    if image.graphics is None:
        return drawn
    return with_graphics(drawn, image.graphics, without, lambda plane: draw_channel(plane, IDENTITY, mapping, size))


def with_mask(image: Image, frames: Sequence[NDArray[Any]]) -> Image:
    """The image with the mean of these frames, (rows, columns) stored values, as its mask; itself without any."""
    if not frames:
        return image
    return replace(image, mask=np.asarray(np.mean(frames, axis=0, dtype=np.float32), np.float32))


def _with_moved_mask(image: Image, shift: tuple[float, float]) -> Image:
    """The image with its mask moved by (rows, columns), linear between pixels; what comes in at a border is its own."""
    if image.mask is None or not any(shift):
        return image
    matrix = np.array([[1.0, 0.0, shift[1]], [0.0, 1.0, shift[0]]])
    size = image.mask.shape[1], image.mask.shape[0]
    moved = cv2.warpAffine(image.mask, matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return replace(image, mask=np.asarray(moved, np.float32))


def _draw_image(image: Image, mapping: Affine, window: Window | None, size: Size, *, invert: bool) -> Picture:
    """Without graphics. Raises ValueError: a grey image without a window."""
    if image.colour:
        base = Ramp(IDENTITY.middle, IDENTITY.gain, inverted=invert)
        split = cv2.split(np.ascontiguousarray(image.pixels))
        channels = [draw_channel(channel, base, mapping, size) for channel in split]
        return np.asarray(cv2.merge(channels), np.uint8)
    if window is None:
        raise ValueError("a grey image needs a window")
    pixels, moved = readable(image.pixels, ramp(image, window, invert=invert))
    return draw_channel(pixels, moved, mapping, size)


def draw_channel(pixels: NDArray[Any], how: Ramp, mapping: Affine, size: Size) -> NDArray[np.uint8]:
    """Draw one channel: pixels of a type that float32 holds exactly, through a ramp."""
    width, height = size
    numbers, target = ink_of(how, size)
    if mapping.lying:
        mapping = mapping.transposed()
        pixels = cv2.transpose(pixels)
    if mapping.upright:
        source = read_only(pixels)
        columns = taps(mapping.column_0, mapping.column_x, width, source.shape[1])
        rows = taps(mapping.row_0, mapping.row_y, height, source.shape[0])
        draw = kernels.upright if rows.weights.shape[0] <= 2 and abs(mapping.row_y) <= 1.0 else kernels.upright_small
        draw(source, _plain(columns), _plain(rows), numbers, target)
    else:
        source = read_only(pixels.astype(np.float32))
        kernels.slanted(source, astuple(mapping), _samples(mapping), numbers, target)
    return picture_of(target, how)


def ink_of(how: Ramp, size: Size) -> tuple[kernels.Ramping, kernels.Target]:
    """What kernels draw through and into, black; where a ramp is bent, straight values of what is to be bent."""
    width, height = size
    out = np.zeros((height, width), np.uint8)
    straight = np.full((height, width), np.nan, np.float32) if how.bent else np.empty((0, width), np.float32)
    flip = np.int32(255 if how.inverted else 0)
    return (np.float32(how.middle), np.float32(how.gain), np.float32(how.level), flip), (out, straight)


def picture_of(target: kernels.Target, how: Ramp) -> NDArray[np.uint8]:
    """What kernels have drawn."""
    out, straight = target
    if how.bent:
        empty = np.isnan(straight)
        out = finish(np.nan_to_num(straight, copy=False), how)
        out[empty] = 0
    return out


def read_only(pixels: NDArray[Any]) -> NDArray[Any]:
    """A plain, contiguous, read-only view: kernels are compiled once for each type of value, not of array."""
    source = np.ascontiguousarray(pixels).view(np.ndarray)[:]
    source.setflags(write=False)
    return source


def _plain(axis: Taps) -> tuple[NDArray[np.int32], NDArray[np.float32], int, int]:
    return axis.start, axis.weights, axis.first, axis.last


def _samples(mapping: Affine) -> tuple[int, int]:
    """Samples along a device pixel's (x, y), so that no image pixel is passed over."""
    across = math.hypot(mapping.column_x, mapping.row_x)
    down = math.hypot(mapping.column_y, mapping.row_y)
    needed = (math.ceil(min(step, MAX_SAMPLES) - SAMPLE_TOLERANCE) for step in (across, down))
    return max(1, next(needed)), max(1, next(needed))


def warm() -> None:
    """Compile (or load from the cache) the kernels of CT, so that the first picture does not wait. Call it early."""
    pixels = np.zeros((4, 4), np.int16)
    for mapping in ((0.0, 0.5, 0.0, 0.0, 0.0, 0.5), (0.0, 2.0, 0.0, 0.0, 0.0, 2.0), (0.0, 1.0, 0.5, 0.0, 0.5, 1.0)):
        draw_channel(pixels, IDENTITY, Affine(*mapping), (4, 4))
