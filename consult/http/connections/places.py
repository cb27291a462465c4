"""How many connections there may be: in all, and of one address. Pure: connections are any hashable things.

Rules of this file:
- A connection on which nothing is asked waits. Where there is no place, the one that has waited longest gives way to
  the newest, of the same address where that has as many as it may; so idle ones keep nobody out, neither out of the
  server nor out of the address of a whole hospital (NAT). Only where every connection is at work is the newest refused.
- Connections of a proxy are of many people: its address has no limit of its own.
- A WebSocket of a seat counts in all, but not against its address: seats have their own limits. One of nobody's seat
  is its address's like any other, and at work until it is closed.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import Protocol

from consult.access.networks import network_of

MOST_OF_ADDRESS = 512
"""A browser has six, for a few seconds: 80 people of one NAT who load the page in the same moment."""
MOST = 8192


class Addresses(Protocol):
    """Some addresses."""

    def __contains__(self, address: str, /) -> bool:
        """Whether it is one of them."""


class Places:
    """Who is connected.

    Args:
        most: connections in all.
        most_of_address: of one address that is no proxy's.
        proxies: addresses of proxies.
    """

    def __init__(self, most: int = MOST, most_of_address: int = MOST_OF_ADDRESS, proxies: Addresses = ()) -> None:
        self.most, self.most_of_address = most, most_of_address
        self.proxies = proxies
        self._address: dict[Hashable, str] = {}
        self._waiting: dict[Hashable, None] = {}
        """Nothing is asked on them; those that wait longest come first."""
        self._of_address: dict[str, int] = {}
        self._seated: set[Hashable] = set()

    def __len__(self) -> int:
        """Connections in all."""
        return len(self._address)

    def enter(self, connection: Hashable, address: str) -> Hashable | None:
        """A connection has come, and waits.

        Returns:
            Which one has to be cut for it; itself where there is no place for it. None: there was one free.
        """
        among: Iterable[Hashable] = ()
        address = address if address in self.proxies else network_of(address)
        if self._is_full(address):
            among = (other for other in self._waiting if self._address[other] == address)
        elif len(self._address) >= self.most:
            among = self._waiting
        else:
            self._add(connection, address)
            return None
        leaving = next(iter(among), connection)
        if leaving is not connection:
            self.leave(leaving)
            self._add(connection, address)
        return leaving

    def busy(self, connection: Hashable) -> None:
        """Something is asked on it."""
        self._waiting.pop(connection, None)

    def idle(self, connection: Hashable) -> None:
        """All that was asked is answered."""
        if connection in self._address and connection not in self._seated:
            self._waiting[connection] = None

    def seated(self, connection: Hashable) -> None:
        """It is a WebSocket of somebody's seat from now on."""
        if connection in self._address and connection not in self._seated:
            self._waiting.pop(connection, None)
            self._seated.add(connection)
            self._less(self._address[connection])

    def leave(self, connection: Hashable) -> None:
        """It is closed."""
        address = self._address.pop(connection, None)
        self._waiting.pop(connection, None)
        if address is None:
            return
        if connection in self._seated:
            self._seated.discard(connection)
        else:
            self._less(address)

    def _add(self, connection: Hashable, address: str) -> None:
        self._address[connection] = address
        self._waiting[connection] = None
        self._of_address[address] = self._of_address.get(address, 0) + 1

    def _less(self, address: str) -> None:
        self._of_address[address] -= 1
        if not self._of_address[address]:
            del self._of_address[address]

    def _is_full(self, address: str) -> bool:
        return address not in self.proxies and self._of_address.get(address, 0) >= self.most_of_address
