"""What SessionCore asks its shell to do. Plain data.

The shell does them in order; what comes after an `Append` in the same list, and in later lists, is held back until
that append is stored, and is dropped where it meets a `Conflict`.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from consult.model.identifiers import ConnectionId
from consult.model.mark import Mark, Shape
from consult.model.privacy.blackout import HiddenParts
from consult.sessions.events import Entry
from consult.sessions.features.kinds import ServerMessage
from consult.sessions.features.view.messages import ShownView
from consult.sessions.messages import MediaMessage


class Append(Struct, frozen=True):
    """Store these entries after `after`, all or none."""

    after: int
    entries: tuple[Entry, ...]


class Send(Struct, frozen=True):
    """Send a message to these connections. Whether it replaces one that still waits: `replaceable.py`."""

    to: tuple[ConnectionId, ...]
    message: ServerMessage


class SendParts(Struct, frozen=True):
    """Send these messages to these connections one behind the other, each when the one before it has been taken: they
    may be more than fits an outbox."""

    to: tuple[ConnectionId, ...]
    parts: tuple[ServerMessage, ...]


class ShowView(Struct, frozen=True):
    """The view changed: pictures of it are due."""

    shown: ShownView


class ShowIndependentView(Struct, frozen=True):
    """Pictures of its own view are due to a page that explores on its own; None: it follows again.

    `stage`: that of its stamps.
    """

    connection: ConnectionId
    stage: str
    shown: ShownView | None


class HideParts(Struct, frozen=True):
    """Guests are shown nothing of these parts of pictures from now on, and all of the others."""

    parts: HiddenParts


class Close(Struct, frozen=True):
    """Close a connection after what was sent to it before."""

    connection: ConnectionId
    code: int
    reason: str


class Negotiate(Struct, frozen=True):
    """A page that may have live media sends this about its WebRTC connection."""

    connection: ConnectionId
    message: MediaMessage


class ForwardVoice(Struct, frozen=True):
    """Forward what this connection's microphone sends, or no longer. Off at first.

    `listens`: it gets the others' voices; at first it does.
    """

    connection: ConnectionId
    on: bool
    listens: bool = True


class Measure(Struct, frozen=True):
    """Read the pixels below these shapes, and send the values to these connections. The newest of each id wins.

    `drafting`: the seat that draws them just now: of whom the newest alone is read. "": they are stored marks.
    """

    to: tuple[ConnectionId, ...]
    shapes: tuple[Shape, ...]
    drafting: str = ""


class ComputeNumbers(Struct, frozen=True):
    """Compute the numbers of these marks of findings, twice, and find their sides; answered by `PutNumbers`."""

    marks: tuple[Mark, ...]


class WakeAt(Struct, frozen=True):
    """Call `wake(now)` at this time (seconds, same clock as `now`). The newest replaces those before."""

    at: float


Action = (
    Send
    | SendParts
    | ShowView
    | ShowIndependentView
    | HideParts
    | Close
    | Negotiate
    | ForwardVoice
    | Measure
    | ComputeNumbers
    | WakeAt
)
"""What is done at once, in its turn."""

Effect = Append | Action


def measure(to: Iterable[ConnectionId], shapes: tuple[Shape, ...], drafting: str = "") -> list[Effect]:
    """Ask for values, where somebody is there to get them and there is something to read."""
    connections = tuple(to)
    return [Measure(connections, shapes, drafting)] if connections and shapes else []
