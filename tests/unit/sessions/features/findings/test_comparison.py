"""Findings of one label on two dates become a row, in numbers and in words, as on the page: tests/comparisons.json."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from consult.model.mark import Mark, Quantity
from consult.sessions.features.findings.comparison import (
    amount,
    comparison_words,
    comparisons,
    interval_words,
    plain_label,
)
from consult.sessions.features.findings.events import MarkNumbers, Number
from tests.support.record import RecordTable

EXAMPLES: dict[str, Any] = json.loads((Path(__file__).parents[4] / "comparisons.json").read_text(encoding="utf-8"))


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


class Measuring(RecordTable):
    """What marks measure is said by the test."""

    def __init__(self, values: dict[str, list[float]]) -> None:
        super().__init__()
        self._values = values

    def numbers_of(self, mark: Mark) -> MarkNumbers:
        """Of its finding: the length, and a short axis where there is one."""
        values = self._values[mark.id.removeprefix("m-")]
        quantities: tuple[Quantity, ...] = ("length", "short_axis")
        numbers = [Number(q, v, "mm", other=v, check="confirmed") for q, v in zip(quantities, values, strict=False)]
        return replace(super().numbers_of(mark), numbers=tuple(numbers))


@pytest.mark.parametrize("row", EXAMPLES["rows"], ids=lambda row: row["why"])
def test_the_same_rows_as_on_the_page(row: dict[str, Any]) -> None:
    table = Measuring({identifier: values for identifier, _, _, *values in row["findings"]})
    for identifier, label, date, *_ in row["findings"]:
        on = "s-2" if date == "2026-05-19" else "s-1"
        table.find("ann", identifier, label=label, on=on, lesion=row.get("lesion", ""))
    assert [comparison_words(one) for one in comparisons(table.state, "c1")] == row["words"]


@pytest.mark.parametrize(("days", "words"), EXAMPLES["intervals"])
def test_an_interval_in_words(days: int, words: str) -> None:
    assert interval_words(days) == words


@pytest.mark.parametrize(("quantity", "value", "unit", "words"), EXAMPLES["amounts"])
def test_an_amount_in_words(quantity: Quantity, value: float, unit: str, words: str) -> None:
    assert amount(Number(quantity, value, unit)) == words


def test_labels_that_differ_in_case_and_spaces_are_one() -> None:
    assert plain_label(" Nodule\t 1 ") == plain_label("nodule 1")
