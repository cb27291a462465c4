"""What the way over another node costs, and what one node and two carry."""

from __future__ import annotations

import asyncio
from statistics import median
from time import perf_counter

from benchmarks.nodes.people import come, leave
from benchmarks.rows import Row, quantile
from benchmarks.serving import cpu_s
from tests.support.consult_client import ConsultClient
from tests.support.nodes import Nodes, NodeServer

BRIDGED, BRIDGED_S = 8, 10
CONSULTS, IN_CONSULT, CARRY_S = 8, 4, 10
POINTS_S, WRITES_S = 10, 1


async def bridged(running: Nodes, study: str) -> list[Row]:
    """The same people, at the node that has the consult and at the other."""
    opened = await asyncio.to_thread(running.open, study)
    owner = running.owner(opened["consult"])
    other = running.other(owner)
    direct = await at_one(running, owner, other, opened["guest"])
    over = await at_one(running, other, other, opened["guest"])
    cost = median(over[0]) - median(direct[0])
    detail = f"p50 {median(over[0]):.1f} in place of {median(direct[0]):.1f}, p95 {quantile(over[0], 0.95):.1f}"
    load = f"{BRIDGED} pages, {POINTS_S} cursors and {WRITES_S} mark a second each; idle {direct[1]:.1f}"
    return [
        Row("the bridge: an acknowledgement takes longer by", cost, "ms", detail),
        Row("the bridge: the node that passes on takes", over[1] - direct[1], "% of a core", load),
    ]


async def at_one(running: Nodes, node: NodeServer, watched: NodeServer, link: str) -> tuple[list[float], float]:
    """Acknowledgements, ms, of pages that come to one node; percent of a core that another takes meanwhile."""
    running.balancer.only = [node.port]
    try:
        people = await come(link, BRIDGED)
        before, began = cpu_s(watched.pid), perf_counter()
        taken = await busy(people, BRIDGED_S)
        share = 100 * (cpu_s(watched.pid) - before) / (perf_counter() - began)
        await leave(people)
    finally:
        running.balancer.only = None
    return taken, share


async def carried(running: Nodes, study: str) -> list[Row]:
    """Consults, a few people in each: percent of a core that each takes, where one node has them and where two do."""
    first, second = running.all
    both = await carried_by(running, study, [first, second])
    second.terminate()
    one = await carried_by(running, study, [first])
    second.start()
    rows = list[Row]()
    for nodes, (share, p95, most) in (("one node", one), ("two nodes", both)):
        count = 1 if nodes == "one node" else 2
        detail = f"{share:.1f} % of a core each, of {CONSULTS} measured (most on one node {most}); p95 {p95:.0f} ms"
        rows.append(
            Row(f"consults of {IN_CONSULT} that {nodes} would carry, a core each", count * 100 / share, "", detail)
        )
    return rows


async def carried_by(running: Nodes, study: str, nodes: list[NodeServer]) -> tuple[float, float, int]:
    """Percent of a core that a consult takes, all nodes together; p95 of its acknowledgements; most on one node."""
    opened = [await asyncio.to_thread(running.open, study) for _ in range(CONSULTS)]
    groups = [await come(one["guest"], IN_CONSULT) for one in opened]
    owners = [running.owner(one["consult"]).name for one in opened]
    before, began = sum(cpu_s(node.pid) for node in nodes), perf_counter()
    taken = await asyncio.gather(*(busy(people, CARRY_S) for people in groups))
    spent = 100 * (sum(cpu_s(node.pid) for node in nodes) - before) / (perf_counter() - began)
    for people in groups:
        await leave(people)
    most = max(owners.count(name) for name in owners)
    return spent / CONSULTS, quantile([ms for group in taken for ms in group], 0.95), most


async def busy(people: list[ConsultClient], seconds: int) -> list[float]:
    """All of them point and write; acknowledgements, ms."""
    pointing = [asyncio.create_task(pointed(person, seconds)) for person in people]
    taken = await written(people, seconds, WRITES_S)
    await asyncio.gather(*pointing)
    return taken


async def written(people: list[ConsultClient], seconds: int, per_s: float) -> list[float]:
    """So many marks a second each, evenly; milliseconds to each acknowledgement."""
    taken, began = list[float](), perf_counter()

    async def write(i: int, person: ConsultClient) -> None:
        for number in range(int(seconds * per_s)):
            due = began + (number + i / len(people)) / per_s
            await asyncio.sleep(max(0.0, due - perf_counter()))
            taken.append(1000 * await person.draw(f"a{i}-{number}-{int(began)}", number / 20))

    await asyncio.gather(*(write(i, person) for i, person in enumerate(people)))
    return taken


async def pointed(person: ConsultClient, seconds: int) -> None:
    """So many cursors a second."""
    began = perf_counter()
    for number in range(seconds * POINTS_S):
        await asyncio.sleep(max(0.0, began + number / POINTS_S - perf_counter()))
        await person.point(number / 40)
