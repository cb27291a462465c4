"""Which messages replace each other while they wait in an outbox."""

from __future__ import annotations

from consult.runtime.outbox import PRESENCE
from consult.sessions.messages import (
    Drafts,
    Loading,
    Looking,
    Measured,
    Presence,
    ServerMessage,
    ShownStamp,
    ShownView,
    Speaking,
)
from consult.sessions.presence import Cursors


def key_of(message: ServerMessage) -> str:
    """Messages with a key are absolute: the newest replaces one that still waits. Others are never dropped."""
    match message:
        case ShownView():
            return "view"
        case ShownStamp(stamp):
            return "stamp" if stamp.rtp is None else ""
        case Loading(series):
            return f"loading {series}"
        case Looking():
            return "looking"
        case Presence():
            return PRESENCE
        case Drafts():
            return "drafts"
        case Measured(readings) if len(readings) == 1:
            return f"measured {readings[0].mark}"
        case Speaking():
            return f"{PRESENCE} speaking"
        case Cursors():
            return f"{PRESENCE} cursors"
        case _:
            return ""
