"""Reads the state of a consult from its log, and keeps it beside the log now and then."""

from __future__ import annotations

import asyncio
import logging

from consult.model.errors import StoreFailed
from consult.model.identifiers import ConsultId
from consult.sessions.events import Entry
from consult.sessions.fold import fold_all
from consult.sessions.publishing.publisher import TAIL
from consult.sessions.state import State
from consult.sessions.stored_state import KEEP_EVERY, fold_on, read_state, write_state
from consult.store.log import Log

logger = logging.getLogger(__name__)


async def load(log: Log, consult: ConsultId) -> tuple[State, list[Entry], int]:
    """The state of a consult, the newest entries of its log (at least as many as resuming pages need), and up to which
    entry a state is kept. `State()` where there is no such consult.

    Raises:
        StoreFailed: the log cannot be read.
    """
    kept = await asyncio.to_thread(read_state, await log.state(consult))
    if kept is not None:
        entries = await log.read(consult, max(0, kept.seq - TAIL))
        state = fold_on(kept, entries)
        if state is not None:
            return state, entries, kept.seq
        logger.warning("consult %s: the kept state is not of this log, and is not used", consult)
    entries = await log.read(consult)
    return fold_all(entries), entries, 0


class StateKeeper:
    """Keeps the states of one consult, one at a time. It never holds anybody up, and its failures cost only time.

    Args:
        kept: up to which entry a state is kept already.
    """

    def __init__(self, log: Log, consult: ConsultId, kept: int = 0, every: int = KEEP_EVERY) -> None:
        self._log, self._consult, self._kept, self._every = log, consult, kept, every
        self._task: asyncio.Task[None] | None = None

    def offer(self, state: State | None) -> None:
        """What is stored now; it is kept where that is due."""
        is_busy = self._task is not None and not self._task.done()
        if state is not None and not is_busy and state.seq - self._kept >= self._every:
            self._kept = state.seq
            self._task = asyncio.create_task(self._keep(state), name=f"keeping {self._consult}")

    async def close(self) -> None:
        """Stop; what is under way is given up."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _keep(self, state: State) -> None:
        try:
            await self._log.keep_state(self._consult, await asyncio.to_thread(write_state, state))
        except StoreFailed as failure:
            logger.warning("consult %s: its state was not kept: %s", self._consult, failure.code)
