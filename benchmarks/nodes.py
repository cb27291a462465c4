"""Two nodes on a real redis-server: what pages notice when a node is killed, when Redis is, when nodes are restarted
one after the other; and how long an acknowledgement takes. `consult bench --only nodes`; it is no part of the whole."""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

import httpx

from benchmarks.rows import Row, progress, quantile
from tests.support.consult_client import ConsultClient
from tests.support.ct import write_series
from tests.support.journeys import Journeys
from tests.support.nodes import Nodes, nodes

KILLS = 20
RESTARTS = 10
PAGES = 3
ROLLING = 8
CURSOR_S = 0.05
PEOPLE = 50
COMMANDS_S = 50
SECONDS = 20
BACK_S = 30.0


async def come(link: str, number: int) -> list[ConsultClient]:
    """So many pages, which come back after each loss."""
    cursors, marks = Journeys(), Journeys()
    people = [ConsultClient((1280, 720), cursors, marks) for _ in range(number)]
    for i, person in enumerate(people):
        await person.join(link, f"Guest {i}")
        await person.stay()
    return people


async def again(person: ConsultClient, mark: str, losses: int) -> float:
    """When a mark is acknowledged to a page that has lost its connection more often than that."""
    async with asyncio.timeout(BACK_S):
        while True:
            if person.losses > losses and person.back:
                with contextlib.suppress(Exception):  # lost once more: it comes back once more
                    async with asyncio.timeout(3):
                        await person.draw(mark, 0.2)
                        return perf_counter()
            await asyncio.sleep(0.005)


async def killed(running: Nodes, study: str) -> list[float]:
    """Seconds from kill -9 of the node that has a consult to the next acknowledgement, of each page."""
    opened = await asyncio.to_thread(running.open, study)
    people, taken = await come(opened["guest"], PAGES), list[float]()
    for number in range(KILLS):
        owner, losses = running.owner(opened["consult"]), [person.losses for person in people]
        began = perf_counter()
        await asyncio.to_thread(owner.kill)
        waiting = [again(one, f"k{number}-{i}", losses[i]) for i, one in enumerate(people)]
        taken += [at - began for at in await asyncio.gather(*waiting)]
        await asyncio.to_thread(owner.start)
    for person in people:
        await person.close()
    return taken


async def redis_killed(running: Nodes, study: str) -> tuple[int, int, int]:
    """Marks acknowledged while Redis was killed again and again; how many of them are lost, how many refused stored."""
    opened = await asyncio.to_thread(running.open, study)
    people = await come(opened["guest"], PAGES)
    confirmed, refused, stop = set[str](), set[str](), asyncio.Event()

    async def write(person: ConsultClient, who: int) -> None:
        number = 0
        while not stop.is_set():
            number += 1
            name = f"r{who}-{number}"
            try:
                async with asyncio.timeout(15):
                    await person.draw(name, 0.1)
                confirmed.add(name)
            except RuntimeError:
                refused.add(name)
            except Exception:
                await asyncio.sleep(0.1)

    writers = [asyncio.create_task(write(person, who)) for who, person in enumerate(people)]
    for _ in range(RESTARTS):
        await asyncio.sleep(1)
        await asyncio.to_thread(running.redis.kill)
        await asyncio.to_thread(running.redis.start)
    await asyncio.sleep(1)
    stop.set()
    await asyncio.gather(*writers)
    (witness,) = await come(opened["guest"], 1)
    lost, late = confirmed - witness.marks_stored, refused & witness.marks_stored
    for person in [*people, witness]:
        await person.close()
    return len(confirmed), len(lost), len(late)


async def rolled(running: Nodes, study: str) -> float:
    """The longest time, in seconds, in which somebody saw no cursor of another while both nodes were restarted."""
    opened = await asyncio.to_thread(running.open, study)
    people, stop = await come(opened["guest"], ROLLING), asyncio.Event()
    longest = [0.0] * ROLLING

    async def point(person: ConsultClient) -> None:
        at = 0
        while not stop.is_set():
            at += 1
            with contextlib.suppress(Exception):
                await person.point(at / 40)
            await asyncio.sleep(CURSOR_S)

    async def look(i: int, person: ConsultClient) -> None:
        last = perf_counter()
        while not stop.is_set():
            person.cursors_seen.clear()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(0.1):
                    await person.cursors_seen.wait()
                    last = perf_counter()
            longest[i] = max(longest[i], perf_counter() - last)

    tasks = [asyncio.create_task(work) for i, one in enumerate(people) for work in (point(one), look(i, one))]
    await asyncio.sleep(2)
    for node in running.all:
        await asyncio.to_thread(node.terminate)
        await asyncio.to_thread(node.start)
        await asyncio.sleep(2)
    stop.set()
    await asyncio.gather(*tasks)
    for person in people:
        await person.close()
    return max(longest)


async def acknowledged(running: Nodes, study: str) -> list[float]:
    """Milliseconds of acknowledgements: PEOPLE write COMMANDS_S marks a second together."""
    opened = await asyncio.to_thread(running.open, study)
    people, taken = await come(opened["guest"], PEOPLE), list[float]()

    async def write(i: int, person: ConsultClient) -> None:
        began = perf_counter() + i / COMMANDS_S
        for number in range(SECONDS * COMMANDS_S // PEOPLE):
            await asyncio.sleep(max(0.0, began + number * PEOPLE / COMMANDS_S - perf_counter()))
            taken.append(1000 * await person.draw(f"a{i}-{number}", number / 20))

    await asyncio.gather(*(write(i, person) for i, person in enumerate(people)))
    for person in people:
        await person.close()
    return taken


def run() -> list[Row]:
    """The rows."""
    with tempfile.TemporaryDirectory(prefix="consult-bench-") as name, nodes(Path(name)) as running:
        study = write_series(Path(name) / "files")
        headers = {"Authorization": f"Bearer {running.all[0].token}"}
        for file in sorted((Path(name) / "files").iterdir()):
            sent = httpx.post(f"{running.url}/api/studies", content=file.read_bytes(), headers=headers, timeout=60)
            sent.raise_for_status()
        progress("acknowledgements of 50 people on Redis")
        acks = asyncio.run(acknowledged(running, study))
        progress(f"kill -9 of the owning node, {KILLS} times")
        taken = asyncio.run(killed(running, study))
        progress(f"Redis killed, {RESTARTS} times")
        confirmed, lost, late = asyncio.run(redis_killed(running, study))
        progress("rolling restart")
        gap = asyncio.run(rolled(running, study))
    return rows(acks, taken, (confirmed, lost, late), gap)


def rows(acks: Sequence[float], taken: Sequence[float], marks: tuple[int, int, int], gap: float) -> list[Row]:
    """What was measured, and what it is to be."""
    confirmed, lost, late = marks
    peak = f"p99 {quantile(list(acks), 0.99):.0f} ms; to be 50, p99 100"
    return [
        Row("acknowledgement on Redis, 50 people, 50 marks a second, p95", quantile(list(acks), 0.95), "ms", peak),
        Row("acknowledged again behind kill -9, p95", quantile(list(taken), 0.95), "s", f"most {max(taken):.2f} s"),
        Row("acknowledged marks lost with Redis", lost, "", f"of {confirmed}; refused and stored: {late}; to be 0"),
        Row("longest gap in cursors, rolling restart", gap, "s", "8 people; to be 1"),
    ]
