"""A flood of each kind of message by a viewer's and a participant's link: what the others' cursors take meanwhile.

Three people point and watch in a process of their own; the flooder is another process, offers so many frames a second
of one kind, and connects again whenever it is closed. Its own CPU is reported apart: on two cores it is taken from the
others. A cursor counts from sent to everybody else having it.
"""

from __future__ import annotations

import asyncio
from typing import Any

import httpx

from benchmarks.rows import Row, progress, quantile
from benchmarks.serving import chest_server, cpu_s, quiet
from tests.support.flood_process import FloodProcess
from tests.support.people_process import PeopleProcess
from tests.support.server import Server

OFFERED_PER_S = 30_000
SECONDS, GUESTS, MOVERS, PER_S = 7.0, 2, 2, 30
"""Long enough to see the close after 5 s and the coming back."""
KINDS: tuple[str, ...] = ()
"""Of the flood; all where none is named."""
PARTICIPANTS = ("cursor", "draft", "put_mark", "post_chat", "keep_image", "undo", "request_control")
"""What a viewer may not send: refused there, done here."""
Message = dict[str, Any]


async def flooded(people: PeopleProcess, flooder: FloodProcess, process: int, kind: str) -> Row:
    """One kind: others' cursors before and during, disconnected, and what it cost."""
    point = {"movers": MOVERS, "per_s": PER_S}
    before = await people.ask("point", seconds=SECONDS / 2, **point)
    lost, cpu = await people.ask("lost"), cpu_s(process)
    flood, during = await asyncio.gather(
        flooder.ask("flood", kind=kind, per_s=OFFERED_PER_S, seconds=SECONDS),
        people.ask("point", seconds=SECONDS, **point),
    )
    cpu = 100 * (cpu_s(process) - cpu) / SECONDS
    await quiet(process)
    gone = sum((await people.ask("lost"))["lost"]) - sum(lost["lost"])
    name = f"flood of {kind}: others' cursor p95, more than before"
    if not during["taken_ms"]:
        return Row(name, float("inf"), "ms", f"no cursor came; disconnected {gone}")
    more, words = compared(before["taken_ms"], during["taken_ms"])
    return Row(name, more, "ms", f"{words}; disconnected {gone}; {cost(flood)}; CPU server {cpu:.0f} %, "
               f"generator {flood['cpu']:.0f} %")


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


def viewer_link(server: Server, consult: str) -> str:
    """One more link, for a viewer."""
    address = f"{server.address}/api/consults/{consult}/invitations"
    answer = httpx.post(address, json={"role": "viewer"}, headers={"Authorization": f"Bearer {server.token}"})
    assert answer.status_code == 201, answer.text
    url: str = answer.json()["url"]
    return url


async def measure_all(server: Server, study: str) -> list[Row]:
    """The rows: of a viewer all kinds, of a participant what a viewer may not send."""
    links, rows = server.open(study), []
    by = {"viewer": viewer_link(server, links["consult"]), "participant": links["guest"]}
    async with PeopleProcess() as people:
        await people.ask("come", link=links["host"])
        await people.ask("come", link=links["guest"], count=GUESTS)
        for role, link in by.items():
            async with FloodProcess() as flooder:
                kinds = (await flooder.ask("join", link=link))["kinds"]
                await quiet(server.pid)
                for kind in [kind for kind in kinds if not KINDS or kind in KINDS]:
                    if role == "viewer" or kind in PARTICIPANTS:
                        progress(f"{kind}, by a {role}")
                        rows.append(await flooded(people, flooder, server.pid, kind))
    return rows


def run() -> list[Row]:
    """The rows."""
    with chest_server() as (server, chest):
        return asyncio.run(measure_all(server, chest.study))
