"""One subscriber's queue: gated until an IDR, bounded, chosen when it has capacity."""

from __future__ import annotations

import asyncio
import random

import pytest

from consult.media.pacing import backlog_gate
from consult.media.pacing import subscriber_queue as subscriber
from consult.media.pacing.congestion import PacingGate
from consult.media.pacing.subscriber_queue import KEY_EACH_S, KEYS, MAX_WAITING, AccessUnit, SubscriberQueue
from consult.model.stamp import Stamp
from tests.support.waiting import PATIENCE_S


def access_unit(number: int, *, key: bool = False) -> AccessUnit:
    """A frame that knows its number."""
    return AccessUnit(b"", key, Stamp("all-1280x720", number, 1, 1280, 720, (), rtp=number))


class Peer:
    """A subscriber under a clock of its own; `wanted` counts keyframe requests."""

    def __init__(self) -> None:
        self.now = 0.0
        self.wanted = 0
        self.subscriber = SubscriberQueue(lambda: self.now)
        self.subscriber.join(self._want)

    def _want(self) -> None:
        self.wanted += 1

    async def ready(self) -> int | None:
        """The revision of the frame that can be sent now, or None."""
        task = asyncio.create_task(self.subscriber.take())
        for _ in range(4):
            await asyncio.sleep(0)
        if not task.done():
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            return None
        numbered = task.result()
        assert numbered is not None
        return numbered.access_unit.stamp.rev


async def test_a_new_subscriber_asks_once_and_gets_nothing_before_the_idr() -> None:
    peer = Peer()
    assert await peer.ready() is None
    assert await peer.ready() is None
    assert peer.wanted == 1
    peer.subscriber.offer(access_unit(1))
    assert await peer.ready() is None
    peer.subscriber.offer(access_unit(2, key=True))
    peer.subscriber.offer(access_unit(3))
    assert [await peer.ready(), await peer.ready()] == [2, 3]


async def test_an_idr_makes_what_waits_unneeded() -> None:
    peer = Peer()
    for frame in (access_unit(1, key=True), access_unit(2), access_unit(3, key=True)):
        peer.subscriber.offer(frame)
    assert await peer.ready() == 3
    assert await peer.ready() is None


async def test_without_room_nothing_is_sent_or_asked_for_until_an_acknowledgement() -> None:
    peer = Peer()
    peer.subscriber.offer(access_unit(1, key=True))
    assert await peer.ready() == 1
    peer.now = 1.0
    for number in range(2, 3 + MAX_WAITING):
        peer.subscriber.offer(access_unit(number))
    assert await peer.ready() is None
    assert peer.wanted == 0
    peer.subscriber.acknowledged(1)
    assert await peer.ready() is None
    assert peer.wanted == 1
    peer.subscriber.offer(access_unit(50))
    peer.subscriber.offer(access_unit(51, key=True))
    assert await peer.ready() == 51


async def test_a_lost_decoder_frees_the_room_and_asks_anew() -> None:
    peer = Peer()
    peer.subscriber.offer(access_unit(1, key=True))
    assert await peer.ready() == 1
    peer.now = 1.0
    peer.subscriber.lost()
    peer.subscriber.offer(access_unit(2))
    assert await peer.ready() is None
    assert peer.wanted == 1


async def test_another_output_begins_with_its_own_idr() -> None:
    peer = Peer()
    peer.subscriber.offer(access_unit(1, key=True))
    peer.subscriber.join(peer._want)
    peer.subscriber.offer(access_unit(2))
    assert await peer.ready() is None
    assert peer.wanted == 1


async def test_a_peer_that_acknowledges_nothing_is_given_up() -> None:
    peer = Peer()
    peer.subscriber.offer(access_unit(1, key=True))
    assert await peer.ready() == 1
    peer.now = backlog_gate.DEAD_S + 0.1
    assert await peer.subscriber.take() is None
    assert peer.subscriber.stalled


