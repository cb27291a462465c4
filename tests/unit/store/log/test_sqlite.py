"""What only a database on a disk can do wrong: full disks, unknown outcomes, two owners, kill -9."""

from __future__ import annotations

import asyncio
import signal
import sqlite3
import stat
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from consult.model.errors import Conflict, StoreFailed
from consult.model.identifiers import ConsultId
from consult.sessions.events import Entry
from consult.sessions.features.consult.events import OwnerChanged
from consult.store.log.sqlite import SqliteLog, open_database
from tests.support.waiting import PATIENCE_S

ONE = ConsultId("one")

KILLED = """
import asyncio, sys
from pathlib import Path
from typing import Any
from consult.model.identifiers import ConsultId
from consult.sessions.events import Entry
from consult.sessions.features.consult.events import OwnerChanged
from consult.store.log.sqlite import SqliteLog

async def fill(log, consult):
    seq = 0
    while True:
        seq += 1
        await log.append(consult, seq - 1, (Entry(seq, 0.0, OwnerChanged("x" * 200, seq)),))
        print(consult, seq, flush=True)

async def main():
    log = SqliteLog(Path(sys.argv[1]))
    await asyncio.gather(*(fill(log, ConsultId(f"consult-{i}")) for i in range(8)))

asyncio.run(main())
"""


def entry(seq: int, owner: str = "a") -> tuple[Entry, ...]:
    """One entry."""
    return (Entry(seq, 1.0, OwnerChanged(owner, seq)),)


def modes_of(folder: Path) -> dict[str, int]:
    """Permissions of all files."""
    return {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}


class Disk:
    """A database whose disk fills up, and whose commits may fail on either side of being done."""

    def __init__(self) -> None:
        self.connection: sqlite3.Connection | None = None
        self.fail_commit = ""

    def open(self, path: Path) -> sqlite3.Connection:
        """As `open_database`, but breakable."""
        open_database(path).close()
        disk = self

        class Breakable(sqlite3.Connection):
            def execute(self, sql: str, parameters: Any = ()) -> sqlite3.Cursor:
                if sql == "COMMIT" and disk.fail_commit:
                    when, disk.fail_commit = disk.fail_commit, ""
                    if when == "after":
                        super().execute(sql)
                    raise sqlite3.OperationalError("disk I/O error")
                return super().execute(sql, parameters)

        self.connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, factory=Breakable)
        self.connection.execute("PRAGMA journal_mode=WAL")
        return self.connection

    def fill(self) -> None:
        """Not one page more."""
        assert self.connection is not None
        pages = self.connection.execute("PRAGMA page_count").fetchone()[0]
        self.connection.execute(f"PRAGMA max_page_count={pages}")

    def free(self) -> None:
        """There is room again."""
        assert self.connection is not None
        self.connection.execute("PRAGMA max_page_count=1000000")


async def test_whatever_goes_wrong_with_one_job_is_its_answer_and_the_log_goes_on(tmp_path: Path) -> None:
    """A name with half a surrogate pair cannot be bound. Seen to fail: it ended the thread, and all waited for ever."""
    log, odd = SqliteLog(tmp_path / "log.db"), ConsultId("\ud800")
    async with asyncio.timeout(PATIENCE_S):
        with pytest.raises(StoreFailed):
            await log.head(odd)
        answers = await asyncio.gather(
            log.append(odd, 0, entry(1)), log.append(ONE, 0, entry(1)), log.head(odd), return_exceptions=True
        )
        assert [type(answer) for answer in answers] == [StoreFailed, type(None), StoreFailed]
        assert await log.head(ONE) == 1
        await log.close()


async def test_who_has_appended_waits_for_nobody_who_reads(tmp_path: Path) -> None:
    """Seen to fail where all that is done together is answered together."""
    log, before, slow = SqliteLog(tmp_path / "log.db"), threading.Event(), threading.Event()
    async with asyncio.timeout(PATIENCE_S), asyncio.TaskGroup() as group:
        group.create_task(log._ask(lambda db: before.wait(PATIENCE_S)))
        appended = group.create_task(log.append(ONE, 0, entry(1)))
        read = group.create_task(log._ask(lambda db: slow.wait(PATIENCE_S)))
        await asyncio.sleep(0)  # all are in the queue
        before.set()
        await appended
        assert not read.done()
        slow.set()
    await log.close()


async def test_it_writes_ahead_and_waits_for_the_disk(tmp_path: Path) -> None:
    database = open_database(tmp_path / "log.db")
    assert database.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert database.execute("PRAGMA synchronous").fetchone() == (2,)
    database.close()


