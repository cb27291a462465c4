"""The real images of ../shared/data, for tests that hold us against other tools."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest

SHARED_DATA = Path(__file__).parents[3] / "shared" / "data"
Row = dict[str, str]


def shared_data() -> Path:
    """The folder; the test is skipped where it is absent, but fails where CI=true."""
    if not (SHARED_DATA / "INDEX.tsv").is_file():
        said = f"the real images of {SHARED_DATA} are not here"
        if os.environ.get("CI") == "true":
            pytest.fail(said)
        pytest.skip(said)
    return SHARED_DATA


def index_rows() -> list[Row]:
    """Rows of INDEX.tsv; none where the folder is absent (parametrizing must not fail there)."""
    if not (SHARED_DATA / "INDEX.tsv").is_file():
        return []
    with open(SHARED_DATA / "INDEX.tsv", newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
