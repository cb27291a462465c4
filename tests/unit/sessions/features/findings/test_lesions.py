"""The table of lesions: the examples that the page meets too, and what counts of a finding."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from consult.model.identifiers import SeatId, SeriesKey
from consult.model.mark import Mark, MarkKind, Quantity
from consult.sessions.features.findings.events import Finding, LesionKind, MarkNumbers, Number
from consult.sessions.features.findings.lesions import Change, Entry, entry_of, lesion_table

EXAMPLES: list[dict[str, Any]] = json.loads((Path(__file__).parents[4] / "lesions.json").read_text())


def entry(given: dict[str, Any]) -> Entry:
    number = given["number"] and {"quantity": "length", **given["number"]}
    return msgspec.convert({**given, "number": number}, Entry)


def pair(change: Change | None) -> list[float | None] | None:
    if change is None:
        return None
    return [round(change.mm, 4), None if change.percent is None else round(change.percent, 4)]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: e["why"])
def test_the_examples_that_the_page_meets_too(example: dict[str, Any]) -> None:
    table = lesion_table([entry(given) for given in example["entries"]])
    assert list(table.dates) == example["dates"]
    rows = [[row.label, row.kind, [cell and cell.value for cell in row.cells]] for row in table.rows]
    assert rows == example["rows"]
    sums = [[one.value, one.nadir, pair(one.from_baseline), pair(one.from_nadir)] for one in table.sums]
    assert sums == example["sums"]
    assert [list(one.missing) for one in table.sums] == example["missing"]
    assert [[one.rule, one.label, one.number] for one in table.doubts] == example["doubts"]


def a_mark(identifier: str, kind: MarkKind) -> Mark:
    return Mark(
        id=identifier, kind=kind, series=SeriesKey("s"), image=0, points=((0.0, 0.0, 0.0),), case="c1",
        author=SeatId("ann"),
    )  # fmt: skip


def numbers(mark: str, *values: tuple[Quantity, float], confirmed: bool = True) -> MarkNumbers:
    found = [Number(q, v, "mm", check="confirmed" if confirmed else "differs") for q, v in values]
    return MarkNumbers(mark, "c1", ((0.0, 0.0, 0.0),), tuple(found))


@pytest.mark.parametrize(("kind", "counts"), [("target", 20.0), ("target_node", 12.0), ("non_target", 20.0)])
def test_of_a_lymph_node_the_short_axis_counts(kind: LesionKind, counts: float) -> None:
    finding = Finding("f", "c1", SeatId("ann"), 1, "T", label="A", lesion=kind)
    marks = [a_mark("p", "polyline"), a_mark("m", "bidirectional")]
    known = [numbers("p", ("length", 99.0)), numbers("m", ("length", 20.0), ("short_axis", 12.0))]
    found = entry_of(finding, marks, known, "2026-01-01")
    assert found.number is not None
    assert found.number.value == counts


def test_a_number_that_is_not_confirmed_does_not_count_and_a_length_is_a_nodes_axis() -> None:
    finding = Finding("f", "c1", SeatId("ann"), 1, "T", label="A", lesion="target_node")
    marks = [a_mark("m", "length")]
    assert entry_of(finding, marks, [numbers("m", ("length", 9.0), confirmed=False)], "d").number is None
    found = entry_of(finding, marks, [numbers("m", ("length", 16.0))], "d").number
    assert found is not None
    assert found.value == 16.0
