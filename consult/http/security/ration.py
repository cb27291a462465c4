"""How often passwords may be guessed: by user, by address, and by both; and nobody can lock a user out by guessing.

Rules:
- Who guesses one user's from one address has a few tries, then one each 10 s; from one address for whomever, and for
  one user from wherever, some more.
- A browser by which a user has signed in before is known by a cookie, and has a ration of its own. So whatever others
  guess, and however many they are, the user's own browser goes on; it is the others that wait. (OWASP calls it a device
  cookie.)
- A right password counts for nothing: who guesses does not become free by signing in as themselves.
- All IPv6 addresses of one subscriber (56 bits) are one address: whoever has one has all of them.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from consult.access.networks import SUBSCRIBER, network_of
from consult.http.security.throttle import Throttle


@dataclass(frozen=True)
class Attempt:
    """Who tries to sign in.

    Attributes:
        user: the name that was given, whether there is such a user or not.
        address: of the browser.
        device: names the browser, where that user has signed in by it before; "": it is none.
    """

    user: str
    address: str
    device: str = ""


@dataclass(frozen=True)
class Ration:
    """Of wrong passwords. Pure, as `Throttle` is."""

    pairs: Throttle = field(default_factory=Throttle)
    addresses: Throttle = field(default_factory=lambda: Throttle(free=30))
    users: Throttle = field(default_factory=lambda: Throttle(free=60, refill_s=60.0))
    devices: Throttle = field(default_factory=Throttle)

    def wait_s(self, attempt: Attempt, now: float) -> float:
        """How long they must wait before they may try; 0.0: they may."""
        return max(throttle.wait_s(name, now) for throttle, name in self._counted(attempt))

    def begin(self, attempt: Attempt, now: float) -> None:
        """They try. It counts as wrong until it is known to be right: many tries at once count at once."""
        for throttle, name in self._counted(attempt):
            throttle.wrong(name, now)

    def right(self, attempt: Attempt, now: float) -> None:
        """It was right, and does not count."""
        for throttle, name in self._counted(attempt):
            throttle.take_back(name, now)

    def _counted(self, attempt: Attempt) -> list[tuple[Throttle, str]]:
        if attempt.device:
            return [(self.devices, attempt.device)]
        address = network_of(attempt.address, SUBSCRIBER)
        return [(self.pairs, f"{attempt.user} {address}"), (self.addresses, address), (self.users, attempt.user)]
