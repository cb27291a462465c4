"""`consult` that makes nothing of a board's next case before somebody switches to it: what `board` is held against.

Nothing else is changed.
"""

from __future__ import annotations

from collections.abc import Iterable

from consult.cli import main as consult_main
from consult.model.view import Screen
from consult.streaming.feeds.following import NextCase


async def make_nothing(self: NextCase, screens: Iterable[Screen]) -> None:
    """In place of `NextCase.make`."""


def main() -> int:
    """Run the command."""
    NextCase.make = make_nothing  # type: ignore[method-assign]  # that is the point
    return consult_main()
