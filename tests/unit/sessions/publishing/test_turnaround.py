"""How long cases took, from a log as it was really written."""

from __future__ import annotations

from msgspec.structs import replace

from consult.model.identifiers import InvitationId, SeatId
from consult.sessions.events import Entry
from consult.sessions.features.cases.commands import SwitchCase
from consult.sessions.features.critical.commands import AcknowledgeCritical, TellCritical
from consult.sessions.features.seats.events import Seat, SeatPut
from consult.sessions.features.seen.commands import MarkSeen, OpenNote
from consult.sessions.publishing.turnaround import Turnaround, turnaround
from tests.support.record import RecordTable


def rows(table: RecordTable) -> list[Turnaround]:
    """Of its log."""
    return turnaround(entry for append in table.appended for entry in append.entries)


def test_a_case_is_asked_viewed_noted_signed_and_seen_and_the_other_is_not() -> None:
    table = RecordTable()
    asked = table.state.consult.opened_at
    table.now += 1
    noted = table.now
    table.note_ready()
    table.now += 1
    signed = table.now
    table.done("host", **table.signing())
    table.now += 1
    table.done("ann", OpenNote, version="c1.1")
    table.now += 1
    seen = table.now
    table.done("ann", MarkSeen, version="c1.1")
    first, second = rows(table)
    assert (first.case, first.cases, first.consult, first.asked) == (1, 2, table.state.consult_id, asked)
    assert first.first_view is not None
    assert asked <= first.first_view < noted
    assert (first.noted, first.signed, first.seen) == (noted, signed, seen), "opened is not seen"
    assert (second.case, second.first_view, second.noted, second.signed, second.seen) == (2, None, None, None, None)


def test_the_next_case_is_viewed_when_it_comes_on_the_stage() -> None:
    table = RecordTable()
    before = rows(table)[0].first_view
    table.now += 1
    table.done("host", SwitchCase, to="c2")
    assert rows(table)[1].first_view == table.now
    table.now += 1
    table.done("host", SwitchCase, to="c1")
    assert rows(table)[0].first_view == before, "the first view is the first"


def test_nobody_but_the_host_has_viewed_what_no_guest_was_shown() -> None:
    table = RecordTable()
    entries = [entry for append in table.appended for entry in append.entries]
    guests = {seat.id for seat in table.state.seats.values() if seat.role != "host"}
    alone = [entry for entry in entries if getattr(getattr(entry.event, "seat", None), "id", "") not in guests]
    assert turnaround(alone)[0].first_view is None


def test_who_waits_before_the_door_or_comes_to_read_has_viewed_nothing() -> None:
    """Seen to fail on any seat of a guest that counts, and on a reader's."""
    table = RecordTable()
    opened = [entry for append in table.appended for entry in append.entries][:1]
    waits = Seat(SeatId("gus"), "Gus", "participant", 1, InvitationId("i1"), lobby="waiting", asked_at=2000.0)
    reads = Seat(SeatId("rea"), "Rea", "reader", 2, InvitationId("i2"))
    came = [Entry(2, 2000.0, SeatPut(waits)), Entry(3, 2001.0, SeatPut(reads))]
    assert turnaround([*opened, *came])[0].first_view is None
    let_in = Entry(4, 2002.0, SeatPut(replace(waits, lobby="")), "host")
    assert turnaround([*opened, *came, let_in])[0].first_view == 2002.0


def test_the_critical_result_that_took_longest_counts_and_one_that_nobody_took_takes_longest() -> None:
    table = RecordTable()
    table.raised(identifier="quick")
    table.now += 2
    table.done("ann", AcknowledgeCritical, critical="quick", read_back="The right lung is down.")
    slow = table.now
    table.raised(identifier="slow")
    table.now += 5
    acknowledged = table.now - 1
    table.done("host", TellCritical, critical="slow", how="telephone", to="Bob", told_at=acknowledged)
    row = rows(table)[0]
    assert (row.criticals, row.critical_raised, row.critical_acknowledged) == (2, slow, acknowledged)
    late = table.now
    table.raised(identifier="open")
    row = rows(table)[0]
    assert (row.criticals, row.critical_raised, row.critical_acknowledged) == (3, late, None)
