"""What workers do with pixels: decode into a volume, draw a thumbnail, find a window."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from consult.dicom.pages.reading import draw_document_page
from consult.dicom.pixels.decode import decode_frame
from consult.dicom.presenting.graphics import graphics_plane
from consult.dicom.presenting.image import image_of, mean_mask
from consult.dicom.records import Frame, PixelFormat
from consult.dicom.workers import Refusal, attempt
from consult.model.errors import DicomRefused
from consult.rendering.window import apply_window, around_zero, default_window, subtracted

THUMBNAIL_PX = 160
"""Longest side."""
DELETED = Refusal("deleted", "this image was deleted from the server", "", "")
Place = tuple[int, str, int]
"""Index in the volume, path of the DICOM file, frame within it; from 0."""


def decode_into(
    volume: str, pixel_format: PixelFormat, images: Sequence[Place], graphics_at: int | None = None
) -> list[Refusal | None]:
    """Decode frames into their places in a volume file, which the parent has sized.

    Args:
        volume: path of the volume file.
        pixel_format: of the volume.
        images: what to decode, and where to.
        graphics_at: where in the file the planes of overlays and shutters begin; None where it has none.

    Returns:
        For each image: why it cannot be shown, or None.

    Raises:
        OSError: the volume file is gone or cannot be written.
    """
    file = os.open(volume, os.O_WRONLY)
    try:
        return [_decode_one(file, pixel_format, image, graphics_at) for image in images]
    finally:
        os.close(file)


def _decode_one(volume: int, pixel_format: PixelFormat, image: Place, graphics_at: int | None) -> Refusal | None:
    index, path, frame = image
    answer = attempt(shown_pixels, (path, frame, pixel_format))
    if isinstance(answer, Refusal):
        return answer if os.path.exists(path) else DELETED
    _write(volume, answer, index, 0)
    if graphics_at is not None:
        drawn = attempt(graphics_plane, (path, frame, pixel_format))
        if isinstance(drawn, Refusal):
            return drawn
        _write(volume, drawn, index, graphics_at)
    return None


def shown_pixels(path: str, frame: int, pixel_format: PixelFormat) -> NDArray[Any]:
    """Of a frame; what has no pixels is a document, whose pages are drawn. Raises DicomRefused."""
    try:
        return decode_frame(path, frame, pixel_format)
    except DicomRefused as refused:
        if refused.code != "no_pixels":
            raise
    return draw_document_page(path, frame, pixel_format)


def _write(volume: int, answer: NDArray[Any], index: int, start: int) -> None:
    """The index-th of equal parts of the file that begin at `start`."""
    part = np.ascontiguousarray(answer).data.cast("B")
    at, written = start + index * len(part), 0
    while written < len(part):
        written += os.pwrite(volume, part[written:], at + written)


def make_thumbnail(path: str, frame: int, pixel_format: PixelFormat, description: Frame) -> bytes:
    """A small picture of a frame, as PNG: in its own first window, its pixels square, the longest side THUMBNAIL_PX.

    Raises:
        DicomRefused: the frame cannot be shown.
    """
    drawn = _drawn(shown_pixels(path, frame, pixel_format), description)
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


def measure_window(
    path: str,
    description: Frame,
    pixel_format: PixelFormat,
    mask_out: bool = False,  # by position
) -> tuple[float, float]:
    """Center and width of a window by the values of a frame, in modality units; padding is left out.

    Args:
        path: of its file.
        description: of the frame.
        pixel_format: of its stack.
        mask_out: of the frame with its mask subtracted.

    Raises:
        DicomRefused: the frame cannot be shown.
    """
    pixels = decode_frame(path, description.frame, pixel_format)
    mask = description.presentation.mask
    if mask_out and mask is not None:
        masks = [decode_frame(path, frame, pixel_format) for frame in mask.frames]
        window = around_zero(default_window(subtracted(image_of(pixels, description, mask=mean_mask(masks, mask)))))
    else:
        window = default_window(image_of(pixels, description))
    return window.center, window.width
