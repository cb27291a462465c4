"""Runs are sets of images, joined where they meet."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.sessions.features.coverage.runs import Runs, is_runs, united

TABLE: dict[str, list[dict[str, Any]]] = json.loads((Path(__file__).parents[4] / "runs.json").read_text())
BITS = st.integers(0, 2**40 - 1)
"""A set of images: the numbers of the bits that are set."""


def runs(of: list[list[int]]) -> Runs:
    return tuple((first, last) for first, last in of)


def images(of: Runs) -> set[int]:
    return {image for first, last in of for image in range(first, last + 1)}


@pytest.mark.parametrize("row", TABLE["unions"], ids=str)
def test_unions(row: dict[str, Any]) -> None:
    assert united(runs(row["one"]), runs(row["other"]), row["most"]) == runs(row["both"])


@pytest.mark.parametrize("row", TABLE["runs"], ids=str)
def test_the_one_form_of_a_set(row: dict[str, Any]) -> None:
    assert is_runs(runs(row["runs"])) is row["is"]


def of_bits(bits: int) -> set[int]:
    return {image for image in range(40) if bits >> image & 1}


@given(bits=BITS, more=BITS, most=st.integers(1, 5))
def test_a_union_has_the_images_of_both_and_where_it_is_cut_no_others(bits: int, more: int, most: int) -> None:
    one, other = of_bits(bits), of_bits(more)
    a, b = (united((), tuple((image, image) for image in sorted(part)), 99) for part in (one, other))
    assert is_runs(a)
    assert images(united(a, b, 99)) == one | other
    cut = united(a, b, most)
    assert is_runs(cut)
    assert len(cut) <= most
    assert images(cut) <= one | other
