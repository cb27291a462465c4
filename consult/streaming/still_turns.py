"""How many stills a seat is given: two under way at a time, and so many pixels a second; the others wait their turn.

A still that is kept costs nothing and waits for nothing. One task a request holds it; who has too many waiting is told.
A seat that has asked for nothing lately is forgotten once many are known: it could begin anew just as well.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from consult.clock import steady
from consult.model.errors import Refused
from consult.model.identifiers import SeatId
from consult.model.rates import RateLimit, TokenBucket

MAX_PENDING = 2
MAX_WAITING = 64
"""A view of 3 by 3 asks for 9, and a page asks for the next one before it has them."""
LARGE_PIXELS = 3840 * 2160
"""4K: what is larger is drawn in the background."""
PIXELS_PER_S = 8 * LARGE_PIXELS
BURST_PIXELS = 4 * PIXELS_PER_S
MANY_SEATS = 256


class _Seat:
    """What one seat has used."""

    def __init__(self, now: float) -> None:
        self.turns = asyncio.Semaphore(MAX_PENDING)
        self.waiting = 0
        self._left = TokenBucket(RateLimit(PIXELS_PER_S, BURST_PIXELS), now)

    def wait_s(self, pixels: int, now: float) -> float:
        """Use so many pixels; how long that has to wait."""
        self._left.spend(pixels, now)
        return self._left.wait_s(now, least=0.0)

    def is_new(self, now: float) -> bool:
        """Nothing waits, and nothing was used lately."""
        return not self.waiting and self._left.is_full(now)


class StillTurns:
    """The seats of one consult. `now` and `sleep` of one clock."""

    def __init__(
        self, now: Callable[[], float] = steady, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    ) -> None:
        self._now, self._sleep = now, sleep
        self._seats: dict[SeatId, _Seat] = {}

    @asynccontextmanager
    async def turn(self, seat: SeatId, pixels: int) -> AsyncIterator[None]:
        """While a still of that seat is rendered. Raises Refused ("too_often")."""
        known = self._seats.get(seat)
        if known is None:
            self._forget()
            known = self._seats[seat] = _Seat(self._now())
        if known.waiting >= MAX_WAITING:
            raise Refused("too_often", "This page asks for too many pictures at once.")
        known.waiting += 1
        try:
            async with known.turns:
                if (seconds := known.wait_s(pixels, self._now())) > 0:
                    await self._sleep(seconds)
                yield
        finally:
            known.waiting -= 1

    def _forget(self) -> None:
        if len(self._seats) >= MANY_SEATS:
            now = self._now()
            self._seats = {seat: known for seat, known in self._seats.items() if not known.is_new(now)}
