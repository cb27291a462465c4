"""What is drawn over a frame or hides a part of it: overlay planes (PS3.3 C.9.2) and display shutters (C.7.6.11)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset

from consult.dicom.pixels.decode import raw_samples
from consult.dicom.presenting.presentation import OVERLAY_GROUPS, has_overlay, overlay_bit
from consult.dicom.presenting.shutters import read_shutter
from consult.dicom.reading.opening import open_dicom
from consult.dicom.records import PixelFormat
from consult.model.errors import DicomRefused
from consult.model.image import OVERLAY, SHUTTER
from consult.rendering.shutter import hidden_by

Plane = NDArray[np.uint8]
MAX_BYTES = 1 << 28
"""Of an overlay's own data."""


def graphics_plane(path: str | Path, frame: int, pixel_format: PixelFormat) -> Plane:
    """(rows, columns) uint8 of OVERLAY and SHUTTER. A plane that cannot be read is left out.

    Raises:
        DicomRefused, OSError: the file cannot be read.
    """
    plane = np.zeros((pixel_format.rows, pixel_format.columns), np.uint8)
    with open_dicom(path) as opened:
        dataset = opened.dataset
        for group in OVERLAY_GROUPS:
            if has_overlay(dataset, group):
                plane |= _overlay(path, dataset, group, frame, plane.shape)
        plane |= shutter(dataset, plane.shape)
    return plane


def _overlay(path: str | Path, dataset: Dataset, group: int, frame: int, shape: tuple[int, ...]) -> Plane:
    """One overlay plane, where its origin puts it."""
    drawn = np.zeros(shape, np.uint8)
    if (bit := overlay_bit(dataset, group)) is not None:
        samples = raw_samples(path, frame)
        if samples.ndim == 2 and samples.shape == shape:
            drawn[:] = ((samples.astype(np.int64) >> bit) & 1) * OVERLAY
        return drawn
    bits = _bits(dataset, group, frame)
    if bits is not None:
        _put(drawn, bits * np.uint8(OVERLAY), _origin(dataset, group))
    return drawn


def _bits(dataset: Dataset, group: int, frame: int) -> Plane | None:
    """(rows, columns) of 0 and 1: OverlayData of a frame; None where it has none of that frame, or it is cut."""
    rows, columns = (_number(dataset, group, element, 0) for element in (0x0010, 0x0011))
    first = _number(dataset, group, 0x0051, 1) - 1
    number = frame - first if (group, 0x0015) in dataset else 0
    if not (0 <= number < _number(dataset, group, 0x0015, 1) and 0 < rows * columns <= MAX_BYTES):
        return None
    data = dataset[group, 0x3000].value
    start = number * rows * columns
    if not isinstance(data, bytes) or len(data) * 8 < start + rows * columns:
        return None
    first_byte = start // 8
    packed = np.frombuffer(data, np.uint8, (rows * columns + start % 8 + 7) // 8, first_byte)
    bits = np.unpackbits(packed, bitorder="little")[start % 8 :][: rows * columns]
    return bits.reshape(rows, columns)


def _origin(dataset: Dataset, group: int) -> tuple[int, int]:
    """(row, column) of the overlay's first bit, from 0; OverlayOrigin counts from 1."""
    value: Any = dataset[group, 0x0050].value if (group, 0x0050) in dataset else None
    try:
        row, column = (int(v) for v in value)
    except (TypeError, ValueError):
        return 0, 0
    return row - 1, column - 1


def _number(dataset: Dataset, group: int, element: int, default: int) -> int:
    value: Any = dataset[group, element].value if (group, element) in dataset else None
    return value if isinstance(value, int) else default


def _put(into: Plane, drawn: Plane, at: tuple[int, int]) -> None:
    """Draw what lies on the plane."""
    top, left = at
    rows, columns = into.shape
    cut = drawn[max(0, -top) : max(0, rows - top), max(0, -left) : max(0, columns - left)]
    y, x = max(0, top), max(0, left)
    into[y : y + cut.shape[0], x : x + cut.shape[1]] |= cut[: max(0, rows - y), : max(0, columns - x)]


def shutter(dataset: Dataset, shape: tuple[int, ...]) -> Plane:
    """SHUTTER where a pixel lies outside any of the shutters; one that cannot be read hides nothing."""
    try:
        found = read_shutter(dataset)
    except DicomRefused:
        found = None
    return np.zeros(shape, np.uint8) if found is None else hidden_by(found, shape) * np.uint8(SHUTTER)
