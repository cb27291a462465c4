"""The table of lesions in words, and as CSV for a spreadsheet: the same rows as in the document."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from consult.documents.contents import Contents
from consult.documents.words import NBSP, Words, fill
from consult.sessions.features.findings.lesions import Cell, Change, Doubt, Doubtful, LesionTable, Row, Sum

KIND_WORDS = {
    "target": "target lesion", "target_node": "target lymph node", "non_target": "non-target lesion",
    "new": "new lesion",
}  # fmt: skip
STATE_WORDS = {"absent": "not there any more", "too_small": "too small to measure"}
DOUBTS: dict[Doubt, str] = {
    "too_many": "There are {number} target lesions; RECIST 1.1 counts 5 at most, 2 of an organ.",
    "too_small": "{label} is smaller than {number} mm at baseline.",
    "unlabelled": "{label} has no label: it stands for itself on one date alone.",
    "kinds": "{label} is of different kinds on different dates; the first one counts.",
    "units": "The lengths have different units; there is no sum.",
    "undated": "{label} is on no date: its marks lie on several studies, or on none with a date.",
    "twice": "{label} is there twice on one date; the first one counts.",
}
RESPONSES = {
    "CR": "complete response", "PR": "partial response", "SD": "stable disease", "PD": "progressive disease",
    "NE": "not evaluable",
}  # fmt: skip
ACTIVE = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What a spreadsheet takes for a formula at the beginning of a cell, also in full width."""


class LesionWords:
    """A table of lesions in a language."""

    def __init__(self, words: Words) -> None:
        self._words = words

    def kind(self, row: Row) -> str:
        """ "target lesion"."""
        return self._words.text(KIND_WORDS[row.kind])

    def cell(self, cell: Cell | None) -> str:
        """ "22.4 mm", "0 mm (not there any more)"; "" where nobody said anything."""
        if cell is None:
            return ""
        if cell.value is None:
            return self._words.text("not measured")
        if cell.state:
            return f"{self._words.number(cell.value)}{NBSP}mm ({self._words.text(STATE_WORDS[cell.state])})"
        return self.length(cell.value, cell.unit)

    def length(self, value: float, unit: str) -> str:
        """ "52.3 mm"."""
        return f"{self._words.number(value, 1)}{NBSP}{self._words.of_server(unit)}"

    def sum(self, one: Sum) -> str:
        """ "52.3 mm", or why there is none."""
        if one.value is not None:
            return self.length(one.value, one.unit)
        missing = ", ".join(one.missing)
        return fill(self._words.text("no sum: {missing} not measured"), missing=missing) if missing else "\u2013"

    def change(self, change: Change | None) -> str:
        """ "−12.2 mm (−23.3 %)"."""
        if change is None:
            return ""
        share = "" if change.percent is None else f" ({self._words.signed(change.percent, 1)}{NBSP}%)"
        return f"{self._words.signed(change.mm, 1)}{NBSP}mm{share}"

    def doubt(self, one: Doubtful) -> str:
        """A sentence."""
        return self._words.text(DOUBTS[one.rule], label=one.label, number=self._words.number(one.number))

    def response(self, code: str) -> str:
        """ "PR, partial response"."""
        return f"{code}, {self._words.text(RESPONSES[code])}" if code in RESPONSES else ""


def lesions_csv(note: Contents, words: Words) -> bytes:
    """RFC 4180, UTF-8 with a mark, every cell quoted; lengths as plain numbers in mm."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    for row in _lines(note, LesionWords(words), words):
        writer.writerow([_plain(cell) for cell in row])
    return out.getvalue().encode("utf-8-sig")


def _lines(note: Contents, lesion: LesionWords, words: Words) -> Sequence[Sequence[str]]:
    table, t = note.lesions, words.text
    head = [t("Lesion"), t("Kind"), "mm", *table.dates]
    rows = [[row.label, lesion.kind(row), _unit(row), *(_value(cell) for cell in row.cells)] for row in table.rows]
    response = [t("Response, chosen by the reader"), "", "", note.texts.get("response", "")]
    return [head, *rows, *_sums(table, words), response]


def _sums(table: LesionTable, words: Words) -> list[list[str]]:
    if not table.sums:
        return []
    t, sums = words.text, table.sums
    unit = next((one.unit for one in sums if one.unit), "mm")
    return [
        [t("Sum of target lesions"), "", unit, *(_number(one.value) for one in sums)],
        *_changes(t("Change from baseline"), unit, [one.from_baseline for one in sums]),
        [t("Nadir before"), "", unit, *(_number(one.nadir) for one in sums)],
        *_changes(t("Change from nadir"), unit, [one.from_nadir for one in sums]),
    ]


def _changes(name: str, unit: str, changes: Sequence[Change | None]) -> list[list[str]]:
    """In the unit, and in percent."""
    return [
        [name, "", unit, *(_number(None if one is None else one.mm) for one in changes)],
        [name, "", "%", *(_number(None if one is None else one.percent) for one in changes)],
    ]


def _unit(row: Row) -> str:
    return next((cell.unit for cell in row.cells if cell is not None and cell.unit), "")


def _value(cell: Cell | None) -> str:
    return "" if cell is None else _number(cell.value)


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.1f}"


def _plain(text: str) -> str:
    """What a spreadsheet would run as a formula begins with an apostrophe; numbers stay numbers."""
    if text.startswith(ACTIVE) and not text.removeprefix("-").replace(".", "", 1).isdigit():
        return f"'{text}"
    return text
