"""A store that fails: the core goes back to what is stored, and everybody gets what became of theirs."""

from __future__ import annotations

import pytest

from consult.model.errors import StoreFailed
from consult.model.identifiers import ConnectionId, SeatId
from consult.sessions.core import SessionCore
from consult.sessions.effects import Append, ShowView, WakeAt
from consult.sessions.features.cases.commands import SwitchCase
from consult.sessions.features.consult.commands import OpenConsult
from consult.sessions.features.control.commands import GrantControl
from consult.sessions.features.seats.closing import COME_BACK
from consult.sessions.features.seats.commands import RemoveSeat
from consult.sessions.messages import Ack, Nack
from consult.sessions.publishing.outgoing import MAX_UNSTORED
from consult.sessions.register import RETRY_REST_S
from tests.support.cases import CONSULT, START, Table, case, command_id, place_of

FULL = StoreFailed("not_stored", "The disk is full.")


def fail(table: Table, after: int) -> None:
    """The append after `after` is not stored."""
    table.appended = [append for append in table.appended if append.after < after]
    table.do(table.core.roll_back(after, FULL, table.now))


def test_the_state_is_that_of_what_is_stored(table: Table) -> None:
    before = table.state
    table.send("ann", table.rename(1, "Anna"))
    table.send("ann", table.rename(2, "Annika"))
    fail(table, before.seq)
    assert table.state == before
    assert table.restarted().state == before


def test_only_what_comes_behind_the_failed_one_is_undone(table: Table) -> None:
    table.send("ann", table.rename(1, "Anna"))
    stored = table.state
    table.core.stored(stored.seq)
    table.send("ann", table.rename(2, "Annika"))
    before = len(table.sent["ann"])
    fail(table, stored.seq)
    assert table.state == stored
    answers = [message for message in table.sent["ann"][before:] if isinstance(message, Ack | Nack)]
    assert answers == [Nack(command_id("ann", 2), "not_stored", "The disk is full.")]


def test_a_lost_command_is_refused_and_stays_refused(table: Table) -> None:
    command = table.rename(1, "Anna")
    after = table.state.seq
    table.send("ann", command)
    fail(table, after)
    assert table.send("ann", command) == [Nack(command_id("ann", 1), "not_stored", "The disk is full.")]
    assert isinstance(table.send("ann", table.rename(2, "Anna"))[-1], Ack), "the next one works again"


def test_an_old_answer_that_was_asked_for_again_is_still_true(table: Table) -> None:
    table.send("ann", table.rename(1, "Anna"))
    after = table.state.seq
    table.send("host", table.rename(1, "Dr. H", seat="host"))
    table.send("ann", table.rename(1, "Anna"))
    before = len(table.sent["ann"])
    fail(table, after)
    assert Ack(command_id("ann", 1), after) in table.sent["ann"][before:]


def test_a_refusal_that_was_not_sent_is_sent(table: Table) -> None:
    after = table.state.seq
    table.send("ann", table.rename(1, "Anna"))
    (refused,) = table.send("ann", GrantControl(id=command_id("ann", 2), case=1, seat=SeatId("ann")))
    before = len(table.sent["ann"])
    fail(table, after)
    assert isinstance(refused, Nack)
    assert refused.code == "not_in_control"
    assert refused in table.sent["ann"][before:]


def test_what_was_stored_meanwhile_is_kept_and_what_is_under_way_can_be_undone(table: Table) -> None:
    table.send("ann", table.rename(1, "Anna"))
    stored = table.state
    table.send("ann", table.rename(2, "Annika"))
    table.core.stored(stored.seq)
    fail(table, stored.seq)
    assert table.state == stored


def test_what_is_stored_cannot_be_undone(table: Table) -> None:
    after = table.state.seq
    table.send("ann", table.rename(1, "Anna"))
    table.core.stored(table.state.seq)
    with pytest.raises(StoreFailed):
        table.core.roll_back(after, FULL, table.now)


def test_the_alarm_that_was_dropped_is_set_again(table: Table) -> None:
    after = table.state.seq
    table.send("ann", table.rename(1, "Anna"))
    table.send("host", table.show(1, 5))
    assert any(isinstance(effect, WakeAt) for effect in table.effects)
    fail(table, after)
    assert any(isinstance(effect, WakeAt) for effect in table.effects)


def test_a_view_by_who_never_had_control_goes(table: Table) -> None:
    table.send("host", table.show(1, 5))
    after = table.state.seq
    table.send("host", GrantControl(id=command_id("host", 1), case=1, seat=SeatId("ann")))
    table.send("ann", table.show(1, 9))
    assert place_of(table.view) == 9
    fail(table, after)
    assert table.state.control.seat == "host"
    assert place_of(table.view) == 5


