"""The real images beside the project: tests that need them are skipped where they are absent, but fail in CI."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3] / "shared" / "data"


def shared(path: str = "") -> Path:
    """A file or folder of the real images."""
    found = ROOT / path
    if not found.exists():
        sentence = f"the real images are not here: {found}"
        if os.environ.get("CI") == "true":
            pytest.fail(sentence)
        pytest.skip(sentence)
    return found


def table(name: str) -> list[dict[str, str]]:
    """The rows of a table of the real images."""
    with shared(name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
