"""Findings of one label on two dates become a row, in numbers and in words."""

from __future__ import annotations

import pytest

from consult.sessions.features.findings.comparison import (
    amount,
    comparison_words,
    comparisons,
    interval_words,
    plain_label,
)
from consult.sessions.features.findings.events import Number
from tests.support.record import RecordTable


def test_a_prior_of_the_same_label_becomes_a_row() -> None:
    table = RecordTable()
    table.find("ann", "f1", label="Nodule  1", size=14.0, on="s-2")
    table.find("ann", "f2", label="nodule 1", size=22.0)
    table.find("ann", "f3", label="Nodule 2", size=22.0)
    (row,) = comparisons(table.state, "c1")
    assert (row.before.finding, row.now.finding, row.days) == ("f1", "f2", 189)
    assert comparison_words(row) == "14 mm on 19 May 2026 -> 22 mm, +57 %, in 6 months"


def test_what_is_of_one_day_or_not_confirmed_is_not_compared() -> None:
    table = RecordTable()
    table.find("ann", "f1", label="Nodule", size=14.0)
    table.find("ann", "f2", label="Nodule", size=22.0)
    assert comparisons(table.state, "c1") == ()
    table.check = "differs"
    table.find("ann", "f3", label="Nodule", size=10.0, on="s-2")
    assert comparisons(table.state, "c1") == ()


@pytest.mark.parametrize(
    ("days", "words"),
    [(1, "1 day"), (13, "13 days"), (21, "3 weeks"), (92, "3 months"), (365, "12 months"), (1461, "4 years")],
)
def test_an_interval_in_words(days: int, words: str) -> None:
    assert interval_words(days) == words


def test_an_amount_in_words() -> None:
    assert amount(Number("length", 22.04, "mm")) == "22 mm"
    assert amount(Number("length", 8.44, "mm at detector")) == "8.4 mm at detector"
    assert amount(Number("mean", -812.4, "HU")) == "\u2212812 HU"
    assert plain_label(" Nodule\t 1 ") == plain_label("nodule 1")
