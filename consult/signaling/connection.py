"""The state machine of one control connection, as a table: new -> joined -> closed.

An event that a state does not have raises and changes nothing.
"""

from __future__ import annotations

from enum import Enum

from consult.model.errors import Malformed
from consult.sessions.messages import ClientMessage, Hello
from consult.signaling.codec import decode


class Phase(Enum):
    """Where a connection is."""

    NEW = "new"
    JOINED = "joined"
    CLOSED = "closed"


class ConnectionEvent(Enum):
    """What happens to a connection."""

    HELLO = "hello"
    MESSAGE = "message"
    CLOSE = "close"


TRANSITIONS: dict[tuple[Phase, ConnectionEvent], Phase] = {
    (Phase.NEW, ConnectionEvent.HELLO): Phase.JOINED,
    (Phase.NEW, ConnectionEvent.CLOSE): Phase.CLOSED,
    (Phase.JOINED, ConnectionEvent.MESSAGE): Phase.JOINED,
    (Phase.JOINED, ConnectionEvent.CLOSE): Phase.CLOSED,
}

_WHY_NOT = {
    (Phase.NEW, ConnectionEvent.MESSAGE): ("hello_first", "The first message of a page is hello."),
    (Phase.JOINED, ConnectionEvent.HELLO): ("hello_twice", "A page says hello once."),
}


class Connection:
    """One connection's protocol: frames in, messages out."""

    def __init__(self) -> None:
        self.phase = Phase.NEW

    def receive(self, frame: str | bytes) -> ClientMessage:
        """The message of a frame.

        Raises:
            Malformed: not a message of the protocol ("malformed", "too_large"), or not its turn ("hello_first",
                "hello_twice", "closed"). The connection is as it was.
        """
        message = decode(frame)
        self._go(ConnectionEvent.HELLO if isinstance(message, Hello) else ConnectionEvent.MESSAGE)
        return message

    def close(self) -> None:
        """It is over. Raises Malformed ("closed") the second time."""
        self._go(ConnectionEvent.CLOSE)

    def _go(self, happening: ConnectionEvent) -> None:
        phase = TRANSITIONS.get((self.phase, happening))
        if phase is None:
            raise Malformed(*_WHY_NOT.get((self.phase, happening), ("closed", "This connection is closed.")))
        self.phase = phase
