"""Text that people write, as others may read it."""

from __future__ import annotations

from consult.model.text import JOINERS, visible


def clean_line(text: str, most: int) -> str:
    """One line: no control or direction characters, no line breaks, single spaces; at most `most` characters."""
    return " ".join(visible(text).split())[:most].strip(" " + JOINERS)


def clean_lines(text: str, most: int) -> str:
    """Some lines, each as `clean_line` makes it; empty ones are left out. At most `most` characters."""
    lines = [clean_line(line, most) for line in text.splitlines()]
    return "\n".join(line for line in lines if line)[:most].strip("\n " + JOINERS)
