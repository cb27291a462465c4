"""A subscription hands out a frame behind its stamp, and says once that it is live."""

from __future__ import annotations

from time import monotonic

from consult.media.pacing.backlog_gate import BacklogGate
from consult.media.pacing.subscriber_queue import AccessUnit, SubscriberQueue
from consult.model.stamp import Stamp
from consult.sessions.messages import ShownStamp
from consult.streaming.subscription import Subscription


def access_unit(rtp: int) -> AccessUnit:
    """A keyframe of that time."""
    return AccessUnit(b"\x00\x00\x01\x65frame", True, Stamp("all-1280x720", 1, 1, 1280, 720, (), rtp=rtp))


async def test_the_stamp_is_sent_before_the_frame_is_handed_out_and_it_is_live_from_the_first_on() -> None:
    events: list[str] = []

    def send(message: ShownStamp) -> None:
        events.append(f"stamp {message.stamp.rtp}")

    queue = SubscriberQueue(monotonic, BacklogGate())
    subscription = Subscription(queue, send, lambda: events.append("live"))
    queue.join(lambda: None)
    for rtp in (1, 2):
        queue.offer(access_unit(rtp))
        numbered = await subscription.take()
        assert numbered is not None
        events.append(f"frame {numbered.access_unit.stamp.rtp}")
        queue.acknowledged(numbered.number)
    assert events == ["stamp 1", "live", "frame 1", "stamp 2", "frame 2"]


async def test_at_its_end_it_hands_out_nothing_and_was_never_live() -> None:
    events: list[str] = []
    queue = SubscriberQueue(monotonic, BacklogGate())
    subscription = Subscription(queue, lambda message: events.append("stamp"), lambda: events.append("live"))
    queue.end()
    assert await subscription.take() is None
    assert events == []
