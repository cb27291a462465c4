"""What a reader must know of what there was to see, by the same examples as the page's: tests/limits.json."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from consult.model.catalogue import Study
from consult.model.identifiers import StudyKey
from consult.sessions.features.note.signing import limits
from tests.support.cases import case, series

EXAMPLES: list[dict[str, Any]] = json.loads((Path(__file__).parents[4] / "limits.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["why"])
def test_limits(example: dict[str, Any]) -> None:
    studies = tuple(
        Study(StudyKey(f"st-{i}"), description, date, "", deleted=deleted)
        for i, (date, description, deleted) in enumerate(example["studies"])
    )
    stacks = tuple(
        replace(series(f"s-{i}", study="st-0"), description=description, source_lossy=lossy, note=note, **_more(*more))
        for i, (description, lossy, note, *more) in enumerate(example["series"])
    )
    assert limits(replace(case(), studies=studies, series=stacks)) == example["limits"]


def _more(more: dict[str, Any] | None = None) -> dict[str, Any]:
    """Further fields of a series, as JSON has them."""
    runs = {name: tuple(map(tuple, value)) for name, value in (more or {}).items() if name == "deleted"}
    return (more or {}) | runs
