"""A few wrong guesses are free, then they are rationed, by address."""

from __future__ import annotations

from consult.http.security.throttle import FREE, MAX_KNOWN, REFILL_S, Throttle


def test_a_few_are_free_and_then_one_each_so_many_seconds() -> None:
    throttle = Throttle()
    for _ in range(FREE):
        assert throttle.wait_s("a", 100.0) == 0
        throttle.wrong("a", 100.0)
    assert throttle.wait_s("a", 100.0) == REFILL_S
    assert throttle.wait_s("a", 100.0 + REFILL_S / 2) == REFILL_S / 2
    assert throttle.wait_s("a", 100.0 + REFILL_S) == 0
    throttle.wrong("a", 100.0 + REFILL_S)
    assert throttle.wait_s("a", 100.0 + REFILL_S) == REFILL_S


def test_others_do_not_wait_and_only_so_many_are_remembered() -> None:
    throttle = Throttle()
    for _ in range(FREE):
        throttle.wrong("a", 0.0)
    assert throttle.wait_s("b", 0.0) == 0
    for number in range(MAX_KNOWN):
        throttle.wrong(f"n{number}", 0.0)
    assert throttle.wait_s("a", 0.0) == 0, "forgotten, not grown for ever"