async def test_only_its_owner_can_read_the_file(tmp_path: Path) -> None:
    log = SqliteLog(tmp_path / "log.db")
    await log.append(ONE, 0, entry(1))
    modes = modes_of(tmp_path)
    await log.close()
    assert set(modes.values()) == {0o600}, modes


async def test_what_is_stored_is_there_when_opened_again(tmp_path: Path) -> None:
    log = SqliteLog(tmp_path / "log.db")
    await log.append(ONE, 0, entry(1))
    await log.close()
    again = SqliteLog(tmp_path / "log.db")
    assert await again.read(ONE) == list(entry(1))
    await again.close()


async def test_a_full_disk_stores_nothing_and_goes_on_when_there_is_room(tmp_path: Path) -> None:
    disk = Disk()
    log = SqliteLog(tmp_path / "log.db", connect=disk.open)
    await log.append(ONE, 0, entry(1))
    disk.fill()
    with pytest.raises(StoreFailed) as failed:
        await log.append(ONE, 1, entry(2, owner="x" * 100_000))
    assert failed.value.code == "not_stored"
    assert await log.head(ONE) == 1
    disk.free()
    await log.append(ONE, 1, entry(2))
    assert await log.read(ONE, after=1) == list(entry(2))
    await log.close()


async def test_one_that_does_not_fit_takes_no_other_with_it(tmp_path: Path) -> None:
    disk = Disk()
    log = SqliteLog(tmp_path / "log.db", connect=disk.open)
    await log.append(ONE, 0, entry(1))
    disk.fill()
    large = [log.append(ConsultId(f"large-{i}"), 0, entry(1, owner="x" * 100_000)) for i in range(3)]
    small = [log.append(ConsultId(f"small-{i}"), 0, entry(1)) for i in range(3)]
    outcomes = await asyncio.gather(*large, *small, return_exceptions=True)
    await log.close()
    assert all(isinstance(outcome, StoreFailed) for outcome in outcomes[:3])
    assert outcomes[3:] == [None] * 3


@pytest.mark.parametrize("several", [False, True])
async def test_an_unknown_outcome_is_resolved_by_reading_the_tail(tmp_path: Path, several: bool) -> None:
    disk = Disk()
    log = SqliteLog(tmp_path / "log.db", connect=disk.open)
    disk.fail_commit = "after"
    consults = [ConsultId(f"consult-{i}") for i in range(5 if several else 1)]
    await asyncio.gather(*(log.append(consult, 0, entry(1)) for consult in consults))
    assert [await log.head(consult) for consult in consults] == [1] * len(consults)
    await log.close()


async def test_a_commit_that_was_not_done_is_told_so(tmp_path: Path) -> None:
    disk = Disk()
    log = SqliteLog(tmp_path / "log.db", connect=disk.open)
    disk.fail_commit = "before"
    with pytest.raises(StoreFailed, match="could not store this"):
        await log.append(ONE, 0, entry(1))
    await log.append(ONE, 0, entry(1))
    await log.close()


async def test_two_processes_on_one_file_fence_each_other(tmp_path: Path) -> None:
    stale, owner = SqliteLog(tmp_path / "log.db"), SqliteLog(tmp_path / "log.db")
    await stale.append(ONE, 0, entry(1))
    await owner.append(ONE, 1, entry(2, owner="new"))
    with pytest.raises(Conflict):
        await stale.append(ONE, 1, entry(2, owner="stale"))
    assert await stale.read(ONE, after=1) == list(entry(2, owner="new"))
    await stale.close()
    await owner.close()


async def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    (tmp_path / "log.db").write_bytes(b"this is a letter, not a database" * 100)
    with pytest.raises(StoreFailed, match="cannot be opened"):
        SqliteLog(tmp_path / "log.db")


async def test_kill_9_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-c", KILLED, str(tmp_path / "log.db"), stdout=asyncio.subprocess.PIPE
    )
    assert child.stdout is not None
    acknowledged: dict[str, int] = {}
    for _ in range(400):
        consult, seq = (await child.stdout.readline()).decode().split()
        acknowledged[consult] = int(seq)
    child.send_signal(signal.SIGKILL)
    for line in (await child.stdout.read()).decode().splitlines(keepends=True):
        if line.endswith("\n"):
            consult, seq = line.split()
            acknowledged[consult] = int(seq)
    assert await child.wait() == -signal.SIGKILL
    log = SqliteLog(tmp_path / "log.db")
    assert len(acknowledged) == 8
    for name, last in acknowledged.items():
        stored = await log.read(ConsultId(name))
        assert len(stored) in (last, last + 1), "no more than the one that was under way is unacknowledged"
        assert [e.seq for e in stored] == list(range(1, len(stored) + 1))
    await log.close()
