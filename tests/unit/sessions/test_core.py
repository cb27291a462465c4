"""The core at a table of tests: hello and welcome, commands, cases. Shows: test_register; who must go: test_closing."""

from __future__ import annotations

import pytest

from consult.model.identifiers import ConnectionId, InvitationId, SeatId, TabId
from consult.model.view import REV_OWNER_STEP
from consult.sessions.effects import Append, Close, Effect, Send, ShowView
from consult.sessions.events import StoredEvent
from consult.sessions.features.cases.commands import SwitchCase
from consult.sessions.features.cases.events import CaseSwitched
from consult.sessions.features.consult.events import OwnerChanged
from consult.sessions.features.control.commands import GrantControl, TakeControl
from consult.sessions.features.control.events import ControlPut
from consult.sessions.features.seats.closing import CROWDED, ENTRIES_LOST, REPLACED, UNHEARD, WRONG_PROTOCOL
from consult.sessions.features.seats.commands import RevokeInvitation
from consult.sessions.features.seats.events import InvitationPut, SeatPut
from consult.sessions.fold import fold_all
from consult.sessions.messages import PROTOCOL_VERSION, Ack, Hello, Nack, Ping, Pong, Welcome
from consult.sessions.presence.connection_table import MAX_CONNECTIONS, MAX_PAGES
from consult.sessions.presence.messages import Here, Presence
from consult.sessions.publishing.document import snapshot_of
from consult.sessions.publishing.publisher import TAIL
from consult.sessions.views import initial_view
from tests.support.cases import CONSULT, SCREEN, Table, case, command_id, tab_of


def comes_back(table: Table, after: int, *, rev: int = 0, at: float | None = None) -> list[Effect]:
    """What the core asks for when a page of Ann's says what it has already, by connection "c"."""
    table.do(table.core.connect(ConnectionId("c"), SeatId("ann"), table.now))
    hello = Hello(PROTOCOL_VERSION, TabId("tab-new1"), SCREEN, CONSULT, after, rev, at=at)
    return table.do(table.core.receive(ConnectionId("c"), hello, table.now))


