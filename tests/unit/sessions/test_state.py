"""What a consult is: what of it pages see, and what is looked up in it."""

from __future__ import annotations

import msgspec
from msgspec.structs import replace

from consult.model.identifiers import SeatId
from consult.sessions.publishing.document import snapshot_of
from consult.sessions.state import State
from tests.support.cases import Table


def test_before_it_is_opened_there_is_nothing() -> None:
    state = State()
    assert not state.opened
    assert not state.ended
    assert (state.seq, state.consult_id, state.current_case, state.host()) == (0, "", None, None)


def test_a_page_sees_everything_but_invitations_and_tabs() -> None:
    table = Table()
    table.join("host", "host")
    snapshot = snapshot_of(table.state, "host")
    text = msgspec.json.encode(snapshot)
    assert b"invitations" not in text
    assert b"tabs" not in text
    assert snapshot.seats == tuple(table.state.seats.values())


def test_the_case_on_the_stage_is_found() -> None:
    table = Table()
    assert table.state.current_case is table.state.cases[0]
    assert table.state.find_case("c2") is table.state.cases[1]
    assert table.state.find_case("c3") is None


def test_the_host_is_the_newest_seat_that_is_not_removed() -> None:
    table = Table()
    for seat in ("one", "two"):
        table.sit(seat, "host")
    assert table.state.host() == "two"
    removed = replace(table.state.seats[SeatId("two")], removed=True)
    assert replace(table.state, seats={**table.state.seats, SeatId("two"): removed}).host() == "one"
