"""Which messages replace each other while they wait to be sent.

A message with a key is absolute: the newest of a key replaces one that still waits. Messages without a key are all
sent, in their order.
"""

from __future__ import annotations

from consult.sessions.features.critical.messages import CriticalWaits
from consult.sessions.features.kinds import ServerMessage
from consult.sessions.features.marks.messages import Drafts, Measured
from consult.sessions.features.note.messages import Writings
from consult.sessions.features.view.messages import ShownView
from consult.sessions.messages import Loading, ShownStamp
from consult.sessions.presence.messages import Cursors, Exploring, Lobby, Presence, Speaking

PRESENCE = "presence"
"""Keys of presence begin with it: it may be dropped, since the next of its kind brings all of it again."""


def replacement_key(message: ServerMessage) -> str:
    """The key under which a message replaces an older one; "" where it replaces none and is never dropped."""
    match message:
        case ShownView():
            return "view"
        case ShownStamp(stamp):
            return "stamp" if stamp.rtp is None else ""
        case Loading(series):
            return f"loading {series}"
        case Exploring():
            return "exploring"
        case Drafts() | Writings() | CriticalWaits():
            return str(message.__struct_config__.tag)
        case Measured(readings) if len(readings) == 1:
            return f"measured {readings[0].mark}"
        case Presence():
            return PRESENCE
        case Lobby() | Speaking() | Cursors():
            return f"{PRESENCE} {message.__struct_config__.tag}"
        case _:
            return ""
