"""Stored values become modality units by slope and intercept."""

from __future__ import annotations

import numpy as np

from consult.model.image import Image


def test_values_are_rescaled_stored_values() -> None:
    image = Image(np.array([[0, 1000]], np.uint16), slope=2.0, intercept=-1024.0)
    assert image.values().tolist() == [[-1024.0, 976.0]]
    assert image.values().dtype == np.float32
    assert not image.colour
    assert Image(np.zeros((2, 2, 3), np.uint8)).colour
