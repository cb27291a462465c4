"""Whether the server can do its work, found out once a second at most however many ask: strangers may."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from consult.clock import steady

FRESH_S = 1.0
"""So long an answer holds."""


class Readiness:
    """One question for all who ask.

    Args:
        check: asks; raises StoreFailed.
        clock: the steady one.
    """

    def __init__(self, check: Callable[[], Awaitable[None]], clock: Callable[[], float] = steady) -> None:
        self._check, self._clock = check, clock
        self._asking: asyncio.Task[None] | None = None
        self._at = 0.0

    async def check(self) -> None:
        """The answer, not older than FRESH_S, or the one that is under way. Raises StoreFailed."""
        asking = self._asking
        if asking is None or (asking.done() and self._clock() - self._at >= FRESH_S):
            self._at = self._clock()
            asking = self._asking = asyncio.create_task(self._ask(), name="readiness")
            asking.add_done_callback(_take_exception)
        await asyncio.shield(asking)

    async def close(self) -> None:
        """Stop."""
        if self._asking is not None:
            self._asking.cancel()
            await asyncio.gather(self._asking, return_exceptions=True)

    async def _ask(self) -> None:
        await self._check()


def _take_exception(asked: asyncio.Task[None]) -> None:
    """Whoever asked may have gone meanwhile."""
    if not asked.cancelled():
        asked.exception()
