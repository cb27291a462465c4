"""The board itself: that it begins, the time of each case, who leads, who is there, which cases it has."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from consult.model.errors import Refused
from consult.model.identifiers import InvitationId, SeatId, SeriesKey
from consult.model.measuring.calibration import ALL_IMAGES, Calibration
from consult.sessions.features.board.cases import is_in_use
from consult.sessions.features.board.commands import (
    Appoint,
    BeginBoard,
    DropAttendee,
    DropCase,
    OrderCases,
    PutAttendee,
    PutCase,
    PutPreparation,
    SetBoard,
)
from consult.sessions.features.cases.commands import HidePatients, SwitchCase
from consult.sessions.features.control.commands import TakeControl
from consult.sessions.features.seats.commands import Invite
from consult.sessions.messages import Welcome
from tests.support.boards import BoardTable
from tests.support.cases import Table, case


@pytest.fixture
def table() -> BoardTable:
    return BoardTable()


def spent(table: BoardTable) -> dict[str, float]:
    """Seconds of each case."""
    assert table.state.board is not None
    return table.state.board.spent


def test_the_time_of_a_case_is_that_on_the_stage_since_the_board_began() -> None:
    table = BoardTable(begun=False)
    table.done("host", SwitchCase, to="c2")
    table.now += 7
    table.done("host", BeginBoard)
    table.now += 2
    table.done("mod", SwitchCase, to="c1")
    table.now += 3
    table.done("mod", SwitchCase, to="c2")
    table.now += 1
    table.done("mod", SwitchCase, to="c3")
    assert spent(table) == {"c2": 3.0, "c1": 3.0}


def test_cases_are_reordered_in_mid_board_and_none_is_lost(table: BoardTable) -> None:
    table.done("mod", OrderCases, order=("c3", "c1"))
    assert [one.id for one in table.state.cases] == ["c3", "c1", "c2"]
    assert table.state.current == "c1"
    assert table.refused("mod", OrderCases, order=("c9",)) == "unknown_case"


def test_where_patients_are_hidden_guests_begin_anew_when_the_order_changes(table: BoardTable) -> None:
    table.done("host", HidePatients, hidden=True)
    for seat in ("ann", "bob", "eve"):
        table.come(seat, f"{seat}-again")
    table.closed.clear()
    table.done("mod", OrderCases, order=("c3",))
    assert set(table.closed) == {"ann-again", "bob-again", "eve-again"}
    assert {code for code, _ in table.closed.values()} == {1013}


def test_who_is_appointed_knows_all_cases_and_comes_back_as_moderator(table: BoardTable) -> None:
    table.done("host", Appoint, seat=SeatId("ann"), moderates=True)
    assert table.closed["ann"][0] == 1013
    table.come("ann", "ann-again")
    welcome = next(m for m in table.sent["ann-again"] if isinstance(m, Welcome))
    assert welcome.role == "moderator"
    assert welcome.snapshot is not None
    assert not any(one.withheld for one in welcome.snapshot.cases)
    table.done("host", Appoint, seat=SeatId("ann"), moderates=False)
    assert table.state.seats[SeatId("ann")].role == "participant"
    assert table.refused("host", Appoint, seat=SeatId("eve"), moderates=True) == "cannot_lead"


def test_a_moderator_takes_control_at_any_time_and_stands_in_for_nobody(table: BoardTable) -> None:
    table.done("mod", TakeControl)
    assert (table.state.control.seat, table.state.control.stands_in) == ("mod", False)


def test_only_a_board_has_moderators_and_preparers() -> None:
    plain = Table()
    with pytest.raises(Refused, match="no_board"):
        plain.core.command(Invite(invitation=InvitationId("m"), role="moderator"), plain.now)


def test_the_roll_is_called_by_who_leads_and_everybody_says_it_of_themselves(table: BoardTable) -> None:
    table.done("mod", SetBoard, specialties=("Surgery", " Oncology ", "Surgery", ""), sound_elsewhere=True)
    assert table.state.board is not None
    assert table.state.board.specialties == ("Surgery", "Oncology")
    table.done("ann", PutAttendee, person="ann", name="whatever", specialty="Surgery")
    table.done("eve", PutAttendee, person="room.1", name="Dr. Lee", specialty="Pathology")
    table.done("mod", PutAttendee, person="bob", name="", specialty="Oncology", present=False)
    table.done("mod", PutAttendee, person="p.9", name="Dr. Post", specialty="Nuclear medicine")
    rows = [(a.name, a.specialty, a.seat, a.present) for a in table.state.attendees.values()]
    assert rows == [
        ("ann", "Surgery", "ann", True),
        ("Dr. Lee", "Pathology", "eve", True),
        ("bob", "Oncology", "bob", False),
        ("Dr. Post", "Nuclear medicine", "", True),
    ]
    assert table.refused("ann", PutAttendee, person="bob", name="Bob") == "not_yours"
    assert table.refused("ann", DropAttendee, person="room.1") == "not_yours"
    table.done("eve", DropAttendee, person="room.1")


def test_a_case_comes_and_goes_and_pages_begin_anew(table: BoardTable) -> None:
    table.do(table.core.command(PutCase(put=case("c4", ("s-5",))), table.now))
    assert [one.id for one in table.state.cases] == ["c1", "c2", "c3", "c4"]
    assert set(table.closed) == {"host", "mod", "ann", "bob", "pre", "eve"}
    table.come("pre", "pre-again")
    table.send("pre-again", _written(table, "c4"))
    assert "c4" in table.state.preparations
    table.do(table.core.command(DropCase(dropped="c4"), table.now))
    assert (len(table.state.cases), "c4" in table.state.preparations) == (3, False)


@pytest.mark.parametrize("reached", ["on_the_stage", "in_use"])
def test_a_case_that_was_talked_about_stays(table: BoardTable, reached: str) -> None:
    if reached == "in_use":
        table.decide()
        table.done("mod", SwitchCase, to="c2")
    with pytest.raises(Refused, match=reached):
        table.core.command(DropCase(dropped="c1"), table.now)


def test_a_case_that_was_calibrated_by_hand_is_in_use(table: BoardTable) -> None:
    by_hand = Calibration("c2/s-1/all", "c2", SeriesKey("s-1"), ALL_IMAGES, 0.5, 25.0, SeatId("ann"), "Dr. Ann")
    assert not is_in_use(table.state, "c2")
    assert is_in_use(replace(table.state, calibrations={by_hand.id: by_hand}), "c2")


def _written(table: BoardTable, of: str) -> PutPreparation:
    identifier = "tab-of-pre.77"
    return PutPreparation(id=identifier, case=table.state.case, of=of, text="question", words="Why?", base=0)
