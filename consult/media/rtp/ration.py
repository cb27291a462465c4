"""What went in the last second, and what one peer may send in any. Pure: `now` in seconds is an argument."""

from __future__ import annotations

from collections import deque

WINDOW_S = 1.0


class Window:
    """Packets of the last `WINDOW_S`."""

    def __init__(self) -> None:
        self._entries: deque[tuple[float, int]] = deque()
        self._bytes = 0

    def add(self, size: int, now: float) -> None:
        """So many bytes go now."""
        self._entries.append((now, size))
        self._bytes += size
        self._forget(now)

    def content(self, now: float) -> tuple[int, int]:
        """How many were added, and their bytes."""
        self._forget(now)
        return len(self._entries), self._bytes

    def bits_per_s(self, now: float) -> float:
        """On average."""
        self._forget(now)
        return 8 * self._bytes / WINDOW_S

    def _forget(self, now: float) -> None:
        while self._entries and self._entries[0][0] <= now - WINDOW_S:
            self._bytes -= self._entries.popleft()[1]


class Ration:
    """At most so many packets, and so many bytes, in any `WINDOW_S`."""

    def __init__(self, packets: int, size: int) -> None:
        self._packets, self._size = packets, size
        self._taken = Window()

    def take(self, size: int, now: float) -> bool:
        """Whether one more packet of that size is within it; then it counts."""
        packets, total = self._taken.content(now)
        if packets >= self._packets or total + size > self._size:
            return False
        self._taken.add(size, now)
        return True
