"""What a log keeps apart of critical results: those that are open, and when the server has something to do about one.

The table is written with the entries themselves, so that no restart loses a deadline, and it is read without opening
a consult.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from consult.model.identifiers import ConsultId
from consult.sessions.features.critical.events import CriticalPut
from consult.sessions.features.kinds import Event


class Deadline(Struct, frozen=True):
    """An open critical result.

    Attributes:
        at: when the server has something to do about it; None: it waits for people.
        is_open: nobody has closed it.
    """

    consult: ConsultId
    critical: str
    at: float | None
    is_open: bool = True


def deadlines_of(consult: ConsultId, events: Iterable[Event]) -> tuple[Deadline, ...]:
    """What these events make of the table; the newest of each critical result counts."""
    found = {event.critical.id: event.critical for event in events if isinstance(event, CriticalPut)}
    return tuple(Deadline(consult, c.id, c.next_at, c.closed is None) for c in found.values())


def due(deadlines: Iterable[Deadline], now: float) -> list[Deadline]:
    """Those about which the server has something to do now."""
    return [deadline for deadline in deadlines if deadline.at is not None and deadline.at <= now]
