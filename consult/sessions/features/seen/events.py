"""Who has opened and read what."""

from __future__ import annotations

from msgspec import Struct

from consult.model.identifiers import SeatId
from consult.sessions.features.kinds import Event


class Seen(Struct, frozen=True):
    """One person and one signed version.

    Attributes:
        id: made from version and seat.
        name: as the person was called when they opened it, or said that they have read it.
        opened_at, seen_at: seconds since 1970; `seen_at` None: opened, and not said to be read.
        utc_offset_min: of the server's zone then.
    """

    id: str
    version: str
    seat: SeatId
    name: str
    opened_at: float
    seen_at: float | None = None
    utc_offset_min: int = 0

    @property
    def case(self) -> str:
        """Id of the case whose note it is."""
        return self.version.rpartition(".")[0]


class SeenPut(Event, frozen=True, tag="seen_put"):
    """A signed version was opened, or is said to be read."""

    seen: Seen
