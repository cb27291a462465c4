"""What workers do with pixels: decode into a volume, draw a thumbnail, find a window."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from consult.dicom.pixels.decode import decode_frame
from consult.dicom.records import Frame, PixelFormat
from consult.dicom.workers import Refusal, attempt
from consult.model.errors import DicomRefused
from consult.model.image import Image
from consult.rendering.window import apply_window, default_window

THUMBNAIL_PX = 160
"""Longest side."""
Place = tuple[int, str, int]
"""Index in the volume, path of the DICOM file, frame within it; from 0."""


def decode_into(volume: str, pixel_format: PixelFormat, images: Sequence[Place]) -> list[Refusal | None]:
    """Decode frames into their places in a volume file, which the parent has sized.

    Args:
        volume: path of the volume file.
        pixel_format: of the volume.
        images: what to decode, and where to.

    Returns:
        For each image: why it cannot be shown, or None.

    Raises:
        OSError: the volume file is gone or cannot be written.
    """
    file = os.open(volume, os.O_WRONLY)
    try:
        return [_decode_one(file, pixel_format, *image) for image in images]
    finally:
        os.close(file)


def _decode_one(volume: int, pixel_format: PixelFormat, index: int, path: str, frame: int) -> Refusal | None:
    answer = attempt(decode_frame, (path, frame, pixel_format))
    if isinstance(answer, Refusal):
        return answer
    pixels = np.ascontiguousarray(answer).data.cast("B")
    at, written = index * len(pixels), 0
    while written < len(pixels):
        written += os.pwrite(volume, pixels[written:], at + written)
    return None


def make_thumbnail(path: str, frame: int, pixel_format: PixelFormat, description: Frame) -> bytes:
    """A small picture of a frame, as PNG: in its own first window, its pixels square, the longest side THUMBNAIL_PX.

    Raises:
        DicomRefused: the frame cannot be shown.
    """
    drawn = _drawn(decode_frame(path, frame, pixel_format), description)
    height, width = drawn.shape[0] * description.row_spacing, drawn.shape[1] * description.column_spacing
    scale = THUMBNAIL_PX / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    shrinks = size[0] < drawn.shape[1] or size[1] < drawn.shape[0]
    small = cv2.resize(drawn, size, interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)
    done, png = cv2.imencode(".png", small[..., ::-1] if small.ndim == 3 else small)
    if not done:
        raise DicomRefused("unreadable", "no thumbnail can be drawn")
    return png.tobytes()


def _drawn(pixels: NDArray[Any], description: Frame) -> NDArray[np.uint8]:
    """8-bit grey or RGB, one image pixel one pixel."""
    if pixels.ndim == 3:
        return pixels
    image = image_of(pixels, description)
    window = description.windows[0].window if description.windows else default_window(image)
    return apply_window(image, window)


def image_of(pixels: NDArray[Any], description: Frame) -> Image:
    """Decoded pixels with what makes them modality values."""
    slope, intercept = description.slope, description.intercept
    return Image(pixels, slope, intercept, description.inverted, description.voi_function)


def measure_window(
    path: str, frame: int, pixel_format: PixelFormat, slope: float, intercept: float
) -> tuple[float, float]:
    """Center and width of a window for a frame whose file has none, in modality units.

    Raises:
        DicomRefused: the frame cannot be shown.
    """
    window = default_window(Image(decode_frame(path, frame, pixel_format), slope, intercept))
    return window.center, window.width
