"""The order of effects: nothing is sent before what it stands on is asked to be stored."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consult.model.identifiers import SeatId
from consult.sessions.effects import Append, Close, Effect, Send, ShowView
from consult.sessions.events import StoredEvent
from consult.sessions.features.cases.commands import SwitchCase
from consult.sessions.features.consult.commands import EndConsult
from consult.sessions.features.control.commands import GrantControl
from consult.sessions.features.seats.commands import RemoveSeat
from consult.sessions.messages import Ack, Closing
from tests.support.cases import Table, command_id


def check_order(effects: list[Effect]) -> None:
    """Entries are sent and acknowledged behind their Append; a Close comes behind its closing message."""
    appended: set[int] = set()
    reached: set[str] = set()
    for effect in effects:
        if isinstance(effect, Append):
            appended |= {entry.seq for entry in effect.entries}
        elif isinstance(effect, Send) and isinstance(effect.message, StoredEvent | Ack):
            assert effect.message.seq in appended
        elif isinstance(effect, Send) and isinstance(effect.message, Closing):
            reached |= set(effect.to)
        elif isinstance(effect, Close):
            assert effect.connection in reached
        elif isinstance(effect, ShowView):
            assert effect.shown.case >= 1
        assert not (isinstance(effect, Send) and not effect.to), "sent to nobody"


DOES: dict[str, Callable[[Table], object]] = {
    "renames": lambda table: table.send("ann", table.rename(1, "Anna")),
    "grants": lambda table: table.send("host", GrantControl(id=command_id("host", 1), case=1, seat=SeatId("ann"))),
    "switches": lambda table: table.send("host", SwitchCase(id=command_id("host", 1), case=1, to="c2")),
    "removes": lambda table: table.send("host", RemoveSeat(id=command_id("host", 1), case=1, seat=SeatId("ann"))),
    "ends": lambda table: table.send("host", EndConsult(id=command_id("host", 1), case=1)),
    "rests": lambda table: table.send("host", table.show(1, 3, rest=True)),
    "comes": lambda table: table.come("ann", "ann-2"),
}


@pytest.mark.parametrize("does", DOES.values(), ids=DOES)
def test_the_order_holds_whatever_is_done(table: Table, does: Callable[[Table], object]) -> None:
    does(table)
    assert table.effects
    check_order(table.effects)


steps = st.tuples(st.sampled_from(["host", "ann"]), st.integers(1, 4), st.sampled_from(["c1", "c2"]))


@settings(deadline=None)
@given(st.lists(steps, max_size=12))
def test_appends_follow_each_other_without_a_gap(course: list[tuple[str, int, str]]) -> None:
    table = Table()
    table.join("host", "host")
    table.join("ann")
    for n, (who, name, to) in enumerate(course, 1):
        switch = SwitchCase(id=command_id(who, 2 * n), case=table.state.case, to=to)
        for message in (table.rename(2 * n - 1, f"{who} {name}", seat=who), switch, table.show(n, name)):
            table.send(who, message)
            assert sum(isinstance(effect, Append) for effect in table.effects) <= 1
    head = 0
    for append in table.appended:
        assert append.after == head
        assert [entry.seq for entry in append.entries] == list(range(head + 1, head + 1 + len(append.entries)))
        head = append.entries[-1].seq
    assert head == table.state.seq
