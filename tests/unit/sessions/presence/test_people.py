"""Hands and health: in the list of who is here, for all to see, never stored."""

from __future__ import annotations

import pytest

from consult.model.identifiers import ConnectionId, SeatId, TabId
from consult.sessions.effects import Append
from consult.sessions.messages import PROTOCOL_VERSION, Hello, Nack
from consult.sessions.presence.messages import Here, LowerHand, Presence, RaiseHand, ReportHealth
from consult.sessions.presence.people import coarsely
from tests.support.cases import SCREEN, Table

ANN = SeatId("ann")


def here(table: Table, seat: str) -> Here:
    """A participant, as the host was sent last."""
    newest = [message for message in table.sent["host"] if isinstance(message, Presence)][-1]
    return next(one for one in newest.people if one.seat == seat)


def count_sent(table: Table) -> int:
    """How often the host was sent who is here."""
    return sum(isinstance(message, Presence) for message in table.sent["host"])


def second_page(table: Table) -> None:
    """Another page of Ann's."""
    table.do(table.core.connect(ConnectionId("pocket"), ANN, table.now))
    table.send("pocket", Hello(PROTOCOL_VERSION, TabId("tab-pocket"), SCREEN))


class TestHands:
    """In the order in which they went up."""

    def test_they_have_places(self, table: Table) -> None:
        table.join("bob")
        table.send("bob", RaiseHand(True))
        table.send("ann", RaiseHand(True))
        assert (here(table, "bob").hand, here(table, "ann").hand, here(table, "host").hand) == (1, 2, 0)
        table.send("bob", RaiseHand(False))
        assert (here(table, "bob").hand, here(table, "ann").hand) == (0, 1)
        assert not any(isinstance(effect, Append) for effect in table.effects)

    def test_said_twice_it_keeps_its_place_and_nobody_is_told(self, table: Table) -> None:
        table.send("ann", RaiseHand(True))
        table.send("host", RaiseHand(True))
        before = count_sent(table)
        table.send("ann", RaiseHand(True))
        assert (here(table, "ann").hand, count_sent(table)) == (1, before)

    def test_a_viewer_may(self, table: Table) -> None:
        table.join("eve", "viewer")
        assert not any(isinstance(answer, Nack) for answer in table.send("eve", RaiseHand(True)))
        assert here(table, "eve").hand == 1

    def test_it_is_the_seats_in_all_its_pages(self, table: Table) -> None:
        second_page(table)
        table.send("pocket", RaiseHand(True))
        table.send("ann", RaiseHand(False))
        assert here(table, "ann").hand == 0

    def test_the_host_lowers_it(self, table: Table) -> None:
        table.join("bob")
        table.send("ann", RaiseHand(True))
        (refused,) = table.send("bob", LowerHand(ANN))
        assert isinstance(refused, Nack)
        assert refused.code == "not_allowed"
        table.send("host", LowerHand(ANN))
        assert here(table, "ann").hand == 0
        before = count_sent(table)
        table.send("host", LowerHand(ANN))
        table.send("host", LowerHand(SeatId("nobody")))
        assert count_sent(table) == before

    def test_it_ends_with_the_connection(self, table: Table) -> None:
        table.send("ann", RaiseHand(True))
        table.do(table.core.disconnect(ConnectionId("ann"), table.now))
        table.come("ann", "ann-again")
        assert here(table, "ann").hand == 0


class TestHealth:
    """Coarse, so that the list changes seldom."""

    def test_all_are_told_how_somebody_is_connected(self, table: Table) -> None:
        table.send("ann", ReportHealth("websocket", 130))
        assert (here(table, "ann").transport, here(table, "ann").round_trip_ms) == ("websocket", 200)

    def test_small_changes_are_not_told(self, table: Table) -> None:
        table.send("ann", ReportHealth("webrtc", 130))
        before = count_sent(table)
        table.send("ann", ReportHealth("webrtc", 190))
        assert count_sent(table) == before
        table.send("ann", ReportHealth("webrtc", 201))
        assert count_sent(table) == before + 1

    def test_of_several_pages_the_newest_counts(self, table: Table) -> None:
        table.send("ann", ReportHealth("webrtc", 30))
        second_page(table)
        table.send("pocket", ReportHealth("websocket", 300))
        assert (here(table, "ann").transport, here(table, "ann").round_trip_ms) == ("websocket", 400)


@pytest.mark.parametrize(("ms", "step"), [(0, 0), (1, 50), (50, 50), (51, 100), (401, 800), (99_999, 60_000)])
def test_steps(ms: int, step: int) -> None:
    assert coarsely(ms) == step
