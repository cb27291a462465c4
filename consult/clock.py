"""The clocks: the only place where the running consult reads the time.

Rules of this file:
- Whatever waits, times out, is rationed or grows old is measured by `steady`: it goes on evenly whatever is done to
  the wall clock.
- The wall clock is for what is stored or said to people, and for what other machines count by (cookies, expiry).
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from abc import ABC, abstractmethod
from collections.abc import Callable

from consult.model.errors import StoreFailed

logger = logging.getLogger(__name__)


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


class Rounds(ABC):
    """A task that makes one pass after another: when the last one wants it, or once it is woken.

    Args:
        name: of the task, also in the log.
        again_s: after a pass that failed.
    """

    def __init__(self, name: str, again_s: float) -> None:
        self._name, self._again_s = name, again_s
        self._wake = asyncio.Event()
        self._task = asyncio.create_task(self._run(), name=name)

    @abstractmethod
    async def _pass(self) -> float:
        """Do what is due now; after how many seconds to come again. Raises StoreFailed."""

    def wake(self) -> None:
        """Make a pass now: something has changed, or the wall clock was set."""
        self._wake.set()

    async def close(self) -> None:
        """Stop."""
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        while True:
            self._wake.clear()
            wait_s = self._again_s
            try:
                wait_s = await self._pass()
            except StoreFailed as failure:
                if failure.code == "closed":
                    return
                logger.error("%s: the store cannot be read: %s", self._name, failure.code)
            except Exception:  # a fault of ours in one pass must not stop the clock
                logger.exception("%s: a pass has failed", self._name)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(wait_s):
                    await self._wake.wait()