def test_a_switch_that_is_lost_brings_the_view_before_it_back(table: Table) -> None:
    table.send("host", table.show(1, 5))
    shown = table.core.shown
    after = table.state.seq
    table.send("host", SwitchCase(id=command_id("host", 1), case=1, to="c2"))
    switched = table.core.shown
    fail(table, after)
    assert table.core.shown is not None
    assert shown is not None
    assert switched is not None
    assert (table.core.shown.view, table.core.shown.case) == (shown.view, 1)
    assert table.core.shown.rev > switched.rev, "revisions never fall"
    assert ShowView(table.core.shown) in table.effects
    assert table.last_view("ann") == table.core.shown


def test_a_view_that_was_shown_meanwhile_stays(table: Table) -> None:
    after = table.state.seq
    table.send("ann", table.rename(1, "Anna"))
    table.send("host", table.show(1, 5))
    fail(table, after)
    assert place_of(table.view) == 5
    assert (table.last_view("ann").tab, table.last_view("ann").n) == ("tab-of-host", 1)


def test_what_did_not_settle_settles_later(table: Table) -> None:
    after = table.state.seq
    table.send("host", table.show(1, 5, rest=True))
    fail(table, after)
    table.do(table.core.wake(table.now))
    assert not any(isinstance(effect, Append) for effect in table.effects)
    table.do(table.core.wake(table.now + RETRY_REST_S))
    assert isinstance(table.effects[0], Append)
    assert table.state.settled is not None


def test_a_settled_view_is_not_settled_again(table: Table) -> None:
    table.send("host", table.show(1, 5, rest=True))
    after = table.state.seq
    table.send("ann", table.rename(1, "Anna"))
    fail(table, after)
    table.do(table.core.wake(table.now + RETRY_REST_S))
    assert not any(isinstance(effect, Append) for effect in table.effects)


def test_who_was_welcomed_meanwhile_comes_back(table: Table) -> None:
    after = table.state.seq
    table.send("ann", table.rename(1, "Anna"))
    table.come("ann", "ann-2")
    table.closed.clear()
    fail(table, after)
    assert table.closed == {"ann": (COME_BACK.code, ""), "ann-2": (COME_BACK.code, "")}
    assert not any(isinstance(effect, Nack) for effect in table.effects)


def test_who_was_sent_away_by_what_is_lost_comes_back(table: Table) -> None:
    after = table.state.seq
    table.send("host", RemoveSeat(id=command_id("host", 1), case=1, seat=SeatId("ann")))
    table.closed.clear()
    fail(table, after)
    assert table.closed == {"ann": (COME_BACK.code, "")}
    table.do(table.core.disconnect(ConnectionId("ann"), table.now))
    table.closed.clear()
    table.come("ann", "ann-2")
    assert table.closed == {}, "the seat is not removed"


def test_a_page_that_was_here_all_the_time_stays(table: Table) -> None:
    after = table.state.seq
    table.send("ann", table.rename(1, "Anna"))
    fail(table, after)
    assert table.closed == {}


def test_entries_that_are_lost_are_not_told_to_who_resumes(table: Table) -> None:
    after = table.state.seq
    table.send("ann", table.rename(1, "Anna"))
    fail(table, after)
    table.send("ann", table.rename(2, "Annika"))
    table.come("ann", "ann-2", log=table.state.consult_id, after=after)
    assert [getattr(m, "command", "") for m in table.sent["ann-2"] if hasattr(m, "event")] == [command_id("ann", 2)]


def test_a_take_over_that_is_not_stored_leaves_a_core_of_no_use(table: Table) -> None:
    core = table.restarted()
    after = core.state.seq
    core.start(table.now)
    with pytest.raises(StoreFailed):
        core.roll_back(after, FULL, table.now)


def test_an_opening_that_is_not_stored_can_be_tried_again() -> None:
    core = SessionCore.new(owner="server-1")
    opening = OpenConsult(consult=CONSULT, title="Board", host_name="Host", cases=(case(),))
    first = core.command(opening, START)
    core.roll_back(0, FULL, START)
    assert not core.state.opened
    assert core.shown is None
    assert core.command(opening, START)[0] == first[0]


def test_there_is_a_limit_to_what_can_be_undone(table: Table) -> None:
    after = table.state.seq
    for n in range(1, MAX_UNSTORED + 2):
        table.send("ann", table.rename(n, f"Ann {n}"))
    with pytest.raises(StoreFailed):
        fail(table, after)
