"""The images beside the project: tests that need them are skipped where they are absent, but fail in CI."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest

SHARED = Path(__file__).parents[3] / "shared"


def shared(path: str = "") -> Path:
    """A file or folder of the real images."""
    return _there(SHARED / "data" / path)


def shared_case(name: str) -> Path:
    """The folder of a made study of a kind that people meet; its README says what is right."""
    return _there(SHARED / "cases" / name)


def _there(found: Path) -> Path:
    if not found.exists():
        sentence = f"the shared images are not here: {found}"
        if os.environ.get("CI") == "true":
            pytest.fail(sentence)
        pytest.skip(sentence)
    return found


def table(name: str) -> list[dict[str, str]]:
    """The rows of a table of the real images."""
    with shared(name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
