"""Independent views: of one page's own; nothing of it is shown to others, or stored, or stays too long."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from consult.model.errors import StoreFailed
from consult.model.identifiers import ConnectionId, SeatId, SeriesKey
from consult.sessions.core import SessionCore
from consult.sessions.effects import Append, ShowIndependentView, ShowView
from consult.sessions.features.cases.commands import SwitchCase
from consult.sessions.features.control.commands import GrantControl
from consult.sessions.features.view.messages import ShownView
from consult.sessions.messages import Nack
from consult.sessions.presence.messages import Explore, Exploring, FollowRequested, Place, Presence, RequestFollow
from tests.support.cases import Table, command_id, place_of, scrolled, showing

ANN = SeatId("ann")


def explore(table: Table, image: int, n: int = 1, *, rest: bool = True) -> Explore:
    """Explore at that image."""
    return Explore(table.state.case, n, scrolled(table.view, image), rest)


def newest(table: Table, who: str) -> Exploring:
    """What a page was sent of its own view, last."""
    return [message for message in table.sent[who] if isinstance(message, Exploring)][-1]


def independent(table: Table) -> list[ShowIndependentView]:
    """Independent views that the last message made due."""
    return [effect for effect in table.effects if isinstance(effect, ShowIndependentView)]


def explored(table: Table, seat: str) -> Place | None:
    """Where somebody explores, as the host was sent last."""
    newest = [message for message in table.sent["host"] if isinstance(message, Presence)][-1]
    return next(here.exploring for here in newest.people if here.seat == seat)


class TestExploring:
    """A view of one's own."""

    def test_it_is_for_its_page_alone(self, table: Table) -> None:
        shown = table.core.shown
        table.send("ann", explore(table, 3))
        (due,) = independent(table)
        mine = newest(table, "ann")
        assert (due.connection, due.stage, due.shown) == ("ann", mine.stage, mine.view)
        assert mine.view is not None
        assert place_of(mine.view.view) == 3
        assert mine.stage
        assert mine.view.control == 0, "another presenter does not make it another view"
        assert table.core.shown is shown
        assert not any(isinstance(effect, ShowView | Append) for effect in table.effects)
        assert not any(isinstance(message, Exploring) for message in table.sent["host"])

    def test_its_revisions_rise_and_are_nobody_elses(self, table: Table) -> None:
        revs = [table.core.shown.rev if table.core.shown else 0]
        for n in range(1, 4):
            table.send("ann", explore(table, n, n))
            view = newest(table, "ann").view
            assert view is not None
            revs.append(view.rev)
            table.send("host", table.show(n, 10 + n))
            revs.append(table.last_view("ann").rev)
        assert revs == sorted(set(revs))

    def test_two_have_a_stage_each_which_stays(self, table: Table) -> None:
        table.join("bob")
        table.send("ann", explore(table, 3))
        table.send("bob", explore(table, 4))
        first = newest(table, "ann").stage
        table.send("ann", explore(table, 5, 2))
        assert newest(table, "ann").stage == first != newest(table, "bob").stage

    def test_the_others_are_sent_where_it_rests(self, table: Table) -> None:
        table.send("ann", explore(table, 3, rest=False))
        assert explored(table, "ann") == Place(1, SeriesKey("s-1"), 3), "that it has begun"
        table.send("ann", explore(table, 5, 2, rest=False))
        assert explored(table, "ann") == Place(1, SeriesKey("s-1"), 3)
        table.send("ann", explore(table, 6, 3))
        assert explored(table, "ann") == Place(1, SeriesKey("s-1"), 6)

    def test_an_older_one_that_comes_late_is_not_used(self, table: Table) -> None:
        table.send("ann", explore(table, 5, 5))
        assert table.send("ann", explore(table, 4, 4)) == []
        table.send("ann", Explore(table.state.case, 6))
        assert table.send("ann", explore(table, 5, 5)) == []
        assert newest(table, "ann").view is None

    @pytest.mark.parametrize(
        ("change", "code"), [({"place": 99}, "image_out_of_range"), ({"series": "s-9"}, "unknown_series")]
    )
    def test_a_view_that_the_case_does_not_have_is_refused(
        self, table: Table, change: dict[str, Any], code: str
    ) -> None:
        view = table.view
        bad = replace(view, viewports=(showing(view.viewports[0], **change),))
        (refused,) = table.send("ann", Explore(table.state.case, 1, bad))
        assert isinstance(refused, Nack)
        assert (refused.code, independent(table)) == (code, [])

    def test_who_presents_does_not(self, table: Table) -> None:
        (refused,) = table.send("host", explore(table, 3))
        assert isinstance(refused, Nack)
        assert refused.code == "you_present"

    def test_a_viewer_may(self, table: Table) -> None:
        table.join("eve", "viewer")
        table.send("eve", explore(table, 3))
        assert newest(table, "eve").view is not None


