"""Seen: only who says so; opened is not read, and who watches on another's screen counts for nothing."""

from __future__ import annotations

import pytest

from consult.model.errors import Refused
from consult.model.identifiers import InvitationId, SeatId
from consult.sessions.features.consult.commands import EndConsult
from consult.sessions.features.seats.commands import Invite, TakeSeat
from consult.sessions.features.seen.commands import MarkSeen, NoteRead, OpenNote
from consult.sessions.features.seen.events import Seen
from tests.support.record import RecordTable


@pytest.fixture
def table() -> RecordTable:
    made = RecordTable()
    made.note_ready()
    made.done("host", **made.signing())
    return made


def test_opened_is_not_read_until_one_says_so(table: RecordTable) -> None:
    table.done("ann", OpenNote, version="c1.1")
    opened_at = table.now
    assert table.state.seen["c1.1/ann"] == Seen("c1.1/ann", "c1.1", table.state.seats["ann"].id, "ann", opened_at)  # type: ignore[index]  # a seat's name
    table.now += 60.0
    assert table.done("ann", OpenNote, version="c1.1") == 0
    table.done("ann", MarkSeen, version="c1.1")
    read = table.state.seen["c1.1/ann"]
    assert (read.opened_at, read.seen_at, read.name) == (opened_at, table.now, "ann")
    assert table.done("ann", MarkSeen, version="c1.1") == 0
    assert set(table.state.seen) == {"c1.1/ann"}, "Bob and Eve look at the same screen, and have said nothing"


def test_a_viewer_reads_too_and_who_signed_does_not_confirm(table: RecordTable) -> None:
    table.done("eve", MarkSeen, version="c1.1")
    assert table.refused("host", MarkSeen, version="c1.1") == "own_note"
    assert table.refused("ann", MarkSeen, version="c1.2") == "unknown_version"
    assert table.refused("ann", OpenNote, version="c2.1") == "unknown_version"


def test_after_the_end_a_host_may_open_it(table: RecordTable) -> None:
    table.done("host", EndConsult)
    table.come("host", "host")
    table.done("host", OpenNote, version="c1.1")
    assert table.state.seen["c1.1/host"].seen_at is None


def reader(table: RecordTable, case: str = "c1") -> SeatId:
    """Somebody with a link to read the note of a case."""
    link, seat = InvitationId(f"read-{case}"), SeatId(f"reader-{case}")
    table.do(table.core.command(Invite(invitation=link, role="reader", case=case), table.now))
    table.do(table.core.command(TakeSeat(seat=seat, invitation=link, name="Dr. Reader"), table.now))
    return seat


def test_a_reader_opens_and_reads_by_the_link_also_after_the_end(table: RecordTable) -> None:
    table.done("host", EndConsult)
    seat = reader(table)
    table.do(table.core.command(NoteRead(seat=seat, version="c1.1"), table.now))
    assert table.state.seen[f"c1.1/{seat}"].seen_at is None
    table.now += 60.0
    command = NoteRead(seat=seat, version="c1.1", confirmed=True, name="Dr. R. Reader")
    table.do(table.core.command(command, table.now))
    read = table.state.seen[f"c1.1/{seat}"]
    assert (read.name, read.seen_at, read.opened_at) == ("Dr. R. Reader", table.now, table.now - 60.0)


@pytest.mark.parametrize(("case", "version"), [("c2", "c1.1"), ("c1", "c1.2"), ("c1", "c2.1")])
def test_a_reader_reads_no_other_note(table: RecordTable, case: str, version: str) -> None:
    with pytest.raises(Refused, match="unknown_version"):
        table.core.command(NoteRead(seat=reader(table, case), version=version), table.now)


def test_who_takes_part_reads_by_the_page_of_readers_once_it_is_over(table: RecordTable) -> None:
    read = NoteRead(seat=SeatId("ann"), version="c1.1", confirmed=True)
    with pytest.raises(Refused, match="unknown_version"):
        table.core.command(read, table.now)
    table.done("host", EndConsult)
    table.do(table.core.command(read, table.now))
    assert table.state.seen["c1.1/ann"].seen_at == table.now
    with pytest.raises(Refused, match="unknown_version"):
        table.core.command(NoteRead(seat=SeatId("host"), version="c1.1", confirmed=True), table.now)
