"""Findings of one label on studies of different dates: what became of a length, in numbers and in words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from consult.model.mark import Mark
from consult.model.patient import format_date
from consult.model.words import counted
from consult.sessions.features.findings.decide import marks_of, numbers_of
from consult.sessions.features.findings.events import Compared, Comparison, Finding, Number
from consult.sessions.state import State

COMPARED = ("length", "area", "mean", "value", "angle", "velocity", "depth", "time")
"""Quantities that can be compared, the first that a finding has."""
COMPARED_OF_NODE = ("short_axis", *COMPARED)
"""Of a lymph node its short axis counts (RECIST 1.1 4.1.1), as in the table of lesions."""
FINE = ("length", "short_axis", "diameter", "area", "angle", "velocity", "depth", "time")
"""Quantities with a digit behind the point, below 100; a time in seconds has two."""
SPACING = re.compile(r"\s+")
DAYS_A_MONTH = 30.4375
DAYS_AS_WEEKS, DAYS_AS_MONTHS, DAYS_AS_YEARS = 14, 60, 731
"""From so many days on an interval is said in weeks, months, years."""


def comparisons(state: State, case: str) -> tuple[Comparison, ...]:
    """Of each label of a case its values at successive dates, two by two, the earliest first."""
    rows: list[Comparison] = []
    for same in _by_label(state, (f for f in state.findings.values() if f.case == case)):
        rows += [row for i, now in enumerate(same[1:]) if (row := _compare(state, same[i], now)) is not None]
    return tuple(rows)


def comparison_words(row: Comparison) -> str:
    """ "14 mm on 19 May 2026 -> 22 mm, +57 %, in 6 months"."""
    before, now = row.before.number, row.now.number
    change = "" if row.change_percent is None else f", {_signed(row.change_percent)} %"
    was = f"{amount(before)} on {format_date(row.before.date)}"
    return f"{was} -> {amount(now)}{change}, in {interval_words(row.days)}"


def amount(number: Number) -> str:
    """A number with its unit: "22 mm", "8.4 mm", "112 HU"."""
    digits = 1 if abs(number.value) < 100 and number.quantity in FINE else 0
    digits = 2 if number.unit == "s" else digits
    text = f"{number.value:.{digits}f}".removesuffix(".0").replace("-", "\u2212")
    return f"{text} {number.unit}".strip()


def interval_words(days: int) -> str:
    """ "9 days", "3 weeks", "6 months", "2 years"."""
    if days < DAYS_AS_WEEKS:
        return counted(days, "day")
    if days < DAYS_AS_MONTHS:
        return counted(round(days / 7), "week")
    if days < DAYS_AS_YEARS:
        return counted(round(days / DAYS_A_MONTH), "month")
    return counted(round(days / 365.25), "year")


def plain_label(label: str) -> str:
    """Labels that differ in case and spaces alone are one."""
    return SPACING.sub(" ", label).strip().casefold()


def date_of(state: State, mark: Mark) -> str:
    """The date of the study on whose series a mark lies; "" where it is not known."""
    case = state.find_case(mark.case)
    series = None if case is None else case.find(mark.series)
    if case is None or series is None:
        return ""
    return next((study.date for study in case.studies if study.key == series.study), "")


def _by_label(state: State, findings: Iterable[Finding]) -> list[list[tuple[Finding, str]]]:
    """Findings with their dates, those of one label together, the earliest first."""
    same: dict[str, list[tuple[Finding, str]]] = {}
    for finding in findings:
        dates = {date_of(state, mark) for mark in marks_of(state, finding)}
        if finding.label and len(dates) == 1 and "" not in dates:
            same.setdefault(plain_label(finding.label), []).append((finding, dates.pop()))
    return [sorted(found, key=lambda one: one[1]) for found in same.values()]


def _compare(state: State, before: tuple[Finding, str], now: tuple[Finding, str]) -> Comparison | None:
    earlier, later = _main_numbers(state, before[0]), _main_numbers(state, now[0])
    compared = COMPARED_OF_NODE if "target_node" in (before[0].lesion, now[0].lesion) else COMPARED
    quantity = next((q for q in compared if q in earlier and q in later), "")
    if before[1] >= now[1] or not quantity or earlier[quantity].unit != later[quantity].unit:
        return None
    was, is_now = earlier[quantity], later[quantity]
    change = None if was.value == 0 else 100 * (is_now.value - was.value) / abs(was.value)
    days = (date.fromisoformat(now[1]) - date.fromisoformat(before[1])).days
    one, other = Compared(before[0].id, before[1], was), Compared(now[0].id, now[1], is_now)
    return Comparison(now[0].label, one, other, change, days)


def _main_numbers(state: State, finding: Finding) -> dict[str, Number]:
    """Of each quantity the first number that may be said."""
    found: dict[str, Number] = {}
    for mark in marks_of(state, finding):
        known = numbers_of(state, mark)
        for number in () if known is None else known.numbers:
            if number.counts:
                found.setdefault(number.quantity, number)
    return found


def _signed(percent: float) -> str:
    whole = round(percent)
    return f"+{whole}" if whole > 0 else f"\u2212{-whole}" if whole < 0 else "0"
