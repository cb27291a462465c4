"""Reads the state of a consult from its log, and keeps it beside the log now and then."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Sequence
from time import sleep

from consult.model.errors import StoreFailed
from consult.model.identifiers import ConsultId
from consult.sessions.events import Entry
from consult.sessions.fold import fold_all
from consult.sessions.publishing.publisher import TAIL
from consult.sessions.state import State
from consult.sessions.stored_state import KEEP_EVERY, fold_on, read_state, write_state
from consult.store.log import TURN, Log

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
    state, tail = State(), deque[Entry](maxlen=TAIL)
    async for part in log.parts(consult):
        state = await asyncio.to_thread(_fold_in_turns, part, state)
        tail.extend(part)
    return state, list(tail), await _keep_long(log, consult, state)


def _fold_in_turns(entries: Sequence[Entry], state: State) -> State:
    """The state after these entries; the server's own thread has its turn between."""
    for first in range(0, len(entries), TURN):
        state = fold_all(entries[first : first + TURN], state)
        sleep(0)
    return state


async def _keep_long(log: Log, consult: ConsultId, state: State) -> int:
    """Keep what took long to fold; up to which entry it is kept."""
    if state.seq < KEEP_EVERY or not await _keep(log, consult, state):
        return 0
    return state.seq


async def _keep(log: Log, consult: ConsultId, state: State) -> bool:
    """Keep a state; whether it is. It costs only time where not."""
    try:
        await log.keep_state(consult, await asyncio.to_thread(write_state, state))
    except StoreFailed as failure:
        logger.warning("consult %s: its state was not kept: %s", consult, failure.code)
        return False
    return True


class StateKeeper:
    """Keeps the states of one consult, one at a time. It never holds anybody up, and its failures cost only time.

    Args:
        kept: up to which entry a state is kept already.
    """

    def __init__(self, log: Log, consult: ConsultId, kept: int = 0, every: int = KEEP_EVERY) -> None:
        self._log, self._consult, self._kept, self._every = log, consult, kept, every
        self._task: asyncio.Task[bool] | None = None

    def offer(self, state: State | None) -> None:
        """What is stored now; it is kept where that is due."""
        is_busy = self._task is not None and not self._task.done()
        if state is not None and not is_busy and state.seq - self._kept >= self._every:
            self._kept = state.seq
            self._task = asyncio.create_task(_keep(self._log, self._consult, state), name=f"keeping {self._consult}")

    async def close(self) -> None:
        """Stop; what is under way is given up."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
