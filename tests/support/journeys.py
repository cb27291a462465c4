"""What leaves one peer of this process and comes to others, on one clock: how long it took."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable

MAX_LEFT = 4096


class Journeys:
    """Times of this process's `perf_counter`, in seconds. What left is remembered for a while, by a name of it."""

    def __init__(self) -> None:
        self.taken: list[float] = []
        self.received = 0
        self._left: OrderedDict[Hashable, float] = OrderedDict()

    def leaves(self, name: Hashable, now: float) -> None:
        """Somebody sends it."""
        self._left[name] = now
        while len(self._left) > MAX_LEFT:
            self._left.popitem(last=False)

    def comes(self, name: Hashable, now: float) -> None:
        """Somebody gets it."""
        self.received += 1
        left = self._left.get(name)
        if left is not None:
            self.taken.append(now - left)

    def take(self) -> list[float]:
        """How long each took that came since this was last asked, in ms."""
        taken, self.taken = self.taken, []
        return [1000 * seconds for seconds in taken]
