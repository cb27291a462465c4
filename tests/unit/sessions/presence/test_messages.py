"""Messages of presence: where a page may point, and what is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest

from consult.model.errors import Malformed
from consult.model.identifiers import SeriesKey
from consult.sessions.presence.messages import Cursor, Spot
from consult.signaling.codec import decode

SPOT: dict[str, Any] = {"viewport": "a", "series": "s-1", "image": 7, "point": [1.5, -2.0, 300.25]}


def cursor(**changes: object) -> str:
    """A cursor as text, its place changed."""
    return json.dumps({"type": "cursor", "case": 1, "n": 1, "at": SPOT | changes})


def test_a_cursor_is_a_place_in_the_space_of_its_series() -> None:
    assert decode(cursor()) == Cursor(1, 1, Spot("a", SeriesKey("s-1"), 7, (1.5, -2.0, 300.25)))
    assert decode('{"type": "cursor", "case": 1, "n": 2, "at": null}') == Cursor(1, 2)


@pytest.mark.parametrize(
    "changes",
    [
        {"viewport": "A"},
        {"viewport": "aa"},
        {"series": "s" * 201},
        {"image": -1},
        {"image": 1.5},
        {"point": [1.0, 2.0]},
        {"point": [1.0, 2.0, "3"]},
        {"point": [1.0, 2.0, None]},
        {"patient": "DOE^JANE"},
    ],
)
def test_a_place_that_is_none_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(Malformed):
        decode(cursor(**changes))


@pytest.mark.parametrize("number", ["NaN", "Infinity", "1e999"])
def test_a_coordinate_is_a_finite_number(number: str) -> None:
    with pytest.raises(Malformed):
        decode(cursor().replace("300.25", number))
