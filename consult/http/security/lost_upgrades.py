"""Whose WebSockets have lately arrived here as plain requests: a proxy takes the upgrade out of them."""

from __future__ import annotations

from consult.model.identifiers import SeatId

REMEMBERED_S = 60.0
MAX_KNOWN = 1024
"""Seats remembered, the newest."""


class LostUpgrades:
    """Seats by when it happened last. Pure: the time comes in, in seconds."""

    def __init__(self) -> None:
        self._known: dict[SeatId, float] = {}

    def lost(self, seat: SeatId, now: float) -> None:
        """It has happened to that seat."""
        self._known.pop(seat, None)
        self._known[seat] = now
        if len(self._known) > MAX_KNOWN:
            del self._known[next(iter(self._known))]

    def is_lost(self, seat: SeatId, now: float) -> bool:
        """It has happened to it lately."""
        return seat in self._known and now - self._known[seat] < REMEMBERED_S
