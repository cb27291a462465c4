"""One packet of somebody's voice: Opus (RFC 7587), passed on as it is."""

from __future__ import annotations

from dataclasses import dataclass

CLOCK_HZ = 48_000
PACKET_S = 0.020
PACKET_TICKS = 960
SILENT = 127
"""Level of digital silence, RFC 6464 4."""


@dataclass(frozen=True)
class VoicePacket:
    """One Opus packet. `sequence` of 16 bits, `timestamp` of 32 at 48 kHz; `level`: 0 loud to 127 silent (-dBov)."""

    sequence: int
    timestamp: int
    payload: bytes
    level: int
    marker: bool
