"""The view register: whose show is used, its revision, and when it is at rest."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from consult.model.identifiers import SeatId
from consult.model.view import REV_OWNER_STEP
from consult.sessions.core import SessionCore
from consult.sessions.effects import Append, ShowView, WakeAt
from consult.sessions.features.cases.commands import SwitchCase
from consult.sessions.features.consult.commands import EndConsult, OpenConsult
from consult.sessions.features.consult.events import OwnerChanged
from consult.sessions.features.control.commands import GrantControl
from consult.sessions.features.view.events import ViewSettled
from consult.sessions.hanging.hang import hangings
from consult.sessions.hanging.rules import Cell, Rule
from consult.sessions.messages import Nack
from consult.sessions.views import initial_view
from tests.support.cases import CONSULT, START, Table, case, command_id, place_of, series, stack_of, tab_of


class TestShows:
    """The view register."""

    def test_everybody_is_shown_what_the_presenter_shows(self, table: Table) -> None:
        table.send("host", table.show(1, 7))
        for who in ("host", "ann"):
            shown = table.last_view(who)
            assert (place_of(shown.view), shown.tab, shown.n) == (7, tab_of("host"), 1)
        assert [effect.shown for effect in table.effects if isinstance(effect, ShowView)] == [table.core.shown]
        assert not any(isinstance(effect, Append) for effect in table.effects), "a view that moves is not stored"

    def test_the_revision_counts_up_from_the_number_of_owners(self, table: Table) -> None:
        before = table.core.shown
        table.send("host", table.show(1, 7))
        table.send("host", table.show(2, 8))
        assert before is not None
        assert table.core.shown is not None
        assert (before.rev, table.core.shown.rev) == (REV_OWNER_STEP + 1, REV_OWNER_STEP + 3)

    @pytest.mark.parametrize("n", [1, 2, 3])
    def test_an_older_show_that_comes_late_is_not_used(self, table: Table, n: int) -> None:
        table.send("host", table.show(3, 7))
        assert table.send("host", table.show(n, 2)) == []
        assert place_of(table.view) == 7

    @pytest.mark.parametrize(
        ("who", "control", "epoch", "image", "code"),
        [
            ("ann", 0, 0, 3, "not_in_control"),
            ("host", 9, 0, 3, "stale_control"),
            ("host", 0, 9, 3, "stale_case"),
            ("host", 0, 0, 99, "image_out_of_range"),
        ],
    )
    def test_a_show_that_may_not_be_changes_nothing(
        self, table: Table, who: str, control: int, epoch: int, image: int, code: str
    ) -> None:
        before = table.core.shown
        (nack,) = table.send(who, table.show(1, image, control=control, case=epoch))
        assert isinstance(nack, Nack)
        assert (nack.id, nack.code) == ("", code)
        assert table.core.shown == before
        assert len(table.effects) == 1

    def test_a_former_presenters_gesture_dies_even_when_control_has_come_back(self, table: Table) -> None:
        late = table.show(1, 5)
        for n, seat in enumerate(("ann", "host"), 1):
            grant = GrantControl(id=command_id("host", n), case=table.state.case, seat=SeatId(seat))
            table.send("host", grant)
        assert table.state.control.seat == "host"
        (nack,) = table.send("host", late)
        assert isinstance(nack, Nack)
        assert nack.code == "stale_control"

    def test_rest_is_stored_at_once(self, table: Table) -> None:
        table.send("host", table.show(1, 7, rest=True))
        (append,) = [effect for effect in table.effects if isinstance(effect, Append)]
        (entry,) = append.entries
        assert isinstance(entry.event, ViewSettled)
        assert (entry.event.view, entry.by) == (table.view, "host")
        assert table.effects.index(append) > [isinstance(e, ShowView) for e in table.effects].index(True), "shown first"

    def test_without_a_word_of_rest_it_settles_120_ms_later(self, table: Table) -> None:
        table.send("host", table.show(1, 7))
        assert WakeAt(table.now + 0.12) in table.effects
        table.now += 0.1
        table.send("host", table.show(2, 8))
        assert not any(isinstance(effect, WakeAt) for effect in table.effects), "one alarm is enough"
        table.now = START + 0.12
        table.do(table.core.wake(table.now))
        assert table.effects == [WakeAt(START + 0.1 + 0.12)], "it has moved meanwhile"
        table.now = START + 0.22
        table.do(table.core.wake(table.now))
        assert table.state.settled is not None
        assert place_of(table.state.settled.view) == 8
        table.do(table.core.wake(table.now + 1))
        assert not any(isinstance(effect, Append) for effect in table.effects)

    def test_after_a_restart_the_settled_view_is_shown_under_a_higher_revision(self, table: Table) -> None:
        table.send("host", table.show(1, 7, rest=True))
        table.send("host", table.show(2, 9))
        before = table.core.shown
        core = table.restarted()
        effects = core.start(table.now)
        assert before is not None
        assert core.shown is not None
        assert place_of(core.shown.view) == 7
        assert core.shown.rev == 2 * REV_OWNER_STEP + 1 > before.rev
        assert isinstance(effects[0], Append)
        assert effects[0].entries[0].event == OwnerChanged("server-2", 2)
        assert ShowView(core.shown) in effects

    def test_nothing_settles_when_it_is_over(self, table: Table) -> None:
        table.send("host", table.show(1, 5))
        table.send("host", EndConsult(id=command_id("host", 1), case=1))
        over = table.state.seq
        table.do(table.core.wake(table.now + 1))
        assert table.state.seq == over


class TestCasesComeBack:
    """A case is shown as it was left, by whoever had control."""

    def switch(self, table: Table, n: int, to: str) -> None:
        """The host puts a case on the stage."""
        table.send("host", SwitchCase(id=command_id("host", n), case=table.state.case, to=to))

    def test_as_it_was_left(self, table: Table) -> None:
        table.send("host", table.show(1, 7, rest=True))
        left = table.view
        self.switch(table, 1, "c2")
        assert table.view == initial_view(table.state.cases[1])
        self.switch(table, 2, "c1")
        assert table.last_view("ann").view == left

    def test_also_where_the_view_had_not_come_to_rest(self, table: Table) -> None:
        table.send("host", table.show(1, 7))
        self.switch(table, 1, "c2")
        self.switch(table, 2, "c1")
        assert place_of(table.view) == 7

    def test_also_after_a_restart(self, table: Table) -> None:
        table.send("host", table.show(1, 7))
        self.switch(table, 1, "c2")
        core = table.restarted()
        core.start(table.now)
        assert {case: place_of(view) for case, view in core.state.left.items()} == {"c1": 7}

    def test_not_where_the_case_has_no_such_image_any_more(self, table: Table) -> None:
        table.send("host", table.show(1, 7, rest=True))
        self.switch(table, 1, "c2")
        first, other = table.state.cases
        fewer = replace(first, series=(series("s-1", images=3),))
        table.core.state = replace(table.state, cases=(fewer, other))
        self.switch(table, 2, "c1")
        assert table.view == initial_view(fewer)

    def test_a_case_that_is_new_is_hung_by_the_rules(self) -> None:
        soft = Rule(name="soft", show=(Cell(description="soft"),))
        core = SessionCore.new(owner="s", rules=(soft,))
        two = replace(case(), series=(series("s-1"), replace(series("s-2"), description="soft tissue")))
        core.command(OpenConsult(consult=CONSULT, title="", host_name="Dr. Host", cases=(two,)), START)
        assert core.shown is not None
        assert stack_of(core.shown.view.viewports[0].shows).series == "s-2"
        assert [hanging.name for hanging in hangings(two, core.rules)] == ["soft"]
