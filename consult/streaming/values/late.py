"""Who waits for pixels that are not loaded yet, apart from whoever can go on.

Whoever reads marks takes one after another. An image that does not come for minutes would hold all others: so it is
waited for in a task of its own, and its marks are taken up again once that has ended.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Hashable

from consult.model.errors import ConsultError

logger = logging.getLogger(__name__)
MOST = 16
"""Waits at once: each puts its image in front of those that nobody waits for. The others begin as these end."""


class Late:
    """The waits of one consult."""

    def __init__(self) -> None:
        self._tasks: dict[Hashable, asyncio.Task[None]] = {}
        self._turns = asyncio.Semaphore(MOST)

    def wait(self, key: Hashable, wait: Callable[[], Awaitable[object]], then: Callable[[], None]) -> None:
        """Call `then` once `wait` has ended, well or not; who waits for the same key waits together.

        Args:
            key: names what is waited for.
            wait: ends in any case; it may raise ConsultError.
            then: on the loop.
        """
        task = self._tasks.get(key)
        if task is None:
            task = self._tasks[key] = asyncio.create_task(self._wait(key, wait), name=f"waiting for {key}")
        task.add_done_callback(lambda ended: None if ended.cancelled() else then())

    async def close(self) -> None:
        """Stop waiting; nothing more is called."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _wait(self, key: Hashable, wait: Callable[[], Awaitable[object]]) -> None:
        try:
            async with self._turns:
                await wait()
        except ConsultError as error:
            logger.debug("%s: %s", key, error.code)  # whoever takes it up again is told the same
        except Exception:  # a fault of ours over one image must not end what others wait for
            logger.exception("waiting for %s ended by a fault of ours", key)
        finally:
            self._tasks.pop(key, None)
