"""Presence: who is here, sent to all as an absolute list that may be dropped."""

from __future__ import annotations

from consult.model.identifiers import ConnectionId, SeatId, TabId
from consult.sessions.effects import Send
from consult.sessions.messages import PROTOCOL_VERSION, Hello, SetScreen
from consult.sessions.presence.messages import Here, Presence
from consult.sessions.replaceable import replacement_key
from tests.support.cases import PHONE, SCREEN, Table


class TestPresence:
    """Who is here: all of them, absolute, droppable."""

    def test_it_is_told_when_somebody_comes_or_goes(self, table: Table) -> None:
        table.join("bob", screen=PHONE)
        here = (Here(SeatId("host"), True), Here(SeatId("ann"), True), Here(SeatId("bob"), True, phone=True))
        assert table.sent["host"][-1] == Presence(here)
        table.do(table.core.disconnect(ConnectionId("ann"), table.now))
        assert table.sent["host"][-1] == Presence((here[0], here[2]))
        assert all(replacement_key(effect.message) for effect in table.effects if isinstance(effect, Send))

    def test_a_phone_that_becomes_large_is_told(self, table: Table) -> None:
        table.join("bob", screen=PHONE)
        assert table.send("bob", SetScreen(PHONE)) == []
        table.send("bob", SetScreen(SCREEN))
        presence = table.sent["host"][-1]
        assert isinstance(presence, Presence)
        assert presence.people[-1] == Here(SeatId("bob"), True)

    def test_a_seat_with_a_phone_and_a_desk_is_not_on_a_phone(self, table: Table) -> None:
        table.do(table.core.connect(ConnectionId("pocket"), SeatId("ann"), table.now))
        table.send("pocket", Hello(PROTOCOL_VERSION, TabId("tab-pocket"), PHONE))
        assert table.sent["host"][-1] == Presence((Here(SeatId("host"), True), Here(SeatId("ann"), True)))
        table.do(table.core.disconnect(ConnectionId("ann"), table.now))
        assert table.sent["host"][-1] == Presence((Here(SeatId("host"), True), Here(SeatId("ann"), True, phone=True)))

    def test_who_was_never_here_does_not_leave(self, table: Table) -> None:
        table.do(table.core.connect(ConnectionId("shy"), SeatId("ann"), table.now))
        table.do(table.core.disconnect(ConnectionId("shy"), table.now))
        table.do(table.core.disconnect(ConnectionId("unknown"), table.now))
        assert table.effects == []
