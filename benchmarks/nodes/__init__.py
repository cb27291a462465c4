"""Two nodes on a real redis-server: what pages notice when a node is killed, when Redis is, when nodes are restarted
one after the other; what the way over another node costs, and what two nodes carry; and what fifty people in one
consult notice, on Redis as in files.
`consult bench --only nodes`; it is no part of the whole."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

from benchmarks.nodes.browsers import killed_under_browsers
from benchmarks.nodes.crowd import crowds
from benchmarks.nodes.faults import killed, redis_killed, rolled
from benchmarks.nodes.load import bridged, carried
from benchmarks.nodes.people import put_study
from benchmarks.rows import Row, progress
from tests.support.ct import write_series
from tests.support.nodes import Nodes, nodes


async def measure(running: Nodes, study: str) -> list[Row]:
    """All of it, one after the other."""
    rows = list[Row]()
    for what, measured in (
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
        put_study(running.url, running.all[0].token, Path(name) / "files")
        rows = asyncio.run(measure(running, study))
    with tempfile.TemporaryDirectory(prefix="consult-bench-") as name:
        return rows + crowds(Path(name))
