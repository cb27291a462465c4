"""new -> joined -> closed: hello exactly once and first; what is illegal raises and changes nothing."""

from __future__ import annotations

from itertools import product

import pytest

from consult.model.errors import Malformed
from consult.sessions.messages import Hello, Ping
from consult.signaling.connection import TRANSITIONS, Connection, ConnectionEvent, Phase

HELLO = '{"type":"hello","protocol":1,"tab":"tab-9f3a51","screen":{"width":800,"height":600}}'
PING = '{"type":"ping","t":1}'


def connection_in(phase: Phase) -> Connection:
    """A connection that has come that far."""
    connection = Connection()
    if phase is not Phase.NEW:
        connection.receive(HELLO)
    if phase is Phase.CLOSED:
        connection.close()
    assert connection.phase is phase
    return connection


def happen(connection: Connection, happening: ConnectionEvent) -> None:
    """Make it happen."""
    if happening is ConnectionEvent.CLOSE:
        connection.close()
    else:
        connection.receive(HELLO if happening is ConnectionEvent.HELLO else PING)


LEGAL = {
    (Phase.NEW, ConnectionEvent.HELLO): Phase.JOINED,
    (Phase.NEW, ConnectionEvent.CLOSE): Phase.CLOSED,
    (Phase.JOINED, ConnectionEvent.MESSAGE): Phase.JOINED,
    (Phase.JOINED, ConnectionEvent.CLOSE): Phase.CLOSED,
}


@pytest.mark.parametrize(("phase", "happening"), list(product(Phase, ConnectionEvent)))
def test_every_event_in_every_phase(phase: Phase, happening: ConnectionEvent) -> None:
    assert TRANSITIONS.keys() == LEGAL.keys()
    connection = connection_in(phase)
    if (phase, happening) in LEGAL:
        happen(connection, happening)
        assert connection.phase is LEGAL[phase, happening]
        return
    with pytest.raises(Malformed) as malformed:
        happen(connection, happening)
    assert connection.phase is phase
    assert malformed.value.code == {Phase.NEW: "hello_first", Phase.JOINED: "hello_twice"}.get(phase, "closed")


def test_messages_come_out_decoded() -> None:
    connection = Connection()
    assert isinstance(connection.receive(HELLO), Hello)
    assert connection.receive(PING) == Ping(1.0)


def test_a_malformed_frame_does_not_end_a_connection() -> None:
    connection = connection_in(Phase.JOINED)
    with pytest.raises(Malformed):
        connection.receive("nonsense")
    assert connection.receive(PING) == Ping(1.0)
