"""Whose voice is forwarded, and in which slot. Pure: `now` in seconds is an argument.

Rules:
- Three slots. Who speaks takes a free one at once; where none is free, the quietest gives way to somebody who is 6 dB
  louder, but keeps the slot for 0.6 s at least.
- Levels are smoothed over packets of 20 ms; packets that do not come count as silence. So a talker whose browser sends
  5 packets a second because nothing is spoken (DTX) is as silent as one who sends nothing.
- Who has been silent for `RELEASE_S` gives the slot up. Packets of somebody without a slot go to nobody.
"""

from __future__ import annotations

from dataclasses import dataclass

from consult.media.rtp.voice_packet import PACKET_S, SILENT
from consult.model.identifiers import ConnectionId

SLOTS = 3
SPEECH_LEVEL = 60.0
"""Smoothed level (-dBov) from which on somebody counts as silent."""
ONSET_LEVEL = 50
"""One packet as loud as this takes a free slot at once: the smoothed level would cost the first syllable."""
KEEP, ADD = 0.8, 0.2
HYSTERESIS_DB = 6.0
HYSTERESIS_S = 0.6
RELEASE_S = 0.8
"""Longer than the pauses between words."""


@dataclass(frozen=True)
class SlotActivation:
    """Where a packet is forwarded. `activation`: another number each time somebody takes a slot."""

    slot: int
    activation: int


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
    """The slots of one consult, and the smoothed level of everybody who sends."""

    def __init__(self) -> None:
        self._talkers: dict[ConnectionId, _Talker] = {}
        self._slots: list[_Slot | None] = [None] * SLOTS
        self._activations = 0

    @property
    def slots(self) -> tuple[ConnectionId | None, ...]:
        """Whose packets are forwarded in each slot; None: silent."""
        return tuple(None if slot is None else slot.who for slot in self._slots)

    def packet(self, who: ConnectionId, level: int, now: float) -> SlotActivation | None:
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
        return None if place is None or slot is None else SlotActivation(place, slot.activation)

    def leave(self, who: ConnectionId) -> None:
        """Somebody has gone, or is muted."""
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
