"""Lost packets again, within limits."""

from __future__ import annotations

import random

import pytest

from consult.media.rtp.ration import WINDOW_S
from consult.media.rtp.retransmission import HISTORY, MOST, SHARE, Frame, Retransmission, Sent

TARGET = 2_000_000


def a_frame(number: int, size: int = 1000) -> Frame:
    """Of one packet."""
    return Frame(number % 2**16, number, (bytes(size),))


def its_packet(number: int, size: int = 1000) -> Sent:
    return Sent(number % 2**16, number, bytes(size), True)


def test_a_packet_comes_again_once_in_a_round_trip() -> None:
    again = Retransmission(TARGET)
    again.round_trip_s = 0.05
    again.sent(a_frame(7))
    assert again.again(7, 10.0) == its_packet(7)
    assert again.again(7, 10.049) is None
    assert again.again(7, 10.051) == its_packet(7)


def test_what_is_not_kept_any_more_does_not_come_again() -> None:
    again = Retransmission(TARGET)
    for number in range(HISTORY + 1):
        again.sent(a_frame(number))
    assert again.again(0, 1.0) is None
    assert again.again(1, 1.0) == its_packet(1)
    assert again.again(HISTORY, 1.0) == its_packet(HISTORY)
    assert again.again(5000, 1.0) is None


def test_a_number_that_comes_round_again_is_another_packet() -> None:
    again = Retransmission(TARGET)
    again.sent(a_frame(3))
    assert again.again(3, 1.0) is not None
    again.sent(Frame(3, 99, (b"newer",)))
    assert again.again(3, 1.0) == Sent(3, 99, b"newer", True)


def test_a_packet_is_found_in_its_frame_also_where_the_numbers_wrap() -> None:
    again = Retransmission(TARGET)
    again.sent(Frame(65_534, 7, (b"a", b"b", b"c", b"d")))
    again.sent(Frame(2, 8, (b"e", b"f")))
    found = {number: again.again(number, 1.0) for number in (65_533, 65_534, 65_535, 0, 1, 2, 3, 4)}
    assert found.pop(65_533) is found.pop(4) is None
    assert [(sent.payload, sent.timestamp, sent.marker) for sent in found.values() if sent] == [
        (b"a", 7, False),
        (b"b", 7, False),
        (b"c", 7, False),
        (b"d", 7, True),
        (b"e", 8, False),
        (b"f", 8, True),
    ]


def test_a_lower_target_means_fewer_copies() -> None:
    again = Retransmission(TARGET)
    again.target_bits_per_s = 400_000
    for number in range(100):
        again.sent(a_frame(number))
    assert sum(again.again(number, 1.0) is not None for number in range(100)) == int(0.17 * 50)


@pytest.mark.parametrize("seed", range(10))
def test_a_storm_of_requests_is_answered_by_a_share_of_the_target_in_any_second(seed: int) -> None:
    rng = random.Random(seed)
    again, copies, now = Retransmission(TARGET), list[tuple[float, int]](), 0.0
    for number in range(4000):
        now += 1 / 250
        again.sent(a_frame(number, rng.randrange(50, 1200)))
        for _ in range(20):
            wanted = (number - rng.randrange(HISTORY)) % 2**16
            if (copy := again.again(wanted, now)) is not None:
                copies.append((now, len(copy.payload)))
    for at, _ in copies[::7]:
        within = sum(size for when, size in copies if at <= when < at + WINDOW_S)
        assert 8 * within <= TARGET * SHARE * WINDOW_S
    assert 8 * sum(size for _, size in copies) > 0.8 * TARGET * SHARE * now


def test_a_stream_that_fills_its_target_has_fewer_copies() -> None:
    """10 ms at a time, for 3 s: first the target alone, then as many copies as may be."""
    again, out, number = Retransmission(TARGET), list[tuple[float, int]](), 0
    for tick in range(300):
        now = tick / 100
        for _ in range(TARGET // 8 // 100 // 1250):
            number += 1
            again.sent(a_frame(number, 1250))
            again.went_out(1250, now)
            out.append((now, 1250))
        for wanted in range(number - 200, number):
            if tick >= 150 and (copy := again.again(wanted % 2**16, now)) is not None:
                out.append((now, len(copy.payload)))
    for start in range(200):
        within = 8 * sum(size for at, size in out if start / 100 <= at < start / 100 + WINDOW_S)
        assert within <= MOST * TARGET * WINDOW_S + 8 * 2500
    assert 8 * sum(size for at, size in out if at >= 2) > 0.95 * MOST * TARGET


def test_a_round_trip_that_could_not_be_measured_changes_nothing() -> None:
    again = Retransmission(1_000_000)
    again.took(0.2)
    again.took(None)
    assert again.round_trip_s == 0.2
    again.took(0.4)
    assert 0.2 < again.round_trip_s < 0.3
