"""Waiting for a state, by looking again and again: at once at first, then as often as leaves others the processor."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

PATIENCE_S = 120.0
"""So long a state is waited for, in all tests: a machine that does something else too is in time, and what never comes
is told in the end. How long something takes is no test's business."""
TURNS = 100
"""Of the loop, within which what needs no other process has happened."""
LOOK_S, FRAME_S = 0.002, 0.016


async def until(holds: Callable[[], bool], seconds: float = PATIENCE_S) -> None:
    """Return once it holds. Raises TimeoutError."""
    async with asyncio.timeout(seconds):
        turn = 0
        while not holds():
            await asyncio.sleep(0 if turn < TURNS else LOOK_S)
            turn += 1


async def until_notified(holds: Callable[[], Awaitable[bool]], seconds: float = PATIENCE_S) -> None:
    """Ask again and again, and return once the answer is yes. Raises TimeoutError."""
    async with asyncio.timeout(seconds):
        while not await holds():  # noqa: ASYNC110 - somebody else's state has no event here
            await asyncio.sleep(FRAME_S)
