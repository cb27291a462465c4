"""Whom of those that the provider knows this server lets in."""

from __future__ import annotations

from typing import Any

import pytest

from consult.access.oidc.admission import Admission, full_name_of, verified_email
from consult.model.errors import Refused

ANNA = {"sub": "1", "email": "Anna@Clinic.example", "email_verified": True, "groups": ["staff", "radiology"]}


@pytest.mark.parametrize(
    "admission",
    [
        Admission(emails=frozenset({"anna@clinic.example"})),
        Admission(emails=frozenset({"@clinic.example"})),
        Admission(emails=frozenset({"*"})),
        Admission(groups=frozenset({"radiology"})),
        Admission(emails=frozenset({"other@x"}), groups=frozenset({"radiology"})),
        Admission(groups=frozenset({"1"}), groups_claim="sub"),
    ],
)
def test_by_email_or_by_group(admission: Admission) -> None:
    admission.check(ANNA)


@pytest.mark.parametrize(
    ("admission", "claims"),
    [
        (Admission(), ANNA),
        (Admission(emails=frozenset({"@clinic.example"})), {**ANNA, "email_verified": False}),
        (Admission(emails=frozenset({"@clinic.example"})), {"sub": "1", "email": "anna@clinic.example"}),
        (Admission(emails=frozenset({"@clinic.example"})), {**ANNA, "email_verified": "true"}),
        (Admission(emails=frozenset({"@clinic.example"})), {**ANNA, "email": "anna@evil.clinic.example"}),
        (Admission(emails=frozenset({"@clinic.example"})), {**ANNA, "email": 5}),
        (Admission(groups=frozenset({"radiology"})), {"sub": "1", "groups": "radiology and more"}),
        (Admission(groups=frozenset({"radiology"})), {"sub": "1", "groups": [["radiology"]]}),
        (Admission(groups=frozenset({"radiology"})), {"sub": "1"}),
    ],
)
def test_an_address_counts_once_it_is_verified_and_nothing_that_only_looks_alike(
    admission: Admission, claims: dict[str, Any]
) -> None:
    with pytest.raises(Refused, match="may not host here"):
        admission.check(claims)


def test_the_name_is_that_of_the_claims_as_people_may_read_it() -> None:
    assert full_name_of({"name": "Dr. Anna\u202e Berg\n", "sub": "1"}) == "Dr. Anna Berg"
    assert full_name_of({"given_name": "Anna", "family_name": "Berg", "sub": "1"}) == "Anna Berg"
    assert full_name_of({"preferred_username": "aberg", "sub": "1"}) == "aberg"
    assert full_name_of({"name": 5, "sub": "s-1"}) == "s-1"
    assert verified_email(ANNA) == "anna@clinic.example"
