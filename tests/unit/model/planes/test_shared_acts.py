"""The sequences that the page's twin of the acts is held to are what these acts make."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support.plane_acts import SEQUENCES, TABLE, sequence


def assert_same(one: Any, other: Any) -> None:
    """Equal, numbers within 1e-9."""
    if isinstance(one, dict):
        assert one.keys() == other.keys()
        for key, value in one.items():
            assert_same(value, other[key])
    elif isinstance(one, list):
        assert len(one) == len(other)
        for a, b in zip(one, other, strict=True):
            assert_same(a, b)
    else:
        assert one == (pytest.approx(other, abs=1e-9) if isinstance(other, float) else other)


@pytest.mark.parametrize("seed", range(SEQUENCES))
def test_a_sequence_of_the_table_ends_as_it_says(seed: int) -> None:
    """Made anew by `.venv/bin/python -m tests.support.plane_acts` where acts change."""
    made = json.loads(json.dumps(sequence(seed)))
    assert_same(made, json.loads(TABLE.read_text())["sequences"][seed])
