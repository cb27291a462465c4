"""Solids: their edges, their order, what limits them."""

from __future__ import annotations

import math

import numpy as np
import pytest

from consult.demo.anatomy.paint import AIR, BODY, F32, F64, LUNG, Slice, paint
from consult.demo.anatomy.solids import ellipsoid, path, tube

AXIS: F64 = np.asarray((np.arange(120) - 59.5) * 0.75, np.float64)


def canvas(z: float = 0.0, bend: float = 0.0) -> Slice:
    """Empty, all of it body; bent coordinates are `bend` mm to the left."""
    x, y = np.meshgrid(AXIS, AXIS)
    label = np.full(x.shape, BODY, np.uint8)
    bent: F32 = (x + bend).astype(np.float32)
    return Slice(np.zeros(x.shape, np.float32), label, bent, y.astype(np.float32), AXIS, AXIS, z)


def area(sheet: Slice, hu: float) -> float:
    """mm² painted, partly covered pixels by their share."""
    return float(sheet.hu.sum() / hu * 0.75**2)


@pytest.mark.parametrize("z", [0.0, 6.0, 9.5])
def test_an_ellipsoid_covers_its_cross_section(z: float) -> None:
    sheet = canvas(z)
    paint(sheet, np.array([ellipsoid((3.3, -2.2, 0.0), (20.0, 12.0, 10.0), 100.0, turn=30.0)]))
    assert area(sheet, 100.0) == pytest.approx(np.pi * 20 * 12 * (1 - (z / 10) ** 2), rel=0.02)


def test_a_tube_covers_its_cross_section_and_ends() -> None:
    row = tube((0, 0, -30), (0, 0, 30), (6.0, 9.0), 100.0)
    for z, radius in ((0.0, 7.5), (35.0, math.sqrt(9.0**2 - 5.0**2)), (38.6, math.sqrt(9.0**2 - 8.6**2)), (45.0, 0.0)):
        sheet = canvas(z)
        paint(sheet, np.array([row]))
        assert area(sheet, 100.0) == pytest.approx(np.pi * radius**2, rel=0.06), z


def test_a_wall_lies_within_the_radii() -> None:
    sheet = canvas()
    paint(sheet, np.array([ellipsoid((0, 0, 0), (20, 20, 20), 10.0, rim=(4.0, 200.0))]))
    row = sheet.hu[60]
    assert row[60] == 10.0
    assert row[60 + 24] == 200.0
    assert row[60 + 28] == 0.0
    tubes = canvas()
    paint(tubes, np.array(path([(-30, 0, 0), (0, 5, 0), (30, 0, 0)], [8, 8, 8], -900.0, wall=(2.0, 40.0))))
    column = tubes.hu[:, 60]
    assert column.min() == -900.0
    assert np.all(np.diff(np.flatnonzero(column == -900.0)) == 1)
    assert column.max() == pytest.approx(40.0)


def test_labels_limit_solids_and_later_ones_cover_earlier_ones() -> None:
    sheet = canvas()
    sheet.label[:, :60] = LUNG
    first = ellipsoid((0, 0, 0), (30, 30, 30), 100.0, where=LUNG | AIR)
    paint(sheet, np.array([first, ellipsoid((-20, 0, 0), (4, 4, 4), 7.0)]))
    assert sheet.hu[60, 62:].max() == 0.0
    assert sheet.hu[60, 50] == 100.0
    assert sheet.hu[60, 33] == 7.0


def test_what_is_straight_is_not_bent() -> None:
    bent = canvas(bend=6.0)
    paint(bent, np.array([ellipsoid((0, 0, 0), (5, 5, 5), 100.0)]))
    straight = canvas(bend=6.0)
    paint(straight, np.array([ellipsoid((0, 0, 0), (5, 5, 5), 100.0, straight=True)]))
    centres = [float((sheet.hu.sum(axis=0) * AXIS).sum() / sheet.hu.sum()) for sheet in (bent, straight)]
    assert centres == pytest.approx([-6.0, 0.0], abs=0.05)


def test_a_level_cuts_what_lies_behind_it() -> None:
    sheet = canvas()
    paint(sheet, np.array([ellipsoid((0, 0, 0), (20, 20, 20), 100.0, level=-5.0)]))
    assert sheet.hu[AXIS > -5.0].max() == 0.0
    assert sheet.hu[AXIS < -6.0].max() == 100.0
