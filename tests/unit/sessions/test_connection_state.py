"""new -> joined -> closed: hello exactly once and first; what is illegal raises and changes nothing."""

from __future__ import annotations

from itertools import product

import pytest

from consult.model.errors import Refused
from consult.model.identifiers import ConnectionId, SeatId, TabId
from consult.sessions.connection_state import TRANSITIONS, ConnectionEvent, ConnectionState, Phase, phase_after
from consult.sessions.messages import PROTOCOL_VERSION, Hello, Nack, Ping, Pong
from tests.support.cases import SCREEN, Table, tab_of

LEGAL = {
    (Phase.NEW, ConnectionEvent.HELLO): Phase.JOINED,
    (Phase.NEW, ConnectionEvent.CLOSE): Phase.CLOSED,
    (Phase.JOINED, ConnectionEvent.MESSAGE): Phase.JOINED,
    (Phase.JOINED, ConnectionEvent.CLOSE): Phase.CLOSED,
    (Phase.CLOSED, ConnectionEvent.CLOSE): Phase.CLOSED,
}
WHY = {Phase.NEW: "hello_first", Phase.JOINED: "hello_twice", Phase.CLOSED: "closed"}
HELLO = Hello(PROTOCOL_VERSION, TabId(tab_of("ann")), SCREEN)


@pytest.mark.parametrize(("phase", "event"), list(product(Phase, ConnectionEvent)))
def test_every_event_in_every_phase(phase: Phase, event: ConnectionEvent) -> None:
    assert TRANSITIONS.keys() == LEGAL.keys()
    if (phase, event) in LEGAL:
        assert phase_after(phase, event) is LEGAL[phase, event]
        return
    with pytest.raises(Refused) as refused:
        phase_after(phase, event)
    assert refused.value.code == WHY[phase]


def test_a_second_hello_changes_nothing() -> None:
    connection = ConnectionState(ConnectionId("c"), SeatId("ann"))
    connection.join(HELLO, 7, "participant")
    with pytest.raises(Refused, match="hello_twice"):
        connection.join(Hello(PROTOCOL_VERSION, TabId("another-tab"), SCREEN), 8, "participant")
    assert (connection.hello, connection.since, connection.phase) == (HELLO, 7, Phase.JOINED)


class TestInTheCore:
    """The core asks the table, so what a shell does not know it cannot get wrong."""

    def connect(self, table: Table) -> str:
        """A second connection of ann's, which has sent nothing yet."""
        table.do(table.core.connect(ConnectionId("new"), SeatId("ann"), table.now))
        return "new"

    def test_a_command_before_hello_is_refused_under_its_id(self, table: Table) -> None:
        command = table.rename(1, "Anna")
        (nack,) = table.send(self.connect(table), command)
        assert isinstance(nack, Nack)
        assert (nack.id, nack.code) == (command.id, "hello_first")
        assert table.core.accepted(ConnectionId("new")) is None

    def test_a_hello_that_is_refused_is_not_accepted(self, table: Table) -> None:
        table.send(self.connect(table), Hello(PROTOCOL_VERSION + 1, TabId("tab-of-old"), SCREEN))
        assert "new" in table.closed
        assert table.core.accepted(ConnectionId("new")) is None

    def test_the_first_hello_is_the_one_that_counts(self, table: Table) -> None:
        connection = self.connect(table)
        table.send(connection, HELLO)
        (nack,) = table.send(connection, Hello(PROTOCOL_VERSION, TabId("another-tab"), SCREEN))
        assert isinstance(nack, Nack)
        assert nack.code == "hello_twice"
        assert table.core.accepted(ConnectionId(connection)) is HELLO

    def test_a_closed_connection_is_answered_nothing(self, table: Table) -> None:
        connection = self.connect(table)
        table.send(connection, HELLO)
        assert table.send(connection, Ping(1.0)) == [Pong(1.0)]
        assert table.send("ann", Ping(1.0)) == [], "the same tab has come anew"
        assert table.core.accepted(ConnectionId("ann")) is None
        assert table.core.accepted(ConnectionId("unknown")) is None
