"""The phantom: the truth that measurements are held against, and that anatomy is where it belongs."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from consult.demo.anatomy import lesions, organs, skeleton, tissue
from consult.demo.anatomy.lesions import NODULE_CENTRE
from consult.demo.anatomy.paint import F32, FIELDS, HU, LUNG, PIXEL_MM, R0, STRAIGHT, WHERE, Z1
from consult.demo.anatomy.phantom import OUTSIDE_HU, SIZE, Patient, clean_slice, patient
from consult.demo.anatomy.solids import Point
from consult.demo.studies import AORTA_POINT, CURRENT, LIVER_POINT, PRIOR, STUDIES, DemoStudy


@cache
def who(name: str) -> Patient:
    """The phantom at a date."""
    study = next(study for study in STUDIES if study.name == name)
    return patient(study.findings, study.shift)


def pixel(study: DemoStudy, point: Point) -> tuple[int, int]:
    """(row, column) of a phantom point."""
    column, row = ((point[i] + study.shift[i]) / PIXEL_MM + (SIZE - 1) / 2 for i in (0, 1))
    return round(row), round(column)


def around(hu: F32, at: tuple[int, int], half: int) -> F32:
    """A square of pixels."""
    return hu[at[0] - half : at[0] + half + 1, at[1] - half : at[1] + half + 1]


@pytest.mark.parametrize("study", STUDIES, ids=lambda study: study.name)
def test_the_nodule_has_its_diameter_and_place(study: DemoStudy) -> None:
    hu = clean_slice(who(study.name), NODULE_CENTRE[2])
    row, column = pixel(study, NODULE_CENTRE)
    solid = hu[row - 1 : row + 2] > -400.0
    runs = []
    for line in solid:
        left, right = column, column
        while line[left - 1]:
            left -= 1
        while line[right + 1]:
            right += 1
        runs.append((right - left + 1) * PIXEL_MM)
    assert max(runs) == pytest.approx(study.findings.nodule_mm, abs=1.5)
    assert around(hu, (row, column), 5).mean() == pytest.approx(lesions.NODULE_HU, abs=3.0)


@pytest.mark.parametrize("study", STUDIES, ids=lambda study: study.name)
def test_known_densities(study: DemoStudy) -> None:
    aorta = around(clean_slice(who(study.name), AORTA_POINT[2]), pixel(study, AORTA_POINT), 5)
    assert (aorta.min(), aorta.max()) == (organs.AORTA_HU, organs.AORTA_HU)
    liver = around(clean_slice(who(study.name), LIVER_POINT[2]), pixel(study, LIVER_POINT), 8)
    assert np.median(liver) == organs.LIVER_HU
    assert liver.mean() == pytest.approx(organs.LIVER_HU, abs=6.0)


def test_great_vessels_cover_those_of_the_lung() -> None:
    """Vessels and airways of the lung that grow through the aorta or the heart are not seen in them."""
    rows = who("current").solids
    of_lung = np.flatnonzero((rows[:, WHERE] == LUNG) & (rows[:, STRAIGHT] == 0))
    aorta = np.flatnonzero((rows[:, HU] == organs.AORTA_HU) & (rows[:, R0] > 8))
    assert len(of_lung) > 10_000
    assert len(aorta) > 20
    assert of_lung.max() < aorta.min()


def test_a_new_lesion_in_the_liver() -> None:
    z = lesions.METASTASIS_CENTRE[2]
    now = around(clean_slice(who("current"), z), pixel(CURRENT, lesions.METASTASIS_CENTRE), 7)
    before = around(clean_slice(who("prior"), z), pixel(PRIOR, lesions.METASTASIS_CENTRE), 7)
    assert now.mean() == pytest.approx(lesions.METASTASIS_HU, abs=1.0)
    assert before.mean() > organs.LIVER_HU - 1.0


def test_lungs_lie_at_both_sides_of_a_dense_middle() -> None:
    hu = clean_slice(who("current"), 0.0)
    middle, lungs = hu[256, 200:312], (hu[250:262, 130:170], hu[250:262, 350:390])
    assert np.median(middle) > -150
    for lung in lungs:
        assert np.median(lung) == pytest.approx(tissue.LUNG_HU, abs=40)


def test_the_field_of_view_is_a_circle() -> None:
    hu = clean_slice(who("current"), -100.0)
    assert hu[0, 0] == hu[511, 511] == OUTSIDE_HU
    assert hu[30, 256] == tissue.AIR_HU


def test_the_liver_is_on_the_patients_right_and_the_heart_on_the_left() -> None:
    liver = clean_slice(who("current"), -160.0)
    bright = (liver > 80) & (liver < 120)
    assert bright[:, :256].sum() > 3 * bright[:, 256:].sum()
    heart = clean_slice(who("current"), -78.0)
    blood = (heart > 200) & (heart < 260)
    assert blood[150:256, 256:].sum() > 2 * blood[150:256, :256].sum()


def test_bones_come_in_pairs_and_ribs_in_dozens() -> None:
    bones = np.array([*skeleton.ribs(), *skeleton.spine(), *skeleton.front_and_shoulders()])
    assert bones.shape[1] == FIELDS
    hu = clean_slice(who("current"), -60.0)
    dense = hu > 300
    assert dense[:, :256].sum() == pytest.approx(dense[:, 256:].sum(), rel=0.25)
    assert bones[:, Z1].min() < -200


def test_everything_of_a_slice_is_within_twelve_bits() -> None:
    for z in (-240.0, -60.0, 98.0):
        hu = clean_slice(who("prior"), z)
        assert hu.shape == (SIZE, SIZE)
        assert np.isfinite(hu).all()
        assert hu.min() >= -1024
        assert hu.max() <= 3071
