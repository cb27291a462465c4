"""Critical results: acknowledged by whom they are for, escalated when nobody answers, open until they are closed."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from consult.model.identifiers import SeatId
from consult.sessions.features.consult.commands import EndConsult, TakeOwnership
from consult.sessions.features.consult.events import Site
from consult.sessions.features.critical.commands import (
    AcknowledgeCritical,
    CloseCritical,
    EscalateCritical,
    NoteDelivery,
    RaiseCritical,
    TellCritical,
)
from consult.sessions.features.critical.decide import RETRY_S
from consult.sessions.features.critical.events import BACKUP, FIRST, NOBODY, Critical, Recipient
from tests.support.record import RecordTable

ANN, BOB = Recipient("Ann", SeatId("ann")), Recipient("Bob", SeatId("bob"))
WORDS = "The right lung has collapsed."


@pytest.fixture
def table() -> RecordTable:
    return RecordTable()


def critical(table: RecordTable) -> Critical:
    """The one of these tests."""
    return table.state.criticals["x1"]


def escalate(table: RecordTable) -> None:
    """What the scheduler does."""
    table.do(table.core.command(EscalateCritical(critical="x1"), table.now))


def notify(table: RecordTable, site: Site) -> None:
    """A server with these ways to send notices."""
    table.do(table.core.command(TakeOwnership(owner="server-1", site=site), table.now))


def deliver(table: RecordTable, notice: str, *, sent: bool) -> None:
    """What the sender reports."""
    command = NoteDelivery(critical="x1", notice=notice, sent=sent, sentence="" if sent else "Refused.")
    table.do(table.core.command(command, table.now))


def test_the_six_facts(table: RecordTable) -> None:
    table.find("host", title="Pneumothorax")
    table.confirm("host")
    table.raised(finding="f1", where="")
    made = critical(table)
    assert (made.what, made.where, made.finding, made.case) == ("Tension pneumothorax", "RIGHT", "f1", "c1")
    assert (made.found_at, made.found_by, made.found_by_name) == (table.now, "host", "host")
    assert (made.to, made.backup, made.after_s, made.due_at) == (ANN, BOB, 1800.0, table.now + 1800.0)


def test_it_is_read_back_by_whom_it_is_for(table: RecordTable) -> None:
    table.raised()
    assert table.refused("host", AcknowledgeCritical, critical="x1", read_back=WORDS) == "own_critical"
    assert table.refused("eve", AcknowledgeCritical, critical="x1", read_back=WORDS) == "for_another"
    assert table.refused("ann", AcknowledgeCritical, critical="x1", read_back="ok, thanks"[:9]) == "short_read_back"
    same = "tension  PNEUMOTHORAX"
    assert table.refused("ann", AcknowledgeCritical, critical="x1", read_back=same) == "short_read_back"
    table.done("ann", AcknowledgeCritical, critical="x1", read_back=WORDS)
    taken = critical(table).acknowledged
    assert taken is not None
    assert (taken.how, taken.name, taken.by, taken.words, taken.at) == ("read_back", "ann", "ann", WORDS, table.now)
    assert table.refused("bob", AcknowledgeCritical, critical="x1", read_back=WORDS) == "acknowledged_already"


def test_it_is_told_by_voice_or_telephone_by_its_sender(table: RecordTable) -> None:
    table.raised("ann", to=Recipient("Dr. Away"), backup=Recipient("Dr. Backup"))
    fields = {"critical": "x1", "how": "telephone", "to": "Dr. Away", "told_at": table.now}
    assert table.refused("bob", TellCritical, **fields) == "not_yours"
    assert table.refused("ann", TellCritical, **{**fields, "told_at": table.now + 3600}) == "bad_time"
    assert table.refused("ann", TellCritical, **{**fields, "told_at": table.now - 3600}) == "bad_time"
    assert table.refused("ann", TellCritical, **{**fields, "to": " "}) == "no_name"
    table.done("ann", TellCritical, **fields)
    taken = critical(table).acknowledged
    assert taken is not None
    assert (taken.how, taken.name, taken.by) == ("telephone", "Dr. Away", "ann")


def test_nothing_closes_it_silently(table: RecordTable) -> None:
    table.raised()
    assert table.refused("host", CloseCritical, critical="x1", outcome="Drained.") == "not_acknowledged"
    table.done("ann", AcknowledgeCritical, critical="x1", read_back=WORDS)
    assert critical(table).closed is None
    assert table.refused("bob", CloseCritical, critical="x1", outcome="Drained.") == "not_yours"
    assert table.refused("host", CloseCritical, critical="x1", outcome=" \n") == "no_outcome"
    table.done("host", CloseCritical, critical="x1", outcome="Drained.")
    closed = critical(table).closed
    assert closed is not None
    assert (closed.by, closed.outcome) == ("host", "Drained.")
    assert table.refused("host", CloseCritical, critical="x1", outcome="Again.") == "closed_already"


def test_its_clock_goes_to_the_backup_and_on_and_not_before_its_time(table: RecordTable) -> None:
    table.raised()
    escalate(table)
    assert critical(table).stage == FIRST
    table.now += 1800.0
    escalate(table)
    assert (critical(table).stage, critical(table).due_at) == (BACKUP, table.now + 1800.0)
    escalate(table)
    assert critical(table).stage == BACKUP, "escalated once, however often it is asked"
    table.now += 1800.0
    escalate(table)
    assert (critical(table).stage, critical(table).next_at, critical(table).closed) == (NOBODY, None, None)
    table.come("bob")
    table.done("bob", AcknowledgeCritical, critical="x1", read_back=WORDS)


def test_what_is_acknowledged_does_not_escalate(table: RecordTable) -> None:
    table.raised()
    table.done("ann", AcknowledgeCritical, critical="x1", read_back=WORDS)
    table.now += 9000.0
    escalate(table)
    assert (critical(table).stage, critical(table).next_at) == (FIRST, None)


def test_a_notice_is_tried_again_and_what_cannot_be_delivered_counts_as_unread(table: RecordTable) -> None:
    notify(table, Site(webhook=True, email=True))
    table.raised(to=replace(ANN, email="ann@hospital.example"))
    assert [(n.id, n.to, n.state) for n in critical(table).notices] == [
        ("0.webhook", "", "waiting"),
        ("0.email", "ann@hospital.example", "waiting"),
    ]
    assert critical(table).next_at == table.now
    deliver(table, "0.webhook", sent=True)
    for wait in (*RETRY_S, 0.0):
        deliver(table, "0.email", sent=False)
        assert critical(table).notices[1].next_at == table.now + wait or not wait
        table.now += wait
    assert [n.state for n in critical(table).notices] == ["sent", "failed"]
    assert critical(table).stage == FIRST, "one of the two ways has worked"


def test_nothing_delivered_asks_the_backup_at_once(table: RecordTable) -> None:
    notify(table, Site(webhook=True))
    table.raised()
    for _ in range(len(RETRY_S) + 1):
        deliver(table, "0.webhook", sent=False)
    assert critical(table).stage == BACKUP
    assert [(n.id, n.state, n.sentence) for n in critical(table).notices] == [
        ("0.webhook", "failed", "Refused."),
        ("1.webhook", "waiting", ""),
    ]
    deliver(table, "0.webhook", sent=True)
    assert critical(table).notices[0].state == "failed", "what is settled is settled"


@pytest.mark.parametrize(("sent", "state"), [(True, "sent"), (False, "failed")])
def test_a_notice_under_way_ends_after_the_result_is_closed_and_is_not_tried_again(
    table: RecordTable, sent: bool, state: str
) -> None:
    notify(table, Site(webhook=True))
    table.raised()
    table.done("host", TellCritical, critical="x1", how="telephone", to="Bob", told_at=table.now)
    table.done("host", CloseCritical, critical="x1", outcome="Drained.")
    closed = critical(table)
    deliver(table, "0.webhook", sent=sent)
    assert [(n.state, n.tries) for n in critical(table).notices] == [(state, 1)]
    assert replace(critical(table), notices=closed.notices) == closed


def test_what_is_raised_is_complete(table: RecordTable) -> None:
    people = {"to": ANN, "backup": BOB}
    fields = {"critical": "x1", "category": 2, "what": "Bleeding", **people}
    assert table.refused("ann", RaiseCritical, **fields) == "side_missing"
    fields["where"] = "LEFT"
    assert table.refused("ann", RaiseCritical, **{**fields, "what": "Blutung rechts"}) == "side_contradicts"
    assert table.refused("ann", RaiseCritical, **{**fields, "after_s": 1e6}) == "too_long"
    assert table.refused("ann", RaiseCritical, **{**fields, "backup": ANN}) == "same_person"
    assert table.refused("ann", RaiseCritical, **{**fields, "to": Recipient(" ")}) == "no_name"
    gone = Recipient("Gone", SeatId("gone"))
    assert table.refused("ann", RaiseCritical, **{**fields, "to": gone}) == "unknown_seat"
    assert table.refused("ann", RaiseCritical, **{**fields, "finding": "f9"}) == "unknown_finding"
    table.done("ann", RaiseCritical, **{**fields, "after_s": 120.0})
    assert critical(table).due_at == table.now + 120.0
    assert table.refused("ann", RaiseCritical, **fields) == "other_kind"


def test_after_the_end_the_host_still_tells_and_closes(table: RecordTable) -> None:
    table.raised()
    table.done("host", EndConsult)
    table.now += 1800.0
    escalate(table)
    assert critical(table).stage == BACKUP, "the clock goes on"
    table.come("host")
    table.done("host", TellCritical, critical="x1", how="telephone", to="Bob", told_at=table.now)
    table.done("host", CloseCritical, critical="x1", outcome="Drained.")


def test_who_hosts_does_not_take_their_own_from_another_browser() -> None:
    """Whom it is for has no seat, so that anybody else may take it."""
    table = RecordTable()
    table.sit("again", "host", table.state.seats[SeatId("host")].name)
    table.come("again")
    table.sit("other", "host", "Dr. Other")
    table.come("other")
    table.raised(to=Recipient("Ward"), backup=Recipient("Desk"))
    fields = {"critical": "x1", "read_back": "The right lung is down."}
    assert table.refused("again", AcknowledgeCritical, **fields) == "own_critical"
    table.done("other", AcknowledgeCritical, **fields)
