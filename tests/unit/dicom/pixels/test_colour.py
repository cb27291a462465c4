"""Colour samples to RGB."""

from __future__ import annotations

import numpy as np

from consult.dicom.pixels.colour import (
    BLOCK_ROWS,
    eight_bit_table,
    eight_bits,
    paint_by_palette,
    spread_chroma,
    ybr_to_rgb,
)
from consult.dicom.pixels.lookup import LookupTable


def test_ybr_full_is_the_inverse_of_the_standards_equations() -> None:
    rgb = np.random.default_rng(1).integers(0, 256, (50, 50, 3)).astype(np.float64)
    forward = np.array([[0.299, 0.587, 0.114], [-0.168736, -0.331264, 0.5], [0.5, -0.418688, -0.081312]])
    ybr = np.clip(np.round(rgb @ forward.T + [0, 128, 128]), 0, 255).astype(np.uint8)
    assert np.abs(ybr_to_rgb(ybr).astype(int) - rgb).max() <= 2


def test_large_images_are_converted_in_blocks_to_the_same_values() -> None:
    ybr = np.random.default_rng(2).integers(0, 256, (2 * BLOCK_ROWS + 7, 5, 3)).astype(np.uint8)
    rows = [ybr_to_rgb(row[np.newaxis]) for row in ybr]
    assert np.array_equal(ybr_to_rgb(ybr), np.concatenate(rows))


def test_greys_stay_grey() -> None:
    ybr = np.dstack([np.arange(256, dtype=np.uint8).reshape(16, 16), np.full((16, 16, 2), 128, np.uint8)])
    assert np.array_equal(ybr_to_rgb(ybr), np.repeat(ybr[..., :1], 3, axis=2))


def test_chroma_is_shared_by_two_pixels() -> None:
    samples = np.array([1, 2, 50, 60, 3, 4, 70, 80], np.uint8)
    spread = spread_chroma(samples, 1, 4)
    assert spread.tolist() == [[[1, 50, 60], [2, 50, 60], [3, 70, 80], [4, 70, 80]]]


def test_the_upper_eight_bits() -> None:
    assert eight_bits(np.array([0x0FFF, 0x0100], np.uint16), 12).tolist() == [255, 16]
    assert eight_bits(np.array([7], np.uint8), 8).tolist() == [7]


def test_a_palette_paints() -> None:
    tables = [LookupTable(np.array([k, 256 * k], np.uint16), 0, 16) for k in (1, 2, 3)]
    painted = paint_by_palette(np.array([[0, 1]]), (tables[0], tables[1], tables[2]))
    assert painted.tolist() == [[[0, 0, 0], [1, 2, 3]]]


def test_entries_of_8_bits_in_a_table_of_16() -> None:
    assert eight_bit_table(LookupTable(np.array([0, 255], np.uint16), 0, 16)).entries.tolist() == [0, 255]
