"""The clock of critical results: also for consults that nobody has open, and through restarts. Time is injected.

The docstring of each test names the bugs that it is there for.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from consult.model.errors import StoreFailed
from consult.model.identifiers import ConsultId
from consult.runtime.deadlines import DeadlineClock
from consult.sessions.features.critical.deadlines import Deadline
from tests.support.waiting import PATIENCE_S

ONE, TWO = ConsultId("one"), ConsultId("two")


class Wall:
    """A table, a wall clock, and what was acted on."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.table: list[Deadline] = []
        self.acted: list[Deadline] = []
        self.passes: list[int] = []
        """Of each that was acted on, by which reading of the table."""
        self.reads = 0
        self.failure: StoreFailed | None = None
        self.news = asyncio.Event()

    async def deadlines(self) -> list[Deadline]:
        self.reads += 1
        self.news.set()
        if self.failure is not None:
            raise self.failure
        return list(self.table)

    async def act(self, deadline: Deadline) -> None:
        self.acted.append(deadline)
        self.passes.append(self.reads)
        self.table.remove(deadline)
        self.news.set()
        if deadline.critical == "broken":
            raise StoreFailed("cannot_read", "The log cannot be read.")
        if deadline.critical == "fault":
            raise RuntimeError("a fault of ours")

    async def until(self, acted: int) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while len(self.acted) < acted:
                self.news.clear()
                await self.news.wait()

    async def read(self, times: int = 1) -> None:
        """Wait until it has looked so often."""
        async with asyncio.timeout(PATIENCE_S):
            while self.reads < times:
                self.news.clear()
                await self.news.wait()

    async def read_again(self, clock: DeadlineClock) -> None:
        """Wait until it has looked once more."""
        before = self.reads
        clock.wake()
        await self.read(before + 1)


@pytest.fixture
async def wall() -> Wall:
    return Wall()


@pytest.fixture
async def clock(wall: Wall) -> AsyncIterator[DeadlineClock]:
    made = DeadlineClock(wall, wall.act, lambda: wall.now)
    yield made
    await made.close()


async def test_what_is_due_is_acted_on_and_nothing_before_its_time(wall: Wall, clock: DeadlineClock) -> None:
    """Bugs: all that stand in the table are due; what waits for people is due at once."""
    wall.table = [Deadline(ONE, "a", 1100.0), Deadline(TWO, "b", 1200.0), Deadline(TWO, "c", None)]
    await wall.read_again(clock)
    assert wall.acted == []
    wall.now = 1150.0
    clock.wake()
    await wall.until(1)
    assert wall.acted == [Deadline(ONE, "a", 1100.0)]
    wall.now = 5000.0
    clock.wake()
    await wall.until(2)
    assert wall.acted[1:] == [Deadline(TWO, "b", 1200.0)], "what waits for people is nothing to act on"


async def test_what_was_due_before_the_start_is_acted_on_without_a_wake(wall: Wall) -> None:
    """Bug: the first pass waits until something wakes it."""
    wall.table = [Deadline(ONE, "a", 900.0)]
    clock = DeadlineClock(wall, wall.act, lambda: wall.now)
    await wall.until(1)
    assert wall.acted == [Deadline(ONE, "a", 900.0)]
    await clock.close()


async def test_it_wakes_by_itself_when_the_next_one_is_due(wall: Wall, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bug: it sleeps as long as it may, whatever is due before."""
    monkeypatch.setattr("consult.runtime.deadlines.LONGEST_S", 3600.0)
    wall.table = [Deadline(ONE, "a", 1000.01), Deadline(TWO, "b", 2000.0)]
    clock = DeadlineClock(wall, wall.act, lambda: wall.now)
    await wall.read()
    wall.now = 1000.5
    await wall.until(1)
    assert wall.acted == [Deadline(ONE, "a", 1000.01)]
    await clock.close()


async def test_a_wall_clock_that_is_set_forward_is_noticed(wall: Wall, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bug: it sleeps until the time that was far away when it looked."""
    monkeypatch.setattr("consult.runtime.deadlines.LONGEST_S", 0.01)
    wall.table = [Deadline(ONE, "a", 9000.0)]
    clock = DeadlineClock(wall, wall.act, lambda: wall.now)
    await wall.read()
    wall.now = 9000.0
    await wall.until(1)
    assert wall.acted == [Deadline(ONE, "a", 9000.0)]
    await clock.close()


async def test_one_that_cannot_be_kept_stops_no_other(wall: Wall, clock: DeadlineClock) -> None:
    """Bugs: a refusal ends the pass, so that others wait for the next; a fault of ours ends the clock."""
    wall.table = [Deadline(ONE, "broken", 900.0), Deadline(TWO, "b", 950.0)]
    clock.wake()
    await wall.until(2)
    assert wall.passes[0] == wall.passes[1], "in the same pass"
    wall.table = [Deadline(ONE, "fault", 900.0)]
    clock.wake()
    await wall.until(3)
    wall.table = [Deadline(TWO, "d", 900.0)]
    clock.wake()
    await wall.until(4)
    assert [deadline.critical for deadline in wall.acted] == ["broken", "b", "fault", "d"]


async def test_a_table_that_cannot_be_read_is_read_again(wall: Wall, clock: DeadlineClock) -> None:
    """Bug: a failed reading ends the clock."""
    wall.failure = StoreFailed("cannot_read", "The log cannot be read.")
    await wall.read_again(clock)
    wall.failure = None
    assert wall.acted == []
    wall.table = [Deadline(ONE, "a", 900.0)]
    clock.wake()
    await wall.until(1)
    assert wall.acted == [Deadline(ONE, "a", 900.0)]
