"""Joins and leaves for minutes: what the server holds afterwards is what it held before.

The server runs in this process, so that its tasks can be counted; the people do not, and now and then they are killed
without a word. Baseline and end are taken with nobody there, after a first round that everything is loaded in.
"""

from __future__ import annotations

import asyncio
import random
import time
from pathlib import Path

from benchmarks.rows import Row
from benchmarks.serving import Held, chest, open_here, serving
from tests.support.live_process import LivePeople

SEED = 7
TRANSPORTS = ("webrtc", "webrtc", "websocket", "none")
SCREENS = ((1280, 720), (1600, 900), (720, 1280))
MOST = 6
PER_S, MOVING_S = 30, 1.0
KILL_EVERY = 5
"""Rounds, of which the last one's people go without a word."""
GONE_S = 60.0
"""By then the network's own silence has ended every connection of people who were killed."""


async def visit(links: dict[str, str], rng: random.Random, *, killed: bool) -> int:
    """One round: some come, by any transport, the picture moves, some go, the others stay, all go. How many came."""
    async with LivePeople() as people:
        screen = rng.choice(SCREENS)
        await people.ask("present", link=links["host"], screen=screen)
        came = rng.randint(1, MOST)
        for _ in range(came):
            await people.ask(
                "join",
                link=links["participant"],
                screen=rng.choice(SCREENS),
                transport=rng.choice(TRANSPORTS),
                talk=rng.random() < 0.3,
                while_moving=PER_S if rng.random() < 0.5 else 0,
            )
        await people.ask("measure", seconds=MOVING_S, changes_per_s=PER_S)
        await people.ask("leave", count=came // 2)
        await people.ask("measure", seconds=MOVING_S, changes_per_s=PER_S)
        if not killed:
            await people.ask("leave")
    return came + 1


async def at_rest(baseline: Held | None = None) -> Held:
    """What is held with nobody there; with a baseline, once tasks and descriptors are back there, or never will be."""
    until = time.monotonic() + (GONE_S if baseline else 2.0)
    while True:
        await asyncio.sleep(0.5)
        held = Held.now()
        back = baseline and held.tasks <= baseline.tasks and held.descriptors <= baseline.descriptors
        if back or time.monotonic() > until:
            return held


async def soak(data: Path, study: str, minutes: float) -> list[Row]:
    """The rows."""
    rng, joins, rounds, peak = random.Random(SEED), 0, 0, 0.0
    async with serving(data) as (services, address):
        links = await open_here(services, address, study)
        for _ in range(2):
            await visit(links, rng, killed=False)
        baseline = await at_rest()
        until = time.monotonic() + 60 * minutes
        while time.monotonic() < until:
            rounds += 1
            joins += await visit(links, rng, killed=rounds % KILL_EVERY == 0)
            peak = max(peak, Held.now().memory)
        end = await at_rest(baseline)
    rounds_done = f"{minutes:g} minutes, {joins} joins in {rounds} rounds, every {KILL_EVERY}th killed"
    return [
        Row("tasks more than before", end.tasks - baseline.tasks, "tasks", f"{baseline.tasks} before; {rounds_done}"),
        Row(
            "descriptors more than before",
            end.descriptors - baseline.descriptors,
            "descriptors",
            f"{baseline.descriptors} before",
        ),
        Row("threads more than before", end.threads - baseline.threads, "threads", f"{baseline.threads} before"),
        Row(
            "memory more than before",
            end.memory - baseline.memory,
            "MiB",
            f"{baseline.memory:.0f} before, {peak:.0f} at most, with the libraries of the whole server",
        ),
    ]


def run(minutes: float = 10.0) -> list[Row]:
    """The rows."""
    with chest() as made:
        return asyncio.run(soak(made.data, made.study, minutes))
