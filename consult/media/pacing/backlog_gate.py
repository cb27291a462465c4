"""Whether a peer on a stream socket has capacity for another frame. Pure: `now` in seconds is an argument.

A frame is sent while the oldest one that is not acknowledged is younger than the bare round trip and `LATE_S`: so a
slow link holds little more than what is on its way, and never seconds of old pictures. The bare round trip is the
least of the newest pings.
"""

from __future__ import annotations

from collections import deque

LATE_S = 0.150
FIRST_ROUND_TRIP_S = 0.050
"""Assumed until a ping has come back."""
PINGS = 8
PING_EVERY_S = 2.0
DEAD_S = 3.0
"""A peer that acknowledges nothing for this long counts as dead."""


class BacklogGate:
    """The frames of one peer that are not acknowledged yet, and the round trip of its bare link."""

    def __init__(self) -> None:
        self._sent: deque[tuple[int, float]] = deque()
        self._round_trips: deque[float] = deque(maxlen=PINGS)
        self._ping_at = float("-inf")
        self._ping: int | None = None
        self._pings = 0

    @property
    def round_trip(self) -> float:
        """Of the bare link, in seconds."""
        return min(self._round_trips, default=FIRST_ROUND_TRIP_S)

    def sent(self, number: int, now: float) -> None:
        """A frame is given to the socket; numbers count up."""
        self._sent.append((number, now))

    def acknowledged(self, number: int) -> None:
        """The peer has this frame and all before it."""
        while self._sent and self._sent[0][0] <= number:
            self._sent.popleft()

    def has_capacity(self, now: float) -> bool:
        """Whether a frame may be sent."""
        return not self._sent or now - self._sent[0][1] < self.round_trip + LATE_S

    def capacity_at(self, now: float) -> float | None:
        """None: only an acknowledgement opens the gate."""
        return None

    def dead_at(self) -> float | None:
        """When the peer will count as dead; None while nothing is on its way."""
        return self._sent[0][1] + DEAD_S if self._sent else None

    def ping(self, now: float) -> int | None:
        """The number of a ping that is due: only where no frame is on its way, which would delay it."""
        if self._sent or now - self._ping_at < PING_EVERY_S:
            return None
        self._pings += 1
        self._ping_at, self._ping = now, self._pings
        return self._pings

    def pong(self, number: int, now: float) -> None:
        """A ping has come back."""
        if number == self._ping:
            self._ping = None
            self._round_trips.append(max(0.0, now - self._ping_at))
