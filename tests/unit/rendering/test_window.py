"""Windows by the standard's own formulas."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import numpy as np
import pytest

from consult.model.image import Image
from consult.model.view import Window
from consult.rendering.window import apply_window, default_window
from tests.support.stack_reference import standard_grey

EVERY_INT16 = np.arange(-32768, 32768).astype(np.int16).reshape(256, 256)


@pytest.mark.parametrize("function", ["LINEAR", "LINEAR_EXACT", "SIGMOID"])
@pytest.mark.parametrize("window", [(40, 400), (-600, 1500), (0.3, 2), (10000, 1), (7, 0.25)])
@pytest.mark.parametrize("rescale", [(1.0, -1024.0), (-0.5, 3.25), (0.0037, 0.0)])
def test_every_stored_value_is_within_a_grey_of_the_standard(function: Any, window: Any, rescale: Any) -> None:
    image, window = Image(EVERY_INT16, rescale[0], rescale[1], voi_function=function), Window(*window)
    wanted = standard_grey(EVERY_INT16.astype(np.float64) * rescale[0] + rescale[1], window, function)
    assert np.abs(apply_window(image, window) - wanted).max() <= 0.51


def test_the_standards_examples() -> None:
    """PS3.3 C.11.2.1.2.1, Note 3 and 4: what the ends of a window are."""
    values = np.arange(-2, 4099).astype(np.int16)[None, :]
    grey = apply_window(Image(values), Window(2048, 4096))[0]
    assert (grey[values[0] <= 0].max(), grey[values[0] >= 4095].min()) == (0, 255)
    grey = apply_window(Image(values), Window(2048, 1))[0]
    assert grey[values[0] <= 2047].max() == 0
    assert grey[values[0] >= 2048].min() == 255


def test_a_width_of_one_is_a_step_just_above_center_minus_a_half() -> None:
    image = Image(np.array([[99.5, 99.52, 99.49]], np.float32))
    assert apply_window(image, Window(100.0, 1.0)).tolist() == [[0, 255, 0]]


def test_monochrome1_and_invert_cancel() -> None:
    plain = apply_window(Image(EVERY_INT16), Window(40, 400))
    assert np.array_equal(apply_window(Image(EVERY_INT16, inverted=True), Window(40, 400)), 255 - plain)
    assert np.array_equal(apply_window(Image(EVERY_INT16), Window(40, 400), invert=True), 255 - plain)
    assert np.array_equal(apply_window(Image(EVERY_INT16, inverted=True), Window(40, 400), invert=True), plain)


def test_a_slope_of_zero_is_one_grey() -> None:
    grey = apply_window(
        Image(EVERY_INT16, slope=0.0, intercept=140.0),
        Window(
            40,
            401,
        ),
    )
    assert np.unique(grey).tolist() == [int(standard_grey(np.array(140.0), Window(40, 401)) + 0.5)]


def test_an_8_bit_signed_image() -> None:
    values = np.arange(-128, 128).astype(np.int8).reshape(1, 256)
    assert np.abs(apply_window(Image(values), Window(0, 256))[0] - np.arange(256)).max() <= 1


def test_colour_has_no_window() -> None:
    image = Image(np.zeros((2, 2, 3), np.uint8))
    with pytest.raises(ValueError, match="colour"):
        apply_window(image, Window(0, 1))
    with pytest.raises(ValueError, match="colour"):
        default_window(image)


def test_default_window_leaves_out_the_last_hundredth() -> None:
    values = np.full((100, 100), 100, np.uint16)
    values[:50] = 300
    values[0, :10] = 65535
    window = default_window(Image(values, slope=2.0, intercept=-10.0))
    assert (window.center, window.width) == (390.5, 401.0)
    ends = apply_window(Image(values, slope=2.0, intercept=-10.0), window)
    assert (ends[60, 0], ends[20, 0]) == (0, 255)


def test_default_window_of_odd_images() -> None:
    assert default_window(Image(np.full((3, 3), 7, np.int16))) == Window(7.5, 1.0)
    assert default_window(Image(np.full((3, 3), np.nan, np.float32))) == Window(0.5, 1.0)
    sparse = np.zeros((100, 100), np.int16)
    sparse[3, 3] = 50
    assert default_window(Image(sparse)).width == 51.0
    small = np.linspace(0.0, 1e-3, 100, dtype=np.float32).reshape(10, 10)
    assert default_window(Image(small)).width == pytest.approx(0.98e-3, rel=0.01)
    assert default_window(Image(np.array([[1e30, -1e30]], np.float64))).width == 1e9


def test_the_window_starts_without_a_compiler() -> None:
    code = "import sys, consult.rendering.window; sys.exit('numba' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
