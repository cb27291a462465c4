"""An acknowledged command on SQLite: from the frame to the acknowledgement in the outbox, stored in between."""

from __future__ import annotations

import asyncio
import sqlite3
import statistics
import tempfile
import time
from pathlib import Path

import msgspec

from benchmarks.rows import Row, quantile
from consult.model.identifiers import TabId
from consult.model.view import Screen
from consult.sessions.messages import PROTOCOL_VERSION, Hello
from consult.store.log.sqlite import SqliteLog
from tests.support.consults import HOST, open_consult, without_rates

COMMANDS = 1000


async def commands_ms(path: Path) -> list[float]:
    """Milliseconds of each of COMMANDS commands, one after the other."""
    log = SqliteLog(path)
    running = await open_consult(log)
    without_rates(running)
    attached = running.attach(HOST)
    attached.receive(msgspec.json.encode(Hello(PROTOCOL_VERSION, TabId("bench-tab"), Screen(640, 480))).decode())
    taken = []
    for n in range(1, COMMANDS + 1):
        start = time.perf_counter()
        attached.receive(f'{{"type": "rename", "id": "bench-tab.{n}", "case": 1, "name": "Dr. {n}"}}')
        while not any('"type":"ack"' in text for text in await attached.outbox.take()):
            pass
        taken.append((time.perf_counter() - start) * 1000)
    await running.close()
    await log.close()
    return taken


def bare_commits_ms(path: Path) -> list[float]:
    """The same number of bare commits of one row, WAL and synchronous=FULL."""
    database = sqlite3.connect(path, isolation_level=None)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA synchronous=FULL")
    database.execute("CREATE TABLE t (a INTEGER PRIMARY KEY, b BLOB)")
    taken = []
    for n in range(COMMANDS):
        start = time.perf_counter()
        database.execute("INSERT INTO t VALUES (?, ?)", (n, b"x" * 200))
        taken.append((time.perf_counter() - start) * 1000)
    database.close()
    return taken


def run() -> list[Row]:
    """The rows."""
    with tempfile.TemporaryDirectory(prefix="consult-bench-") as folder:
        ours = asyncio.run(commands_ms(Path(folder) / "log.sqlite"))
        bare = bare_commits_ms(Path(folder) / "bare.sqlite")
    peer = "bare SQLite commit"
    return [
        Row("acknowledged command, p50", statistics.median(ours), "ms", "SQLite", peer, statistics.median(bare)),
        Row("acknowledged command, p99", quantile(ours, 0.99), "ms", "SQLite", peer, quantile(bare, 0.99)),
    ]
