"""How a slot's stream goes on when somebody else takes it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consult.media.rtp.munger import MAX_DROPOUT, MAX_JUMP, RtpMunger
from consult.media.rtp.voice_packet import PACKET_S, PACKET_TICKS, VoicePacket

LEVEL = 20


def packet(sequence: int, timestamp: int, *, marker: bool = False) -> VoicePacket:
    return VoicePacket(sequence % 2**16, timestamp % 2**32, b"\x78opus", LEVEL, marker)


def test_it_begins_behind_its_random_numbers_with_a_marker() -> None:
    assert RtpMunger(100, 5_000).next(1, packet(7, 70), 0.0) == (101, 5_000 + PACKET_TICKS, True)


def test_a_source_keeps_its_steps_its_gaps_and_its_markers() -> None:
    munger = RtpMunger(100, 5_000)
    munger.next(1, packet(7, 70), 0.0)
    assert munger.next(1, packet(8, 1_030), 0.02) == (102, 6_920, False)
    assert munger.next(1, packet(11, 3_910, marker=True), 0.08) == (105, 9_800, True)


def test_another_speaker_goes_on_where_the_last_one_was() -> None:
    munger = RtpMunger(100, 5_000)
    munger.next(1, packet(7, 70), 0.0)
    assert munger.next(2, packet(60_000, 9), 0.5) == (102, 5_000 + PACKET_TICKS + 24_000, True)
    assert munger.next(2, packet(60_001, 969), 0.52) == (103, 5_000 + 2 * PACKET_TICKS + 24_000, False)


def test_the_same_speaker_at_the_next_activation_too() -> None:
    munger = RtpMunger(0, 0)
    munger.next(1, packet(7, 70), 0.0)
    assert munger.next(3, packet(9, 1_990), 2.0) == (2, PACKET_TICKS + 96_000, True)


def test_a_quick_change_is_a_packet_later_at_least() -> None:
    munger = RtpMunger(0, 0)
    munger.next(1, packet(7, 70), 1.0)
    assert munger.next(2, packet(1, 1), 1.0) == (2, 2 * PACKET_TICKS, True)


def test_a_long_silence_is_no_step_back() -> None:
    munger = RtpMunger(0, 0)
    munger.next(1, packet(7, 70), 0.0)
    assert munger.next(2, packet(1, 1), 86_400.0) == (2, PACKET_TICKS + MAX_JUMP, True)


def test_numbers_wrap() -> None:
    munger = RtpMunger(2**16 - 1, 2**32 - 1)
    assert munger.next(1, packet(2**16 - 1, 2**32 - 1), 0.0) == (0, PACKET_TICKS - 1, True)
    assert munger.next(1, packet(0, PACKET_TICKS - 1), 0.02) == (1, 2 * PACKET_TICKS - 1, False)


def test_reordered_packets_keep_their_places() -> None:
    munger = RtpMunger(100, 0)
    munger.next(1, packet(7, 0), 0.0)
    assert munger.next(1, packet(9, 1_920), 0.03) == (103, 2_880, False)
    assert munger.next(1, packet(8, 960), 0.04) == (102, 1_920, False)
    assert munger.next(1, packet(10, 2_880), 0.06) == (104, 3_840, False)


def test_what_was_overtaken_by_the_activation_is_dropped() -> None:
    munger = RtpMunger(100, 0)
    munger.next(1, packet(500, 0), 0.0)
    munger.next(2, packet(7, 0), 0.02)
    assert munger.next(2, packet(6, -960), 0.03) is None
    assert munger.next(2, packet(8, 960), 0.04) is not None


def test_what_comes_twice_goes_out_once() -> None:
    munger = RtpMunger(100, 0)
    munger.next(1, packet(7, 0), 0.0)
    assert munger.next(1, packet(7, 0), 0.001) is None


@pytest.mark.parametrize("sequence", [7 + MAX_DROPOUT + 1, 7 - 101])
def test_a_source_that_begins_anew_is_an_activation(sequence: int) -> None:
    munger = RtpMunger(100, 0)
    munger.next(1, packet(7, 0), 0.0)
    assert munger.next(1, packet(sequence, 77), 1.0) == (102, PACKET_TICKS + 48_000, True)


def test_a_long_speech_does_not_make_late_packets_too_late() -> None:
    munger = RtpMunger(0, 0)
    for n in range(40_000):
        munger.next(1, packet(n, n * PACKET_TICKS), n * PACKET_S)
    munger.next(1, packet(40_001, 40_001 * PACKET_TICKS), 800.1)
    assert munger.next(1, packet(40_000, 40_000 * PACKET_TICKS), 800.1) == (40_001, 40_001 * PACKET_TICKS, False)


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(1, 3), st.integers(0, 2**16 - 1), st.booleans()), max_size=60))
def test_no_number_is_used_for_two_packets(course: list[tuple[int, int, bool]]) -> None:
    """Whatever comes: two packets under one number would be encrypted alike."""
    munger, used = RtpMunger(0, 0), dict[int, tuple[int, int]]()
    source = at = 0
    for n, (talker, sequence, is_near) in enumerate(course):
        at = at + sequence % 7 - 3 if is_near else sequence
        source = source if is_near else 10 * n + talker
        out = munger.next(source, packet(at, at), n * PACKET_S)
        if out is not None:
            assert used.setdefault(out[0], (source, at)) == (source, at)
