"""Entries of the log: one event each, with its number, its time and the command that caused it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from consult.sessions.features.kinds import Event, ServerMessage
from consult.sessions.features.table import REGISTRY, union_of

if TYPE_CHECKING:
    AnyEvent = Event
else:
    AnyEvent = union_of(REGISTRY.events)
    """Every kind of event, as msgspec reads it."""

ENTRY_VERSION = 2


class Entry(Struct, frozen=True):
    """One line of the log.

    Attributes:
        seq: from 1, without gaps.
        at: seconds since 1970.
        event: what happened.
        by: who caused it; "" for the server.
        command: id of the command that caused it; "" for the server's own.
        v: version of the entry's form; older ones are read through upcasters.
    """

    seq: int
    at: float
    event: AnyEvent
    by: str = ""
    command: str = ""
    v: int = ENTRY_VERSION


class StoredEvent(ServerMessage, frozen=True, tag="event"):
    """A stored event, in the order of the log; `seq` may skip entries that pages are not shown."""

    seq: int
    at: float
    event: AnyEvent
    by: str = ""
    command: str = ""


def stored_event(entry: Entry, event: Event | None = None) -> StoredEvent:
    """An entry as pages are sent it; `event`: in place of its own, where they are told less."""
    return StoredEvent(entry.seq, entry.at, entry.event if event is None else event, entry.by, entry.command)
