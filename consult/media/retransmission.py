"""Which lost packets are sent again. Pure: `now` in seconds is an argument.

Rules:
- One copy of a packet in a round trip: the requests that come before it can have arrived ask for the same loss.
- In any second the copies are at most a quarter of the stream's target: a link that is full is not filled with copies.
  (What answers every request sent 67 Mbit/s of a stream of 2 on a link that had stepped down.)
"""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

HISTORY = 1024
"""Packets that can be sent again; a power of 2."""
SHARE = 0.25
WINDOW_S = 1.0
FIRST_ROUND_TRIP_S = 0.100
"""Assumed until a report has come."""


class Sent(NamedTuple):
    """A packet as it went out. `payload`: without its header. A tuple: one is made for each packet of each peer."""

    sequence: int
    timestamp: int
    payload: bytes
    marker: bool


class Retransmission:
    """One stream's. `target_bits_per_s`: what the stream may send."""

    def __init__(self, target_bits_per_s: int) -> None:
        self.target_bits_per_s = target_bits_per_s
        self.round_trip_s = FIRST_ROUND_TRIP_S
        self._sent: list[Sent | None] = [None] * HISTORY
        self._copied_at = [float("-inf")] * HISTORY
        self._copies: deque[tuple[float, int]] = deque()
        self._copied_bytes = 0

    def sent(self, packet: Sent) -> None:
        """A packet has gone out for the first time."""
        place = packet.sequence % HISTORY
        self._sent[place], self._copied_at[place] = packet, float("-inf")

    def again(self, sequence: int, now: float) -> Sent | None:
        """The packet of that number, to be sent again now; None where it may not, or is not kept any more."""
        place = sequence % HISTORY
        packet = self._sent[place]
        if packet is None or packet.sequence != sequence or now - self._copied_at[place] < self.round_trip_s:
            return None
        while self._copies and self._copies[0][0] <= now - WINDOW_S:
            self._copied_bytes -= self._copies.popleft()[1]
        size = len(packet.payload)
        if self._copied_bytes + size > self.target_bits_per_s / 8 * WINDOW_S * SHARE:
            return None
        self._copied_at[place] = now
        self._copies.append((now, size))
        self._copied_bytes += size
        return packet
