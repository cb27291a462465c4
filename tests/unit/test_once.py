"""One making for all who ask, what it failed by, and what is let go."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from consult.model.errors import ConsultError, NotReady, StoreFailed
from consult.model.identifiers import SeriesKey
from consult.once import Once

SERIES = SeriesKey("s1-a")


class Workshop:
    """Makes one thing at a time: what `give` says."""

    def __init__(self) -> None:
        self.once: Once[str, str] = Once("thing", "Still being made.", lambda key: key.partition("-")[0])
        self.begun = 0
        self.given: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self.ready: list[str] = []
        self.once.on_ready(self.ready.append)

    async def make(self) -> str:
        self.begun += 1
        return await self.given

    def now(self) -> str:
        return self.once.now("s1-a", self.make, [SERIES])

    async def get(self) -> str:
        return await self.once.get("s1-a", self.make, [SERIES])

    async def fail(self, error: ConsultError) -> None:
        """What is being made, or is begun now, fails."""
        with pytest.raises(NotReady):
            self.now()
        self.given.set_exception(error)
        await asyncio.sleep(0.01)
        self.given = asyncio.get_running_loop().create_future()


@pytest.fixture
async def workshop() -> AsyncIterator[Workshop]:
    made = Workshop()
    yield made
    await made.once.close()


async def test_all_who_ask_have_one_making_and_who_goes_away_leaves_it_to_the_others(workshop: Workshop) -> None:
    with pytest.raises(NotReady, match="Still being made"):
        workshop.now()
    waiting, leaving = asyncio.create_task(workshop.get()), asyncio.create_task(workshop.get())
    await asyncio.sleep(0)
    leaving.cancel()
    workshop.given.set_result("it")
    assert (await waiting, workshop.now(), await workshop.get()) == ("it", "it", "it")
    assert (workshop.begun, workshop.ready) == (1, ["s1-a"])


async def test_why_it_failed_is_told_at_once_and_who_waits_has_it_tried_again(workshop: Workshop) -> None:
    await workshop.fail(StoreFailed("memory_full", "Too large."))
    with pytest.raises(StoreFailed, match="Too large"):
        workshop.now()
    assert (workshop.begun, workshop.ready) == (1, ["s1-a"])
    workshop.given.set_result("it")
    assert await workshop.get() == "it"
    assert workshop.begun == 2


async def test_what_was_merely_not_ready_is_tried_again_by_whoever_asks(workshop: Workshop) -> None:
    await workshop.fail(NotReady("not_loaded", "Let go meanwhile."))
    with pytest.raises(NotReady, match="Still being made"):
        workshop.now()
    await asyncio.sleep(0)
    assert workshop.begun == 2


async def test_what_is_made_while_its_study_is_deleted_is_not_kept(workshop: Workshop) -> None:
    waiting = asyncio.create_task(workshop.get())
    await asyncio.sleep(0)
    workshop.once.discard("s1")
    workshop.given.set_result("it")
    assert await waiting == "it"
    await asyncio.sleep(0)
    assert list(workshop.once.kept) == []


async def test_a_series_that_is_deleted_is_let_go_and_others_stay(workshop: Workshop) -> None:
    workshop.given.set_result("it")
    await workshop.get()
    await workshop.once.get("s2-a", workshop.make, [])
    workshop.once.discard("s1")
    assert list(workshop.once.kept) == ["s2-a"]
