"""The clock of critical results: also for consults that nobody has open, and through restarts. Time is injected."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from consult.model.errors import StoreFailed
from consult.model.identifiers import ConsultId
from consult.runtime.deadlines import DeadlineClock
from consult.sessions.features.critical.deadlines import Deadline

ONE, TWO = ConsultId("one"), ConsultId("two")


class Wall:
    """A table, a wall clock, and what was acted on."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.table: list[Deadline] = []
        self.acted: list[Deadline] = []
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
        self.table.remove(deadline)
        self.news.set()
        if deadline.critical == "broken":
            raise StoreFailed("cannot_read", "The log cannot be read.")
        if deadline.critical == "fault":
            raise RuntimeError("a fault of ours")

    async def until(self, acted: int) -> None:
        async with asyncio.timeout(60):
            while len(self.acted) < acted:
                self.news.clear()
                await self.news.wait()

    async def read_again(self, clock: DeadlineClock) -> None:
        """Wait until it has looked once more."""
        before = self.reads
        clock.wake()
        async with asyncio.timeout(60):
            while self.reads == before:
                self.news.clear()
                await self.news.wait()


@pytest.fixture
async def wall() -> Wall:
    return Wall()


@pytest.fixture
async def clock(wall: Wall) -> AsyncIterator[DeadlineClock]:
    made = DeadlineClock(wall, wall.act, lambda: wall.now)
    yield made
    await made.close()


async def test_what_is_due_is_acted_on_and_nothing_before_its_time(wall: Wall, clock: DeadlineClock) -> None:
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


async def test_it_wakes_by_itself(wall: Wall) -> None:
    wall.table = [Deadline(ONE, "a", 1000.0)]
    clock = DeadlineClock(wall, wall.act, lambda: wall.now)
    await wall.until(1)
    assert wall.acted == [Deadline(ONE, "a", 1000.0)]
    await clock.close()


async def test_one_that_cannot_be_kept_stops_no_other(wall: Wall, clock: DeadlineClock) -> None:
    wall.table = [Deadline(ONE, "broken", 900.0), Deadline(TWO, "b", 950.0)]
    clock.wake()
    await wall.until(2)
    wall.table = [Deadline(ONE, "fault", 900.0)]
    clock.wake()
    await wall.until(3)
    wall.table = [Deadline(TWO, "d", 900.0)]
    clock.wake()
    await wall.until(4)
    assert [deadline.critical for deadline in wall.acted] == ["broken", "b", "fault", "d"]


async def test_a_table_that_cannot_be_read_is_read_again(wall: Wall, clock: DeadlineClock) -> None:
    wall.failure = StoreFailed("cannot_read", "The log cannot be read.")
    await wall.read_again(clock)
    wall.failure = None
    assert wall.acted == []
    wall.table = [Deadline(ONE, "a", 900.0)]
    clock.wake()
    await wall.until(1)
    assert wall.acted == [Deadline(ONE, "a", 900.0)]
