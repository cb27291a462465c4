"""Curves through points."""

from __future__ import annotations

import numpy as np

from consult.demo.anatomy import paint
from consult.demo.anatomy.solids import Point, ellipsoid, path, smooth

POINTS: list[Point] = [(0, 0, 0), (10, 0, 0), (10, 10, 5), (0, 20, 9)]


def test_a_smooth_curve_goes_through_its_points() -> None:
    curve = smooth(POINTS, parts=4)
    assert np.allclose(curve[::4], np.asarray(POINTS, float))
    assert np.linalg.norm(np.diff(curve, axis=0), axis=1).max() < 5.0


def test_a_path_is_one_chain_with_the_radii_asked_for() -> None:
    rows = np.array(path(POINTS, [4, 3, 2, 1], 50.0))
    assert np.array_equal(rows[1:, paint.X0 : paint.Z0 + 1], rows[:-1, paint.X1 : paint.Z1 + 1])
    assert rows[0, paint.R0] == 4.0
    assert rows[-1, paint.R1] == 1.0


def test_walls_come_before_every_inside() -> None:
    rows = np.array(path(POINTS, [4, 4, 4, 4], -900.0, wall=(1.0, 40.0)))
    half = len(rows) // 2
    assert set(rows[:half, paint.HU]) == {40.0}
    assert set(rows[half:, paint.HU]) == {-900.0}
    assert set(rows[half:, paint.R0]) == {3.0}


def test_reach_holds_a_turned_box() -> None:
    row = ellipsoid((0, 0, 0), (10, 6, 4), 1.0, power=4.0, turn=45.0)
    assert row[paint.REACH] >= np.hypot(10, 6)
    assert (row[paint.Z_LOW], row[paint.Z_HIGH]) == (-5.0, 5.0)
