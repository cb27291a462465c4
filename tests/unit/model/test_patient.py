"""Patients in words, by the same examples as the page's: tests/patients.json, tests/study-labels.json."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from consult.model.catalogue import Patient, Study
from consult.model.identifiers import StudyKey
from consult.model.patient import count_patients, format_date, identity_line, namesakes, person_name
from consult.model.study_role import is_prior

TESTS = Path(__file__).parents[2]
EXAMPLES: dict[str, Any] = json.loads((TESTS / "patients.json").read_text(encoding="utf-8"))
LABELS: list[dict[str, Any]] = json.loads((TESTS / "study-labels.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("value", "words"), EXAMPLES["names"])
def test_names_are_written_in_natural_order_and_script(value: str, words: str) -> None:
    assert person_name(value) == words


@pytest.mark.parametrize(("iso", "words"), EXAMPLES["dates"])
def test_birth_dates_are_written_with_the_months_name(iso: str, words: str) -> None:
    assert format_date(iso) == words


@pytest.mark.parametrize(("patient", "n", "of", "line"), EXAMPLES["identities"])
def test_an_identity_is_one_line(patient: dict[str, Any], n: int, of: int, line: str) -> None:
    assert identity_line(Patient(**patient), n, of) == line


@pytest.mark.parametrize("example", EXAMPLES["namesakes"], ids=lambda e: e["why"])
def test_patients_are_counted_and_told_apart(example: dict[str, Any]) -> None:
    patients = [Patient(**patient) for patient in example["patients"]]
    assert count_patients(patients) == example["count"]
    note = example["note"]
    notes = note if isinstance(note, list) else [note] * len(patients)
    assert [namesakes(patient, patients) for patient in patients] == notes


@pytest.mark.parametrize("example", LABELS, ids=lambda e: e["why"])
def test_priors_are_of_an_earlier_day_than_the_newest(example: dict[str, Any]) -> None:
    studies = [Study(StudyKey(f"k{i}"), "", date, time) for i, (date, time) in enumerate(example["studies"])]
    assert [is_prior(s, studies) for s in studies] == [label.startswith("PRIOR") for label in example["labels"]]
