"""Bones and organs, as solids."""

from __future__ import annotations

import numpy as np

from consult.demo.anatomy import organs, paint, skeleton, tissue


def test_ribs_lie_outside_the_pleura() -> None:
    rows = np.array(skeleton.ribs())
    shaft = rows[(np.abs(rows[:, paint.X1]) > 60) & (rows[:, paint.HU] > 600)]
    for row in shaft[::7]:
        x, y, z = row[paint.X1 : paint.Z1 + 1]
        size = tissue.sizes(float(z))
        assert tissue.squarish(float(x), float(y - size[6]), float(size[4]), float(size[5])) > 0.0


def test_ribs_are_mirrored() -> None:
    rows = np.array(skeleton.ribs())
    left, right = rows[rows[:, paint.X1] > 1], rows[rows[:, paint.X1] < -1]
    assert len(left) == len(right)
    assert sorted(left[:, paint.X1].round(6)) == sorted((-right[:, paint.X1]).round(6))


def test_every_vertebra_has_a_body_and_the_canal_goes_through() -> None:
    rows = np.array(skeleton.spine())
    bodies = rows[(rows[:, paint.KIND] == paint.ELLIPSOID) & (rows[:, paint.RIM] > 0)]
    assert np.allclose(np.diff(np.sort(bodies[:, paint.Z0])), skeleton.VERTEBRA_MM)
    canal = rows[rows[:, paint.HU] == skeleton.CORD_HU]
    assert (canal[0, paint.Z_LOW], canal[0, paint.Z_HIGH]) < (-250, 100)


def test_the_aorta_is_one_chain_within_its_wall() -> None:
    rows = np.array(organs.vessels())
    lumen = rows[(rows[:, paint.HU] == organs.AORTA_HU) & (rows[:, paint.R0] > 7.5)]
    assert np.array_equal(lumen[1:, paint.X0 : paint.Z0 + 1], lumen[:-1, paint.X1 : paint.Z1 + 1])
    assert lumen[:, paint.Z0].max() > 30 > -300 > lumen[:, paint.Z1].min()


def test_organs_of_the_belly_stay_in_it() -> None:
    assert {int(row[paint.WHERE]) for row in organs.abdomen()} == {paint.ABDOMEN}


def test_gas_in_the_stomach_stands_in_front_of_the_fluid() -> None:
    gas = [row for row in organs.abdomen() if row[paint.HU] == organs.LUMEN_AIR_HU and row[paint.LEVEL] < 0]
    assert len(gas) == 2


def test_chambers_and_airways() -> None:
    heart = np.array(organs.heart())
    assert (heart[:, paint.HU] > 200).sum() > 10
    airways = np.array(organs.airways_and_gullet())
    assert (airways[:, paint.HU] == organs.LUMEN_AIR_HU).sum() > 30


def test_soft_parts_outside_the_cage() -> None:
    assert {int(row[paint.WHERE]) for row in skeleton.muscles()} == {paint.BODY}
    assert len(skeleton.breasts()) > 100
    assert len(skeleton.front_and_shoulders()) > 100
