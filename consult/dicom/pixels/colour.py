"""Colour samples to 8-bit RGB (PS3.3 C.7.6.3.1.2)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from consult.dicom.pixels.lookup import LookupTable, Palette

TO_RGB = np.array([[1.0, 1.0, 1.0], [0.0, -0.344136286, 1.772], [1.402, -0.714136286, 0.0]], np.float32)
"""(Y, Cb - 128, Cr - 128) to (R, G, B): the inverse of PS3.3 C.7.6.3.1.2's YBR_FULL."""

BLOCK_ROWS = 128
"""Rows that are converted at once: what is computed in between stays small beside the image."""


def eight_bits(samples: NDArray[Any], bits: int) -> NDArray[np.uint8]:
    """The upper eight of a sample's bits."""
    return (samples >> max(bits - 8, 0)).astype(np.uint8)


def ybr_to_rgb(ybr: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """(rows, columns, 3) YBR_FULL to RGB, rounded."""
    rgb = np.empty(ybr.shape, np.uint8)
    for start in range(0, len(ybr), BLOCK_ROWS):
        centred = ybr[start : start + BLOCK_ROWS].astype(np.float32)
        centred[..., 1:] -= np.float32(128.0)
        block: NDArray[np.float32] = centred @ TO_RGB + np.float32(0.5)
        rgb[start : start + BLOCK_ROWS] = np.clip(block, 0.0, 255.0)
    return rgb


def spread_chroma(samples: NDArray[Any], rows: int, columns: int) -> NDArray[Any]:
    """Native YBR_FULL_422 (Y Y Cb Cr for every two pixels, PS3.3 C.7.6.3.1.2) to (rows, columns, 3)."""
    pairs = samples.reshape(-1, 4)
    out = np.empty((rows * columns, 3), samples.dtype)
    odd = len(out) // 2
    out[0::2, 0], out[1::2, 0] = pairs[:, 0], pairs[:odd, 1]
    for channel in (1, 2):
        out[0::2, channel], out[1::2, channel] = pairs[:, channel + 1], pairs[:odd, channel + 1]
    return out.reshape(rows, columns, 3)


def paint_by_palette(stored: NDArray[Any], tables: Palette) -> NDArray[np.uint8]:
    """(rows, columns) stored values to (rows, columns, 3) RGB."""
    return np.dstack([eight_bit_table(table).apply(stored) for table in tables])


def eight_bit_table(table: LookupTable) -> LookupTable:
    """Entries of 16 bits by their upper eight, but where a table of 16 bits holds 8-bit entries, those."""
    entries = table.entries
    if table.bits > 8 and entries.max(initial=0) > 255:
        entries = entries >> 8
    return LookupTable(entries.astype(np.uint8), table.first, 8)
