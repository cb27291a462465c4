"""The clock of critical results: one task for all consults of this server, those too that nobody has open.

Rules:
- What is due is read from the log's own table, so that no restart loses it. Nothing is remembered here.
- Deadlines are the wall clock's, which may be set: nobody sleeps for longer than LONGEST_S.
- What could not be done now is due still, and tried again after AGAIN_S.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Protocol

from consult.clock import Rounds, now
from consult.model.errors import ConsultError
from consult.sessions.features.critical.deadlines import Deadline, due

logger = logging.getLogger(__name__)
LONGEST_S = 30.0
AGAIN_S = 2.0


class Deadlines(Protocol):
    """The log, as the clock needs it."""

    async def deadlines(self) -> list[Deadline]:
        """See `Log.deadlines`."""


class DeadlineClock(Rounds):
    """Acts on what is due.

    Args:
        log: has the table.
        act: does what is to be done about one; raises ConsultError.
        clock: seconds since 1970.
    """

    def __init__(
        self, log: Deadlines, act: Callable[[Deadline], Awaitable[None]], clock: Callable[[], float] = now
    ) -> None:
        self._log, self._act, self._clock = log, act, clock
        super().__init__("deadlines", AGAIN_S)

    async def _pass(self) -> float:
        """See `Rounds`: until something else is due."""
        deadlines = await self._log.deadlines()
        ready = due(deadlines, self._clock())
        for deadline in ready:
            try:
                await self._act(deadline)
            except ConsultError as error:
                if error.code == "elsewhere":  # the node that has the consult keeps it
                    continue
                logger.error("consult %s: a deadline could not be kept: %s", deadline.consult, error.code)
        if ready:
            return AGAIN_S
        times = [deadline.at - self._clock() for deadline in deadlines if deadline.at is not None]
        return min(max(0.0, min(times, default=LONGEST_S)), LONGEST_S)
