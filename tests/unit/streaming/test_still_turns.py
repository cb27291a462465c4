"""Two stills of a seat are under way at a time, so many pixels a second; another seat waits for none of them."""

from __future__ import annotations

import asyncio

import pytest

from consult.model.errors import Refused
from consult.model.identifiers import SeatId
from consult.streaming.still_turns import (
    BURST_PIXELS,
    LARGE_PIXELS,
    MANY_SEATS,
    MAX_PENDING,
    MAX_WAITING,
    PIXELS_PER_S,
    StillTurns,
)

ANN, BOB = SeatId("ann"), SeatId("bob")


class Clock:
    """Turned by whoever sleeps."""

    def __init__(self) -> None:
        self.now, self.slept = 100.0, 0.0

    async def sleep(self, seconds: float) -> None:
        self.slept += seconds
        self.now += seconds
        await asyncio.sleep(0)


class Work:
    """Stills that end when they are let."""

    def __init__(self, turns: StillTurns) -> None:
        self.turns, self.open, self.begun = turns, asyncio.Event(), list[SeatId]()

    async def one(self, seat: SeatId, pixels: int = 1) -> None:
        async with self.turns.turn(seat, pixels):
            self.begun.append(seat)
            await self.open.wait()


async def test_two_are_under_way_and_the_others_wait() -> None:
    work = Work(StillTurns())
    tasks = [asyncio.create_task(work.one(ANN)) for _ in range(5)]
    tasks.append(asyncio.create_task(work.one(BOB)))
    for _ in range(5):
        await asyncio.sleep(0)
    assert work.begun == [ANN] * MAX_PENDING + [BOB]
    work.open.set()
    await asyncio.gather(*tasks)
    assert len(work.begun) == 6


async def test_who_asks_for_more_than_fits_is_told_and_may_ask_again() -> None:
    work = Work(StillTurns())
    tasks = [asyncio.create_task(work.one(ANN)) for _ in range(MAX_WAITING)]
    await asyncio.sleep(0)
    with pytest.raises(Refused, match="too many pictures"):
        await work.one(ANN)
    work.open.set()
    await asyncio.gather(*tasks)
    await work.one(ANN)


async def test_pixels_have_a_rate() -> None:
    clock = Clock()
    work = Work(StillTurns(lambda: clock.now, clock.sleep))
    work.open.set()
    for _ in range(BURST_PIXELS // LARGE_PIXELS):
        await work.one(ANN, LARGE_PIXELS)
    assert clock.slept == 0
    for _ in range(40):
        await work.one(ANN, LARGE_PIXELS)
    assert clock.slept == pytest.approx(40 * LARGE_PIXELS / PIXELS_PER_S)
    clock.slept = 0
    await work.one(BOB, LARGE_PIXELS)
    assert clock.slept == 0


async def test_seats_that_ask_no_more_are_forgotten_and_those_that_wait_or_are_over_their_rate_are_not() -> None:
    """Seen to fail: of a server that ran for months each seat that ever looked was remembered."""
    clock = Clock()
    turns = StillTurns(lambda: clock.now, clock.sleep)
    work = Work(turns)
    waits = asyncio.create_task(work.one(ANN))
    await asyncio.sleep(0)
    for n in range(20 * MANY_SEATS):
        async with turns.turn(SeatId(f"seat-{n}"), PIXELS_PER_S // 100):
            clock.now += 0.02
    assert len(turns._seats) <= MANY_SEATS
    assert turns._seats[ANN].waiting
    async with turns.turn(BOB, BURST_PIXELS + PIXELS_PER_S):
        pass
    clock.slept = 0.0
    for n in range(MANY_SEATS):
        async with turns.turn(SeatId(f"other-{n}"), 1):
            pass
    async with turns.turn(BOB, PIXELS_PER_S):
        assert clock.slept > 0.9, "they have to wait still"
    work.open.set()
    await waits
