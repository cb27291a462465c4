"""Voice: Opus packets (RFC 7587) forwarded as they are. Pure: `now` in seconds is an argument.

Rules:
- Three slots. Who speaks takes a free one at once; where none is free, the quietest gives way to somebody who is 6 dB
  louder, but keeps the slot for 0.6 s at least.
- Levels are smoothed over packets of 20 ms; packets that do not come count as silence. So a talker whose browser sends
  5 packets a second because nothing is said (DTX) is as silent as one who sends nothing.
- Who has been silent for `RELEASE_S` gives the slot up. Packets of somebody without a slot go to nobody.
- A slot is one RTP stream for its listener, whoever speaks in it: `RtpMunger` continues sequence and timestamp. No
  sequence number is ever used for two packets, which SRTP would encrypt alike (RFC 3711 9.1).
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

from consult.model.identifiers import ConnectionId

SLOTS = 3
CLOCK_HZ = 48_000
PACKET_S = 0.020
PACKET_TICKS = 960
SILENT = 127
"""Level of digital silence, RFC 6464 4."""
SPEECH_LEVEL = 60.0
"""Smoothed level (-dBov) from which on somebody counts as silent."""
ONSET_LEVEL = 50
"""One packet as loud as this takes a free slot at once: the smoothed level would cost the first syllable."""
KEEP, ADD = 0.8, 0.2
HYSTERESIS_DB = 6.0
HYSTERESIS_S = 0.6
RELEASE_S = 0.8
"""Longer than the pauses between words."""
MAX_DROPOUT = 3000
MAX_MISORDER = 100
"""RFC 3550 A.1: a sequence number further away is a source that began anew."""
MAX_JUMP = 2**30
"""Ticks a slot's clock jumps at most, so that forward stays forward in 32 bits."""


@dataclass(frozen=True)
class VoicePacket:
    """One Opus packet. `sequence` of 16 bits, `timestamp` of 32 at 48 kHz; `level`: 0 loud to 127 silent (-dBov)."""

    sequence: int
    timestamp: int
    payload: bytes
    level: int
    marker: bool


@dataclass(frozen=True)
class Heard:
    """A packet is forwarded in that slot. `activation`: another number each time somebody takes a slot."""

    slot: int
    activation: int


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


@dataclass
class _Talker:
    """`level` is smoothed; `at`: time of the newest packet; `loud_at`: when the level was last that of speech."""

    level: float
    at: float
    loud_at: float = float("-inf")

    def add(self, level: int, now: float) -> None:
        """One more packet, behind those that did not come."""
        missing = min(max(0.0, (now - self.at) / PACKET_S - 1), 1000.0)
        silent = SILENT + (self.level - SILENT) * KEEP**missing
        self.level, self.at = KEEP * silent + ADD * level, now
        if self.level <= SPEECH_LEVEL or level <= ONSET_LEVEL:
            self.loud_at = now


@dataclass
class _Slot:
    who: ConnectionId
    activation: int
    since: float


class ActiveSpeakers:
    """Who has which slot."""

    def __init__(self) -> None:
        self._talkers: dict[ConnectionId, _Talker] = {}
        self._slots: list[_Slot | None] = [None] * SLOTS
        self._activations = 0

    @property
    def slots(self) -> tuple[ConnectionId | None, ...]:
        """Whose packets are forwarded in each slot; None: silent."""
        return tuple(None if slot is None else slot.who for slot in self._slots)

    def packet(self, who: ConnectionId, level: int, now: float) -> Heard | None:
        """A packet has come; where it goes, or None: to nobody."""
        talker = self._talkers.setdefault(who, _Talker(SILENT, now))
        talker.add(level, now)
        self.expire(now)
        place = self._place_of(who)
        if place is None and talker.loud_at == now:
            place = self._find_place(talker, now)
            if place is not None:
                self._activations += 1
                self._slots[place] = _Slot(who, self._activations, now)
        slot = None if place is None else self._slots[place]
        return None if place is None or slot is None else Heard(place, slot.activation)

    def leave(self, who: ConnectionId) -> None:
        """Somebody has gone, or is not heard any more."""
        self._talkers.pop(who, None)
        if (place := self._place_of(who)) is not None:
            self._slots[place] = None

    def due(self) -> float | None:
        """When the next slot falls free, unless its speaker goes on."""
        return min((self._ends_at(slot) for slot in self._slots if slot is not None), default=None)

    def expire(self, now: float) -> None:
        """Take the slots of those who have been silent."""
        self._slots = [None if slot is None or self._ends_at(slot) <= now else slot for slot in self._slots]

    def _ends_at(self, slot: _Slot) -> float:
        return self._talkers[slot.who].loud_at + RELEASE_S

    def _place_of(self, who: ConnectionId) -> int | None:
        return next((i for i, slot in enumerate(self._slots) if slot is not None and slot.who == who), None)

    def _find_place(self, talker: _Talker, now: float) -> int | None:
        """A slot for somebody who speaks and has none."""
        quietest, loudness = None, talker.level + HYSTERESIS_DB
        for i, slot in enumerate(self._slots):
            if slot is None:
                return i
            level = self._talkers[slot.who].level
            if now - slot.since >= HYSTERESIS_S and level >= loudness:
                quietest, loudness = i, level
        return quietest


def _signed(difference: int, bits: int) -> int:
    """A difference of counters that wrap, as the nearer way round."""
    half = 1 << (bits - 1)
    return (difference + half) % (1 << bits) - half
