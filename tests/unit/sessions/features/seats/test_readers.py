"""Links for reading alone: of one case, also after the end, and never a place in the consult."""

from __future__ import annotations

import pytest

from consult.model.errors import Refused
from consult.model.identifiers import ConnectionId, InvitationId, SeatId
from consult.sessions.features.cases.commands import SwitchCase
from consult.sessions.features.consult.commands import EndConsult
from consult.sessions.features.control.commands import GrantControl
from consult.sessions.features.seats.closing import read_case, why_out
from consult.sessions.features.seats.commands import Invite, RevokeInvitation, TakeSeat
from consult.sessions.features.seats.events import Seat, SeatPut
from consult.sessions.publishing.document import is_event_for, snapshot_of
from tests.support.cases import START, Table, command_id
from tests.support.record import RecordTable, codes

LINK, SEAT = InvitationId("read"), SeatId("reader")


def with_reader(table: Table, *, expires_at: float | None = None) -> Table:
    """A link to read the second case's note, and somebody who took it."""
    table.do(table.core.command(Invite(invitation=LINK, role="reader", case="c2", expires_at=expires_at), table.now))
    table.do(table.core.command(TakeSeat(seat=SEAT, invitation=LINK, name="Dr. Reader"), table.now))
    return table


def test_a_link_to_read_is_of_a_case_that_there_is() -> None:
    assert with_reader(Table()).state.invitations[LINK].case == "c2"
    with pytest.raises(Refused, match="unknown_case"):
        Table().core.command(Invite(invitation=LINK, role="reader", case="c9"), START)
    table = Table()
    table.do(table.core.command(Invite(invitation=LINK, role="viewer", case="c2"), table.now))
    assert table.state.invitations[LINK].case == ""


def test_a_reader_is_not_in_the_consult() -> None:
    table = with_reader(Table())
    table.join("host", "host")
    table.do(table.core.connect(ConnectionId("page"), SEAT, table.now))
    assert table.closed["page"][0] == 4001
    assert SEAT not in {seat.id for seat in snapshot_of(table.state, "host").seats}
    event = SeatPut(Seat(SEAT, "Dr. Reader", "reader", 1, LINK))
    assert not is_event_for(event, "host", table.state)
    grant = GrantControl(id=command_id("host", 1), case=table.state.case, seat=SEAT)
    assert codes(table.send("host", grant)) == ["viewer_cannot_control"]


def test_a_link_to_read_works_after_the_end_until_it_is_revoked_or_expires() -> None:
    table = Table()
    table.join("host", "host")
    table.send("host", EndConsult(id=command_id("host", 1), case=table.state.case))
    with_reader(table, expires_at=START + 60)
    assert table.state.seats[SEAT].role == "reader"
    late = TakeSeat(seat=SeatId("late"), invitation=LINK, name="Late")
    with pytest.raises(Refused, match="expired"):
        table.core.command(late, START + 61)
    table.do(table.core.command(RevokeInvitation(invitation=LINK), table.now))
    assert table.state.seats[SEAT].removed
    with pytest.raises(Refused, match="revoked"):
        table.core.command(late, table.now)


def signed_and_ended() -> RecordTable:
    """A consult of two cases that has ended with the first one, whose note is signed, on the stage."""
    table = RecordTable()
    table.note_ready()
    table.done("host", **table.signing())
    table.done("host", EndConsult)
    return table


def test_who_took_part_may_read_what_was_signed_after_the_end_and_nothing_else() -> None:
    """Seen to fail: with a guest who is told that it is over whatever they ask for."""
    table = signed_and_ended()
    for seat in ("ann", "eve"):
        assert why_out(table.state, SeatId(seat), table.now) == "over"
        assert why_out(table.state, SeatId(seat), table.now, reads=True) is None
        assert read_case(table.state, SeatId(seat)) == "c1"
    assert read_case(table.state, SeatId("host")) == ""
    link = table.state.seats[SeatId("ann")].invitation
    table.do(table.core.command(RevokeInvitation(invitation=link), table.now))
    assert why_out(table.state, SeatId("ann"), table.now, reads=True) == "revoked"
    assert why_out(table.state, SeatId("nobody"), table.now, reads=True) == "denied"


def test_where_nothing_of_the_last_case_was_signed_there_is_nothing_to_read() -> None:
    table = RecordTable()
    table.note_ready()
    table.done("host", **table.signing())
    assert why_out(table.state, SeatId("ann"), table.now, reads=True) is None, "it goes on"
    assert read_case(table.state, SeatId("ann")) == ""
    table.done("host", SwitchCase, to="c2")
    table.done("host", EndConsult)
    assert why_out(table.state, SeatId("ann"), table.now, reads=True) == "over"


def test_who_was_never_let_in_reads_nothing_after_the_end() -> None:
    """Seen to fail on a `why_out` that asks the link alone: who waited before the door read the signed note."""
    table = RecordTable()
    table.note_ready()
    table.done("host", **table.signing())
    door, gus = InvitationId("door"), SeatId("gus")
    table.do(table.core.command(Invite(invitation=door, role="participant", lobby=True), table.now))
    table.do(table.core.command(TakeSeat(seat=gus, invitation=door, name="Gus"), table.now))
    table.done("host", EndConsult)
    assert why_out(table.state, SeatId("ann"), table.now, reads=True) is None
    assert why_out(table.state, gus, table.now, reads=True) == "over"
