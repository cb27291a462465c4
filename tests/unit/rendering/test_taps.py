"""Weights of the upright axes."""

from __future__ import annotations

import numpy as np
import pytest

from consult.rendering.taps import taps
from tests.support.stack_reference import box_weights


@pytest.mark.parametrize("length", [1, 2, 3, 40])
@pytest.mark.parametrize("step", [0.2, 1.0, 1.0001, 1.9, 2.0, 3.5, 90.0, -0.7, -2.5])
def test_weights_are_overlaps_of_boxes(length: int, step: float) -> None:
    origin = -3.3 if step > 0 else length + 3.0
    axis = taps(origin, step, 60, length)
    dense = np.zeros((60, length))
    for tap in range(axis.weights.shape[0]):
        np.add.at(dense, (np.arange(60), np.minimum(axis.start + tap, length - 1)), axis.weights[tap])
    centre = origin + np.arange(60) * step
    inside = np.flatnonzero((centre >= -0.5) & (centre < length - 0.5))
    assert np.all(axis.start >= 0)
    assert np.all(axis.start + axis.weights.shape[0] <= length)
    assert (axis.first, axis.last) == ((inside[0], inside[-1] + 1) if inside.size else (0, 0))
    assert np.abs(dense - box_weights(centre, step, length))[inside].max(initial=0.0) < 1e-7


def test_at_whole_positions_one_pixel_has_all_the_weight() -> None:
    axis = taps(-4.0, 1.0, 30, 20)
    assert set(np.unique(axis.weights)) == {0.0, 1.0}


def test_a_step_that_no_image_has_is_a_box_over_all_of_it() -> None:
    """A spacing of 1e-30 mm: the boxes are counted before they are walked."""
    for step in (1e3, 1e26, 1e300):
        found = taps(-0.4, step, 4, 8)
        assert found.weights.shape == (8, 4)
        assert np.isfinite(found.weights).all()