class TestItEnds:
    """By its page, the case, control, the connection."""

    def test_by_its_page(self, table: Table) -> None:
        table.send("ann", explore(table, 3))
        stage = newest(table, "ann").stage
        table.send("ann", Explore(table.state.case, 2))
        assert independent(table) == [ShowIndependentView(ConnectionId("ann"), stage, None)]
        assert newest(table, "ann") == Exploring(2)
        assert explored(table, "ann") is None

    def test_with_the_case(self, table: Table) -> None:
        table.send("ann", explore(table, 3))
        old = explore(table, 4, 2)
        table.send("host", SwitchCase(id=command_id("host", 1), case=1, to="c2"))
        (ended,) = independent(table)
        assert ended.shown is None
        assert newest(table, "ann").view is None
        assert explored(table, "ann") is None
        assert table.send("ann", old) == [], "made for the former case"

    def test_with_control(self, table: Table) -> None:
        table.send("ann", explore(table, 3))
        table.send("host", GrantControl(id=command_id("host", 1), case=1, seat=ANN))
        assert [effect.shown for effect in independent(table)] == [None]
        assert newest(table, "ann") == Exploring(1)

    def test_with_its_connection(self, table: Table) -> None:
        table.send("ann", explore(table, 3))
        table.do(table.core.disconnect(ConnectionId("ann"), table.now))
        table.come("ann", "ann-again")
        assert explored(table, "ann") is None


class TestBudget:
    """So many at a time."""

    def test_one_too_many_is_sent_why_and_follows(self) -> None:
        table = Table()
        table.core = SessionCore(table.state, owner="server-1", independent_views=1)
        table.do(table.core.start(table.now))
        for seat in ("host", "ann", "bob"):
            table.join(seat, "host" if seat == "host" else "participant")
        table.send("ann", explore(table, 3))
        table.send("bob", explore(table, 4))
        assert newest(table, "bob") == Exploring(1, sentence="Too many people look around alone just now.")
        assert [effect.shown for effect in independent(table)] == [None]
        table.send("ann", explore(table, 5, 2))
        assert newest(table, "ann").view is not None, "who explores already goes on"
        table.send("ann", Explore(table.state.case, 3))
        table.send("bob", explore(table, 4, 2))
        assert newest(table, "bob").view is not None

    def test_who_has_gone_makes_way_for_another(self) -> None:
        table = Table()
        table.core = SessionCore(table.state, owner="server-1", independent_views=1)
        table.do(table.core.start(table.now))
        for seat in ("host", "ann", "bob"):
            table.join(seat, "host" if seat == "host" else "participant")
        table.send("ann", explore(table, 3))
        table.do(table.core.disconnect(ConnectionId("ann"), table.now))
        table.send("bob", explore(table, 4))
        assert newest(table, "bob").view is not None


class TestRequestFollow:
    """Who presents asks all to follow."""

    def test_those_who_explore_are_asked(self, table: Table) -> None:
        table.join("bob")
        table.send("ann", explore(table, 3))
        table.send("host", RequestFollow(table.state.case))
        assert table.sent["ann"][-1] == FollowRequested(SeatId("host"))
        assert not any(isinstance(message, FollowRequested) for message in table.sent["bob"])

    def test_it_changes_nothing_by_itself(self, table: Table) -> None:
        table.send("ann", explore(table, 3))
        table.send("host", RequestFollow(table.state.case))
        assert independent(table) == []


def test_what_could_not_be_sent_is_sent_again(table: Table) -> None:
    before = table.state.seq
    lost = table.core.receive(ConnectionId("ann"), table.rename(1, "Anna"), table.now)
    lost += table.core.receive(ConnectionId("ann"), explore(table, 3), table.now)
    assert any(isinstance(effect, ShowIndependentView) for effect in lost)
    table.do(table.core.roll_back(before, StoreFailed("not_stored", "The disk is full."), table.now))
    table.do(table.core.wake(table.now))
    assert isinstance(newest(table, "ann").view, ShownView)
    assert [effect.connection for effect in independent(table)] == ["ann"]


def test_an_end_that_could_not_be_sent_is_sent_again(table: Table) -> None:
    table.send("ann", explore(table, 3))
    before = table.state.seq
    grant = GrantControl(id=command_id("host", 1), case=1, seat=ANN)
    lost = table.core.receive(ConnectionId("host"), grant, table.now)
    assert any(isinstance(effect, ShowIndependentView) for effect in lost)
    table.do(table.core.roll_back(before, StoreFailed("not_stored", "The disk is full."), table.now))
    table.do(table.core.wake(table.now))
    assert newest(table, "ann") == Exploring(1)
    assert [effect.shown for effect in independent(table)] == [None]
    assert explored(table, "ann") is None
