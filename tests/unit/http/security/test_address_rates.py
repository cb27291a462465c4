"""How often one address may ask."""

from __future__ import annotations

import pytest

from consult.http.security.address_rates import MAX_KNOWN, AddressRates
from consult.http.security.rationing import kind_of
from consult.model.rates import RateLimit
from consult.sessions.features.rates import JOINS, OF_ADDRESS, SEATS

HERE, THERE = "192.0.2.1", "192.0.2.2"


def test_so_many_at_once_and_then_so_many_a_second_of_each_kind_and_address() -> None:
    rates = AddressRates({"pages": RateLimit(2, 3), "files": RateLimit(2, 3)})
    assert [rates.take(HERE, "pages", 0.0) for _ in range(4)] == [0.0, 0.0, 0.0, 0.5]
    assert rates.take(HERE, "files", 0.0) == rates.take(THERE, "pages", 0.0) == 0.0
    assert rates.take(HERE, "pages", 0.5) == 0.0
    assert rates.take(HERE, "pages", 0.5) == 0.5


def test_only_so_many_addresses_are_remembered_those_that_asked_last() -> None:
    rates = AddressRates({"pages": RateLimit(1, 1)})
    for number in range(2 * MAX_KNOWN):
        rates.take(f"n{number}", "pages", 0.0)
        assert rates.take("loud", "pages", 0.0) == (0.0 if number == 0 else 1.0)
    assert len(rates._buckets) <= MAX_KNOWN


def test_an_address_of_ipv6_is_a_subnet() -> None:
    rates = AddressRates({"pages": RateLimit(1, 1)})
    assert [rates.take(f"2001:db8::{n}", "pages", 0.0) for n in (1, 2)] == [0.0, 1.0]


@pytest.mark.parametrize(
    ("method", "path", "kind"),
    [
        ("GET", "/", "pages"),
        ("GET", "/join/c/i", "pages"),
        ("GET", "/nothing/here", "pages"),
        ("POST", "/join/c/i", "joining"),
        ("POST", "/join/c/i/seat", "joining"),
        ("GET", "/static/v/js/a.js", "files"),
        ("GET", "/readyz", "files"),
        ("GET", "/seat/s/stills/d", ""),
        ("PATCH", "/api/uploads/u/files/1", ""),
    ],
)
def test_what_is_asked_for_has_a_kind(method: str, path: str, kind: str) -> None:
    assert kind_of(method, path) == kind


def test_a_hospital_of_50_people_behind_one_address_comes_in_within_a_minute() -> None:
    """Each loads the link's page and its files, asks who invites twice, takes a seat; a third of them twice. By the
    figures, and with all of them in the first second of it."""
    rates = AddressRates()
    asked = {"pages": 2, "files": 40, "joining": 4}
    for _ in range(50):
        assert all(rates.take(HERE, kind, 0.0) == 0.0 for kind, times in asked.items() for _ in range(times))
    assert min(SEATS.burst, JOINS.burst) >= 50


def test_one_address_does_not_use_up_a_link() -> None:
    assert JOINS.per_s > 2 * OF_ADDRESS["joining"].per_s
    assert JOINS.burst >= 2 * OF_ADDRESS["joining"].burst
