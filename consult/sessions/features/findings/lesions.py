"""The table of lesions after RECIST 1.1 (Eisenhauer 2009): what of target lesions was measured when, and their sums.

Rules of this file:
- Findings of one label are one lesion; a lesion has a kind (target, target lymph node, not a target, new), which people
  say. What answers to it (CR, PR, SD, PD) is the reader's and nowhere computed.
- Of a target lesion the longest diameter counts, of a lymph node the short axis: of a bidirectional its own, of a
  length that itself. Nothing counts that may not stand in a note.
- One that is gone is 0 mm, one that is there and too small to measure 5 mm (RECIST 1.1, 4.4.2).
- A sum is of all target lesions of the case, or there is none and it says which are missing; of one unit alone.
- Baseline is the first date; the nadir the smallest sum of all dates before.
- web/js/core/record/lesions.js is the twin; tests/lesions.json holds both to the same tables.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from msgspec import Struct

from consult.model.mark import Mark
from consult.sessions.features.findings.comparison import plain_label
from consult.sessions.features.findings.events import Finding, LesionKind, LesionState, MarkNumbers, Number

TOO_SMALL_MM = 5.0
MOST_TARGETS = 5
LEAST_MM: dict[LesionKind, float] = {"target": 10.0, "target_node": 15.0}
"""Of a target lesion at baseline (RECIST 1.1, 3.1)."""
MEASURED_KINDS = ("length", "bidirectional")
TARGETS: tuple[LesionKind, ...] = ("target", "target_node")
Doubt = Literal["too_many", "too_small", "unlabelled", "kinds", "units", "undated", "twice"]


class Entry(Struct, frozen=True):
    """A finding that is a lesion, on a date. `number`: what counts of it; None: nothing (yet)."""

    finding: str
    title: str
    label: str
    kind: LesionKind
    date: str
    state: LesionState = ""
    number: Number | None = None


class Cell(Struct, frozen=True):
    """A lesion on a date. `value` None: there, and not measured."""

    finding: str
    value: float | None
    unit: str = ""
    state: LesionState = ""


class Row(Struct, frozen=True):
    """A lesion. `cells`: of each date; None: nobody said anything of it then."""

    label: str
    kind: LesionKind
    cells: tuple[Cell | None, ...]


class Change(Struct, frozen=True):
    """Of a sum against another. `percent` None: that was 0."""

    mm: float
    percent: float | None


class Sum(Struct, frozen=True):
    """Of all target lesions on a date.

    Attributes:
        value: None where one is missing, or units differ.
        missing: labels of those that are not measured then.
        nadir: the smallest sum before; None of the first date.
    """

    value: float | None
    unit: str = ""
    missing: tuple[str, ...] = ()
    nadir: float | None = None
    from_baseline: Change | None = None
    from_nadir: Change | None = None


class Doubtful(Struct, frozen=True):
    """What a reader must know of the table: which rule, of which lesion, and a number where the rule has one."""

    rule: Doubt
    label: str = ""
    number: float = 0.0


class LesionTable(Struct, frozen=True):
    """Dates, the earliest first; lesions, targets first; a sum for each date; none without a lesion."""

    dates: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    sums: tuple[Sum, ...] = ()
    doubts: tuple[Doubtful, ...] = ()


def entry_of(finding: Finding, marks: Sequence[Mark], numbers: Iterable[MarkNumbers], date: str) -> Entry:
    """What a finding says of its lesion on a date."""
    kinds = {mark.id: mark.kind for mark in marks}
    known = [one for one in numbers if kinds.get(one.mark) in MEASURED_KINDS]
    counting = [number for one in known for number in one.numbers if number.counts]
    wanted = ("short_axis", "length") if finding.lesion == "target_node" else ("length",)
    number = next((n for quantity in wanted for n in counting if n.quantity == quantity), None)
    return Entry(finding.id, finding.title, finding.label, finding.lesion, date, finding.lesion_state, number)


def lesion_table(entries: Sequence[Entry]) -> LesionTable:
    """The table of a case's lesions."""
    lesions = [entry for entry in entries if entry.kind]
    if not lesions:
        return LesionTable()
    dated = [entry for entry in lesions if entry.date]
    dates = tuple(sorted({entry.date for entry in dated}))
    same: dict[str, list[Entry]] = {}
    for entry in dated:
        same.setdefault(plain_label(entry.label) or f"\n{entry.finding}", []).append(entry)
    rows = tuple(sorted((_row(found, dates) for found in same.values()), key=_order))
    targets = [row for row in rows if row.kind in TARGETS]
    sums = _sums(targets, dates) if targets else ()
    doubts = (*_doubts(lesions, same, targets), *(_small(targets, dates)))
    return LesionTable(dates, rows, sums, doubts)


