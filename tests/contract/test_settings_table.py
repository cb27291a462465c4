"""docs/settings.md is the table of the settings as they are, and names each once, by all of its names."""

from __future__ import annotations

import re

from consult.cli.setting_options import option, variable
from consult.settings import Settings
from tools.generate_settings import FILE, table


def test_the_table_is_that_of_the_settings() -> None:
    assert FILE.read_text() == table(), "run python tools/generate_settings.py"


def test_each_setting_has_one_row_with_all_its_names() -> None:
    rows = re.findall(r"^\| `(\w+)` \| `(\w+)` \| `([\w-]+)` \| (.+?) \| .*? \| (.+) \|$", FILE.read_text(), re.M)
    assert [row[0] for row in rows] == list(Settings.model_fields)
    assert [row[1:3] for row in rows] == [(variable(name), option(name)) for name in Settings.model_fields]
    assert all(kind and meaning for *_, kind, meaning in rows)
