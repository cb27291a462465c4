"""However many ask whether the server is ready, it is found out once a second."""

from __future__ import annotations

import asyncio

import pytest

from consult.model.errors import StoreFailed
from consult.store.log.readiness import FRESH_S, Readiness


class Disk:
    """Counts who asks it, and can be broken."""

    def __init__(self) -> None:
        self.asked, self.now = 0, 100.0
        self.broken = False
        self.free = asyncio.Event()
        self.free.set()

    async def check(self) -> None:
        self.asked += 1
        await self.free.wait()
        if self.broken:
            raise StoreFailed("cannot_read", "The log cannot be read.")


@pytest.fixture
def disk() -> Disk:
    return Disk()


@pytest.fixture
def readiness(disk: Disk) -> Readiness:
    return Readiness(disk.check, lambda: disk.now)


async def test_those_who_ask_together_share_an_answer(disk: Disk, readiness: Readiness) -> None:
    disk.free.clear()
    asking = [asyncio.create_task(readiness.check()) for _ in range(50)]
    await asyncio.sleep(0)
    asking[0].cancel()
    disk.free.set()
    results = await asyncio.gather(*asking, return_exceptions=True)
    assert results[1:] == [None] * 49, "one who goes away takes nobody's answer along"
    assert disk.asked == 1


async def test_an_answer_holds_for_a_second_a_bad_one_too(disk: Disk, readiness: Readiness) -> None:
    disk.broken = True
    for _ in range(3):
        with pytest.raises(StoreFailed):
            await readiness.check()
    disk.broken, disk.now = False, disk.now + FRESH_S
    await readiness.check()
    await readiness.check()
    assert disk.asked == 2


async def test_what_is_asked_ends_with_the_server(disk: Disk, readiness: Readiness) -> None:
    disk.free.clear()
    asking = asyncio.create_task(readiness.check())
    await asyncio.sleep(0)
    await readiness.close()
    with pytest.raises(asyncio.CancelledError):
        await asking
