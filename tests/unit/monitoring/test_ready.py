"""The server is ready where its store, its disk and its workers are; else a sentence says which is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from consult.model.errors import StoreFailed, WorkerDied
from consult.monitoring.ready import ReadyCheck

DATA = Path("/nowhere")
MIB = 1 << 20


class Server:
    """Parts that can be made to fail."""

    def __init__(self, free_mib: int = 600) -> None:
        self.free_mib = free_mib
        self.log_fails = self.workers_fail = False

    async def log(self) -> None:
        if self.log_fails:
            raise StoreFailed("store_failed", "The log cannot be asked.")

    async def check(self) -> None:
        if self.workers_fail:
            raise WorkerDied("no_worker", "no process could be started to read the file (Cannot allocate memory)")

    def question(self, wanted_mib: int = 512) -> ReadyCheck:
        return ReadyCheck(self.log, DATA, wanted_mib, self, lambda path: self.free_mib * MIB + 5)


async def test_all_is_well() -> None:
    await Server().question()()
    await Server(512).question()()
    await Server(0).question(0)()


async def test_a_disk_without_room_says_how_much_is_wanted() -> None:
    with pytest.raises(StoreFailed) as failed:
        await Server(511).question()()
    assert failed.value.code == "low_disk"
    assert "511 MiB free, and 512 MiB are wanted (min_free_mib)" in failed.value.sentence
    assert str(DATA) not in failed.value.sentence, "strangers may ask"


async def test_workers_that_do_not_answer() -> None:
    server = Server()
    server.workers_fail = True
    with pytest.raises(StoreFailed, match=r"do not answer \(no_worker\)"):
        await server.question()()


async def test_the_store_comes_first() -> None:
    server = Server(0)
    server.log_fails = True
    with pytest.raises(StoreFailed, match="store_failed"):
        await server.question()()
