"""Hands and health: in the list of who is here, for all to see, never stored."""

from __future__ import annotations

import pytest

from consult.model.identifiers import ConnectionId, SeatId, TabId
from consult.sessions.effects import Append
from consult.sessions.messages import PROTOCOL_VERSION, Hello, Here, Nack, Presence
from consult.sessions.people import coarsely
from consult.sessions.presence import LowerHand, RaiseHand, TellHealth
from tests.support.cases import SCREEN, Table

ANN = SeatId("ann")


def here(table: Table, seat: str) -> Here:
    """A participant, as the host was told last."""
    newest = [message for message in table.sent["host"] if isinstance(message, Presence)][-1]
    return next(one for one in newest.people if one.seat == seat)


def told(table: Table) -> int:
    """How often the host was told who is here."""
    return sum(isinstance(message, Presence) for message in table.sent["host"])


def second_page(table: Table) -> None:
    """Another page of Ann's."""
    table.do(table.core.connect(ConnectionId("pocket"), ANN, table.now))
    table.say("pocket", Hello(PROTOCOL_VERSION, TabId("tab-pocket"), SCREEN))


class TestHands:
    """In the order in which they went up."""

    def test_they_have_places(self, table: Table) -> None:
        table.join("bob")
        table.say("bob", RaiseHand(True))
        table.say("ann", RaiseHand(True))
        assert (here(table, "bob").hand, here(table, "ann").hand, here(table, "host").hand) == (1, 2, 0)
        table.say("bob", RaiseHand(False))
        assert (here(table, "bob").hand, here(table, "ann").hand) == (0, 1)
        assert not any(isinstance(effect, Append) for effect in table.effects)

    def test_said_twice_it_keeps_its_place_and_nobody_is_told(self, table: Table) -> None:
        table.say("ann", RaiseHand(True))
        table.say("host", RaiseHand(True))
        before = told(table)
        table.say("ann", RaiseHand(True))
        assert (here(table, "ann").hand, told(table)) == (1, before)

    def test_a_viewer_may(self, table: Table) -> None:
        table.join("eve", "viewer")
        assert not any(isinstance(answer, Nack) for answer in table.say("eve", RaiseHand(True)))
        assert here(table, "eve").hand == 1

    def test_it_is_the_seats_in_all_its_pages(self, table: Table) -> None:
        second_page(table)
        table.say("pocket", RaiseHand(True))
        table.say("ann", RaiseHand(False))
        assert here(table, "ann").hand == 0

    def test_the_host_lowers_it(self, table: Table) -> None:
        table.join("bob")
        table.say("ann", RaiseHand(True))
        (refused,) = table.say("bob", LowerHand(ANN))
        assert isinstance(refused, Nack)
        assert refused.code == "not_allowed"
        table.say("host", LowerHand(ANN))
        assert here(table, "ann").hand == 0
        before = told(table)
        table.say("host", LowerHand(ANN))
        table.say("host", LowerHand(SeatId("nobody")))
        assert told(table) == before

    def test_it_ends_with_the_connection(self, table: Table) -> None:
        table.say("ann", RaiseHand(True))
        table.do(table.core.disconnect(ConnectionId("ann"), table.now))
        table.come("ann", "ann-again")
        assert here(table, "ann").hand == 0


class TestHealth:
    """Coarse, so that the list changes seldom."""

    def test_all_are_told_how_somebody_is_connected(self, table: Table) -> None:
        table.say("ann", TellHealth("websocket", 130))
        assert (here(table, "ann").transport, here(table, "ann").round_trip_ms) == ("websocket", 200)

    def test_small_changes_are_not_told(self, table: Table) -> None:
        table.say("ann", TellHealth("webrtc", 130))
        before = told(table)
        table.say("ann", TellHealth("webrtc", 190))
        assert told(table) == before
        table.say("ann", TellHealth("webrtc", 201))
        assert told(table) == before + 1

    def test_of_several_pages_the_newest_counts(self, table: Table) -> None:
        table.say("ann", TellHealth("webrtc", 30))
        second_page(table)
        table.say("pocket", TellHealth("websocket", 300))
        assert (here(table, "ann").transport, here(table, "ann").round_trip_ms) == ("websocket", 400)


@pytest.mark.parametrize(("ms", "step"), [(0, 0), (1, 50), (50, 50), (51, 100), (401, 800), (99_999, 60_000)])
def test_steps(ms: int, step: int) -> None:
    assert coarsely(ms) == step