class TestHello:
    """The first message, and the welcome."""

    def test_a_new_page_gets_the_whole_document(self, table: Table) -> None:
        table.sit("bob", "participant")
        table.come("bob")
        welcome = table.sent["bob"][0]
        assert isinstance(welcome, Welcome)
        assert welcome.snapshot == snapshot_of(table.state, "participant")
        assert (welcome.log, welcome.seq) == (CONSULT, table.state.seq)
        assert (welcome.seat, welcome.role) == ("bob", "participant")
        assert welcome.view == table.core.shown
        assert table.sent["bob"][1:] == [Presence(tuple(Here(SeatId(s), True) for s in ("host", "ann", "bob")))]

    def test_a_page_that_comes_back_gets_what_it_missed(self, table: Table) -> None:
        seen = table.state.seq
        table.invite("another", "viewer")
        table.send("host", table.rename(1, "Dr. H", "host"))
        table.send("host", table.rename(2, "Dr. Ha", "host"))
        table.come("ann", "ann-2", log=CONSULT, after=seen)
        welcome, *missed = table.sent["ann-2"][:-1]
        assert isinstance(welcome, Welcome)
        assert welcome.snapshot is None
        assert [m.seq for m in missed if isinstance(m, StoredEvent)] == [seen + 2, seen + 3], "invitations are not sent"

    def test_a_page_that_knows_the_log_and_nothing_of_it_gets_a_snapshot(self, table: Table) -> None:
        table.come("ann", "ann-2", log=CONSULT, after=0)
        welcome = table.sent["ann-2"][0]
        assert isinstance(welcome, Welcome)
        assert welcome.snapshot is not None

    @pytest.mark.parametrize(("log", "back"), [("another", 0), (CONSULT, TAIL + 1), ("", 0)])
    def test_a_page_that_knows_another_log_or_too_little_gets_a_snapshot(
        self, table: Table, log: str, back: int
    ) -> None:
        for n in range(1, TAIL + 2):
            table.send("ann", table.rename(n, f"Ann {n}"))
        table.come("ann", "ann-2", log=log, after=table.state.seq - back)
        welcome = table.sent["ann-2"][0]
        assert isinstance(welcome, Welcome)
        assert welcome.snapshot is not None

    def test_it_resumes_across_a_restart(self, table: Table) -> None:
        seen = table.state.seq
        table.core = table.restarted()
        table.do(table.core.start(table.now))
        table.come("ann", "ann-2", log=CONSULT, after=seen)
        welcome, owner, *_ = table.sent["ann-2"]
        assert isinstance(welcome, Welcome)
        assert isinstance(owner, StoredEvent)
        assert (welcome.snapshot, owner.event) == (None, OwnerChanged("server-2", 2))

    def test_nothing_counts_before_it(self, table: Table) -> None:
        table.do(table.core.connect(ConnectionId("new"), SeatId("ann"), table.now))
        assert table.effects == []
        (nack,) = table.send("new", Ping(1.0))
        assert isinstance(nack, Nack)
        assert nack.code == "hello_first"
        table.send("ann", table.rename(1, "Anna"))
        assert table.sent["new"] == [nack], "nothing is sent before a hello"

    def test_it_is_said_once(self, table: Table) -> None:
        (nack,) = table.send("ann", Hello(PROTOCOL_VERSION, TabId(tab_of("ann")), SCREEN))
        assert isinstance(nack, Nack)
        assert nack.code == "hello_twice"

    def test_another_protocol_is_sent_away(self, table: Table) -> None:
        table.do(table.core.connect(ConnectionId("old"), SeatId("ann"), table.now))
        table.send("old", Hello(PROTOCOL_VERSION + 1, TabId("tab-old1"), SCREEN))
        assert table.closed["old"][0] == WRONG_PROTOCOL.code

    def test_who_has_seen_a_newer_owner_comes_in_once_the_server_has_proved_that_it_is_the_owner(
        self, table: Table
    ) -> None:
        """What is not the newest cannot be stored, and nothing behind it is sent then. Seen to fail: behind a loss in
        the store such pages were sent away for ever."""
        proof, *effects = comes_back(table, table.state.seq, rev=2 * REV_OWNER_STEP + 1)
        welcome = next(e for e in effects if isinstance(e, Send) and e.to == ("c",))
        assert isinstance(proof, Append)
        assert [type(entry.event) for entry in proof.entries] == [OwnerChanged]
        assert isinstance(welcome.message, Welcome)
        assert welcome.message.snapshot is not None, "it begins anew"

    @pytest.mark.parametrize(("behind", "at"), [(-1, None), (-1, 5.0), (0, 5.0), (2, 5.0)])
    def test_who_has_an_entry_that_is_not_in_the_log_is_told_and_begins_anew_once_the_server_has_proved_itself(
        self, table: Table, behind: int, at: float | None
    ) -> None:
        """Seen to fail: where the log had lost its end and grown again, the page went on with entries of both."""
        proof, *_, said, close = comes_back(table, table.state.seq - behind, at=at)
        assert isinstance(proof, Append)
        assert [type(entry.event) for entry in proof.entries] == [OwnerChanged]
        assert said == Send((ConnectionId("c"),), ENTRIES_LOST)
        assert close == Close(ConnectionId("c"), 1012, "anew")

    def test_who_has_what_is_in_the_log_goes_on_with_what_is_missed(self, table: Table) -> None:
        first = next(m for m in table.sent["ann"] if isinstance(m, Welcome))
        table.send("ann", table.rename(1, "Anna"))
        newest = next(m for m in reversed(table.sent["ann"]) if isinstance(m, StoredEvent))
        for after, at in ((first.seq, first.at), (newest.seq, newest.at), (newest.seq, None)):
            assert after == newest.seq or at is not None
            welcome, *_ = [e.message for e in comes_back(table, after, at=at) if isinstance(e, Send)]
            assert isinstance(welcome, Welcome)
            assert welcome.snapshot is None
            assert welcome.at == newest.at
            table.do(table.core.disconnect(ConnectionId("c"), table.now))

    def test_whose_newest_entry_is_too_old_to_be_compared_begins_anew(self, table: Table) -> None:
        """Where as much is missed as is remembered, and no more, the entry before that is not."""
        after = table.state.seq
        for n in range(1, TAIL + 1):
            table.send("ann", table.rename(n, f"Ann {n}"))
        for at, is_anew in ((None, False), (5.0, True)):
            welcome, *_ = [e.message for e in comes_back(table, after, at=at) if isinstance(e, Send)]
            assert isinstance(welcome, Welcome)
            assert (welcome.snapshot is not None) == is_anew
            table.do(table.core.disconnect(ConnectionId("c"), table.now))

    def test_the_same_tab_takes_the_place_of_its_old_connection(self, table: Table) -> None:
        table.come("ann", "ann-2")
        assert table.closed == {"ann": (REPLACED.code, "")}
        assert table.send("ann", Ping(1.0)) == [], "the old one is not answered any more"
        assert table.send("ann-2", Ping(1.0)) == [Pong(1.0)]

    def test_another_tab_does_not(self, table: Table) -> None:
        table.do(table.core.connect(ConnectionId("second"), SeatId("ann"), table.now))
        table.send("second", Hello(PROTOCOL_VERSION, TabId("another-tab"), SCREEN))
        assert table.closed == {}

    def test_a_host_who_sits_down_where_nobody_has_control_gets_it(self, table: Table) -> None:
        table.do(table.core.command(RevokeInvitation(invitation=InvitationId("host")), table.now))
        assert table.state.control.seat is None
        table.invite("host-2", "host")
        table.sit("again", "host-2")
        assert table.state.control.seat == "again", "the first host who takes a seat"

    def test_a_host_who_opens_the_consult_anew_takes_up_control_from_a_host_who_is_away(self, table: Table) -> None:
        holder = table.state.control.seat
        assert holder is not None
        table.do(table.core.disconnect(ConnectionId(holder), table.now))
        table.join("elsewhere", "host")
        assert table.state.control.seat == "elsewhere"
        welcome = next(m for m in table.sent["elsewhere"] if isinstance(m, Welcome))
        assert table.sent["elsewhere"][0] is welcome, "nothing before the welcome"
        assert welcome.snapshot is not None
        assert welcome.snapshot.control.seat == "elsewhere"

    def test_control_stays_with_a_host_who_is_here_and_with_a_participant_who_is_away(self, table: Table) -> None:
        holder = table.state.control.seat
        table.join("elsewhere", "host")
        assert table.state.control.seat == holder
        table.send(str(holder), GrantControl(id=command_id(str(holder), 1), case=1, seat=SeatId("ann")))
        table.do(table.core.disconnect(ConnectionId("ann"), table.now))
        table.join("third", "host")
        assert table.state.control.seat == "ann"

    def test_pages_that_never_say_hello_keep_nobody_out(self, table: Table) -> None:
        seats = MAX_CONNECTIONS // MAX_PAGES
        for i in range(seats):
            table.sit(f"s{i}", "viewer")
        for i in range(MAX_CONNECTIONS - 2):
            table.do(table.core.connect(ConnectionId(f"c{i}"), SeatId(f"s{i % seats}"), table.now))
        assert table.closed == {}
        table.join("elsewhere", "host")
        assert table.closed == {"c0": (UNHEARD.code, "")}, "the oldest of them, to come back"
        assert isinstance(table.sent["elsewhere"][0], Welcome)

    def test_the_fifth_page_of_a_seat_closes_the_oldest_and_nobody_elses(self, table: Table) -> None:
        for i in range(MAX_PAGES - 1):
            table.do(table.core.connect(ConnectionId(f"c{i}"), SeatId("ann"), table.now))
        assert table.closed == {}
        table.do(table.core.connect(ConnectionId("one more"), SeatId("ann"), table.now))
        assert table.closed == {"ann": (CROWDED.code, "")}
        table.do(table.core.connect(ConnectionId("and more"), SeatId("ann"), table.now))
        assert table.closed.keys() == {"ann", "c0"}

    def test_who_talks_and_says_no_hello_is_closed_within_ten_seconds(self, table: Table) -> None:
        table.do(table.core.connect(ConnectionId("mute"), SeatId("ann"), table.now))
        for _ in range(10):
            table.now += 1.0
            table.send("mute", Ping(1.0))
            table.send("ann", Ping(1.0))
            table.do(table.core.wake(table.now))
        assert "mute" in table.closed
        assert "ann" not in table.closed


