"""Looking around alone: a view of one page's own; nothing of it is shown to others, or stored, or stays too long."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from consult.model.errors import StoreFailed
from consult.model.identifiers import ConnectionId, SeatId, SeriesKey
from consult.sessions.commands import GrantControl, SwitchCase
from consult.sessions.core import SessionCore
from consult.sessions.effects import Append, Show, ShowAlone
from consult.sessions.messages import Look, Looking, Nack, Place, Presence, ShownView
from consult.sessions.presence import AskedToLook, LookHere
from tests.support.cases import Table, command_id, place_of, scrolled, showing

ANN = SeatId("ann")


def look(table: Table, image: int, n: int = 1, *, rest: bool = True) -> Look:
    """Look at that image."""
    return Look(table.state.case, n, scrolled(table.view, image), rest)


def told(table: Table, who: str) -> Looking:
    """What a page was told of its own view, last."""
    return [message for message in table.sent[who] if isinstance(message, Looking)][-1]


def alone(table: Table) -> list[ShowAlone]:
    """PictureRouter that the last message made due to those who look around."""
    return [effect for effect in table.effects if isinstance(effect, ShowAlone)]


def looks(table: Table, seat: str) -> Place | None:
    """What the host was told last that somebody looks at."""
    newest = [message for message in table.sent["host"] if isinstance(message, Presence)][-1]
    return next(here.looks for here in newest.people if here.seat == seat)


class TestLooking:
    """A view of one's own."""

    def test_it_is_for_its_page_alone(self, table: Table) -> None:
        shown = table.core.shown
        table.say("ann", look(table, 3))
        (due,) = alone(table)
        mine = told(table, "ann")
        assert (due.connection, due.stage, due.shown) == ("ann", mine.stage, mine.view)
        assert mine.view is not None
        assert place_of(mine.view.view) == 3
        assert mine.stage
        assert mine.view.control == 0, "another presenter does not make it another view"
        assert table.core.shown is shown
        assert not any(isinstance(effect, Show | Append) for effect in table.effects)
        assert not any(isinstance(message, Looking) for message in table.sent["host"])

    def test_its_revisions_rise_and_are_nobody_elses(self, table: Table) -> None:
        revs = [table.core.shown.rev if table.core.shown else 0]
        for n in range(1, 4):
            table.say("ann", look(table, n, n))
            view = told(table, "ann").view
            assert view is not None
            revs.append(view.rev)
            table.say("host", table.show(n, 10 + n))
            revs.append(table.last_view("ann").rev)
        assert revs == sorted(set(revs))

    def test_two_have_a_stage_each_which_stays(self, table: Table) -> None:
        table.join("bob")
        table.say("ann", look(table, 3))
        table.say("bob", look(table, 4))
        first = told(table, "ann").stage
        table.say("ann", look(table, 5, 2))
        assert told(table, "ann").stage == first != told(table, "bob").stage

    def test_the_others_are_told_when_it_rests(self, table: Table) -> None:
        table.say("ann", look(table, 3, rest=False))
        assert looks(table, "ann") == Place(SeriesKey("s-1"), 3), "that it has begun"
        table.say("ann", look(table, 5, 2, rest=False))
        assert looks(table, "ann") == Place(SeriesKey("s-1"), 3)
        table.say("ann", look(table, 6, 3))
        assert looks(table, "ann") == Place(SeriesKey("s-1"), 6)

    def test_an_older_one_that_comes_late_is_not_used(self, table: Table) -> None:
        table.say("ann", look(table, 5, 5))
        assert table.say("ann", look(table, 4, 4)) == []
        table.say("ann", Look(table.state.case, 6))
        assert table.say("ann", look(table, 5, 5)) == []
        assert told(table, "ann").view is None

    @pytest.mark.parametrize(
        ("change", "code"), [({"place": 99}, "image_out_of_range"), ({"series": "s-9"}, "unknown_series")]
    )
    def test_a_view_that_the_case_does_not_have_is_refused(
        self, table: Table, change: dict[str, Any], code: str
    ) -> None:
        view = table.view
        bad = replace(view, viewports=(showing(view.viewports[0], **change),))
        (refused,) = table.say("ann", Look(table.state.case, 1, bad))
        assert isinstance(refused, Nack)
        assert (refused.code, alone(table)) == (code, [])

    def test_who_presents_does_not(self, table: Table) -> None:
        (refused,) = table.say("host", look(table, 3))
        assert isinstance(refused, Nack)
        assert refused.code == "you_present"

    def test_a_viewer_may(self, table: Table) -> None:
        table.join("eve", "viewer")
        table.say("eve", look(table, 3))
        assert told(table, "eve").view is not None


