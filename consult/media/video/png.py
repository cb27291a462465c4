"""PNG of exact stills: lossless, fast, 8-bit grey or RGB (RFC 2083 / PNG third edition).

The filter is chosen for the whole picture by compressing a few bands of it each way: None for drawn pictures, Sub or
Up for noisy ones. Paeth and Average cost more than they save on CT noise (benchmarks/kernels.py).
"""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import Callable
from typing import Any

import numpy as np
from isal import isal_zlib
from numpy.typing import NDArray

SIGNATURE = b"\x89PNG\r\n\x1a\n"
COMPRESSION_LEVEL = 2
"""Of isal (0 to 3): as quick as 1 on noise, and smaller."""
BANDS, BAND_ROWS = 4, 6
"""The filter is chosen on so many bands of so many rows."""

Pixels = NDArray[np.uint8]


def encode_png(pixels: Pixels) -> bytes:
    """Encode a picture. Thread-safe; the long parts release the GIL. The same pixels give the same bytes.

    Args:
        pixels: (height, width) grey or (height, width, 3) RGB, uint8, at least one pixel.

    Raises:
        ValueError: another shape or type.
    """
    grey = pixels.ndim == 2
    if pixels.dtype != np.uint8 or not (grey or (pixels.ndim == 3 and pixels.shape[2] == 3)) or pixels.size == 0:
        raise ValueError(f"not a picture: {pixels.shape} {pixels.dtype}")
    height, width = pixels.shape[:2]
    rows = np.ascontiguousarray(pixels).reshape(height, -1)
    header = struct.pack(">IIBBBBB", width, height, 8, 0 if grey else 2, 0, 0, 0)
    data = _compress(_best_filter(rows, 1 if grey else 3)(rows, 1 if grey else 3))
    return SIGNATURE + _chunk(b"IHDR", header) + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")


def pixels_sha256(pixels: Pixels) -> str:
    """Hexadecimal SHA-256 of the raw bytes, row by row: the header `X-Pixels-SHA256` of a still."""
    return hashlib.sha256(np.ascontiguousarray(pixels).data).hexdigest()


def _filtered(rows: Pixels, kind: int) -> Pixels:
    """Room for filtered rows: (height, 1 + bytes of a row), the filter's number first."""
    out = np.empty((rows.shape[0], rows.shape[1] + 1), np.uint8)
    out[:, 0] = kind
    return out


def _as_is(rows: Pixels, _step: int) -> Pixels:
    """Filter None."""
    out = _filtered(rows, 0)
    out[:, 1:] = rows
    return out


def _sub(rows: Pixels, step: int) -> Pixels:
    """Filter Sub: the difference to the pixel at the left."""
    out = _filtered(rows, 1)
    out[:, 1 : step + 1] = rows[:, :step]
    np.subtract(rows[:, step:], rows[:, :-step], out=out[:, step + 1 :])
    return out


def _up(rows: Pixels, _step: int) -> Pixels:
    """Filter Up: the difference to the pixel above."""
    out = _filtered(rows, 2)
    out[0, 1:] = rows[0]
    np.subtract(rows[1:], rows[:-1], out=out[1:, 1:])
    return out


Filter = Callable[[Pixels, int], Pixels]
FILTERS: tuple[Filter, ...] = (_sub, _up, _as_is)


def _best_filter(rows: Pixels, step: int) -> Filter:
    """The filter that compresses a sample best; the first of equals."""
    tops = np.linspace(0, max(rows.shape[0] - BAND_ROWS, 0), BANDS).astype(int)
    bands = [rows[top : top + BAND_ROWS] for top in tops]
    return min(FILTERS, key=lambda choice: sum(len(_compress(choice(band, step)[1:])) for band in bands))


def _compress(data: NDArray[Any]) -> bytes:
    return bytes(isal_zlib.compress(np.ascontiguousarray(data).data, COMPRESSION_LEVEL))


def _chunk(kind: bytes, data: bytes) -> bytes:
    """A chunk: length, type, data, CRC of type and data."""
    crc = zlib.crc32(data, zlib.crc32(kind))
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", crc)