async def test_the_end_ends_who_waits() -> None:
    peer = Peer()
    waiting = asyncio.create_task(peer.subscriber.take())
    await asyncio.sleep(0)
    peer.subscriber.end()
    assert await waiting is None
    assert not peer.subscriber.stalled


@pytest.mark.parametrize("seed", range(60))
async def test_whatever_the_link_does_no_delta_comes_without_what_it_was_made_from(seed: int) -> None:
    """A stream's frames in their order; a slow, bursty, sometimes lost peer. Never more than the bound waits."""
    rng = random.Random(seed)
    peer, number, answered = Peer(), 0, 0
    keys: set[int] = set()
    sent: list[int] = []
    for _ in range(300):
        peer.now += rng.expovariate(30)
        for _ in range(rng.choice((0, 1, 1, 2, 7))):
            number += 1
            if peer.wanted > answered and rng.random() < 0.5:
                answered = peer.wanted
                keys.add(number)
            peer.subscriber.offer(access_unit(number, key=number in keys))
        assert peer.subscriber.waiting <= MAX_WAITING
        if rng.random() < 0.6 and (rev := await peer.ready()) is not None:
            assert rev in keys or rev - 1 == sent[-1]
            sent.append(rev)
        if rng.random() < 0.4:
            peer.subscriber.acknowledged(len(sent))
        if rng.random() < 0.02:
            peer.subscriber.lost()
    assert keys & set(sent)
    assert set(sent) - keys


async def test_a_gate_that_opens_by_itself_is_looked_at_again_then() -> None:
    """No acknowledgement comes by WebRTC: what waits goes out when the queue has had time to empty."""
    loop = asyncio.get_running_loop()
    gate = PacingGate()
    subscriber = SubscriberQueue(loop.time, gate)
    asked = []
    subscriber.join(lambda: asked.append(loop.time()))
    gate.hold(loop.time() + 0.05)
    waiting = asyncio.create_task(subscriber.take())
    await asyncio.sleep(0)
    assert not asked
    subscriber.offer(access_unit(1, key=True))
    async with asyncio.timeout(PATIENCE_S):
        numbered = await waiting
    assert numbered is not None
    assert gate.has_capacity(loop.time())
    assert not subscriber.stalled


async def test_who_asks_for_keyframes_without_end_is_rationed_until_it_has_been_calm() -> None:
    """Every keyframe is paid for by all subscribers."""
    peer = Peer()
    for _ in range(100):
        peer.subscriber.lost()
        await peer.ready()
        peer.now += 0.1
    assert KEYS < peer.wanted <= KEYS + 10 / KEY_EACH_S
    peer.now, peer.wanted = peer.now + KEYS * KEY_EACH_S, 0
    for _ in range(KEYS):
        peer.subscriber.lost()
        await peer.ready()
    assert peer.wanted == KEYS


async def test_a_link_that_is_full_again_and_again_is_not_rationed() -> None:
    peer = Peer()
    for _ in range(3 * KEYS):
        peer.subscriber.join(peer._want)
        await peer.ready()
    peer.subscriber.lost()
    await peer.ready()
    assert peer.wanted == 3 * KEYS + 1


async def test_a_rationed_keyframe_is_asked_for_when_its_time_has_come(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subscriber, "KEY_EACH_S", 0.05)
    loop = asyncio.get_running_loop()
    asked = asyncio.Queue[float]()
    rationed = SubscriberQueue(loop.time)
    rationed.join(lambda: asked.put_nowait(loop.time()))
    waiting = asyncio.create_task(rationed.take())
    async with asyncio.timeout(PATIENCE_S):
        await asked.get()
        times = []
        for _ in range(KEYS + 1):
            rationed.lost()
            times.append(await asked.get())
    waiting.cancel()
    assert times[-1] - times[0] >= 0.049


async def test_a_frame_is_cut_into_payloads_once() -> None:
    one = AccessUnit(b"\x00\x00\x01\x41abc", False, access_unit(1).stamp)
    assert one.payloads == (b"\x41abc",)
    assert one.payloads is one.payloads
