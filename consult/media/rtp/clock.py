"""RTP timestamps of the moving pictures: 90 kHz (RFC 6184 8.2.1), one origin for all streams and all peers.

No two frames of a server have the same one, so that a timestamp alone says which frame it is.
"""

from __future__ import annotations

from collections.abc import Callable

RATE_HZ = 90_000
WRAP = 2**32


class RtpClock:
    """`now`: seconds, never falling. `origin`: where it begins, 0 to 2**32 - 1."""

    def __init__(self, now: Callable[[], float], origin: int) -> None:
        self._now, self._origin = now, origin
        self._last = -1

    def stamp(self) -> int:
        """The timestamp of a frame that is made now; it wraps after 13 hours."""
        self._last = max(self._last + 1, int(self._now() * RATE_HZ))
        return (self._origin + self._last) % WRAP
