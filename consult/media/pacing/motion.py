"""Whether a view changes faster than anybody reads. Pure: `now` in seconds is an argument.

Rules:
- Fast is `FAST_CHANGES` changes within `FAST_S`: twelve images a second run past, and nobody looks at their detail.
- It stays so until nothing has changed for `CALM_S`, or changes come half as fast: a hand that hesitates does not make
  the picture change its size.
"""

from __future__ import annotations

from collections import deque

FAST_CHANGES = 7
FAST_S = 0.5
CALM_S = 0.5


class Motion:
    """The changes of one view."""

    def __init__(self) -> None:
        self._times: deque[float] = deque(maxlen=FAST_CHANGES)
        self._fast = False

    def changed(self, now: float) -> None:
        """The view has changed."""
        self._times.append(now)
        took = now - self._times[0] if len(self._times) == FAST_CHANGES else float("inf")
        self._fast = took <= (2 * FAST_S if self._fast else FAST_S)

    def is_fast(self, now: float) -> bool:
        """Whether it changes fast now."""
        return self._fast and now - self._times[-1] < CALM_S

    @property
    def calm_at(self) -> float:
        """When it will not be fast any more, if nothing changes."""
        return self._times[-1] + CALM_S if self._times else float("-inf")
