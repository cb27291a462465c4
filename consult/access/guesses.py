"""How many wrong codes are looked at: of one address, and of all together. Pure: the time comes in.

Rules of this file:
- An address (of IPv6 a subscriber's) has five wrong guesses in a minute. It alone is kept out by that.
- All addresses together have thirty. Half of these are kept for addresses that have guessed nothing wrong lately:
  whoever guesses from a few addresses keeps out others who guess, and not who reads a code from a note.
- With K codes that live a minute of guessing hits one in a million / 30 K, whatever the number of addresses.
"""

from __future__ import annotations

from collections import OrderedDict, deque

from consult.access.networks import SUBSCRIBER, network_of

MINUTE_S = 60.0
OF_ADDRESS = 5
OF_ALL = 30
KEPT = 15
"""Of these, for who has guessed nothing wrong in LATELY_S."""
LATELY_S = 600.0
MAX_KNOWN = 4096
"""Addresses remembered, those that guessed last."""


class Guesses:
    """Wrong guesses, by address and of all. `now`: seconds of a clock that is never set."""

    def __init__(self) -> None:
        self._of_address: OrderedDict[str, deque[float]] = OrderedDict()
        self._of_all: deque[float] = deque(maxlen=OF_ALL)

    def wait_s(self, address: str, now: float) -> float:
        """How long until a guess of that address is looked at; 0.0: now."""
        own = self._of_address.get(network_of(address, SUBSCRIBER), deque())
        is_new = not any(now - at < LATELY_S for at in own)
        return max(_wait_s(own, OF_ADDRESS, now), _wait_s(self._of_all, OF_ALL if is_new else OF_ALL - KEPT, now))

    def wrong(self, address: str, now: float) -> None:
        """That address has guessed wrongly."""
        known = network_of(address, SUBSCRIBER)
        self._of_address.setdefault(known, deque(maxlen=OF_ADDRESS)).append(now)
        self._of_address.move_to_end(known)
        self._of_all.append(now)
        if len(self._of_address) > MAX_KNOWN:
            self._of_address.popitem(last=False)


def _wait_s(times: deque[float], most: int, now: float) -> float:
    """Until fewer than `most` of these lie within a minute."""
    lately = [at for at in times if now - at < MINUTE_S]
    return 0.0 if len(lately) < most else lately[len(lately) - most] + MINUTE_S - now
