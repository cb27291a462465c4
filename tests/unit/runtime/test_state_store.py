"""States are kept now and then, found again, and never needed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator

import pytest
from msgspec.structs import replace

from consult.model.errors import StoreFailed
from consult.model.identifiers import ConsultId
from consult.runtime.state_store import StateKeeper, load
from consult.sessions.events import Entry
from consult.sessions.features.consult.commands import TakeOwnership
from consult.sessions.features.consult.events import OwnerChanged
from consult.sessions.fold import fold_all
from consult.sessions.publishing.publisher import TAIL
from consult.sessions.state import State
from consult.sessions.stored_state import KEEP_EVERY, StoredState, write_state
from consult.sessions.upcast import write_entry
from consult.store.log import PAGE
from consult.store.log.memory import MemoryLog
from tests.support.consults import CONSULT, open_consult

EVERY = 10


class CountingLog(MemoryLog):
    """Counts the entries that are read; may have a full disk."""

    def __init__(self) -> None:
        super().__init__()
        self.read_entries, self.is_full = 0, False

    async def read(self, consult: ConsultId, after: int = 0) -> list[Entry]:
        found = await super().read(consult, after)
        self.read_entries += len(found)
        return found

    async def keep_state(self, consult: ConsultId, state: StoredState) -> None:
        if self.is_full:
            raise StoreFailed("disk_full", "The disk is full.")
        await super().keep_state(consult, state)


async def fill(log: MemoryLog, commands: int) -> State:
    """A consult with so many more entries, kept every ten."""
    running = await open_consult(log)
    running._keeper = StateKeeper(log, CONSULT, every=EVERY)
    for n in range(commands):
        await running.command(TakeOwnership(owner=f"owner-{n}"))
        if running._keeper._task is not None:
            await asyncio.wait([running._keeper._task])
    await running.close()
    return running.core.state


async def test_opening_reads_the_kept_state_and_the_tail_alone() -> None:
    # Seen to fail: all entries were read and folded.
    log = CountingLog()
    state = await fill(log, 500)
    loaded, tail, kept = await load(log, CONSULT)
    assert loaded == state == fold_all(log._logs[CONSULT])
    assert kept > state.seq - 2 * EVERY
    assert log.read_entries <= TAIL + 2 * EVERY
    assert tail[-TAIL:] == log._logs[CONSULT][-TAIL:], "pages that come back go on by events"


@pytest.mark.parametrize("bad", ["version", "data", "other log"])
async def test_a_state_that_may_not_be_used_costs_only_time(bad: str) -> None:
    log = MemoryLog()
    state = await fill(log, 40)
    kept = log._states[CONSULT]
    match bad:
        case "version":
            log._states[CONSULT] = replace(kept, version="0-of-before")
        case "data":
            log._states[CONSULT] = replace(kept, data=b"torn")
        case _:
            log._states[CONSULT] = write_state(replace(state, seq=state.seq + 5))
    assert (await load(log, CONSULT))[0] == state


async def test_there_is_no_consult_of_that_name() -> None:
    assert await load(MemoryLog(), CONSULT) == (State(), [], 0)


async def test_a_full_disk_keeps_nobody_waiting(caplog: pytest.LogCaptureFixture) -> None:
    log = CountingLog()
    log.is_full = True
    with caplog.at_level(logging.WARNING):
        state = await fill(log, 2 * EVERY)
    assert CONSULT not in log._states
    assert (await load(log, CONSULT))[0] == state
    assert "its state was not kept: disk_full" in caplog.text


async def test_a_long_log_is_folded_beside_what_goes_on_and_then_its_state_is_kept() -> None:
    """Seen to fail: nobody else of the server had a turn until all of it was folded, and that each time."""
    log = CountingLog()
    entries = [entry async for entry in long_log(2 * KEEP_EVERY)]
    await log.restore(CONSULT, [write_entry(entry) for entry in entries])
    turns, loading = 0, asyncio.create_task(load(log, CONSULT))
    while not loading.done():
        turns += 1
        await asyncio.sleep(0)
    state, tail, kept = loading.result()
    assert turns > len(entries) / PAGE, "one a part at least"
    assert (state, tail, kept) == (fold_all(entries), entries[-TAIL:], len(entries))
    log.read_entries = 0
    assert (await load(log, CONSULT))[0] == state
    assert log.read_entries == TAIL


async def long_log(commands: int) -> AsyncIterator[Entry]:
    """The entries of a consult with so many more than it begins with."""
    log = MemoryLog()
    await fill(log, 1)
    entries = await log.read(CONSULT)
    for entry in entries:
        yield entry
    for seq in range(len(entries) + 1, len(entries) + commands):
        yield Entry(seq, 1.0, OwnerChanged(f"owner-{seq}", seq))
