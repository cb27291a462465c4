"""One RTP stream out of many: what a listener's slot sends. Pure: `now` in seconds is an argument.

Rules:
- Sequence and timestamp go on where the last speaker left them; loss at the source stays visible as a gap.
- No sequence number is ever used for two packets, which SRTP would encrypt alike (RFC 3711 9.1).
"""

from __future__ import annotations

from collections.abc import Hashable

from consult.media.rtp.voice_packet import CLOCK_HZ, PACKET_TICKS, VoicePacket

MAX_DROPOUT = 3000
MAX_MISORDER = 100
"""RFC 3550 A.1: a sequence number further away is a source that began anew."""
MAX_JUMP = 2**30
"""Ticks a slot's clock jumps at most, so that forward stays forward in 32 bits."""


class RtpMunger:
    """One listener's slot. It begins with the number after `sequence`, at `timestamp` (both random, RFC 3550 5.1)."""

    def __init__(self, sequence: int, timestamp: int) -> None:
        self._sequence, self._timestamp = sequence, timestamp
        self._source: Hashable | None = None
        self._highest = self._first = 0
        """The source's own sequence numbers: the newest, and the first since it took the slot."""
        self._add_sequence = self._add_timestamp = 0
        self._at: float | None = None

    def next(self, source: Hashable, packet: VoicePacket, now: float) -> tuple[int, int, bool] | None:
        """How a packet goes out: sequence, timestamp, marker. Loss at the source stays visible as a gap.

        Args:
            source: whoever has the slot; a new value at each activation.

        Returns:
            None for a packet whose number is used already: one that came twice, or behind a later one's activation.
        """
        ahead = _signed(packet.sequence - self._highest, 16)
        if source != self._source or not -MAX_MISORDER <= ahead <= MAX_DROPOUT:
            return self._activate(source, packet, now)
        if ahead == 0 or (ahead < 0 and _signed(packet.sequence - self._first, 16) < 0):
            return None
        sequence = (packet.sequence + self._add_sequence) % 2**16
        timestamp = (packet.timestamp + self._add_timestamp) % 2**32
        if ahead > 0:
            self._highest = packet.sequence
            self._sequence, self._timestamp, self._at = sequence, timestamp, now
            if _signed(packet.sequence - self._first, 16) > MAX_DROPOUT:
                self._first = (packet.sequence - MAX_DROPOUT) % 2**16
        return sequence, timestamp, packet.marker

    def _activate(self, source: Hashable, packet: VoicePacket, now: float) -> tuple[int, int, bool]:
        silent_s = 0.0 if self._at is None else now - self._at
        jump = min(max(PACKET_TICKS, int(silent_s * CLOCK_HZ)), MAX_JUMP)
        self._sequence = (self._sequence + 1) % 2**16
        self._timestamp = (self._timestamp + jump) % 2**32
        self._source, self._at = source, now
        self._first = self._highest = packet.sequence
        self._add_sequence = self._sequence - packet.sequence
        self._add_timestamp = self._timestamp - packet.timestamp
        return self._sequence, self._timestamp, True


def _signed(difference: int, bits: int) -> int:
    """A difference of counters that wrap, as the nearer way round."""
    half = 1 << (bits - 1)
    return (difference + half) % (1 << bits) - half
