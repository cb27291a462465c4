"""The glyphs of the page: each that is named is there, and none has the id of an element.

Seen to fail: the glyph "cases" was in the document before the list of a board's cases was looked for, and who came by a
link had no board.
"""

from __future__ import annotations

import re
from pathlib import Path

WEB = Path(__file__).parents[2] / "web"
NAMED = re.compile(r"""(?:\bglyph: |\bglyph\(|\bicon\()"([a-z0-9-]+)\"""")
IDS = (re.compile(r"""\bid="([A-Za-z][\w-]*)\""""), re.compile(r"""\bid: "([A-Za-z][\w-]*)\""""))


def sources() -> str:
    """Of templates and scripts."""
    files = [*(WEB / "templates").rglob("*.html"), *(WEB / "js").rglob("*.js")]
    return "\n".join(file.read_text() for file in files if "vendor" not in file.parts)


def symbols() -> set[str]:
    """Ids of the sprite."""
    return set(re.findall(r'<symbol id="([^"]+)"', (WEB / "img" / "glyphs.svg").read_text()))


def test_no_glyph_has_the_id_of_an_element() -> None:
    elements = {name for pattern in IDS for name in pattern.findall(sources())}
    assert "cases" in elements, "the elements are not found"
    assert not symbols() & elements


def test_each_glyph_that_is_named_is_there() -> None:
    named = set(NAMED.findall(sources()))
    assert "link" in named, "the names are not found"
    assert {f"glyph-{name}" for name in named} <= symbols()
