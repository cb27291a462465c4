"""Room on a stream socket: by the age of the oldest frame that is not acknowledged."""

from __future__ import annotations

from consult.media.pacing.backlog_gate import DEAD_S, FIRST_ROUND_TRIP_S, LATE_S, PING_EVERY_S, PINGS, BacklogGate


def pinged(gate: BacklogGate, now: float, took: float) -> None:
    number = gate.ping(now)
    assert number is not None
    gate.pong(number, now + took)


def test_there_is_room_until_the_oldest_is_late() -> None:
    gate = BacklogGate()
    assert gate.has_capacity(0.0)
    gate.sent(1, 1.0)
    gate.sent(2, 1.1)
    limit = FIRST_ROUND_TRIP_S + LATE_S
    assert gate.has_capacity(1.0 + limit - 0.001)
    assert not gate.has_capacity(1.0 + limit + 0.001)
    gate.acknowledged(1)
    assert gate.has_capacity(1.0 + limit + 0.001)
    assert not gate.has_capacity(1.1 + limit + 0.001)


def test_an_acknowledgement_counts_for_all_before_it() -> None:
    gate = BacklogGate()
    for number in (1, 2, 3):
        gate.sent(number, float(number))
    gate.acknowledged(3)
    assert gate.dead_at() is None
    assert gate.has_capacity(100.0)


def test_the_bare_round_trip_is_the_least_of_the_newest_pings() -> None:
    gate = BacklogGate()
    now = 0.0
    for took in (0.3, 0.1, 0.2):
        pinged(gate, now, took)
        now += PING_EVERY_S
    assert abs(gate.round_trip - 0.1) < 1e-9
    for _ in range(PINGS):
        pinged(gate, now, 0.4)
        now += PING_EVERY_S
    assert abs(gate.round_trip - 0.4) < 1e-9


def test_a_ping_is_due_now_and_then_and_not_behind_a_frame() -> None:
    gate = BacklogGate()
    assert gate.ping(10.0) == 1
    assert gate.ping(10.0 + PING_EVERY_S / 2) is None
    gate.sent(1, 11.0)
    assert gate.ping(20.0) is None
    gate.acknowledged(1)
    assert gate.ping(20.0) == 2


def test_an_answer_to_another_ping_says_nothing() -> None:
    gate = BacklogGate()
    gate.ping(0.0)
    gate.pong(7, 0.001)
    assert gate.round_trip == FIRST_ROUND_TRIP_S
    gate.pong(1, 0.2)
    gate.pong(1, 0.9)
    assert gate.round_trip == 0.2


def test_a_peer_that_acknowledges_nothing_is_dead_at_last() -> None:
    gate = BacklogGate()
    assert gate.dead_at() is None
    gate.sent(1, 5.0)
    gate.sent(2, 6.0)
    assert gate.dead_at() == 5.0 + DEAD_S
