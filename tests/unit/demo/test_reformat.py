"""Coronal images and the scout."""

from __future__ import annotations

import numpy as np
import pytest

from consult.demo.reformat import coronal, scout


def test_a_coronal_image_is_the_mean_of_its_rows_head_up_with_square_pixels() -> None:
    volume = np.zeros((11, 40, 20), np.int16)
    volume += (np.arange(11) * 100).astype(np.int16)[:, None, None]
    volume[:, 8:12, 3] += np.array([0, 10, 20, 30], np.int16)
    image = coronal(volume, 8, 2.0)
    assert image.shape == (round(10 * 2.0 / 0.75) + 1, 20)
    assert image[0, 0] == 1000.0
    assert image[0, 3] == 1015.0
    assert image[8, 0] == pytest.approx(1000.0 - 8 * 0.75 / 2.0 * 100, abs=0.1)


def test_a_scout_shows_dense_things_bright_and_the_head_up() -> None:
    volume = np.full((30, 40, 40), -1000, np.int16)
    volume[:, 10:30, 10:30] = 0
    volume[20:, 15:25, 15:25] = 1000
    image = scout(volume, 2.0)
    assert image.shape == (60, 30)
    assert image[5, 15] > image[50, 15] > image[50, 1]
