"""A site's file of hanging rules: what it means, and what is said of one that means nothing."""

from __future__ import annotations

import pytest

from consult.hanging_file import default_rules_text
from consult.model.view import Layout, Window
from consult.sessions.hanging.reading import BadRules, read_rules
from consult.sessions.hanging.rules import Cell, Rule

WHOLE = """
[[rule]]
name = "Chest"
modality = ["CT"]
description = "thorax"
body_part = "CHEST"
opens = false
layout = "1x2"
show = [
  { description = "lung", window = { center = -600, width = 1500 } },
  { study = "prior", modality = "CT", facing = "axial", projection = "" },
]
link = true

[[rule]]
name = "Main"
"""


def test_every_key_is_read() -> None:
    chest, main = read_rules(WHOLE, "site.toml")
    cells = Cell(description="lung", window=Window(-600.0, 1500.0)), Cell(study="prior", modality="CT", facing="axial")
    assert chest == Rule(
        name="Chest", modality=("CT",), description="thorax", body_part="CHEST", opens=False, layout=Layout(1, 2),
        show=cells, link=True,
    )  # fmt: skip
    assert main == Rule(name="Main")


def test_planes_have_a_layout_of_their_own() -> None:
    cells = '[{ modality = "CT" }, { modality = "PT" }]'
    both, row = read_rules(
        f'[[rule]]\nname = "b"\nplanes = "pet_ct"\nshow = {cells}\n[[rule]]\nname = "r"\nplanes = "row"\n', "f"
    )
    assert (both.planes, both.layout, [cell.modality for cell in both.show]) == ("pet_ct", Layout(3, 3), ["CT", "PT"])
    assert (row.planes, row.layout, row.show) == ("row", Layout(1, 3), (Cell(),))


def test_one_modality_needs_no_brackets() -> None:
    assert read_rules('[[rule]]\nname = "r"\nmodality = "MR"\n', "f")[0].modality == ("MR",)


def test_the_rules_that_come_with_consult_are_read() -> None:
    rules = read_rules(default_rules_text(), "default.toml")
    assert len(rules) >= 4
    assert len({rule.name for rule in rules}) == len(rules)


WRONG: dict[str, tuple[str, str]] = {
    "no TOML": ("[[rule]\n", "f.toml: this is not TOML: "),
    "another key": ('rules = 1\n', "f.toml: there is no key 'rules'; a rule begins with [[rule]]."),
    "one bracket": ('[rule]\nname = "r"\n', "f.toml: a rule begins with [[rule]], in two brackets."),
    "no name": ("\n[[rule]]\n", "f.toml, line 2: name: a rule has a name of 1 to 60 characters"),
    "a misspelt key": (
        '[[rule]]\nname = "r"\n\nlayuot = "1x1"\n', "f.toml, line 4: layuot: there is no such key; do you mean layout?"
    ),
    "in the second rule": (
        '[[rule]]\nname = "a"\n[[rule]]\nname = "b"\nopens = 1\n', "f.toml, line 5: opens: it is 1: true or false"
    ),
    "a layout": ('[[rule]]\nname = "r"\nlayout = "5x1"\n', "f.toml, line 3: layout: it is '5x1': rows and columns"),
    "cells too few": (
        '[[rule]]\nname = "r"\nlayout = "1x2"\nshow = [{}]\n', "f.toml, line 4: show: layout 1x2 has 2 cells, not 1."
    ),
    "no cells": ('[[rule]]\nname = "r"\nshow = "CT"\n', "f.toml, line 3: show: it is a list of cells"),
    "a pattern": (
        '[[rule]]\nname = "r"\ndescription = "("\n', "f.toml, line 3: description: '(' is not a regular expression"
    ),
    "a number": ('[[rule]]\nname = "r"\nmodality = 1\n', "f.toml, line 3: modality: it is 1: \"CT\" is meant"),
    "one alone linked": ('[[rule]]\nname = "r"\nlink = true\n', "f.toml, line 3: link: two cells are linked"),
    "other planes": (
        '[[rule]]\nname = "r"\nplanes = "mpr"\n', "f.toml, line 3: planes: it is 'mpr': it must be one of row, pet_ct."
    ),
    "planes in a layout": (
        '[[rule]]\nname = "r"\nplanes = "row"\nlayout = "1x3"\n', "f.toml, line 4: layout: planes (row) have a layout"
    ),
    "planes of one series that are of two": (
        '[[rule]]\nname = "r"\nplanes = "pet_ct"\nshow = [{}]\n',
        "f.toml, line 4: show: planes (pet_ct) are of a CT and a PET: 2 cells, not 1.",
    ),
    "in the second cell": (
        '[[rule]]\nname = "r"\nlayout = "1x2"\nshow = [\n'
        '  { window = { center = 1, width = 2 } },\n  { study = "old" },\n]\n',
        "f.toml, line 6: study: it is 'old': it must be one of current, prior.",
    ),
    "a key of a cell": (
        '[[rule]]\nname = "r"\nshow = [{ plane = "axial" }]\n', "f.toml, line 3: plane: there is no such key; there are"
    ),
    "a window": (
        '[[rule]]\nname = "r"\nshow = [{ window = [1, 2] }]\n', "f.toml, line 3: window: it is [1, 2]: { center = -600"
    ),
    "no width": (
        '[[rule]]\nname = "r"\nshow = [{ window = { center = 1, width = 0 } }]\n', "line 3: window: a width of 0 at 1"
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "sentence"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_named_by_line_and_key(text: str, sentence: str) -> None:
    with pytest.raises(BadRules) as bad:
        read_rules(text, "f.toml")
    assert sentence in str(bad.value)
    assert str(bad.value).endswith((".", "?"))
