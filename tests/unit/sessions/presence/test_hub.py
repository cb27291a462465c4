"""What the parts of presence have in common: they are swept at every turn, and the list of people follows from them."""

from __future__ import annotations

from consult.sessions.effects import Send
from consult.sessions.presence.cursors import CURSORS_S
from consult.sessions.presence.messages import Cursor, Cursors, Explore, Presence, RaiseHand, Spot
from tests.support.cases import Table, scrolled, stack_of


def kinds(table: Table) -> list[type]:
    """Of what the last message made the core send."""
    return [type(effect.message) for effect in table.effects if isinstance(effect, Send)]


def test_a_hand_and_an_independent_view_change_the_list_a_cursor_does_not(table: Table) -> None:
    table.send("ann", RaiseHand(True))
    assert kinds(table) == [Presence]
    table.send("ann", Explore(table.state.case, 1, scrolled(table.view, 3)))
    assert kinds(table).count(Presence) == 1
    series = stack_of(table.view.viewports[0].shows).series
    table.send("ann", Cursor(table.state.case, 1, Spot("a", series, 3, (0.0, 0.0, 9.0))))
    assert kinds(table) == [Cursors]


def test_another_message_brings_what_is_due(table: Table) -> None:
    spot = Spot("a", stack_of(table.view.viewports[0].shows).series, 3, (0.0, 0.0, 9.0))
    table.send("ann", Cursor(table.state.case, 1, spot))
    table.send("ann", Cursor(table.state.case, 2, spot))
    table.now += CURSORS_S
    table.send("host", RaiseHand(True))
    assert kinds(table) == [Presence, Cursors]
