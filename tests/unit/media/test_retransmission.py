"""Lost packets again, within limits."""

from __future__ import annotations

import random

import pytest

from consult.media.retransmission import HISTORY, SHARE, WINDOW_S, Retransmission, Sent

TARGET = 2_000_000


def a_packet(number: int, size: int = 1000) -> Sent:
    return Sent(number % 2**16, number, bytes(size), False)


def test_a_packet_comes_again_once_in_a_round_trip() -> None:
    again = Retransmission(TARGET)
    again.round_trip_s = 0.05
    again.sent(a_packet(7))
    assert again.again(7, 10.0) == a_packet(7)
    assert again.again(7, 10.049) is None
    assert again.again(7, 10.051) == a_packet(7)


def test_what_is_not_kept_any_more_does_not_come_again() -> None:
    again = Retransmission(TARGET)
    for number in range(HISTORY + 1):
        again.sent(a_packet(number))
    assert again.again(0, 1.0) is None
    assert again.again(1, 1.0) == a_packet(1)
    assert again.again(HISTORY, 1.0) == a_packet(HISTORY)
    assert again.again(5000, 1.0) is None


def test_a_number_that_comes_round_again_is_another_packet() -> None:
    again = Retransmission(TARGET)
    again.sent(a_packet(3))
    assert again.again(3, 1.0) is not None
    newer = Sent(3, 99, b"newer", True)
    again.sent(newer)
    assert again.again(3, 1.0) is newer


def test_a_lower_target_means_fewer_copies() -> None:
    again = Retransmission(TARGET)
    again.target_bits_per_s = 400_000
    for number in range(100):
        again.sent(a_packet(number))
    assert sum(again.again(number, 1.0) is not None for number in range(100)) == 12


@pytest.mark.parametrize("seed", range(10))
def test_a_storm_of_requests_is_answered_by_a_quarter_of_the_target_in_any_second(seed: int) -> None:
    rng = random.Random(seed)
    again, copies, now = Retransmission(TARGET), list[tuple[float, int]](), 0.0
    for number in range(4000):
        now += 1 / 250
        again.sent(a_packet(number, rng.randrange(50, 1200)))
        for _ in range(20):
            wanted = (number - rng.randrange(HISTORY)) % 2**16
            if (copy := again.again(wanted, now)) is not None:
                copies.append((now, len(copy.payload)))
    for at, _ in copies[::7]:
        within = sum(size for when, size in copies if at <= when < at + WINDOW_S)
        assert 8 * within <= TARGET * SHARE * WINDOW_S
    assert 8 * sum(size for _, size in copies) > 0.8 * TARGET * SHARE * now
