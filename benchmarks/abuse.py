"""A flood of each kind by each role, requests of a stranger, and a peer that never reads: what the others' cursors take
meanwhile.

Three people point and watch in a process of their own; the flooder is another process, offers so many frames a second
of one kind, and connects again whenever it is closed. Its own CPU is reported apart: on two cores it is taken from the
others. A cursor counts from sent to everybody else having it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any, Literal, NamedTuple

from benchmarks.rows import Row, progress, quantile
from benchmarks.serving import chest_server, cpu_s, quiet
from consult.sessions.features.standings import EVERYBODY, HOSTS, TAKING_PART, VIEWERS
from consult.sessions.features.table import REGISTRY
from tests.support.flood_process import FloodProcess
from tests.support.people_process import PeopleProcess
from tests.support.server import Server

OFFERED_PER_S = 30_000
SECONDS, GUESTS, MOVERS, PER_S = 7.0, 2, 2, 30
"""Long enough to see the close after 5 s and the coming back."""
KINDS: tuple[str, ...] = ()
"""Of the flood; all where none is named."""
ENDS_IT = "end_consult"
"""Of a host: nobody would be left to be measured."""
Role = Literal["viewer", "participant", "host", "moderator"]
Message = dict[str, Any]


class Flood(NamedTuple):
    """One kind of a flood, by whom. `deaf`: what comes back is never read."""

    kind: str
    by: str
    deaf: bool = False

    @property
    def words(self) -> str:
        """As its row has it."""
        return f"flood of {self.kind} by a {self.by}{', who never reads' if self.deaf else ''}"


def allowed(role: Role) -> set[str]:
    """The kinds of messages that this role may send and a weaker one may not: refused there, done here. Of a moderator
    all that boards alone have."""
    plain = {standing for standing in EVERYBODY if standing.board == ""}
    if role == "moderator":
        of_boards = (kind for kind, may in REGISTRY.permissions.items() if may and not may & plain)
        return {str(kind.__struct_config__.tag) for kind in of_boards}
    standings = {"viewer": VIEWERS, "participant": TAKING_PART - HOSTS, "host": HOSTS}[role] & plain
    weaker = {"viewer": set(), "participant": VIEWERS, "host": VIEWERS | TAKING_PART - HOSTS}[role] & plain
    return {
        str(kind.__struct_config__.tag)
        for kind, may in REGISTRY.permissions.items()
        if may & standings and not may & weaker
    } - {ENDS_IT}


def floods_of(role: Role, kinds: list[str]) -> Iterator[Flood]:
    """Of a viewer all that there is, allowed or not; of others what a weaker role may not send. And of each one who
    asks for answers and never reads them."""
    for kind in kinds:
        if (role == "viewer" or kind in allowed(role)) and (not KINDS or kind in KINDS):
            yield Flood(kind, role)
    yield Flood("ping", role, deaf=True)


async def flooded(people: PeopleProcess, flooder: FloodProcess, process: int, flood: Flood) -> Row:
    """One kind: others' cursors before and during, disconnected, and what it cost."""
    point = {"movers": MOVERS, "per_s": PER_S}
    before = await people.ask("point", seconds=SECONDS / 2, **point)
    lost, cpu = await people.ask("lost"), cpu_s(process)
    offered, during = await asyncio.gather(
        flooder.ask("flood", kind=flood.kind, per_s=OFFERED_PER_S, seconds=SECONDS, deaf=flood.deaf),
        people.ask("point", seconds=SECONDS, **point),
    )
    cpu = 100 * (cpu_s(process) - cpu) / SECONDS
    await quiet(process)
    gone = sum((await people.ask("lost"))["lost"]) - sum(lost["lost"])
    name = f"{flood.words}: others' cursor p95, more than before"
    if not during["taken_ms"]:
        return Row(name, float("inf"), "ms", f"no cursor came; disconnected {gone}")
    more, words = compared(before["taken_ms"], during["taken_ms"])
    return Row(
        name,
        more,
        "ms",
        f"{words}; disconnected {gone}; {cost(offered)}; CPU server {cpu:.0f} %, generator {offered['cpu']:.0f} %",
    )


def compared(before: list[float], during: list[float]) -> tuple[float, str]:
    """How much later cursors come, p95; and all shares in words."""
    shares = (0.5, 0.95, 0.99)
    was, now = ([quantile(values, share) for share in shares] for values in (before, during))
    words = [" ".join(f"{value:.1f}" for value in values) for values in (was, now)]
    return now[1] - was[1], f"p50 p95 p99 before {words[0]}, during {words[1]}"


def cost(flood: Message) -> str:
    """What was offered, what of it the system took, and how its connections ended."""
    codes = ", ".join(f"{times} x {code}" for code, times in flood["closed"].items())
    offered, written = (flood[key] / flood["seconds"] for key in ("offered", "sent"))
    return f"offered {offered:.0f} a second, written {written:.0f}, ended {codes}"


async def measure_all(server: Server, study: str) -> list[Row]:
    """The rows: of each role, then of somebody who only asks by HTTP (last, since all here have one address); and of
    what boards alone have."""
    rows = await measure_roles(server, server.open(study), "viewer", "participant", "host")
    return rows + await measure_roles(server, server.open_board([study]), "moderator")


async def measure_roles(server: Server, links: dict[str, str], *roles: Role) -> list[Row]:
    """The rows of these roles in one consult; of a host's process also what a stranger asks for."""
    rows = list[Row]()
    async with PeopleProcess() as people:
        await people.ask("come", link=links["host"])
        await people.ask("come", link=links["guest"], count=GUESTS)
        for role in roles:
            async with FloodProcess() as flooder:
                kinds = await flooder.ask("join", link=server.invite(links["consult"], role))
                await quiet(server.pid)
                floods = [*floods_of(role, kinds["kinds"])]
                if role == "host":
                    floods += [Flood(kind, "stranger") for kind in kinds["requests"] if not KINDS or kind in KINDS]
                for flood in floods:
                    progress(flood.words)
                    rows.append(await flooded(people, flooder, server.pid, flood))
    return rows


def run() -> list[Row]:
    """The rows."""
    with chest_server() as (server, chest):
        return asyncio.run(measure_all(server, chest.study))
