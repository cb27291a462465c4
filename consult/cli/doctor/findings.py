"""What was found: in plain words, with what to do."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

State = Literal["works", "note", "fails"]


class Finding(Struct, frozen=True):
    """One thing that was looked at.

    Attributes:
        topic: what it is about, in a word or two.
        state: it works; it works, but should be known; it does not work.
        sentence: what was found.
        advice: what to do; "" where nothing is to be done.
    """

    topic: str
    state: State
    sentence: str
    advice: str = ""


def works(topic: str, sentence: str) -> Finding:
    """It works."""
    return Finding(topic, "works", sentence)
