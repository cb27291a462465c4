"""The bending of the phantom."""

from __future__ import annotations

import numpy as np
import pytest

from consult.demo.anatomy.bend import bend, bent_grid, unbent


def test_a_grid_is_bent_as_its_points_are() -> None:
    axis = np.asarray((np.arange(512) - 255.5) * 0.75, np.float64)
    x, y = bent_grid(axis, axis, -30.0)
    u, v = np.meshgrid(axis, axis)
    dx, dy = bend(u, v, -30.0)
    inner = (slice(16, -16), slice(16, -16))
    assert np.abs(x - u - dx)[inner].max() < 0.15
    assert np.abs(y - v - dy)[inner].max() < 0.15


def test_bending_moves_little_and_never_folds() -> None:
    u, v = np.meshgrid(np.linspace(-190, 190, 400), np.linspace(-190, 190, 400))
    dx, dy = bend(u, v, 10.0)
    assert max(np.abs(dx).max(), np.abs(dy).max()) < 4.5
    assert np.diff(u + dx, axis=1).min() > 0.0


def test_unbent_is_where_a_point_is_painted() -> None:
    point = (25.0, 31.0, -30.0)
    x, y, z = unbent(point)
    dx, dy = bend(np.asarray(x), np.asarray(y), z)
    assert (x + float(dx), y + float(dy), z) == pytest.approx(point, abs=1e-6)
