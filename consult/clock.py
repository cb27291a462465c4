"""The clocks: the only place where the running consult reads the time.

Rules of this file:
- Whatever waits, times out, is rationed or grows old is measured by `steady`: it goes on evenly whatever is done to
  the wall clock.
- The wall clock is for what is stored or said to people, and for what other machines count by (cookies, expiry).
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable


def now() -> float:
    """The wall clock, in seconds since 1970. It may be set back or forward at any time."""
    return time.time()


def utc_offset_min(at: float) -> int:
    """How far the zone of this machine was from UTC then, in minutes; east of Greenwich positive."""
    return int(time.localtime(at).tm_gmtoff // 60)


def steady() -> float:
    """Seconds since some moment, never set: for intervals."""
    return time.monotonic()


class Alarm:
    """Calls back once, at the newest time that was set."""

    def __init__(self, ring: Callable[[], None]) -> None:
        self._ring = ring
        self._handle: asyncio.TimerHandle | None = None

    def set(self, at: float) -> None:
        """Ring at `at`, by `steady`; replaces what was set before."""
        self.cancel()
        self._handle = asyncio.get_running_loop().call_later(max(0.0, at - steady()), self._ring)

    def cancel(self) -> None:
        """Do not ring."""
        if self._handle is not None:
            self._handle.cancel()
            self._handle = None
