"""What is recommended, step by step, by the same examples as the page's: tests/steps.json."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from consult.documents.page import render_page
from consult.documents.steps import steps_of
from tests.support.documents import contents, order_of, signed_note

EXAMPLES: list[dict[str, Any]] = json.loads((Path(__file__).parents[2] / "steps.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["text"][:20] or "empty")
def test_steps(example: dict[str, Any]) -> None:
    assert [msgspec.to_builtins(step) for step in steps_of(example["text"])] == example["steps"]


def test_a_document_has_them_as_a_table_and_a_text_as_it_is() -> None:
    """Seen to fail: with the text in place of the table."""
    text = "EBUS of node 10R | Thoracic surgeon | 2026-12-01\nNo biopsy before | | the board"
    table = contents(signed_note(recommendation=text))
    english, german = (render_page(order_of(table, language)[0], {}) for language in ("en", "de"))
    for cell in ("<th>Who</th>", "EBUS of node 10R", "Thoracic surgeon", "1 Dec 2026", "the board"):
        assert cell in english
    assert "|" not in english.partition("<h2>Recommendation</h2>")[2].partition("</section>")[0]
    assert "1.12.2026" in german
    plain = render_page(order_of(contents(signed_note(recommendation="PET/CT, then the board.")))[0], {})
    assert "PET/CT, then the board." in plain
    assert "<th>Who</th>" not in plain
