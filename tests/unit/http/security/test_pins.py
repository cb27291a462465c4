"""Wrong PINs are rationed by link and address, and by link."""

from __future__ import annotations

from consult.http.security.pins import AGAIN_S, MAX_KNOWN, OF_ADDRESS, OF_LINK, WrongPins


def test_an_address_has_five_and_then_one_each_ten_minutes() -> None:
    pins = WrongPins()
    left = [pins.wrong("link", "10.0.0.1", 0.0) for _ in range(int(OF_ADDRESS.burst))]
    assert left == [4, 3, 2, 1, 0]
    assert pins.wait_s("link", "10.0.0.1", 0.0) == AGAIN_S
    assert pins.wait_s("link", "10.0.0.2", 0.0) == 0
    assert pins.wait_s("another", "10.0.0.1", 0.0) == 0
    assert pins.wait_s("link", "10.0.0.1", AGAIN_S) == 0


def test_a_link_has_twenty_from_wherever_they_come() -> None:
    """Seen to fail on a count by address alone."""
    pins = WrongPins()
    for n in range(int(OF_LINK.burst)):
        assert pins.wait_s("link", f"10.0.0.{n}", 0.0) == 0
        pins.wrong("link", f"10.0.0.{n}", 0.0)
    assert pins.wait_s("link", "10.0.1.1", 0.0) == AGAIN_S
    assert pins.wait_s("another", "10.0.1.1", 0.0) == 0


def test_only_so_many_are_remembered() -> None:
    pins = WrongPins()
    for n in range(MAX_KNOWN):
        pins.wrong(f"link {n}", "10.0.0.1", 0.0)
    assert len(pins._buckets) == MAX_KNOWN
