"""Hanging rules from the text of a TOML file. What is wrong in it is refused by a sentence with line, key and rule.

Rules of this file:
- A file is taken as a whole or not at all: a rule that is half understood would hang the wrong series.
- Lines are found in the text itself: the n-th `[[rule]]`, and in it the first line that begins with the key; what is
  wrong in a cell is at the line that begins with that cell's brace.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Mapping
from typing import Any, get_args

from consult.model.view import MAX_COLUMNS, MAX_ROWS, Layout, Window
from consult.sessions.hanging.rules import CELLS_OF_PLANES, Cell, Facing, HangingRules, Planes, Rule, When

MAX_RULES, MAX_NAME = 100, 60
RULE_KEYS = ("name", "modality", "description", "body_part", "opens", "layout", "planes", "show", "link")
CELL_KEYS = ("study", "modality", "description", "body_part", "facing", "projection", "window")
PLANES: dict[Planes, Layout] = {"row": Layout(1, 3), "pet_ct": Layout(3, 3)}
LAYOUT = re.compile(r"([1-9])x([1-9])")
Table = Mapping[str, Any]


class BadRules(Exception):
    """A file that is not understood: its text is the sentence why."""


class _Wrong(Exception):
    """A value that a rule cannot have.

    Attributes:
        key: its name. cell: in which cell, from 0; None: in the rule itself.
    """

    def __init__(self, key: str, sentence: str, cell: int | None = None) -> None:
        super().__init__(sentence)
        self.key, self.sentence, self.cell = key, sentence, cell


def read_rules(text: str, name: str) -> HangingRules:
    """The rules of a file.

    Args:
        text: of the file.
        name: of the file, for sentences.

    Raises:
        BadRules: names file, line, key, value and what is expected.
    """
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadRules(f"{name}: this is not TOML: {error}.") from None
    if unknown := next((key for key in found if key != "rule"), ""):
        raise BadRules(f"{name}: there is no key {unknown!r}; a rule begins with [[rule]].")
    tables = found.get("rule", [])
    if not (isinstance(tables, list) and all(isinstance(table, dict) for table in tables)):
        raise BadRules(f"{name}: a rule begins with [[rule]], in two brackets.")
    if len(tables) > MAX_RULES:
        raise BadRules(f"{name}: {len(tables)} rules are too many; {MAX_RULES} are read at most.")
    return tuple(_numbered(table, number, text, name) for number, table in enumerate(tables))


def _numbered(table: Table, number: int, text: str, name: str) -> Rule:
    try:
        return _rule(table)
    except _Wrong as wrong:
        line = _line(text, number, wrong)
        raise BadRules(f"{name}, line {line}: {wrong.key}: {wrong.sentence}") from None


def _rule(table: Table) -> Rule:
    _check_keys(table, RULE_KEYS)
    name = _text(table, "name").strip()
    if not 0 < len(name) <= MAX_NAME:
        raise _Wrong("name", f"a rule has a name of 1 to {MAX_NAME} characters, as the layout menu shows it.")
    planes = _one_of(table, "planes", get_args(Planes))
    layout = PLANES[planes] if planes else _layout(table)
    cells = tuple(_numbered_cell(cell, number) for number, cell in enumerate(_cells(table)))
    if planes:
        _check_planes(table, planes, len(cells))
    elif len(cells) != layout.viewports:
        raise _Wrong("show", f"layout {layout.rows}x{layout.columns} has {layout.viewports} cells, not {len(cells)}.")
    link = _flag(table, "link", default=False)
    if link and len(cells) != 2:
        raise _Wrong("link", f"two cells are linked with each other, not {len(cells)}.")
    return Rule(
        name=name,
        modality=_texts(table, "modality"),
        description=_pattern(table, "description"),
        body_part=_pattern(table, "body_part"),
        opens=_flag(table, "opens", default=True),
        layout=layout,
        show=cells,
        link=link,
        planes=planes,
    )


def _check_planes(table: Table, planes: Planes, cells: int) -> None:
    """They have a layout of their own, and so many series."""
    for key in ("layout", "link"):
        if key in table:
            raise _Wrong(key, f"planes ({planes}) have a layout of their own and are linked; leave it out.")
    if cells != (wanted := CELLS_OF_PLANES[planes]):
        words = "one series" if wanted == 1 else "a CT and a PET"
        raise _Wrong("show", f"planes ({planes}) are of {words}: {wanted} cells, not {cells}.")


def _layout(table: Table) -> Layout:
    written = table.get("layout", "1x1")
    found = LAYOUT.fullmatch(written) if isinstance(written, str) else None
    if found is None or int(found[1]) > MAX_ROWS or int(found[2]) > MAX_COLUMNS:
        most = f"{MAX_ROWS}x{MAX_COLUMNS}"
        raise _Wrong("layout", f'it is {written!r}: rows and columns are meant, as "2x3", {most} at most.')
    return Layout(int(found[1]), int(found[2]))


def _cells(table: Table) -> list[Table]:
    cells = table.get("show", [{}])
    if not isinstance(cells, list) or not all(isinstance(cell, dict) for cell in cells):
        raise _Wrong("show", 'it is a list of cells, each in braces: [{ modality = "CT" }, { study = "prior" }].')
    return cells


def _numbered_cell(table: Table, number: int) -> Cell:
    try:
        return _cell(table)
    except _Wrong as wrong:
        raise _Wrong(wrong.key, wrong.sentence, number) from None


def _cell(table: Table) -> Cell:
    _check_keys(table, CELL_KEYS)
    return Cell(
        study=_one_of(table, "study", get_args(When)) or "current",
        modality=_text(table, "modality"),
        description=_pattern(table, "description"),
        body_part=_pattern(table, "body_part"),
        facing=_one_of(table, "facing", get_args(Facing)),
        projection=_text(table, "projection"),
        window=_window(table),
    )


def _window(table: Table) -> Window | None:
    written = table.get("window")
    if written is None:
        return None
    numbers = isinstance(written, dict) and set(written) == {"center", "width"}
    if not numbers or not all(type(value) in (int, float) for value in written.values()):
        raise _Wrong("window", f"it is {written!r}: {{ center = -600, width = 1500 }} is meant, in the image's unit.")
    center, width = float(written["center"]), float(written["width"])
    if not (abs(center) <= 1e9 and 1e-6 <= width <= 1e9):
        raise _Wrong("window", f"a width of {width:g} at {center:g} is no window: the width must be above 0.")
    return Window(center, width)


def _check_keys(table: Table, known: tuple[str, ...]) -> None:
    for key in table:
        if key not in known:
            near = difflib.get_close_matches(key, known, n=1)
            hint = f"do you mean {near[0]}?" if near else f"there are {', '.join(known)}."
            raise _Wrong(key, f"there is no such key; {hint}")


def _text(table: Table, key: str) -> str:
    value = table.get(key, "")
    if not isinstance(value, str):
        raise _Wrong(key, f"it is {value!r}: a text in quotation marks is meant.")
    return value


def _texts(table: Table, key: str) -> tuple[str, ...]:
    """One text, or a list of some."""
    value = table.get(key, [])
    values = [value] if isinstance(value, str) else value
    if not (isinstance(values, list) and all(isinstance(one, str) for one in values)):
        raise _Wrong(key, f'it is {value!r}: "CT" is meant, or a list as ["CT", "PT"].')
    return tuple(values)


def _pattern(table: Table, key: str) -> str:
    pattern = _text(table, key)
    try:
        re.compile(pattern)
    except re.error as error:
        raise _Wrong(key, f"{pattern!r} is not a regular expression: {error}.") from None
    return pattern


def _flag(table: Table, key: str, *, default: bool) -> bool:
    value = table.get(key, default)
    if not isinstance(value, bool):
        raise _Wrong(key, f"it is {value!r}: true or false is meant.")
    return value


def _one_of(table: Table, key: str, allowed: tuple[str, ...]) -> Any:
    value = table.get(key, "")
    if value not in ("", *allowed):
        raise _Wrong(key, f"it is {value!r}: it must be one of {', '.join(allowed)}.")
    return value


def _line(text: str, number: int, wrong: _Wrong) -> int:
    """Where it stands, counted from 1."""
    lines = text.splitlines()
    heads = [n for n, line in enumerate(lines) if re.match(r"\s*\[\[\s*rule\s*\]\]", line)]
    if number >= len(heads):
        return 1
    first = heads[number]
    last = heads[number + 1] if number + 1 < len(heads) else len(lines)
    wanted = "show" if wrong.cell is not None else wrong.key
    key = re.compile(rf"\s*[\"']?{re.escape(wanted)}[\"']?\s*=")
    at = next((n for n in range(first, last) if key.match(lines[n])), first)
    return (at if wrong.cell is None else _brace(lines, at, last, wrong.cell)) + 1


def _brace(lines: list[str], first: int, last: int, cell: int) -> int:
    """The line with the brace that begins a cell; a window's own braces lie within one."""
    count, depth = -1, 0
    for n in range(first, last):
        for sign in lines[n].partition("#")[0]:
            count += sign == "{" and depth == 0
            depth += (sign == "{") - (sign == "}")
            if count == cell:
                return n
    return first
