"""A consult that has ended is read by its host, and changed by nobody."""

from __future__ import annotations

import pytest

from consult.model.errors import Refused
from consult.model.identifiers import InvitationId, SeatId
from consult.sessions.effects import Append
from consult.sessions.features.cases.commands import SwitchCase
from consult.sessions.features.chat.commands import PostChat
from consult.sessions.features.consult.commands import EndConsult
from consult.sessions.features.seats.commands import RevokeInvitation, TakeSeat
from consult.sessions.messages import Nack, Welcome
from tests.support.cases import Table, command_id, place_of


@pytest.fixture
def ended(table: Table) -> Table:
    """The host has ended it."""
    table.send("host", EndConsult(id=command_id("host", 1), case=1))
    return table


def test_the_end_closes_every_page_the_hosts_too(ended: Table) -> None:
    assert {who: code for who, (code, _) in ended.closed.items()} == {"host": 4005, "ann": 4005}


def test_the_host_comes_back_and_looks_around_and_nothing_is_stored(ended: Table) -> None:
    ended.come("host", "again")
    assert any(isinstance(message, Welcome) for message in ended.sent["again"])
    stored = len(ended.appended)
    ended.send("again", ended.show(1, 7, rest=True))
    assert place_of(ended.view) == 7
    assert len(ended.appended) == stored


def test_who_reads_drives_whoever_had_control_at_the_end(table: Table) -> None:
    table.join("eve", "host")
    table.send("eve", EndConsult(id=command_id("eve", 1), case=1))
    table.come("eve", "again")
    assert table.state.control.seat == "eve"


def test_who_reads_goes_from_case_to_case(ended: Table) -> None:
    ended.come("host", "again")
    ended.send("again", SwitchCase(id=command_id("host", 2), case=1, to="c2"))
    assert ended.state.current == "c2"


def test_nothing_is_written_into_it(ended: Table) -> None:
    ended.come("host", "again")
    stored = len(ended.appended)
    (nack,) = ended.send("again", PostChat(id=command_id("host", 2), case=1, about="c1", text="late"))
    assert isinstance(nack, Nack)
    assert nack.code == "over"
    assert len(ended.appended) == stored


def test_guests_stay_outside(ended: Table) -> None:
    ended.come("ann", "again")
    assert ended.closed["again"][0] == 4005
    with pytest.raises(Refused, match="over"):
        ended.core.command(TakeSeat(seat=SeatId("new"), invitation=InvitationId("participant"), name="B"), ended.now)


def test_a_host_without_a_seat_takes_one(ended: Table) -> None:
    effects = ended.core.command(
        TakeSeat(seat=SeatId("later"), invitation=InvitationId("host"), name="Dr. Host"), ended.now
    )
    assert any(isinstance(effect, Append) for effect in effects)


def test_a_withdrawn_link_of_the_host_opens_nothing(ended: Table) -> None:
    ended.do(ended.core.command(RevokeInvitation(invitation=InvitationId("host")), ended.now))
    ended.come("host", "again")
    assert "again" in ended.closed
