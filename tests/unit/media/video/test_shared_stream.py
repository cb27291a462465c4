"""One encoder for all subscribers: newest wins, cases never mix, faults end one frame."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from time import monotonic

import numpy as np
import pytest
import pytest_asyncio

from consult.media.pacing.subscriber_queue import Numbered, SubscriberQueue
from consult.media.rtp.clock import RtpClock
from consult.media.video.encoder import Coded
from consult.media.video.planes import Planes
from consult.media.video.raster import Raster, StreamKey
from consult.media.video.shared_stream import Drawing, SharedStream
from consult.model.errors import DicomRefused
from consult.model.stamp import Stamp
from tests.support import waiting
from tests.support.waiting import PATIENCE_S

KEY = StreamKey("all", Raster(32, 16))


class FakeEncoder:
    """Encodes to what it was given: the luma of the first pixel. Waits where it is asked to."""

    def __init__(self) -> None:
        self.made: list[tuple[int, bool]] = []
        self.go = threading.Event()
        self.go.set()

    def encode(self, planes: Planes, *, key: bool) -> Coded:
        assert self.go.wait(PATIENCE_S)
        key = key or not self.made
        self.made.append((int(planes.luma[0, 0]), key))
        return Coded(planes.luma[0, :1].tobytes(), key)


class Bench:
    """A stream, its view as a number, and somebody who takes all at once."""

    def __init__(self, pool: ThreadPoolExecutor) -> None:
        self.encoder = FakeEncoder()
        self.rev, self.case = 1, 1
        self.fault: Exception | None = None
        self.ready = True
        self.drawn: list[int] = []
        self.stream = SharedStream(KEY, self.newest, pool, RtpClock(monotonic, 0), encoder=lambda raster: self.encoder)

    def newest(self, key: StreamKey) -> Drawing | None:
        assert key == KEY
        if not self.ready:
            return None
        rev, fault = self.rev, self.fault

        def draw() -> Planes:
            if fault:
                raise fault
            self.drawn.append(rev)
            return Planes(np.full((16, 32), rev, np.uint8))

        return Drawing(Stamp(KEY.name, rev, self.case, 32, 16, ()), draw)

    def show(self, rev: int, case: int = 1) -> None:
        self.rev, self.case = rev, case
        self.stream.changed(case)

    def join(self) -> SubscriberQueue:
        subscriber = SubscriberQueue(monotonic)
        self.stream.join(subscriber)
        return subscriber


@pytest.fixture
def pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(1)


@pytest_asyncio.fixture
async def bench(pool: ThreadPoolExecutor) -> AsyncIterator[Bench]:
    bench = Bench(pool)
    yield bench
    await bench.stream.close()
    pool.shutdown()


async def until(subscriber: SubscriberQueue, right: Callable[[Numbered], bool]) -> Numbered:
    """The first frame that is right; all are acknowledged."""
    async with asyncio.timeout(PATIENCE_S):
        while (numbered := await subscriber.take()) is not None:
            subscriber.acknowledged(numbered.number)
            if right(numbered):
                return numbered
    raise AssertionError("the subscriber has ended")


def shows(rev: int) -> Callable[[Numbered], bool]:
    return lambda numbered: numbered.access_unit.stamp.rev == rev


async def test_all_takers_get_the_same_object_from_one_encode(bench: Bench) -> None:
    subscribers = [bench.join() for _ in range(5)]
    bench.show(7)
    access_units = [(await until(subscriber, shows(7))).access_unit for subscriber in subscribers]
    assert len({id(access_unit) for access_unit in access_units}) == 1
    assert bench.encoder.made[0] == (7, True)
    assert access_units[0].stamp.rtp is not None


async def test_what_changed_while_a_frame_was_made_is_the_next_frame_and_only_the_newest(bench: Bench) -> None:
    subscriber = bench.join()
    bench.encoder.go.clear()
    bench.show(1)
    await waiting.until(lambda: bool(bench.drawn))
    for rev in range(2, 10):
        bench.show(rev)
    bench.encoder.go.set()
    await until(subscriber, shows(9))
    assert bench.drawn == [1, 9]


async def test_a_late_taker_gets_a_keyframe_of_the_old_picture_though_nothing_moves(bench: Bench) -> None:
    first = bench.join()
    bench.show(3)
    await until(first, shows(3))
    late = bench.join()
    numbered = await until(late, shows(3))
    assert numbered.access_unit.key
    assert bench.drawn == [3]


async def test_timestamps_rise_and_each_frame_has_its_own(bench: Bench) -> None:
    subscriber = bench.join()
    bench.show(1)
    seen = []
    for _ in range(4):
        numbered = await until(subscriber, lambda numbered: True)
        seen.append(numbered.access_unit.stamp.rtp)
    assert all(a is not None and b is not None and a < b for a, b in pairwise(seen))


async def test_the_first_picture_of_another_case_is_an_idr(bench: Bench) -> None:
    subscriber = bench.join()
    bench.show(1)
    await until(subscriber, shows(1))
    bench.show(2, case=2)
    numbered = await until(subscriber, shows(2))
    assert numbered.access_unit.key
    assert numbered.access_unit.stamp.case == 2


async def test_the_picture_of_a_former_case_is_not_repeated_for_who_joins(bench: Bench) -> None:
    subscriber = bench.join()
    bench.show(1)
    await until(subscriber, shows(1))
    bench.ready = False
    bench.show(2, case=2)
    late = bench.join()
    bench.stream.request_key()
    joined = asyncio.create_task(until(late, lambda numbered: True))
    await waiting.until(lambda: not bench.stream.busy)
    assert not joined.done()
    bench.ready = True
    bench.show(2, case=2)
    assert (await joined).access_unit.stamp.case == 2


async def test_a_frame_of_the_former_case_that_was_under_way_is_not_handed_out(bench: Bench) -> None:
    subscriber = bench.join()
    bench.encoder.go.clear()
    bench.show(1)
    await waiting.until(lambda: bool(bench.drawn))
    bench.show(2, case=2)
    bench.encoder.go.set()
    numbered = await until(subscriber, lambda numbered: True)
    assert (numbered.access_unit.stamp.case, numbered.access_unit.key) == (2, True)


@pytest.mark.parametrize("fault", [DicomRefused("bad", "cannot be shown"), ValueError("ours")])
async def test_a_fault_ends_one_frame_and_no_more(bench: Bench, fault: Exception) -> None:
    subscriber = bench.join()
    bench.show(1)
    await until(subscriber, shows(1))
    bench.fault = fault
    bench.show(2)
    await waiting.until(lambda: not bench.stream.busy)
    bench.fault = None
    bench.show(3)
    await until(subscriber, shows(3))
    assert 2 not in bench.drawn
