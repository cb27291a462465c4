"""The clock: the only place where the running consult reads the time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable


def now() -> float:
    """Seconds since 1970."""
    return time.time()


class Alarm:
    """Calls back once, at the newest time that was set."""

    def __init__(self, ring: Callable[[], None]) -> None:
        self._ring = ring
        self._handle: asyncio.TimerHandle | None = None

    def set(self, at: float) -> None:
        """Ring at `at`, in seconds since 1970; replaces what was set before."""
        self.cancel()
        self._handle = asyncio.get_running_loop().call_later(max(0.0, at - now()), self._ring)

    def cancel(self) -> None:
        """Do not ring."""
        if self._handle is not None:
            self._handle.cancel()
            self._handle = None
