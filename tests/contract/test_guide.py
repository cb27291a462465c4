"""docs/guide.md speaks of what is on the pages: its bold words are theirs, its keys are those of `?`."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
GUIDE = (ROOT / "docs/guide.md").read_text()
KEYS = re.compile(r".|[1-9/?]|Space|Del|Ctrl\+[A-Z]")
"""In bold too, where the text names them."""


def page_words() -> str:
    """All that the pages' scripts can show."""
    return "\n".join(path.read_text() for path in sorted((ROOT / "web/js").rglob("*.js")))


def test_every_bold_word_stands_on_a_page() -> None:
    bold = {word for word in re.findall(r"\*\*(.+?)\*\*", GUIDE) if not KEYS.fullmatch(word)} - {"Bold"}
    assert len(bold) > 60
    shown = page_words()
    missing = {word for word in bold if not re.search(rf"(?<![a-z]){re.escape(word)}(?![a-z])", shown)}
    assert not missing


def test_every_badge_stands_on_the_picture() -> None:
    badges = re.findall(r"^\| ([A-Z][A-Z, 0-9%/]+) \|", GUIDE, flags=re.M)
    assert len(badges) >= 8
    pages = ("web/js/core/view/badges.js", "web/js/core/study-label.js")
    shown = "".join((ROOT / page).read_text() for page in pages)
    words = {word for badge in badges for word in re.findall(r"[A-Z]{2,}", badge)}
    assert {word for word in words if word not in shown} == set()


def test_the_keys_are_those_that_the_page_shows() -> None:
    listed = (ROOT / "web/js/core/input/keys.js").read_text().split("KEY_LIST = [", 1)[1]
    rows = [re.findall(r'"([^"]+)"', row)[1:] for row in re.findall(r"^  \[t\(.+$", listed, flags=re.M)]
    keys = {key for row in rows for written in row for key in written.split(", ")}
    assert len(keys) > 25
    listing = re.sub(r"\+(?=\w)", " ", GUIDE.split("## Keys", 1)[1])
    assert {key for key in keys if key != "…" and not re.search(rf"(?<!\w){re.escape(key)}(?!\w)", listing)} == set()
