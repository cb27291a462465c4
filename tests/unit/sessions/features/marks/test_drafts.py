"""Marks while they are drawn: all in one message, no longer than they are held, never stored."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from consult.model.errors import StoreFailed
from consult.model.identifiers import ConnectionId
from consult.sessions.effects import Append, Measure, Send, WakeAt
from consult.sessions.features.cases.commands import SwitchCase
from consult.sessions.features.marks.commands import PutMark
from consult.sessions.features.marks.drafts import DRAFT_TTL_S, MAX_DRAFTS
from consult.sessions.features.marks.messages import Draft, Drafts
from consult.sessions.messages import Nack
from consult.sessions.replaceable import replacement_key
from tests.support.cases import Table, command_id, shape


@pytest.fixture
def table() -> Table:
    made = Table()
    made.join("host", "host")
    made.join("ann")
    made.join("eve", "viewer")
    return made


def draw(table: Table, who: str, size: float, identifier: str = "m1") -> None:
    table.send(who, Draft(table.state.case, shape(identifier, size=size)))


def drawn(table: Table, who: str) -> dict[str, float]:
    """What a page was sent last that others draw: x of the last point by id."""
    drafts = [m for m in table.sent[who] if isinstance(m, Drafts)]
    return {d.shape.id: d.shape.points[-1][0] for d in drafts[-1].drafts} if drafts else {}


def test_a_draft_is_told_to_all_as_it_is_now_and_not_stored(table: Table) -> None:
    before = len(table.appended)
    draw(table, "ann", 3)
    draw(table, "host", 7, "m2")
    draw(table, "ann", 5)
    for who in ("host", "ann", "eve"):
        assert drawn(table, who) == {"m1": 5, "m2": 7}
    assert all(replacement_key(e.message) for e in table.effects if isinstance(e, Send))
    assert len(table.appended) == before


def test_who_comes_while_somebody_draws_sees_it(table: Table) -> None:
    draw(table, "ann", 3)
    table.join("late")
    assert drawn(table, "late") == {"m1": 3}


def test_a_draft_ends_when_it_is_let_go_and_when_its_page_goes(table: Table) -> None:
    draw(table, "ann", 3)
    draw(table, "host", 7, "m2")
    table.send("ann", Draft(table.state.case))
    assert drawn(table, "eve") == {"m2": 7}
    table.do(table.core.disconnect(ConnectionId("host"), table.now))
    assert drawn(table, "eve") == {}


def test_a_draft_becomes_its_mark_in_the_same_moment(table: Table) -> None:
    draw(table, "ann", 3)
    table.send("ann", PutMark(id=command_id("ann", 1), case=table.state.case, mark=shape(size=3)))
    kinds = [type(e.message).__name__ for e in table.effects if isinstance(e, Send)]
    assert kinds.index("StoredEvent") < kinds.index("Drafts"), "first it is a mark, then no longer a draft"
    assert drawn(table, "host") == {}


def test_a_draft_that_nobody_holds_is_forgotten_and_one_that_is_said_anew_is_not(table: Table) -> None:
    draw(table, "ann", 3)
    table.now += DRAFT_TTL_S - 1
    draw(table, "ann", 3)
    assert not [e for e in table.effects if isinstance(e, Send)], "nothing has changed for others"
    table.now += 2
    table.do(table.core.wake(table.now))
    assert drawn(table, "host") == {"m1": 3}
    table.now += DRAFT_TTL_S - 3
    table.do(table.core.wake(table.now))
    assert WakeAt(table.now + 1) in table.effects
    table.now += 1
    table.do(table.core.wake(table.now))
    assert drawn(table, "host") == {}


def test_a_switch_of_the_case_ends_all_and_a_late_draft_is_not_used(table: Table) -> None:
    draw(table, "ann", 3)
    late = Draft(table.state.case, shape())
    table.send("host", SwitchCase(id=command_id("host", 1), case=table.state.case, to="c2"))
    assert drawn(table, "eve") == {}
    table.send("ann", late)
    assert not table.effects
    assert drawn(table, "eve") == {}


def test_what_cannot_be_drawn_is_refused_and_a_viewer_draws_nothing(table: Table) -> None:
    [refused] = table.send("ann", Draft(table.state.case, replace(shape(), image=99)))
    assert isinstance(refused, Nack)
    assert refused.code == "image_out_of_range"
    [refused] = table.send("eve", Draft(table.state.case, shape()))
    assert isinstance(refused, Nack)
    assert refused.code == "not_allowed"
    assert drawn(table, "host") == {}


def test_an_ellipse_is_measured_while_it_is_drawn_and_nothing_is_appended(table: Table) -> None:
    table.send("ann", Draft(table.state.case, shape(kind="ellipse")))
    [asked] = [e for e in table.effects if isinstance(e, Measure)]
    assert (set(asked.to), asked.shapes) == ({"host", "ann", "eve"}, (shape(kind="ellipse"),))
    assert not [e for e in table.effects if isinstance(e, Append)]


def test_only_so_many_are_told(table: Table) -> None:
    for n in range(MAX_DRAFTS + 2):
        table.join(f"seat-{n:02}")
        draw(table, f"seat-{n:02}", n, f"m{n}")
        table.now += 0.1
    assert len(drawn(table, "eve")) == MAX_DRAFTS


def test_what_is_drawn_is_told_again_where_a_failed_append_swallowed_it(table: Table) -> None:
    head = table.state.seq
    table.send("host", table.rename(1, "Dr. Who", "host"))
    draw(table, "ann", 3)  # the shell holds this back behind the append, and drops it with it
    table.sent.clear()
    table.do(table.core.roll_back(head, StoreFailed("not_stored", "The disk is full."), table.now))
    assert drawn(table, "host") == {"m1": 3}
