"""What SessionCore asks its shell to do. Plain data.

The shell does them in order; what comes after an `Append` in the same list, and in later lists, is held back until
that append is stored, and is dropped where it meets a `Conflict`.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from consult.model.identifiers import ConnectionId
from consult.model.mark import Shape
from consult.sessions.events import Entry
from consult.sessions.messages import MediaMessage, ServerMessage, ShownView


class Append(Struct, frozen=True):
    """Store these entries after `after`, all or none."""

    after: int
    entries: tuple[Entry, ...]


class Send(Struct, frozen=True):
    """Send a message to these connections. `droppable`: presence, newest wins."""

    to: tuple[ConnectionId, ...]
    message: ServerMessage
    droppable: bool = False


class Show(Struct, frozen=True):
    """The view changed: pictures of it are due."""

    shown: ShownView


class ShowAlone(Struct, frozen=True):
    """PictureRouter of its own view are due to a page that looks around alone; None: it follows again.

    `stage`: what its stamps must say.
    """

    connection: ConnectionId
    stage: str
    shown: ShownView | None


class Close(Struct, frozen=True):
    """Close a connection after what was sent to it before."""

    connection: ConnectionId
    code: int
    reason: str


class Negotiate(Struct, frozen=True):
    """A page that may have live media says this about its WebRTC connection."""

    connection: ConnectionId
    message: MediaMessage


class Hear(Struct, frozen=True):
    """Forward what this connection's microphone sends, or no longer. Off until said.

    `listens`: it gets what others say; until said it does.
    """

    connection: ConnectionId
    on: bool
    listens: bool = True


class Measure(Struct, frozen=True):
    """Read the pixels below these shapes, and tell the values to these connections. The newest of each id wins."""

    to: tuple[ConnectionId, ...]
    shapes: tuple[Shape, ...]


class WakeAt(Struct, frozen=True):
    """Call `wake(now)` at this time (seconds, same clock as `now`). The newest replaces those before."""

    at: float


Effect = Append | Send | Show | ShowAlone | Close | Negotiate | Hear | Measure | WakeAt


def measure(to: Iterable[ConnectionId], shapes: tuple[Shape, ...]) -> list[Effect]:
    """Ask for values, where somebody is there to be told and there is something to read."""
    connections = tuple(to)
    return [Measure(connections, shapes)] if connections and shapes else []
