"""Fifty people in one consult who write fifty marks a second in all, on SQLite and on Redis: what an acknowledgement
takes, how soon all are back behind a cut, and what five who stop reading cost the others.

One server each way, without a bridge; the people are in a process of their own.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

import httpx

from benchmarks.nodes.people import put_study
from benchmarks.people import cut_row
from benchmarks.rows import Row, progress, quantile
from benchmarks.serving import quiet
from tests.support.ct import write_series
from tests.support.people_process import PeopleProcess
from tests.support.redis_server import redis_server
from tests.support.server import Server, serving

PEOPLE, PER_S, WRITE_S = 50, 50, 20.0
DEAF, MOVERS, RUNS = 5, 5, 5
BEFORE_S, DEAF_S = 10.0, 15.0
"""Long enough to fill what the kernel takes for who does not read, to be sent away, and some seconds more."""
WAITS_S = 15.0
"""Until the whole crowd may come at once again (rates of `Hello`)."""
CLOSED = re.compile(r"^consult_closed_connections_total\{\S+\} (\S+)$", re.MULTILINE)


def crowds(folder: Path) -> list[Row]:
    """All rows of both stores."""
    study, rows = write_series(folder / "files"), list[Row]()
    for where in ("SQLite", "Redis"):
        with server_on(where, folder / where) as server:
            rows += asyncio.run(crowd(server, study, where))
    return rows


@contextmanager
def server_on(where: str, folder: Path) -> Iterator[Server]:
    """A server that has the study, with its log there."""
    (folder / "data").mkdir(parents=True)
    files = folder.parent / "files"
    if where == "SQLite":
        with serving(folder / "data", files=files) as server:
            yield server
        return
    with redis_server(folder / "redis") as redis, serving(folder / "data", "--redis", redis.url) as server:
        put_study(server.address, server.token, files)
        yield server


async def crowd(server: Server, study: str, where: str) -> list[Row]:
    """The rows of one store."""
    links = await asyncio.to_thread(server.open, study)
    async with PeopleProcess() as people:
        progress(f"{PEOPLE} people on {where}")
        await people.ask("come", link=links["host"])
        await people.ask("come", link=links["guest"], count=PEOPLE - 2)
        await people.ask("come", link=links["host"])  # the last place is a host's
        await quiet(server.pid)
        taken = (await people.ask("write", seconds=WRITE_S, per_s=PER_S))["acknowledged_ms"]
        back = await cut_row(people, server)
        rows = [
            acknowledged_row(where, taken),
            Row(f"{where}: {back.name}", back.value, "s", f"{back.detail}; to be 5"),
        ]
        return [*rows, await deaf_row(people, server, where)]


def acknowledged_row(where: str, taken: list[float]) -> Row:
    """What an acknowledgement takes."""
    detail = f"p50 {quantile(taken, 0.5):.1f}, p99 {quantile(taken, 0.99):.1f} of {len(taken)}; to be 50, p99 100"
    name = f"{where}: acknowledgement, {PEOPLE} people, {PER_S} marks a second, p95"
    return Row(name, quantile(taken, 0.95), "ms", detail)


async def deaf_row(people: PeopleProcess, server: Server, where: str) -> Row:
    """By how much the others' p99 rises while some take nothing, again and again."""
    rises, pairs, before = list[float](), list[str](), closed(server)
    for run in range(RUNS):
        progress(f"{DEAF} of {PEOPLE} stop reading on {where}, run {run + 1}")
        await asyncio.sleep(WAITS_S if not run else 0.0)
        writing = {"per_s": PER_S, "silent": DEAF, "movers": MOVERS}
        calm = (await people.ask("write", seconds=BEFORE_S, **writing))["acknowledged_ms"]
        await people.ask("hang", number=DEAF)
        hung = (await people.ask("write", seconds=DEAF_S, **writing))["acknowledged_ms"]
        await people.ask("wake", number=DEAF)
        rises.append(quantile(hung, 0.99) - quantile(calm, 0.99))
        pairs.append(f"{quantile(calm, 0.99):.0f} to {quantile(hung, 0.99):.0f}")
    sent_away = closed(server) - before
    detail = f"{', '.join(pairs)}; {sent_away:.0f} of {RUNS * DEAF} were sent away meanwhile; to be 10"
    return Row(f"{where}: p99 of the others rises by, {DEAF} of {PEOPLE} stop reading", median(rises), "ms", detail)


def closed(server: Server) -> float:
    """How many connections the server has closed, for whatever reason."""
    return sum(map(float, CLOSED.findall(httpx.get(f"{server.address}/metrics").text)))
