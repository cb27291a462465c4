"""Words of side in several languages, and what is none. The page has the same words (tests/side-words.json)."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from consult.model import side
from consult.model.side import named_sides, other_side_word

TESTS = Path(__file__).parent.parent.parent
TEXTS: list[dict[str, Any]] = json.loads((TESTS / "side-words.json").read_text())
TWIN = TESTS.parent / "web/js/core/record/finding/side-words.js"


@pytest.mark.parametrize("example", TEXTS, ids=lambda example: example["text"])
def test_the_sides_that_a_text_names(example: dict[str, Any]) -> None:
    text, sides = example["text"], example["sides"]
    assert named_sides(text) == sides
    assert other_side_word(text, "RIGHT") == sides.get("LEFT", "")
    assert other_side_word(text, "LEFT") == sides.get("RIGHT", "")
    assert other_side_word(text, "MIDLINE") == "", "a midline structure may shift to either side"


def test_the_page_knows_the_same_words() -> None:
    script = TWIN.read_text()
    for name, words in (("LEFT", side.LEFT), ("RIGHT", side.RIGHT)):
        found = re.search(rf"export const {name} = \{{(.*?)^\}};", script, re.S | re.M)
        assert found
        table = dict(re.findall(r"(\w+): \[(.*?)\]", found[1], re.S))
        assert {language: tuple(re.findall(r'"([^"]+)"', listed)) for language, listed in table.items()} == words
    ambiguous = re.search(r"AMBIGUOUS = new Set\(\[(.*?)\]", script, re.S)
    assert ambiguous
    assert set(re.findall(r'"([^"]+)"', ambiguous[1])) == side.AMBIGUOUS
