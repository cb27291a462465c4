"""A node believes another of the same key, for one request to itself, and nobody else."""

from __future__ import annotations

from typing import Any

import pytest

from consult.access.keys import Keys
from consult.http.bridging.passport import HEADER, arrived, passport_of, signed
from consult.http.bridging.places import NEW, place_of
from consult.store.leases import HOUSE

KEYS = Keys(b"k" * 32)


def scope(**changes: Any) -> dict[str, Any]:
    """A request of a browser, as the first node has it."""
    asked = {
        "type": "http", "method": "GET", "path": "/seat/s/", "raw_path": b"/seat/s/", "query_string": b"a=1",
        "client": ("203.0.113.9", 4711), "scheme": "https", "headers": [(b"host", b"consult.example"), (b"x", b"1")],
    }  # fmt: skip
    return asked | changes


def passed_on(first: dict[str, Any], keys: Keys = KEYS, to: str = "b1", **changes: Any) -> dict[str, Any]:
    """The same request as the second node has it."""
    proof = signed(passport_of(first, to), keys)
    headers = [(b"host", b"10.0.0.2:8000"), (b"x", b"1"), (HEADER, proof.encode())]
    return {**first, "client": ("10.0.0.1", 999), "scheme": "http", "headers": headers, **changes}


def test_the_browser_s_address_scheme_and_host_come_along() -> None:
    found = arrived(passed_on(scope()), "b1", KEYS)
    assert found is not None
    assert (found["client"], found["scheme"]) == (("203.0.113.9", 4711), "https")
    assert sorted(found["headers"]) == [(b"host", b"consult.example"), (b"x", b"1")]


@pytest.mark.parametrize(
    "spoiled",
    [
        passed_on(scope(), Keys(b"j" * 32)),
        passed_on(scope(), to="c1"),
        passed_on(scope(), method="POST"),
        passed_on(scope(), path="/api/consults", raw_path=b"/api/consults"),
        passed_on(scope(), query_string=b"a=2"),
        passed_on(scope(), headers=[(HEADER, b"e30=.x")]),
        passed_on(scope(), headers=[(HEADER, b"no passport")]),
        scope(),
    ],
    ids=["another key", "another node", "method", "path", "query", "forged", "no passport", "none"],
)
def test_what_is_not_right_is_believed_nothing(spoiled: dict[str, Any]) -> None:
    assert arrived(spoiled, "b1", KEYS) is None


@pytest.mark.parametrize(
    ("method", "path", "place"),
    [
        ("GET", "/", ""),
        ("GET", "/api/consults", ""),
        ("POST", "/api/consults", NEW),
        ("GET", "/api/consults/c-1/notes", "c-1"),
        ("POST", "/api/consults/import", ""),
        ("GET", "/join/c-1/i", ""),
        ("POST", "/join/c-1/i/seat", "c-1"),
        ("POST", "/join", HOUSE),
        ("PATCH", "/api/uploads/u/files/1", HOUSE),
        ("GET", "/api/studies", ""),
        ("GET", "/static/v9/js/app.js", "@static/v9"),
        ("GET", "/seat/s-1/stills/d", "c-7"),
        ("GET", "/seat/s-2/", ""),
    ],
)
def test_whose_matter_a_request_is(method: str, path: str, place: str) -> None:
    headers = [(b"cookie", b"a=b; consult-s-1=c-7.secret")]
    assert place_of(scope(method=method, path=path, headers=headers)) == place
