"""What one peer may send in any second. Pure: `now` in seconds is an argument."""

from __future__ import annotations

from collections import deque

WINDOW_S = 1.0


class Ration:
    """At most so many packets, and so many bytes, in any `WINDOW_S`."""

    def __init__(self, packets: int, size: int) -> None:
        self._packets, self._size = packets, size
        self._taken: deque[tuple[float, int]] = deque()
        self._bytes = 0

    def take(self, size: int, now: float) -> bool:
        """Whether one more packet of that size is within it; then it counts."""
        while self._taken and self._taken[0][0] <= now - WINDOW_S:
            self._bytes -= self._taken.popleft()[1]
        if len(self._taken) >= self._packets or self._bytes + size > self._size:
            return False
        self._taken.append((now, size))
        self._bytes += size
        return True
