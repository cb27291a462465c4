"""The units of a voice packet."""

from __future__ import annotations

from consult.media.rtp.voice_packet import CLOCK_HZ, PACKET_S, PACKET_TICKS


def test_a_packet_lasts_as_long_in_ticks_as_in_seconds() -> None:
    assert round(PACKET_S * CLOCK_HZ) == PACKET_TICKS
