"""At most 50 people at once, whoever comes when; two of the places are for hosts."""

from __future__ import annotations

from consult.model.identifiers import ConnectionId, SeatId
from consult.sessions.features.seats.closing import ENDINGS
from consult.sessions.features.seats.places import HOST_PLACES, MAX_PEOPLE
from consult.sessions.messages import Closing
from consult.sessions.presence.messages import Presence
from tests.support.cases import Table


def full(*, led: bool) -> Table:
    """A consult in which no guest more has a place; with a host or without."""
    table = Table()
    if led:
        table.join("host", "host")
    for i in range(MAX_PEOPLE - HOST_PLACES):
        table.join(f"p{i}")
    assert table.closed == {}
    return table


def people(table: Table) -> int:
    """How many are here, as everybody was sent last."""
    return len([message for message in table.sent["p0"] if isinstance(message, Presence)][-1].people)


def test_55_who_join_at_the_same_moment_are_50_at_most() -> None:
    table = Table()
    table.join("host", "host")
    for i in range(55):
        table.sit(f"p{i}", "participant")
        table.do(table.core.connect(ConnectionId(f"p{i}"), SeatId(f"p{i}"), table.now))
    assert table.closed == {}, "all are connected before the first hello"
    for i in range(55):
        table.come(f"p{i}")
    assert people(table) == MAX_PEOPLE - 1 == 49
    assert set(table.closed.values()) == {(ENDINGS["full"].code, "full")}
    assert sorted(table.closed) == [f"p{i}" for i in range(48, 55)]
    table.join("second host", "host")
    assert people(table) == MAX_PEOPLE
    closing = table.sent["p54"][-1]
    assert isinstance(closing, Closing)
    assert closing.sentence == "This consult is full. Try again when somebody has left."


def test_the_forty_eighth_guest_comes_in_and_the_next_does_not() -> None:
    table = full(led=True)
    assert people(table) == MAX_PEOPLE - 1
    assert not table.core.has_place("participant")
    table.join("one-more", "viewer")
    assert "one-more" in table.closed


def test_two_places_are_kept_for_hosts_and_a_third_has_none() -> None:
    table = full(led=False)
    assert people(table) == MAX_PEOPLE - HOST_PLACES
    assert not table.core.has_place("participant")
    for name in ("host", "second"):
        assert table.core.has_place("host")
        table.join(name, "host")
        assert name not in table.closed
    assert people(table) == MAX_PEOPLE
    assert not table.core.has_place("host")
    table.join("third", "host")
    assert "third" in table.closed


def test_where_two_hosts_are_here_guests_have_all_other_places() -> None:
    table = Table()
    for name in ("host", "second"):
        table.join(name, "host")
    for i in range(MAX_PEOPLE - 2):
        table.join(f"p{i}")
    assert table.closed == {}
    assert people(table) == MAX_PEOPLE


def test_who_leaves_makes_a_place() -> None:
    table = full(led=True)
    table.do(table.core.disconnect(ConnectionId("p3"), table.now))
    assert table.core.has_place("participant")
    table.join("one-more")
    assert table.closed == {}


def test_a_second_page_of_somebody_who_is_here_takes_no_place() -> None:
    table = full(led=True)
    table.come("p0", "p0-anew")
    assert table.closed.keys() == {"p0"}, "its own old connection"
    assert people(table) == MAX_PEOPLE - 1
