"""Guessing is rationed by user, by address and by both; nobody is locked out of their own browser by it."""

from __future__ import annotations

from consult.http.security.ration import Attempt, Ration
from consult.http.security.throttle import FREE, REFILL_S

ANNA = Attempt("anna", "10.0.0.1")


def spend(ration: Ration, attempt: Attempt, now: float = 0.0) -> int:
    """Guess until one has to wait; how often that was."""
    tries = 0
    while not ration.wait_s(attempt, now):
        ration.begin(attempt, now)
        tries += 1
    return tries


def test_a_few_tries_of_one_user_from_one_address_then_one_each_ten_seconds() -> None:
    ration = Ration()
    assert spend(ration, ANNA) == FREE
    assert ration.wait_s(ANNA, 0.0) == REFILL_S
    assert spend(ration, ANNA, now=REFILL_S) == 1
    assert spend(ration, Attempt("bob", "10.0.0.1")) == FREE, "a colleague at the same address"
    assert spend(ration, Attempt("anna", "10.0.0.2")) == FREE, "herself elsewhere"


def test_one_address_guesses_so_many_users_and_one_user_is_guessed_from_so_many_addresses() -> None:
    ration = Ration()
    assert sum(spend(ration, Attempt(f"user{n}", "10.0.0.1")) for n in range(100)) == 30
    ration = Ration()
    assert sum(spend(ration, Attempt("anna", f"10.0.{n}.1")) for n in range(100)) == 60


def test_whatever_others_guess_a_known_browser_goes_on() -> None:
    """Seen to fail without the device: the attacker's guesses count for the user, wherever they sit."""
    ration, known = Ration(), Attempt("anna", "10.0.0.1", device="her browser")
    for n in range(100):
        spend(ration, Attempt("anna", f"10.0.{n}.1"))
    spend(ration, ANNA)
    assert ration.wait_s(Attempt("anna", "192.168.0.1"), 0.0) > 0
    assert ration.wait_s(known, 0.0) == 0
    assert spend(ration, known) == FREE, "that has a ration too"


def test_right_ones_do_not_count() -> None:
    ration = Ration()
    for n in range(500):  # a department, behind one address
        attempt = Attempt(f"user{n % 40}", "10.0.0.1")
        assert ration.wait_s(attempt, 0.0) == 0
        ration.begin(attempt, 0.0)
        ration.right(attempt, 0.0)


def test_who_guesses_does_not_become_free_by_signing_in() -> None:
    ration, own = Ration(), Attempt("mallory", "10.0.0.1")
    for _ in range(FREE - 1):
        ration.begin(ANNA, 0.0)
    ration.begin(own, 0.0)
    ration.right(own, 0.0)
    assert spend(ration, ANNA) == 1


def test_all_ipv6_networks_of_a_subscriber_are_one_address() -> None:
    """Seen to fail: each address of it had tries of its own."""
    ration = Ration()
    assert spend(ration, Attempt("anna", "2001:db8::1")) == FREE
    assert spend(ration, Attempt("anna", "2001:db8::ffff:1")) == 0
    assert spend(ration, Attempt("anna", "2001:db8:0:ff::1")) == 0, "a network of the same subscriber"
    assert spend(ration, Attempt("anna", "2001:db8:0:100::1")) == FREE
