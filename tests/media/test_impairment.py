"""The moving picture on links that lose, delay and stall: real streams, encoder and decoder, a seeded link, no browser.

Each of these was seen to fail with its guard taken out (the repeats, the gate, the gap between keyframes, the closing).
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from time import monotonic

import numpy as np
import pytest
import pytest_asyncio
from numpy.typing import NDArray

from consult.media.pacing.subscriber_queue import AccessUnit, Numbered, SubscriberQueue
from consult.media.rtp.clock import RtpClock
from consult.media.video.planes import Planes, compose
from consult.media.video.raster import Raster, StreamKey
from consult.media.video.shared_stream import Drawing, SharedStream
from consult.model.stamp import Stamp
from tests.support.h264 import Decoder, nal_types
from tests.support.key_times import KeyTimes
from tests.support.waiting import PATIENCE_S

RASTER = Raster(160, 128)
KEY = StreamKey("all", RASTER)
IDR = 5


def luma(rev: int) -> NDArray[np.uint8]:
    """A picture that says its revision by where its bright square is."""
    pixels = np.full((128, 160), 40, np.uint8)
    x, y = (rev * 16) % 160, (rev // 10 * 16) % 128
    pixels[y : y + 16, x : x + 16] = 230
    return pixels


class Source:
    """A view that is a number, and the stream that shows it with the real encoder."""

    def __init__(self, pool: ThreadPoolExecutor) -> None:
        self.rev = 0
        self.stream = SharedStream(KEY, self._newest, pool, RtpClock(monotonic, 0))

    def _newest(self, key: StreamKey) -> Drawing:
        rev = self.rev
        stamp = Stamp(key.name, rev, 1, RASTER.width, RASTER.height, ())
        return Drawing(stamp, lambda: self._draw(rev))

    @staticmethod
    def _draw(rev: int) -> Planes:
        return compose(RASTER, [((0, 0, RASTER.width, RASTER.height), luma(rev))])

    def show(self, rev: int) -> None:
        self.rev = rev
        self.stream.changed(1)


class Peer:
    """A page behind a datagram link: decodes what arrives; a gap in the numbers tells it to ask for a keyframe."""

    def __init__(self, source: Source, loses: Callable[[Numbered], bool]) -> None:
        self.subscriber = SubscriberQueue(monotonic)
        self.loses = loses
        self.sent: list[Numbered] = []
        self.decoded: list[tuple[int, NDArray[np.uint8]]] = []
        self.news = asyncio.Event()
        self._expected, self._lost = 1, False
        self._decoder = Decoder()
        source.stream.join(self.subscriber)
        self.task = asyncio.create_task(self._run())

    async def _run(self) -> None:
        while (numbered := await self.subscriber.take()) is not None:
            self.sent.append(numbered)
            self.subscriber.acknowledged(numbered.number)
            if not self.loses(numbered):
                self._arrive(numbered)
            self.news.set()

    def _arrive(self, numbered: Numbered) -> None:
        access_unit = numbered.access_unit
        if access_unit.key:
            self._lost = False
        elif numbered.number != self._expected:
            self._lost = True
        self._expected = numbered.number + 1
        if self._lost:
            self.subscriber.lost()
            return
        for pixels in self._decoder.decode(access_unit.data):
            self.decoded.append((access_unit.stamp.rev, pixels))

    async def until(self, holds: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while not holds():
                self.news.clear()
                await self.news.wait()

    @property
    def revs(self) -> list[int]:
        return [numbered.access_unit.stamp.rev for numbered in self.sent]

    async def one_more(self) -> None:
        """Wait for the next frame that is sent to it."""
        before = len(self.sent)
        await self.until(lambda: len(self.sent) > before)

    async def close(self) -> None:
        self.subscriber.end()
        await self.task


@pytest_asyncio.fixture
async def source() -> AsyncIterator[Source]:
    with ThreadPoolExecutor(1) as pool:
        made = Source(pool)
        yield made
        await made.stream.close()


def nothing_lost(numbered: Numbered) -> bool:
    return False


@pytest.mark.parametrize("seed", range(4))
async def test_loss_of_the_last_frame_of_a_gesture_heals(source: Source, seed: int) -> None:
    """The peer ends with the last picture, though every first copy of it was lost and others too."""
    rng = random.Random(seed)
    last, seen = 12, set[int]()

    def loses(numbered: Numbered) -> bool:
        rev = numbered.access_unit.stamp.rev
        first_copy = rev not in seen
        seen.add(rev)
        return first_copy and (rev == last or (rev > 1 and rng.random() < 0.2))

    peer = Peer(source, loses)
    for rev in range(1, last + 1):
        source.show(rev)
        await peer.until(lambda rev=rev: rev in peer.revs)  # type: ignore[misc]  # mypy does not infer such a lambda
    await peer.until(lambda: bool(peer.decoded) and peer.decoded[-1][0] == last)
    assert np.abs(peer.decoded[-1][1].astype(int) - Source._draw(last).luma).mean() < 3
    await peer.close()


class Recorder(SubscriberQueue):
    """Remembers every frame that the stream hands out."""

    def __init__(self) -> None:
        super().__init__(monotonic)
        self.made: list[AccessUnit] = []

    def offer(self, access_unit: AccessUnit) -> None:
        self.made.append(access_unit)


class SlowPeer:
    """A page behind a link that carries a frame only when it is let: what is not carried is not acknowledged."""

    def __init__(self, source: Source) -> None:
        self.subscriber = SubscriberQueue(monotonic)
        self.carried: list[Numbered] = []
        self.link = asyncio.Semaphore(0)
        source.stream.join(self.subscriber)
        self.task = asyncio.create_task(self._run())

    async def _run(self) -> None:
        while (numbered := await self.subscriber.take()) is not None:
            await self.link.acquire()
            self.carried.append(numbered)
            self.subscriber.acknowledged(numbered.number)


@pytest.mark.parametrize("seed", range(3))
async def test_an_overflow_never_lets_a_delta_through_before_the_idr(source: Source, seed: int) -> None:
    """On a link that stalls at random, each decoded picture is the one that its stamp says."""
    rng = random.Random(seed)
    fast, slow, recorder = Peer(source, nothing_lost), SlowPeer(source), Recorder()
    source.stream.join(recorder)
    for rev in range(1, 50):
        source.show(rev)
        await fast.until(lambda rev=rev: rev in fast.revs)  # type: ignore[misc]  # mypy does not infer such a lambda
        if rng.random() < 0.35:
            slow.link.release()
    slow.subscriber.end()
    slow.link.release()
    await asyncio.gather(slow.task, fast.close())
    order = [id(access_unit) for access_unit in recorder.made]
    access_units = [numbered.access_unit for numbered in slow.carried]
    decoder, places = Decoder(), [order.index(id(access_unit)) for access_unit in access_units]
    overflows = 0
    for i, access_unit in enumerate(access_units):
        follows = i > 0 and places[i] == places[i - 1] + 1
        overflows += i > 0 and not follows
        assert access_unit.key or follows
        assert (IDR in nal_types(access_unit.data)) == access_unit.key
        (pixels,) = decoder.decode(access_unit.data)
        assert np.abs(pixels.astype(int) - Source._draw(access_unit.stamp.rev).luma).mean() < 3
    assert overflows
    assert not all(access_unit.key for access_unit in access_units)


async def test_a_storm_of_keyframe_requests_gives_at_most_one_per_250_ms(
    source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    """19 peers join, then five lose their decoders before each frame of a moving view, which another peer takes."""
    rng = random.Random(1)
    witness, *others = peers = [Peer(source, nothing_lost) for _ in range(20)]
    keys, requests = KeyTimes(monkeypatch), 0
    async with asyncio.timeout(PATIENCE_S):
        while len(keys.times) < 5:
            for peer in rng.sample(others, 5):
                peer.subscriber.lost()
                requests += 1
            source.show(source.rev + 1)
            await witness.one_more()
    assert requests > len(keys.times)
    assert not keys.too_close
    for peer in peers:
        await peer.close()
