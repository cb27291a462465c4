"""How far the kernels are from float64 before any window, in HU."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from consult.rendering import kernels
from consult.rendering.taps import Taps, taps
from tests.support.stack_reference import bilinear, box_weights

LIMIT_HU = 0.005
"""Measured: 0.0005 magnified, minified and slanted, on full-range noise; the design allows 0.1."""
WIDTH, HEIGHT = 211, 160
PIXELS = np.random.default_rng(8).integers(-1024, 3072, (128, 150)).astype(np.int16)
STRAIGHT = (np.float32(0.0), np.float32(1.0), np.float32(0.0), np.int32(0))


def target() -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """Nowhere to draw, and room for levels."""
    return np.zeros((HEIGHT, WIDTH), np.uint8), np.full((HEIGHT, WIDTH), np.nan, np.float32)


def plain(axis: Taps) -> Any:
    """What a kernel takes."""
    return axis.start, axis.weights, axis.first, axis.last


@pytest.mark.parametrize("step", [0.31, -0.77, 1.0])
def test_upright(step: float) -> None:
    columns, rows = taps(3.3 if step > 0 else 140.0, step, WIDTH, 150), taps(-0.2, 0.61, HEIGHT, 128)
    out, levels = target()
    kernels.upright(PIXELS, plain(columns), plain(rows), STRAIGHT, (out, levels))
    across = box_weights((3.3 if step > 0 else 140.0) + np.arange(WIDTH) * step, step, 150)
    wanted = box_weights(-0.2 + np.arange(HEIGHT) * 0.61, 0.61, 128) @ PIXELS @ across.T
    drawn = ~np.isnan(levels)
    assert drawn.sum() == (columns.last - columns.first) * (rows.last - rows.first) > 0
    assert np.abs(levels - wanted)[drawn].max() < LIMIT_HU


@pytest.mark.parametrize("step", [1.3, 2.0, 4.7, -3.21])
def test_upright_small(step: float) -> None:
    origin = 1.7 if step > 0 else 148.0
    columns, rows = taps(origin, step, WIDTH, 150), taps(-0.2, abs(step), HEIGHT, 128)
    out, levels = target()
    kernels.upright_small(PIXELS, plain(columns), plain(rows), STRAIGHT, (out, levels))
    across = box_weights(origin + np.arange(WIDTH) * step, step, 150)
    wanted = box_weights(-0.2 + np.arange(HEIGHT) * abs(step), step, 128) @ PIXELS @ across.T
    drawn = ~np.isnan(levels)
    assert drawn.sum() == (columns.last - columns.first) * (rows.last - rows.first) > 0
    assert np.abs(levels - wanted)[drawn].max() < LIMIT_HU


def test_slanted() -> None:
    mapping = (-20.0, 0.7, 0.33, 5.0, -0.33, 0.7)
    out, levels = target()
    kernels.slanted(PIXELS.astype(np.float32), mapping, (1, 1), STRAIGHT, (out, levels))
    x, y = np.meshgrid(np.arange(WIDTH), np.arange(HEIGHT))
    column, row = mapping[0] + mapping[1] * x + mapping[2] * y, mapping[3] + mapping[4] * x + mapping[5] * y
    inside = (column >= -0.5) & (column < 149.5) & (row >= -0.5) & (row < 127.5)
    assert np.array_equal(~np.isnan(levels), inside)
    assert 0 < inside.sum() < inside.size
    assert np.abs(levels - bilinear(PIXELS, column, row))[inside].max() < LIMIT_HU


def test_a_span_is_what_each_pixel_says_for_itself() -> None:
    rng = np.random.default_rng(5)
    for _ in range(300):
        start, step = rng.uniform(-50, 50), rng.choice([0.0, 1.0, -1.0, rng.uniform(-3, 3), 1e-7])
        first, last = kernels.span(start, step, (-0.5, 19.5), (0, 60))
        each = [x for x in range(60) if -0.5 <= start + x * step < 19.5]
        assert list(range(first, last)) == each, (start, step)


def test_rows_are_cut_rounded_and_inverted() -> None:
    line = np.array([-1e30, -0.6, 0.49, 0.5, 254.49, 254.5, 1e30], np.float32)
    out = np.zeros((2, 9), np.uint8)
    for y, flip in ((0, 0), (1, 255)):
        ramp = (np.float32(0.0), np.float32(1.0), np.float32(0.0), np.int32(flip))
        kernels.draw_row(line, y, (0, 7), ramp, (out, np.empty((0, 9), np.float32)))
    assert out[0].tolist() == [0, 0, 0, 1, 254, 255, 255, 0, 0]
    assert out[1].tolist() == [255, 255, 255, 254, 1, 0, 0, 0, 0]
