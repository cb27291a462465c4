"""Wrong codes are rationed by address and for all, and nobody keeps everybody else out from a few addresses."""

from __future__ import annotations

from consult.access.guesses import KEPT, LATELY_S, MAX_KNOWN, MINUTE_S, OF_ADDRESS, OF_ALL, Guesses


def test_an_address_has_five_wrong_guesses_in_a_minute() -> None:
    guesses = Guesses()
    for second in range(OF_ADDRESS):
        assert guesses.wait_s("10.0.0.1", float(second)) == 0
        guesses.wrong("10.0.0.1", float(second))
    assert guesses.wait_s("10.0.0.1", 10.0) == MINUTE_S - 10
    assert guesses.wait_s("10.0.0.2", 10.0) == 0
    assert guesses.wait_s("10.0.0.1", MINUTE_S) == 0
    guesses.wrong("10.0.0.1", MINUTE_S)
    assert guesses.wait_s("10.0.0.1", MINUTE_S) == 1.0, "the second of the first minute is still counted"


def test_whoever_guesses_from_a_few_addresses_keeps_out_nobody_who_does_not() -> None:
    """Seen to fail where all share one count."""
    guesses, attackers = Guesses(), [f"192.0.2.{n}" for n in range(50)]
    looked_at = 0
    for second in range(600):
        for address in attackers[:6]:
            if guesses.wait_s(address, float(second)) == 0:
                guesses.wrong(address, float(second))
                looked_at += 1
        assert guesses.wait_s("198.51.100.7", float(second)) == 0
    assert looked_at <= 10 * OF_ALL


def test_from_however_many_addresses_thirty_a_minute_are_looked_at() -> None:
    guesses, times = Guesses(), []
    for n in range(6000):
        at = n / 10
        if guesses.wait_s(f"192.0.{n // 250}.{n % 250}", at) == 0:
            guesses.wrong(f"192.0.{n // 250}.{n % 250}", at)
            times.append(at)
    assert max(sum(at <= other < at + MINUTE_S for other in times) for at in times) == OF_ALL


def test_half_of_them_are_kept_for_who_has_guessed_nothing_wrong_lately() -> None:
    guesses = Guesses()
    guesses.wrong("10.0.0.1", 0.0)
    for n in range(OF_ALL - KEPT):
        guesses.wrong(f"192.0.2.{n}", 100.0)
    assert guesses.wait_s("10.0.0.1", 100.0) == MINUTE_S
    assert guesses.wait_s("10.0.0.2", 100.0) == 0
    later = LATELY_S + 60
    for n in range(OF_ALL - KEPT):
        guesses.wrong(f"192.0.2.{n}", later)
    assert guesses.wait_s("10.0.0.1", later) == 0


def test_all_addresses_of_a_subscriber_are_one() -> None:
    guesses = Guesses()
    for n in range(OF_ADDRESS):
        guesses.wrong(f"2001:db8:0:ab{n:02x}::1", 0.0)
    assert guesses.wait_s("2001:db8:0:abff::7", 0.0) == MINUTE_S
    assert guesses.wait_s("2001:db8:0:ac00::7", 0.0) == 0.0


def test_only_so_many_are_remembered() -> None:
    guesses = Guesses()
    for n in range(MAX_KNOWN + 10):
        guesses.wrong(f"n{n}", 0.0)
    assert len(guesses._of_address) == MAX_KNOWN
