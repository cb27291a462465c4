"""How often somebody may guess: a few wrong answers at once, then one each so many seconds."""

from __future__ import annotations

from consult.http.connections.networks import network_of

FREE = 5
"""Wrong answers at once."""
REFILL_S = 10.0
"""After which one more is free."""
MAX_KNOWN = 1024
"""Addresses remembered, those that guessed last."""


class Throttle:
    """Counts wrong answers by address. Pure: the time comes in, in seconds of a clock that is never set back."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[float, float]] = {}

    def wait_s(self, address: str, now: float) -> float:
        """How long that address must wait before it may answer; 0.0: it may."""
        return max(0.0, (self._spent(address, now) - FREE + 1) * REFILL_S)

    def wrong(self, address: str, now: float) -> None:
        """That address has answered wrongly."""
        spent, network = self._spent(address, now) + 1, network_of(address)
        self._known.pop(network, None)
        self._known[network] = (spent, now)
        if len(self._known) > MAX_KNOWN:
            del self._known[next(iter(self._known))]

    def _spent(self, address: str, now: float) -> float:
        spent, at = self._known.get(network_of(address), (0.0, now))
        return max(0.0, spent - (now - at) / REFILL_S)
