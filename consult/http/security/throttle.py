"""How often somebody may guess: a few wrong answers at once, then one each so many seconds."""

from __future__ import annotations

from consult.access.networks import network_of

FREE = 5
"""Wrong answers at once."""
REFILL_S = 10.0
"""After which one more is free."""
MAX_KNOWN = 1024
"""Addresses remembered, those that guessed last."""


class Throttle:
    """Counts wrong answers by address, or whatever names who answers.

    Pure: the time comes in, in seconds of a clock that is never set back.
    """

    def __init__(self, free: int = FREE, refill_s: float = REFILL_S) -> None:
        self._free, self._refill_s = free, refill_s
        self._known: dict[str, tuple[float, float]] = {}

    def wait_s(self, address: str, now: float) -> float:
        """How long that address must wait before it may answer; 0.0: it may."""
        return max(0.0, (self._spent(address, now) - self._free + 1) * self._refill_s)

    def wrong(self, address: str, now: float) -> None:
        """That address has answered wrongly."""
        self._put(address, self._spent(address, now) + 1, now)

    def take_back(self, address: str, now: float) -> None:
        """One that was counted as wrong was right."""
        self._put(address, max(0.0, self._spent(address, now) - 1), now)

    def _put(self, address: str, spent: float, now: float) -> None:
        network = network_of(address)
        self._known.pop(network, None)
        self._known[network] = (spent, now)
        if len(self._known) > MAX_KNOWN:
            del self._known[next(iter(self._known))]

    def _spent(self, address: str, now: float) -> float:
        spent, at = self._known.get(network_of(address), (0.0, now))
        return max(0.0, spent - (now - at) / self._refill_s)
