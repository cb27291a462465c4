"""What the marks of findings measure, as values and as rows of a table. Only numbers that may stand in a note."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from consult.documents.contents import Row, Value
from consult.model.catalogue import Case
from consult.model.mark import Mark
from consult.sessions.features.findings.comparison import plain_label
from consult.sessions.features.findings.events import Comparison, Finding, MarkNumbers
from consult.sessions.state import State

Key = tuple[str, str, int]
"""Label or finding, kind of the mark, and which of that kind in its finding."""
SIZES = ("length", "area", "angle", "mean", "value", "velocity", "depth", "time")
"""Quantities of which one is compared, as `findings.comparison` has them."""


def value_of(state: State, case: Case, mark: Mark, numbers: MarkNumbers | None) -> Value | None:
    """What a mark measures; None where nothing may be said of it, or it measures nothing."""
    counted = tuple(number for number in (() if numbers is None else numbers.numbers) if number.counts)
    if not counted:
        return None
    series, seat = case.find(mark.series), state.seats.get(mark.author)
    date = "" if series is None else next((s.date for s in case.studies if s.key == series.study), "")
    place = mark.image if series is None else series.locate(mark.image)[0]
    return Value(
        mark.id,
        mark.kind,
        counted,
        date,
        0 if series is None else series.number,
        "" if series is None else series.description or f"{series.modality} {series.number}",
        place + 1,
        "" if seat is None else seat.name,
        0 if seat is None else seat.colour,
    )


def dates_of(values: Iterable[Value]) -> tuple[str, ...]:
    """Of all studies that something was measured on, the newest first; "" where it is not known."""
    return tuple(sorted({value.date for value in values}, reverse=True))


def rows_of(
    findings: Sequence[Finding], values: Mapping[str, Sequence[Value]], compared: Sequence[Comparison]
) -> tuple[Row, ...]:
    """A row for each thing that is measured; findings of one label are one thing."""
    rows: dict[Key, list[Value]] = {}
    titles: dict[Key, str] = {}
    for finding in findings:
        counts: dict[str, int] = {}
        for value in values[finding.id]:
            n = counts[value.kind] = counts.get(value.kind, 0) + 1
            key = (plain_label(finding.label) or f"\n{finding.id}", value.kind, n)
            rows.setdefault(key, []).append(value)
            titles.setdefault(key, finding.label or finding.title)
    changes = {plain_label(one.label): one for one in compared}
    return tuple(_row(key, titles[key], found, changes) for key, found in rows.items())


def _row(key: Key, title: str, values: list[Value], changes: Mapping[str, Comparison]) -> Row:
    change = changes.get(key[0])
    newest = sorted(values, key=lambda value: value.date, reverse=True)
    measures = {number.quantity for value in values for number in value.numbers}
    fits = change is not None and key[2] == 1 and change.now.number.quantity in measures
    return Row(title, key[1], tuple(newest), change if fits else None)