class TestCommands:
    """Stored, then acknowledged and sent to all; once."""

    def test_a_command_is_stored_stored_event_and_acknowledged_in_that_order(self, table: Table) -> None:
        table.send("ann", table.rename(1, "Anna"))
        kinds = [type(effect.message) if isinstance(effect, Send) else type(effect) for effect in table.effects]
        assert kinds == [Append, StoredEvent, Ack]
        assert table.sent["ann"][-1] == Ack(command_id("ann", 1), table.state.seq)
        sent = table.sent["host"][-1]
        assert isinstance(sent, StoredEvent)
        assert (sent.seq, sent.by, sent.command) == (table.state.seq, "ann", command_id("ann", 1))

    def test_a_repeated_command_is_answered_as_before_and_stored_once(self, table: Table) -> None:
        command = table.rename(1, "Anna")
        (*_, first) = table.send("ann", command)
        table.send("ann", table.rename(2, "Ann again"))
        stored = len(table.appended)
        assert table.send("ann", command) == [first]
        assert len(table.appended) == stored

    def test_also_after_a_restart(self, table: Table) -> None:
        command = table.rename(1, "Anna")
        (*_, first) = table.send("ann", command)
        table.core = table.restarted()
        table.do(table.core.start(table.now))
        table.come("ann", "ann-2")
        assert table.send("ann-2", command) == [first]

    def test_a_repeated_refusal_stays_one(self, table: Table) -> None:
        grant = GrantControl(id=command_id("ann", 1), case=1, seat=SeatId("host"))
        (refused,) = table.send("ann", grant)
        assert isinstance(refused, Nack)
        table.send("host", GrantControl(id=command_id("host", 1), case=1, seat=SeatId("ann")))
        assert table.send("ann", grant) == [refused], "though it could be granted now"
        assert table.state.control.seat == "ann"

    def test_one_that_comes_behind_a_later_one_is_not_used(self, table: Table) -> None:
        table.send("ann", table.rename(5, "Anna"))
        (nack,) = table.send("ann", table.rename(4, "Early"))
        assert isinstance(nack, Nack)
        assert nack.code == "superseded"

    def test_what_is_right_already_is_acknowledged_without_an_entry(self, table: Table) -> None:
        assert table.send("ann", table.rename(1, "ann")) == [Ack(command_id("ann", 1), 0)]
        assert len(table.effects) == 1

    def test_an_id_of_another_tab_is_refused(self, table: Table) -> None:
        (nack,) = table.send("ann", table.rename(1, "Anna", seat="host"))
        assert isinstance(nack, Nack)
        assert nack.code == "wrong_tab"

    def test_nobody_uses_up_the_numbers_of_anothers_tab(self, table: Table) -> None:
        table.sit("eve", "viewer")
        table.do(table.core.connect(ConnectionId("eve"), SeatId("eve"), table.now))
        table.send("eve", Hello(PROTOCOL_VERSION, TabId(tab_of("ann")), SCREEN))
        table.send("eve", table.rename(10**14, "Eve"))
        answers = table.send("ann", table.rename(1, "Anna"))
        assert isinstance(answers[-1], Ack)

    def test_a_switch_shows_the_other_case_to_all(self, table: Table) -> None:
        table.send("host", SwitchCase(id=command_id("host", 1), case=1, to="c2"))
        shown = table.last_view("ann")
        assert (shown.case, shown.view) == (2, initial_view(table.state.cases[1]))
        kinds = [type(effect) for effect in table.effects]
        assert kinds.index(Append) < kinds.index(ShowView)
        (append,) = [effect for effect in table.effects if isinstance(effect, Append)]
        assert append.entries[0].event == CaseSwitched(2, "c2")

    def test_what_was_made_for_the_case_before_dies(self, table: Table) -> None:
        late_show, late_command = table.show(1, 5), table.rename(1, "Anna")
        table.send("host", SwitchCase(id=command_id("host", 1), case=1, to="c2"))
        before = table.core.shown
        for who, late in (("host", late_show), ("ann", late_command)):
            (nack,) = table.send(who, late)
            assert isinstance(nack, Nack)
            assert nack.code == "stale_case"
        assert table.core.shown == before

    def test_a_view_that_has_not_settled_does_not_settle_on_the_next_case(self, table: Table) -> None:
        table.send("host", table.show(1, 5))
        table.send("host", SwitchCase(id=command_id("host", 1), case=1, to="c2"))
        table.do(table.core.wake(table.now + 1))
        assert table.state.settled is not None
        assert table.state.settled.case == 1, "it settled on its own case, before the switch"

    def test_after_a_restart_the_case_on_the_stage_has_its_own_view(self, table: Table) -> None:
        table.send("host", table.show(1, 5, rest=True))
        table.send("host", SwitchCase(id=command_id("host", 1), case=1, to="c2"))
        core = table.restarted()
        core.start(table.now)
        assert core.shown is not None
        assert core.shown.view == initial_view(table.state.cases[1])

    def test_an_invitation_is_not_stored_event_to_pages(self, table: Table) -> None:
        before = {who: len(messages) for who, messages in table.sent.items()}
        table.invite("secret", "viewer")
        assert {who: len(messages) for who, messages in table.sent.items()} == before
        assert isinstance(table.appended[-1].entries[0].event, InvitationPut)


def test_a_core_says_what_it_folds() -> None:
    table = Table((case("c1"),))
    table.join("host", "host")
    table.send("host", TakeControl(id=command_id("host", 1), case=1))
    entries = [entry for append in table.appended for entry in append.entries]
    assert fold_all(entries) == table.state
    assert {type(entry.event) for entry in entries} >= {OwnerChanged, InvitationPut, SeatPut, ControlPut}