def _order(row: Row) -> int:
    return 0 if row.kind in TARGETS else 1 if row.kind == "non_target" else 2


def _row(found: Sequence[Entry], dates: Sequence[str]) -> Row:
    first = found[0]
    by_date = {entry.date: _cell(entry) for entry in reversed(found)}
    return Row(first.label or first.title, first.kind, tuple(by_date.get(date) for date in dates))


def _cell(entry: Entry) -> Cell:
    if entry.state:
        return Cell(entry.finding, 0.0 if entry.state == "absent" else TOO_SMALL_MM, "mm", entry.state)
    if entry.number is None:
        return Cell(entry.finding, None)
    return Cell(entry.finding, entry.number.value, entry.number.unit)


def _sums(targets: Sequence[Row], dates: Sequence[str]) -> tuple[Sum, ...]:
    plain = [_sum([(row.label, row.cells[i]) for row in targets]) for i in range(len(dates))]
    sums: list[Sum] = []
    before: list[float] = []
    for i, one in enumerate(plain):
        nadir = min(before) if before else None
        if one.value is not None and i > 0:
            baseline = plain[0].value
            one = Sum(
                one.value, one.unit, one.missing, nadir, _change(one.value, baseline), _change(one.value, nadir)
            )  # fmt: skip
        if one.value is not None:
            before.append(one.value)
        sums.append(one)
    return tuple(sums)


def _sum(cells: Sequence[tuple[str, Cell | None]]) -> Sum:
    missing = tuple(label for label, cell in cells if cell is None or cell.value is None)
    measured = [cell for _, cell in cells if cell is not None and not cell.state]
    units = {cell.unit for cell in measured if cell.unit}
    if missing or len(units) > 1:
        return Sum(None, missing=missing)
    total = sum(cell.value or 0.0 for _, cell in cells if cell is not None)
    return Sum(total, next(iter(units), "mm"))


def _change(value: float, other: float | None) -> Change | None:
    if other is None:
        return None
    return Change(value - other, None if other == 0 else 100 * (value - other) / other)


def _doubts(lesions: Sequence[Entry], same: dict[str, list[Entry]], targets: Sequence[Row]) -> list[Doubtful]:
    found = [Doubtful("undated", entry.label or entry.title) for entry in lesions if not entry.date]
    found += [Doubtful("unlabelled", one.title) for one in lesions if one.date and not plain_label(one.label)]
    for entries in same.values():
        label = entries[0].label or entries[0].title
        if len({entry.kind for entry in entries}) > 1:
            found.append(Doubtful("kinds", label))
        if len({entry.date for entry in entries}) < len(entries):
            found.append(Doubtful("twice", label))
    if len(targets) > MOST_TARGETS:
        found.append(Doubtful("too_many", number=float(len(targets))))
    units = {cell.unit for row in targets for cell in row.cells if cell is not None and cell.unit and not cell.state}
    return [*found, Doubtful("units")] if len(units) > 1 else found


def _small(targets: Sequence[Row], dates: Sequence[str]) -> list[Doubtful]:
    """Target lesions that are smaller at baseline than RECIST 1.1 asks for."""
    found = []
    for row in targets:
        cell, least = row.cells[0] if dates else None, LEAST_MM[row.kind]
        if cell is not None and cell.value is not None and cell.value < least:
            found.append(Doubtful("too_small", row.label, least))
    return found