class TestItEnds:
    """By its page, the case, control, the connection."""

    def test_by_its_page(self, table: Table) -> None:
        table.say("ann", look(table, 3))
        stage = told(table, "ann").stage
        table.say("ann", Look(table.state.case, 2))
        assert alone(table) == [ShowAlone(ConnectionId("ann"), stage, None)]
        assert told(table, "ann") == Looking(2)
        assert looks(table, "ann") is None

    def test_with_the_case(self, table: Table) -> None:
        table.say("ann", look(table, 3))
        old = look(table, 4, 2)
        table.say("host", SwitchCase(id=command_id("host", 1), case=1, to="c2"))
        (ended,) = alone(table)
        assert ended.shown is None
        assert told(table, "ann").view is None
        assert looks(table, "ann") is None
        assert table.say("ann", old) == [], "made for the former case"

    def test_with_control(self, table: Table) -> None:
        table.say("ann", look(table, 3))
        table.say("host", GrantControl(id=command_id("host", 1), case=1, seat=ANN))
        assert [effect.shown for effect in alone(table)] == [None]
        assert told(table, "ann") == Looking(1)

    def test_with_its_connection(self, table: Table) -> None:
        table.say("ann", look(table, 3))
        table.do(table.core.disconnect(ConnectionId("ann"), table.now))
        table.come("ann", "ann-again")
        assert looks(table, "ann") is None


class TestBudget:
    """So many at a time."""

    def test_one_too_many_is_told_why_and_follows(self) -> None:
        table = Table()
        table.core = SessionCore(table.state, owner="server-1", lookers=1)
        table.do(table.core.start(table.now))
        for seat in ("host", "ann", "bob"):
            table.join(seat, "host" if seat == "host" else "participant")
        table.say("ann", look(table, 3))
        table.say("bob", look(table, 4))
        assert told(table, "bob") == Looking(1, sentence="Too many people look around alone just now.")
        assert [effect.shown for effect in alone(table)] == [None]
        table.say("ann", look(table, 5, 2))
        assert told(table, "ann").view is not None, "who looks already goes on"
        table.say("ann", Look(table.state.case, 3))
        table.say("bob", look(table, 4, 2))
        assert told(table, "bob").view is not None

    def test_who_has_gone_makes_room(self) -> None:
        table = Table()
        table.core = SessionCore(table.state, owner="server-1", lookers=1)
        table.do(table.core.start(table.now))
        for seat in ("host", "ann", "bob"):
            table.join(seat, "host" if seat == "host" else "participant")
        table.say("ann", look(table, 3))
        table.do(table.core.disconnect(ConnectionId("ann"), table.now))
        table.say("bob", look(table, 4))
        assert told(table, "bob").view is not None


class TestLookHere:
    """Who presents asks all to come back."""

    def test_those_who_look_around_are_asked(self, table: Table) -> None:
        table.join("bob")
        table.say("ann", look(table, 3))
        table.say("host", LookHere(table.state.case))
        assert table.sent["ann"][-1] == AskedToLook(SeatId("host"))
        assert not any(isinstance(message, AskedToLook) for message in table.sent["bob"])

    def test_it_changes_nothing_by_itself(self, table: Table) -> None:
        table.say("ann", look(table, 3))
        table.say("host", LookHere(table.state.case))
        assert alone(table) == []


def test_what_could_not_be_sent_is_said_again(table: Table) -> None:
    before = table.state.seq
    lost = table.core.receive(ConnectionId("ann"), table.rename(1, "Anna"), table.now)
    lost += table.core.receive(ConnectionId("ann"), look(table, 3), table.now)
    assert any(isinstance(effect, ShowAlone) for effect in lost)
    table.do(table.core.roll_back(before, StoreFailed("not_stored", "The disk is full."), table.now))
    table.do(table.core.wake(table.now))
    assert isinstance(told(table, "ann").view, ShownView)
    assert [effect.connection for effect in alone(table)] == ["ann"]


def test_an_end_that_could_not_be_sent_is_said_again(table: Table) -> None:
    table.say("ann", look(table, 3))
    before = table.state.seq
    grant = GrantControl(id=command_id("host", 1), case=1, seat=ANN)
    lost = table.core.receive(ConnectionId("host"), grant, table.now)
    assert any(isinstance(effect, ShowAlone) for effect in lost)
    table.do(table.core.roll_back(before, StoreFailed("not_stored", "The disk is full."), table.now))
    table.do(table.core.wake(table.now))
    assert told(table, "ann") == Looking(1)
    assert [effect.shown for effect in alone(table)] == [None]
    assert looks(table, "ann") is None
