"""docker/grafana-dashboard.json asks for numbers that the server has, and shows each of them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from consult.monitoring.metrics import NAMES

DASHBOARD: dict[str, Any] = json.loads(
    (Path(__file__).parent.parent.parent / "docker/grafana-dashboard.json").read_text()
)
ASKED = [target["expr"] for panel in DASHBOARD["panels"] for target in panel["targets"]]
LABELS = {"role", "transport", "reason", "code", "state", "why", "le"}


def test_it_asks_for_each_number_and_for_no_other() -> None:
    """Seen to fail on a name that was changed in one of both."""
    words = {name for expr in ASKED for name in re.findall(r"\bconsult_\w+", expr)}
    assert {re.sub("_(total|bucket|sum|count)$", "", word) for word in words} == set(NAMES)


def test_it_sorts_by_labels_that_they_have() -> None:
    assert {label for expr in ASKED for label in re.findall(r"\bby \((\w+)\)", expr)} <= LABELS


def test_panels_do_not_lie_over_each_other() -> None:
    taken = set[tuple[int, int]]()
    for panel in DASHBOARD["panels"]:
        at = panel["gridPos"]
        cells = {(at["x"] + x, at["y"] + y) for x in range(at["w"]) for y in range(at["h"])}
        assert not cells & taken, panel["title"]
        assert all(x < 24 for x, _ in cells)
        taken |= cells
