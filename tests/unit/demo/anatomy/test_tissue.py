"""What fills a slice before organs are painted."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from consult.demo.anatomy import tissue
from consult.demo.anatomy.bend import bent_grid
from consult.demo.anatomy.paint import ABDOMEN, AIR, BODY, F32, F64, LUNG

AXIS: F64 = np.asarray((np.arange(512) - 255.5) * 0.75, np.float64)


def filled(z: float) -> tuple[F32, NDArray[np.uint8]]:
    """(hu, label) of a slice without texture."""
    x, y = bent_grid(AXIS, AXIS, z)
    hu, label = np.empty((512, 512), np.float32), np.empty((512, 512), np.uint8)
    tissue.fill(hu, label, (x, y, z, tissue.sizes(z)), np.zeros((512, 512), np.float32))
    return hu, label


@pytest.mark.parametrize(("z", "litres"), [(80.0, False), (0.0, True), (-60.0, True)])
def test_lungs_are_two_and_fill_the_chest(z: float, litres: bool) -> None:
    _, label = filled(z)
    left, right = (label[:, 256:] == LUNG).sum(), (label[:, :256] == LUNG).sum()
    assert 0.6 < left / right < 1.4
    share = (left + right) / (label != AIR).sum()
    assert (0.25 < share < 0.55) if litres else (0.02 < share < 0.25)


def test_below_the_diaphragm_is_the_belly() -> None:
    _, label = filled(-230.0)
    assert (label == LUNG).sum() == 0
    assert (label == ABDOMEN).sum() > 0.35 * (label != AIR).sum()
    assert tissue.dome(-62.0, -12.0) == pytest.approx(-104.0, abs=5.0)
    assert tissue.dome(-62.0, 80.0) < tissue.dome(-62.0, -12.0) - 40.0


def test_from_outside_in_come_skin_fat_muscle_wall_lung() -> None:
    hu, label = filled(-20.0)
    row = hu[240]
    first = int(np.flatnonzero(label[240] != AIR)[0])
    assert row[first - 3] == tissue.AIR_HU
    assert row[first + 1] == pytest.approx(tissue.SKIN_HU, abs=1)
    assert row[first + 8] == pytest.approx(tissue.FAT_HU, abs=8)
    lung = int(np.flatnonzero(label[240] == LUNG)[0])
    assert row[lung - 8] == pytest.approx(tissue.MUSCLE_HU - 6, abs=8)
    assert row[lung + 20] == pytest.approx(tissue.LUNG_HU, abs=40)


def test_sizes_change_smoothly_with_z() -> None:
    steps = np.diff([tissue.sizes(float(z)) for z in np.arange(-250, 101, 2.0)], axis=0)
    assert np.abs(steps).max() < 4.0
    assert (filled(0.0)[1] == BODY).any()


def test_merge_is_a_union_with_a_fillet() -> None:
    assert tissue.merge(-5.0, 40.0, 8.0) == -5.0
    assert tissue.merge(1.0, 1.0, 8.0) == -1.0
