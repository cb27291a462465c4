"""What is recommended, step by step: who does each, and until when; the twin of web/js/core/record/note/steps.js.

A line of the text is a step. Behind bars stand who does it, and until when: "EBUS of node 10R | Thoracic surgeon |
2026-12-01". tests/steps.json holds both.
"""

from __future__ import annotations

from msgspec import Struct

BAR = "|"


class Step(Struct, frozen=True):
    """`owner`, `due`: as they were written; "" where nobody, or no time, is named."""

    what: str
    owner: str = ""
    due: str = ""


def steps_of(text: str) -> tuple[Step, ...]:
    """The steps of a recommendation; none where no line names somebody or a time: then it is a text."""
    if BAR not in text:
        return ()
    return tuple(_step(line) for line in text.split("\n") if line.replace(BAR, "").strip())


def _step(line: str) -> Step:
    what, owner, *due = (part.strip() for part in f"{line}{BAR}".split(BAR))
    return Step(what, owner, ", ".join(part for part in due if part))
