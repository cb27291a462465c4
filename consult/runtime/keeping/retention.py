"""The clock of what is kept how long: one task for all consults of this server, those too that nobody has open.

Rules:
- A consult is deleted so many days after its end, where the site says so; never one that has not ended, and never one
  with a critical result that nobody has closed.
- The days are the wall clock's, which may be set wrong for a while: what is due must be due still SETTLED_S later, by
  the steady clock.
- Of several nodes one deletes.
- What another process has deleted is sent away here; what one has begun that died is gone on with.
- What cannot be done now is due still. One that fails holds no other.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Protocol

from consult.clock import Rounds, now, steady
from consult.model.errors import ConsultError
from consult.model.identifiers import ConsultId
from consult.runtime.keeping.removal import open_criticals
from consult.sessions.state import State

logger = logging.getLogger(__name__)
DAY_S = 24 * 3600.0
PASS_S = 30.0
"""From one pass to the next."""
SETTLED_S = 60.0


class Consults(Protocol):
    """The registry, as the clock needs it."""

    async def consults(self) -> list[ConsultId]:
        """All that are here."""

    async def read(self, consult: ConsultId) -> tuple[State, int]:
        """The state of one."""

    async def send_away_deleted(self) -> None:
        """Those that run here and are not in the log any more."""


def delete_at(state: State, days: int) -> float | None:
    """When a consult is deleted, in seconds since 1970; None: never, as things are."""
    if not days or state.consult.ended_at is None or open_criticals(state):
        return None
    return state.consult.ended_at + days * DAY_S


async def always() -> bool:
    """There is no other."""
    return True


class Retention(Rounds):
    """Deletes what is due.

    Args:
        days: after its end; 0: never.
        delete: a consult; raises ConsultError.
        finish: goes on with deletions that have begun; raises ConsultError.
        wall, clock: seconds since 1970, and of the steady clock.
        turn: whether it is this process that deletes.
    """

    def __init__(  # noqa: PLR0917  # each once
        self, registry: Consults, days: int, delete: Callable[[ConsultId], Awaitable[object]],
        finish: Callable[[], Awaitable[object]], wall: Callable[[], float] = now, clock: Callable[[], float] = steady,
        turn: Callable[[], Awaitable[bool]] = always,
    ) -> None:  # fmt: skip
        self._registry, self._days, self._delete, self._finish = registry, days, delete, finish
        self._wall, self._clock, self._turn = wall, clock, turn
        self._ends: dict[ConsultId, float] = {}
        """Of consults that have ended: an end never changes."""
        self._due_since: dict[ConsultId, float] = {}
        super().__init__("retention", PASS_S)

    async def _pass(self) -> float:
        """See `Rounds`. What has begun and is not ended is gone on with at the next one."""
        await self._registry.send_away_deleted()
        if not await self._turn():
            return PASS_S
        try:
            await self._finish()
        except ConsultError as error:
            logger.error("a deletion cannot be gone on with: %s", error.code)
        if self._days:
            await self._delete_due()
        return PASS_S

    async def _delete_due(self) -> None:
        consults = await self._registry.consults()
        self._ends = {consult: self._ends[consult] for consult in consults if consult in self._ends}
        due = [consult for consult in consults if await self._is_due(consult)]
        self._due_since = {consult: self._due_since.get(consult, self._clock()) for consult in due}
        for consult in due:
            if self._clock() - self._due_since[consult] >= SETTLED_S:
                await self._delete_one(consult)

    async def _is_due(self, consult: ConsultId) -> bool:
        """By what is remembered, where it has not ended long enough; else by what it is now."""
        if (ended := self._ends.get(consult)) is not None and self._wall() < ended + self._days * DAY_S:
            return False
        try:
            state, _ = await self._registry.read(consult)
        except ConsultError as error:
            logger.error("consult %s: cannot be read: %s", consult, error.code)
            return False
        if state.consult.ended_at is not None:
            self._ends[consult] = state.consult.ended_at
        at = delete_at(state, self._days)
        return at is not None and at <= self._wall()

    async def _delete_one(self, consult: ConsultId) -> None:
        try:
            await self._delete(consult)
        except ConsultError as error:
            logger.error("consult %s: cannot be deleted: %s", consult, error.code)
        else:
            self._ends.pop(consult, None)
