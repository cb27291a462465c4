"""Which lost packets are sent again. Pure: `now` in seconds is an argument.

Rules:
- One copy of a packet in a round trip: the requests that come before it can have arrived ask for the same loss.
- In any second the copies are at most `SHARE` of the stream's target, and no copy brings all that goes out above `MOST`
  of it: a peer never gets more than 1.25 times its target, and a link that is full is not filled with copies. (What
  answers every request sent 67 Mbit/s of a stream of 2 on a link that had stepped down.)
- What a peer asks for is rationed before it is parsed (`reports`), and how many packets it names before each of them is
  looked up: asking costs a peer a byte for two packets, and us far more.
"""

from __future__ import annotations

from typing import NamedTuple

from consult.media.rtp.ration import WINDOW_S, Ration, Window

HISTORY = 1024
"""Packets that can be sent again; a power of 2."""
SHARE = 0.17
"""Of the target: a quarter above it must hold headers (3.5 %) and a frame that is early (3.3 %) as well."""
MOST = 1.2
"""With copies; the rest up to 1.25 is for frames that are a little early."""
REPORTS, REPORT_BYTES = 200, 8192
"""RTCP packets of a peer in a second, and their bytes: four times what browsers send of a bad link."""
FIRST_ROUND_TRIP_S = 0.100
"""Assumed until a report has come."""
NEWEST = 0.15
"""Weight of the newest round trip in their mean, as in aiortc."""


class Sent(NamedTuple):
    """A packet as it went out first. `payload`: without its header."""

    sequence: int
    timestamp: int
    payload: bytes
    marker: bool


def reports() -> Ration:
    """Of a peer's RTCP."""
    return Ration(REPORTS, REPORT_BYTES)


class Frame(NamedTuple):
    """The packets of one frame; the numbers count up from `first`, modulo 2**16. One tuple a frame, none a packet."""

    first: int
    timestamp: int
    payloads: tuple[bytes, ...]

    def packet(self, sequence: int) -> Sent | None:
        """The packet of that number, where it is one of these."""
        place = (sequence - self.first) % 2**16
        if place >= len(self.payloads):
            return None
        return Sent(sequence, self.timestamp, self.payloads[place], place == len(self.payloads) - 1)


class Retransmission:
    """One stream's. `target_bits_per_s`: what the stream may send."""

    def __init__(self, target_bits_per_s: int) -> None:
        self.target_bits_per_s = target_bits_per_s
        self.round_trip_s = FIRST_ROUND_TRIP_S
        self._is_measured = False
        self._frames: list[Frame | None] = [None] * HISTORY
        self._copied_at = [float("-inf")] * HISTORY
        self._all, self._copies = Window(), Window()
        self._asked = Ration(HISTORY, HISTORY)

    def asked(self, sequences: list[int], now: float) -> list[int]:
        """Those of the packets asked for that are looked up: in a second as many as are kept."""
        return [sequence for sequence in sequences[:HISTORY] if self._asked.take(1, now)]

    def sent(self, frame: Frame) -> None:
        """The packets of a frame may be asked for from now on."""
        for sequence in range(frame.first, frame.first + len(frame.payloads)):
            place = sequence % HISTORY
            self._frames[place], self._copied_at[place] = frame, float("-inf")

    def went_out(self, size: int, now: float) -> None:
        """So many bytes of packets go out for the first time."""
        self._all.add(size, now)

    def took(self, round_trip_s: float | None) -> None:
        """A round trip was measured; None: it could not be."""
        if round_trip_s is None:
            return
        weight = NEWEST if self._is_measured else 1.0
        self.round_trip_s += weight * (round_trip_s - self.round_trip_s)
        self._is_measured = True

    def again(self, sequence: int, now: float) -> Sent | None:
        """The packet of that number, to be sent again now; None where it may not, or is not kept any more."""
        place = sequence % HISTORY
        frame = self._frames[place]
        packet = None if frame is None else frame.packet(sequence)
        if packet is None or now - self._copied_at[place] < self.round_trip_s:
            return None
        size = len(packet.payload)
        bits_per_s = 8 * size / WINDOW_S
        if self._copies.bits_per_s(now) + bits_per_s > self.target_bits_per_s * SHARE:
            return None
        if self._all.bits_per_s(now) + bits_per_s > self.target_bits_per_s * MOST:
            return None
        self._copied_at[place] = now
        self._copies.add(size, now)
        self._all.add(size, now)
        return packet
