"""A consult of 2, 10 and 50 people: from a cursor or a mark sent to everybody having it; all coming back at once.

The people run in a process of their own (tests/support/people_process.py) and share its clock; CPU is that of the
server's process alone. The peer passes messages on and does no more (benchmarks/broadcast_server.py): a floor.
"""

from __future__ import annotations

import asyncio
import time
from typing import Any

from benchmarks.broadcast_server import bare_server
from benchmarks.rows import Row, progress, quantile
from benchmarks.serving import chest_server, cpu_s, quiet
from tests.support.people_process import PeopleProcess
from tests.support.server import Server

PEOPLE = (2, 10, 50)
MOVERS, PER_S = (1, 5), 30
MOVE_S, MARKS = 6.0, 40
PEER = "bare websockets broadcast"
Message = dict[str, Any]
Figures = dict[tuple[int, str], Message]
"""By number of people and what they did: what the people noted, with `cpu`, percent of a core."""


async def measured(people: PeopleProcess, process: int, do: str, **fields: Any) -> Message:
    """What the people note while they do it, and the CPU that a process takes meanwhile."""
    before, began = cpu_s(process), time.perf_counter()
    noted = await people.ask(do, **fields)
    return {**noted, "cpu": 100 * (cpu_s(process) - before) / (time.perf_counter() - began)}


async def acted(people: PeopleProcess, process: int, count: int) -> Figures:
    """All that so many people do."""
    figures: Figures = {}
    for movers in MOVERS:
        if movers <= count:
            await people.ask("point", movers=movers, seconds=0.5, per_s=PER_S)
            figures[count, f"{movers} moving"] = await measured(
                people, process, "point", movers=movers, seconds=MOVE_S, per_s=PER_S
            )
    figures[count, "marks"] = await measured(people, process, "draw", times=MARKS)
    return figures


async def ours(people: PeopleProcess, server: Server, links: dict[str, str]) -> Figures:
    """With a consult of ours."""
    figures: Figures = {}
    await people.ask("come", link=links["host"])
    for before, count in zip((1, *PEOPLE), PEOPLE, strict=False):
        if count == PEOPLE[-1]:
            await people.ask("come", link=links["host"])  # the last place is a host's
        await people.ask("come", link=links["guest"], count=count - before - (count == PEOPLE[-1]))
        await quiet(server.pid)
        progress(f"{count} people")
        figures |= await acted(people, server.pid, count)
    return figures


async def theirs() -> Figures:
    """With the bare peer."""
    figures: Figures = {}
    async with bare_server() as (address, process), PeopleProcess() as people:
        for before, count in zip((0, *PEOPLE), PEOPLE, strict=False):
            await people.ask("come_to_peer", address=address, count=count - before)
            progress(f"{count} people, the peer")
            figures |= await acted(people, process, count)
    return figures


def latency_rows(mine: Figures, bare: Figures) -> list[Row]:
    """Two rows of each thing that was done: how long it took, and what it cost the server."""
    rows = []
    for (count, what), noted in mine.items():
        peer = bare[count, what]
        if what == "marks":
            rows.append(latency(f"mark to its acknowledgement, {count} people", noted, peer, "acknowledged_ms"))
            rows.append(latency(f"mark to everybody else, {count} people", noted, peer, "received_ms"))
            continue
        rows.append(latency(f"cursor to everybody else, {count} people, {what}", noted, peer, "taken_ms"))
        each = noted["received"] / noted["seconds"] / (count - 1)
        rows.append(
            Row(
                f"server, {count} people, {what}",
                noted["cpu"],
                "% of a core",
                f"{PER_S} a second each; {each:.0f} places a second come to each",
                PEER,
                peer["cpu"],
            )
        )
    return rows


def latency(name: str, noted: Message, peer: Message, key: str) -> Row:
    """The p95 of a time, its median beside it."""
    detail = f"p50 {quantile(noted[key], 0.5):.1f} of {len(noted[key])}; the peer's {quantile(peer[key], 0.5):.1f}"
    return Row(f"{name}, p95", quantile(noted[key], 0.95), "ms", detail, PEER, quantile(peer[key], 0.95))


async def cut_row(people: PeopleProcess, server: Server) -> Row:
    """All connections break."""
    before = cpu_s(server.pid)
    noted = await people.ask("cut")
    took = cpu_s(server.pid) - before
    return back_row("all connections cut", noted, min(noted["lost"]), f"server {took:.2f} s of CPU")


async def kill_row(people: PeopleProcess, server: Server) -> Row:
    """kill -9, and at once a new start."""
    waiting = asyncio.create_task(people.ask("back"))
    await asyncio.sleep(0.1)  # the command is there
    began = time.perf_counter()
    server.kill()
    await asyncio.to_thread(server.start)
    answers = time.perf_counter()
    started_s = cpu_s(server.pid)
    noted = await waiting
    detail = f"it answers after {answers - began:.2f}; from then {cpu_s(server.pid) - started_s:.2f} s of CPU"
    return back_row("kill -9, started again", noted, min(noted["lost"]), detail)


def back_row(what: str, noted: Message, began: float, detail: str) -> Row:
    """From the loss until everybody has the whole state again."""
    count = len(noted["back"])
    assert not noted["refused"], noted["refused"]
    assert len(set(noted["marks"])) == 1, noted["marks"]
    taken = [back - began for back in noted["back"]]
    sees = noted["sees_all"] - began
    return Row(
        f"{count} people, {what}: until the last is back",
        max(taken),
        "s",
        f"p50 {quantile(taken, 0.5):.2f}, p95 {quantile(taken, 0.95):.2f}, sees all others {sees:.2f}; "
        f"{sum(noted['tries'])} tries, none refused; {detail}",
    )


async def measure_all(server: Server, study: str) -> list[Row]:
    """The rows."""
    links = server.open(study)
    async with PeopleProcess() as people:
        mine = await ours(people, server, links)
        progress("all coming back")
        returns = [await cut_row(people, server), await kill_row(people, server)]
    return [*latency_rows(mine, await theirs()), *returns]


def run() -> list[Row]:
    """The rows."""
    with chest_server() as (server, chest):
        return asyncio.run(measure_all(server, chest.study))
