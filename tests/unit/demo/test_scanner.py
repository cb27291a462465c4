"""Blur, noise and stored values; derived images."""

from __future__ import annotations

import numpy as np
import pytest

from consult.demo.anatomy.paint import F32
from consult.demo.anatomy.phantom import OUTSIDE_HU, SIZE
from consult.demo.scanner import LUNG, NOISE_HU, SOFT, Kernel, Noise, acquire, stored


def disc() -> F32:
    """Water of 300 mm in air."""
    radius = np.hypot(*np.meshgrid(*[(np.arange(SIZE) - 255.5) * 0.75] * 2))
    hu = np.where(radius < 150, 0.0, -1000.0).astype(np.float32)
    hu[radius > 190] = OUTSIDE_HU
    return hu


@pytest.mark.parametrize(("kernel", "noise"), [(SOFT, NOISE_HU * 2**0.5), (LUNG, NOISE_HU * 2.4)], ids=["soft", "lung"])
def test_noise_is_as_strong_as_said_and_keeps_the_mean(kernel: Kernel, noise: float) -> None:
    hu = acquire(disc(), kernel, Noise(kernel, 1), (1, 2), 0.0)
    middle = hu[206:306, 206:306]
    assert middle.std() == pytest.approx(noise, rel=0.2)
    assert middle.mean() == pytest.approx(0.0, abs=1.5)


def test_noise_is_correlated_and_always_the_same() -> None:
    noise = Noise(SOFT, 1)
    cut = noise.cut((4, 5))
    assert np.array_equal(cut, Noise(SOFT, 1).cut((4, 5)))
    assert not np.array_equal(cut, noise.cut((4, 6)))
    assert np.corrcoef(cut[:, :-1].ravel(), cut[:, 1:].ravel())[0, 1] > 0.5


def test_outside_the_field_of_view_there_is_no_noise() -> None:
    hu = acquire(disc(), SOFT, Noise(SOFT, 1), (1, 2), 90.0)
    assert np.all(hu[disc() == OUTSIDE_HU] == OUTSIDE_HU)


def test_stored_values_fit_twelve_bits() -> None:
    hu = np.array([[-2000.0, -1024.0, 0.4, 3071.0, 9999.0]], np.float32)
    assert stored(hu).tolist() == [[0, 0, 1024, 4095, 4095]]
