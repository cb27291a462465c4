"""How often something happened and how long it took: plain numbers of one server, which `monitoring` shows.

Rules of this file:
- Labels are codes and reasons of this source, never a name, an id or anything of a peer. Should one come that is not,
  there are `MAX_LABELS` of a kind at most, and the rest is "other".
- Nothing here is taken back: counts only rise, levels go up and down by what is said of them.
- The loop alone writes; nothing is locked.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from typing import Literal

Counted = Literal["refused", "closed"]
Level = Literal["streams"]
Timed = Literal["acknowledgement", "frame_age"]
MAX_LABELS = 96
OTHER = "other"
BOUNDS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Upper bounds of what is counted together, in seconds."""


class Durations:
    """A histogram.

    Attributes:
        counts: how many lay at or below each of `BOUNDS_S` and above the one before; last, those above all.
        sum_s: of all, in seconds.
    """

    def __init__(self) -> None:
        self.counts = [0] * (len(BOUNDS_S) + 1)
        self.sum_s = 0.0

    def add(self, seconds: float) -> None:
        """One more; what a clock makes negative is 0."""
        lasted = max(0.0, seconds)
        self.counts[bisect_left(BOUNDS_S, lasted)] += 1
        self.sum_s += lasted


class Tally:
    """Attributes: counts by kind and label, levels, durations."""

    def __init__(self) -> None:
        self.counts: dict[Counted, Counter[str]] = {"refused": Counter(), "closed": Counter()}
        self.levels: dict[Level, int] = {"streams": 0}
        self.durations: dict[Timed, Durations] = {"acknowledgement": Durations(), "frame_age": Durations()}

    def count(self, what: Counted, label: str) -> None:
        """It happened once more."""
        counter = self.counts[what]
        counter[label if label in counter or len(counter) < MAX_LABELS else OTHER] += 1

    def move(self, what: Level, by: int) -> None:
        """There are so many more of it, or fewer."""
        self.levels[what] += by

    def time(self, what: Timed, seconds: float) -> None:
        """It took so long."""
        self.durations[what].add(seconds)
