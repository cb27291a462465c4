"""Who, when, where: fixed."""

from __future__ import annotations

import math

from consult.demo.demo_studies import BOARD_PATIENT_IDS, PATIENT_ID
from consult.demo.studies import ANNA, BOARD_STUDIES, CURRENT, PRIOR, truth, uid


def test_uids_are_valid_and_always_the_same() -> None:
    assert uid("current") == uid("current") != uid("prior")
    for name in range(200):
        value = uid(name)
        assert value.startswith("2.25.")
        assert len(value) <= 64
        assert not value[5:].startswith("0")
        assert int(value[5:]) < 2**128


def test_the_patient_lies_four_millimetres_elsewhere_at_another_table_position() -> None:
    dx, dy, dz = truth().prior_minus_current
    assert math.isclose(math.hypot(dx, dy), 4.0)
    assert dz == PRIOR.table_mm - CURRENT.table_mm != 0.0


def test_the_same_nodule_is_known_in_both_frames() -> None:
    known = truth()
    moved = tuple(a + b for a, b in zip(known.nodule_centre["current"], known.prior_minus_current, strict=True))
    assert all(math.isclose(a, b) for a, b in zip(moved, known.nodule_centre["prior"], strict=True))
    assert known.nodule_mm == {"current": 22.0, "prior": 14.0}


def test_the_boards_other_patients_are_three_of_whom_two_have_one_name() -> None:
    patients = [study.patient for study in BOARD_STUDIES]
    assert ANNA.id == PATIENT_ID
    assert tuple(patient.id for patient in patients) == BOARD_PATIENT_IDS
    assert patients[1].name == patients[2].name
    assert patients[1].birth_date != patients[2].birth_date
    assert len({uid(study.name) for study in (CURRENT, PRIOR, *BOARD_STUDIES)}) == 5
