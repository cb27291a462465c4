"""Waiting for a state, turn by turn of the loop: no sleeps."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable


async def until(holds: Callable[[], bool], seconds: float = 10) -> None:
    """Return once it holds. Raises TimeoutError."""
    async with asyncio.timeout(seconds):
        while not holds():  # noqa: ASYNC110 - what is waited for may have no event of its own
            await asyncio.sleep(0)


async def until_notified(holds: Callable[[], Awaitable[bool]], seconds: float = 20) -> None:
    """Ask again and again, and return once the answer is yes. Raises TimeoutError."""
    async with asyncio.timeout(seconds):
        while not await holds():  # noqa: ASYNC110 - somebody else's state has no event here
            await asyncio.sleep(0)
