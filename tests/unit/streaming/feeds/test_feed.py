"""What one page is sent of stills, and in which order. Pictures are made when the test lets them be."""

from __future__ import annotations

import asyncio

import pytest

from consult.model.errors import NotReady
from consult.sessions.features.rates import STILLS
from consult.streaming.feeds.feed import Feed, Sent
from consult.streaming.stills import Still


class Pictures:
    """Stills that are made at once, or when they are let; what was asked for, and how."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.held: dict[str, asyncio.Event] = {}
        self.missing: set[str] = set()

    async def due(self, digest: str) -> Still:
        return await self._make(digest, "")

    async def ahead(self, digest: str) -> Still:
        return await self._make(digest, "ahead ")

    async def _make(self, digest: str, how: str) -> Still:
        self.asked.append(how + digest)
        if digest in self.missing:
            raise NotReady("not_loaded", "Not yet.")
        if digest in self.held:
            await self.held[digest].wait()
        return Still(b"png", digest)


class Clock:
    """Seconds that pass when the test says so."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def feed() -> tuple[Feed, Pictures, Clock]:
    """A feed of such pictures."""
    pictures, clock = Pictures(), Clock()
    return Feed(pictures.due, pictures.ahead, clock), pictures, clock


async def take(of: Feed) -> Sent:
    """The next one."""
    async with asyncio.timeout(10):
        sent = await of.take()
    assert sent is not None
    return sent


async def nothing(of: Feed) -> asyncio.Task[Sent | None]:
    """A take that waits."""
    task = asyncio.create_task(of.take())
    for _ in range(5):
        await asyncio.sleep(0)
    assert not task.done()
    return task


async def test_the_newest_picture_first_then_what_is_expected_in_its_order_one_at_a_time() -> None:
    of, pictures, _ = feed()
    of.show(["a"], 3)
    of.expect(["b", "c", "a"])
    assert await take(of) == Sent(1, 3, "a", Still(b"png", "a"), due=True)
    waits = await nothing(of)
    of.acknowledged(1)
    assert await waits == Sent(2, 3, "b", Still(b"png", "b"), due=False)
    of.acknowledged(2)
    assert (await take(of)).digest == "c"
    assert pictures.asked == ["a", "ahead b", "ahead c"]
    of.acknowledged(3)
    await nothing(of)


async def test_what_the_page_has_is_not_sent_again_until_it_says_that_it_has_it_no_more() -> None:
    of, _, _ = feed()
    of.show(["a"], 1)
    of.acknowledged((await take(of)).number)
    of.show(["a"], 1)
    waits = await nothing(of)
    of.forgotten(["a", "never sent"])
    sent = await waits
    assert sent is not None
    assert (sent.digest, sent.number) == ("a", 2)


async def test_what_was_expected_is_dropped_when_the_view_moves_on() -> None:
    of, pictures, _ = feed()
    pictures.held["b"] = asyncio.Event()
    of.show(["a"], 1)
    of.acknowledged((await take(of)).number)
    of.expect(["b"])
    waits = await nothing(of)
    of.show(["z"], 1)
    sent = await waits
    assert sent is not None
    assert (sent.digest, sent.due) == ("z", True)


async def test_an_overtaken_picture_is_not_sent() -> None:
    of, pictures, _ = feed()
    pictures.held = {"a": asyncio.Event(), "b": asyncio.Event()}
    of.show(["a"], 1)
    waits = await nothing(of)
    of.show(["b"], 1)
    await asyncio.sleep(0)
    pictures.held["a"].set()
    pictures.held["b"].set()
    sent = await waits
    assert sent is not None
    assert sent.digest == "b"


async def test_a_slow_link_is_sent_the_newest_once_it_has_room() -> None:
    of, _, clock = feed()
    of.show(["a"], 1)
    await take(of)
    clock.now = 1.0
    of.show(["b"], 1)
    waits = await nothing(of)
    of.show(["c"], 1)
    of.acknowledged(1)
    sent = await waits
    assert sent is not None
    assert sent.digest == "c"


async def test_one_that_cannot_be_had_is_reported_where_it_is_due_and_left_out_ahead() -> None:
    of, pictures, _ = feed()
    pictures.missing = {"a", "b"}
    of.show(["a", "z"], 1)
    of.expect(["b", "c"])
    assert await take(of) == Sent(0, 1, "a", None, due=True)
    of.acknowledged((await take(of)).number)
    assert (await take(of)).digest == "c"
    of.show(["a"], 1)
    assert (await take(of)).still is None, "a new picture asks anew"


@pytest.mark.parametrize("dead", [False, True])
async def test_it_ends_when_it_is_told_or_when_the_page_takes_nothing(dead: bool) -> None:
    of, _, clock = feed()
    of.show(["a"], 1)
    await take(of)
    if dead:
        clock.now = 4.0
        of.show(["b"], 1)
    else:
        of.end()
    async with asyncio.timeout(10):
        assert await of.take() is None
    assert of.stalled == dead


async def test_who_forgets_without_end_is_sent_no_more_than_the_rate() -> None:
    of, pictures, clock = feed()
    of.show(["a"], 1)
    for _ in range(int(STILLS.burst) + 1):
        of.acknowledged((await take(of)).number)
        of.forgotten(["a"])
    await nothing(of)
    clock.now = 1.0
    of.forgotten(["a"])
    assert len(pictures.asked) == STILLS.burst + 1
