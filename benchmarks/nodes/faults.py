"""What pages notice when a node is killed, when Redis is, and when both nodes are restarted one after the other; and
that nothing they were told is wrong."""

from __future__ import annotations

import asyncio
import contextlib
from time import perf_counter

from benchmarks.nodes.people import again, come, leave
from benchmarks.rows import Row, quantile
from tests.support.consult_client import ConsultClient
from tests.support.nodes import Nodes
from tests.support.verdict import entries_of, judged

KILLS, PAGES = 20, 3
RESTARTS, WRITERS = 10, 8
ROLLING, CURSOR_S, LOOK_S = 8, 0.05, 0.1
WRITE_S = 0.1


async def killed(running: Nodes, study: str, kills: int = KILLS) -> list[Row]:
    """kill -9 of the node that has a consult: seconds to the next acknowledgement, of each page."""
    opened = await asyncio.to_thread(running.open, study)
    people, taken = await come(opened["guest"], PAGES), list[float]()
    for number in range(kills):
        owner, losses = running.owner(opened["consult"]), [person.losses for person in people]
        began = perf_counter()
        await asyncio.to_thread(owner.kill)
        waiting = [again(one, f"k{number}-{i}", losses[i]) for i, one in enumerate(people)]
        taken += [at - began for at in await asyncio.gather(*waiting)]
        await asyncio.to_thread(owner.start)
    verdict = judged(people, await entries_of(running, opened["consult"]))
    await leave(people)
    detail = f"p50 {quantile(taken, 0.5):.2f}, most {max(taken):.2f} s, {kills} times, {PAGES} pages; to be 2.5"
    return [
        Row("acknowledged again behind kill -9, p95", quantile(taken, 0.95), "s", detail),
        Row("wrongly told behind kill -9", verdict.lost + verdict.twice + verdict.late, "", str(verdict)),
    ]


async def redis_killed(running: Nodes, study: str, restarts: int = RESTARTS) -> list[Row]:
    """Redis killed and started again while people write: every acknowledgement held against the log."""
    opened = await asyncio.to_thread(running.open, study)
    people, stop = await come(opened["guest"], WRITERS), asyncio.Event()
    writers = [asyncio.create_task(write(person, f"r{who}", stop)) for who, person in enumerate(people)]
    for _ in range(restarts):
        await asyncio.sleep(1)
        await asyncio.to_thread(running.redis.kill)
        await asyncio.to_thread(running.redis.start)
    await asyncio.sleep(1)
    stop.set()
    await asyncio.gather(*writers)
    verdict = judged(people, await entries_of(running, opened["consult"]))
    await leave(people)
    wrong = verdict.lost + verdict.twice + verdict.late
    return [Row("wrongly told while Redis was killed", wrong, "", f"{restarts} times; {verdict}; to be 0")]


async def rolled(running: Nodes, study: str) -> list[Row]:
    """Both nodes are stopped by SIGTERM and started again, one after the other, while people write and point."""
    opened = await asyncio.to_thread(running.open, study)
    people, stop = await come(opened["guest"], ROLLING), asyncio.Event()
    longest = [0.0] * ROLLING
    tasks = [
        asyncio.create_task(work)
        for i, one in enumerate(people)
        for work in (point(one, stop), look(i, one, longest, stop))
    ]
    tasks += [asyncio.create_task(write(one, f"u{who}", stop)) for who, one in enumerate(people)]
    await asyncio.sleep(2)
    for node in running.all:
        await asyncio.to_thread(node.terminate)
        await asyncio.to_thread(node.start)
        await asyncio.sleep(2)
    stop.set()
    await asyncio.gather(*tasks)
    verdict = judged(people, await entries_of(running, opened["consult"]))
    unanswered = sum(len(person._unanswered) for person in people)
    await leave(people)
    return [
        Row("longest gap in cursors, rolling restart", max(longest), "s", f"{ROLLING} people; to be 1"),
        Row(
            "commands lost, rolling restart", verdict.lost + verdict.twice + verdict.late + unanswered, "", str(verdict)
        ),
    ]


async def write(person: ConsultClient, name: str, stop: asyncio.Event) -> None:
    """Marks, one after the other; one that is refused is another's turn."""
    number = 0
    while not stop.is_set():
        number += 1
        with contextlib.suppress(RuntimeError):
            await person.draw(f"{name}-{number}", 0.1)
        await asyncio.sleep(WRITE_S)


async def point(person: ConsultClient, stop: asyncio.Event) -> None:
    """Move the cursor."""
    at = 0
    while not stop.is_set():
        at += 1
        with contextlib.suppress(Exception):  # it is away
            await person.point(at / 40)
        await asyncio.sleep(CURSOR_S)


async def look(i: int, person: ConsultClient, longest: list[float], stop: asyncio.Event) -> None:
    """The longest time in which somebody was sent no cursor of another."""
    last = perf_counter()
    while not stop.is_set():
        person.cursors_seen.clear()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LOOK_S):
                await person.cursors_seen.wait()
                last = perf_counter()
        longest[i] = max(longest[i], perf_counter() - last)
