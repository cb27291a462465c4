"""Whose WebSockets came without their upgrade is known for a while, of a bounded number of seats."""

from __future__ import annotations

from consult.http.security.lost_upgrades import MAX_KNOWN, REMEMBERED_S, LostUpgrades
from consult.model.identifiers import SeatId


def test_it_is_known_for_a_while_of_that_seat_alone() -> None:
    lost = LostUpgrades()
    lost.lost(SeatId("a"), 100.0)
    assert lost.is_lost(SeatId("a"), 100.0 + REMEMBERED_S / 2)
    assert not lost.is_lost(SeatId("a"), 100.0 + REMEMBERED_S)
    assert not lost.is_lost(SeatId("b"), 100.0)


def test_the_newest_are_known() -> None:
    lost = LostUpgrades()
    for number in range(MAX_KNOWN + 1):
        lost.lost(SeatId(str(number)), 1.0)
    assert not lost.is_lost(SeatId("0"), 1.0)
    assert lost.is_lost(SeatId("1"), 1.0)
