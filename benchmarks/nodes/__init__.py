"""Two nodes on a real redis-server: what pages notice when a node is killed, when Redis is, when nodes are restarted
one after the other; what an acknowledgement takes, what the way over another node costs, and what two nodes carry.
`consult bench --only nodes`; it is no part of the whole."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

import httpx

from benchmarks.nodes.browsers import killed_under_browsers
from benchmarks.nodes.faults import killed, redis_killed, rolled
from benchmarks.nodes.load import acknowledged, bridged, carried
from benchmarks.rows import Row, progress
from tests.support.ct import write_series
from tests.support.nodes import Nodes, nodes


async def measure(running: Nodes, study: str) -> list[Row]:
    """All of it, one after the other."""
    rows = list[Row]()
    for what, measured in (
        ("acknowledgements of 50 people on Redis", acknowledged),
        ("the way over another node", bridged),
        ("what one node carries, and two", carried),
        ("kill -9 of the owning node", killed),
        ("kill -9 under three browsers", killed_under_browsers),
        ("Redis killed under load", redis_killed),
        ("rolling restart", rolled),
    ):
        progress(what)
        rows += await measured(running, study)
    return rows


def run() -> list[Row]:
    """The rows."""
    with tempfile.TemporaryDirectory(prefix="consult-bench-") as name, nodes(Path(name)) as running:
        study = write_series(Path(name) / "files")
        headers = {"Authorization": f"Bearer {running.all[0].token}"}
        for file in sorted((Path(name) / "files").iterdir()):
            sent = httpx.post(f"{running.url}/api/studies", content=file.read_bytes(), headers=headers, timeout=60)
            sent.raise_for_status()
        return asyncio.run(measure(running, study))
