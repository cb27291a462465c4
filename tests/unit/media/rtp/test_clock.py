"""Timestamps: 90 kHz from our own origin, never twice."""

from __future__ import annotations

from consult.media.rtp.clock import WRAP, RtpClock


def test_it_counts_ninety_thousand_a_second_from_its_origin() -> None:
    now = [10.0]
    clock = RtpClock(lambda: now[0], 1000)
    first = clock.stamp()
    now[0] += 0.5
    assert first == 1000 + 900_000
    assert clock.stamp() - first == 45_000


def test_no_two_frames_have_one_timestamp_even_at_one_time() -> None:
    clock = RtpClock(lambda: 3.0, 7)
    stamps = [clock.stamp() for _ in range(50)]
    assert len(set(stamps)) == 50
    assert stamps == sorted(stamps)


def test_it_wraps() -> None:
    now = [0.0]
    clock = RtpClock(lambda: now[0], WRAP - 1)
    assert clock.stamp() == WRAP - 1
    now[0] = 1 / 90_000
    assert clock.stamp() == 0
