"""Of each page the newest picture socket counts, and it begins with the page's newest picture."""

from __future__ import annotations

import asyncio

from consult.model.identifiers import ConnectionId
from consult.model.stamp import Stamp, StampedViewport
from consult.model.view import Camera, Stack
from consult.streaming.feeds.feeds import Feeds
from tests.support.consults import SERIES
from tests.unit.streaming.feeds.test_feed import feed, take

ONE = ConnectionId("one")
CAMERA = Camera((0.0, 0.0, 0.0), 10.0, (1.0, 0.0, 0.0), (0.0, 1.0, 0.0))


def stamp(digest: str) -> Stamp:
    """Of one viewport."""
    viewport = StampedViewport("a", Stack(SERIES, 0), (0, 0, 8, 8), CAMERA, 1.0, digest=digest)
    return Stamp("still", 1, 5, 8, 8, (viewport,))


async def test_a_socket_that_opens_late_gets_the_newest_picture_and_ends_the_one_before() -> None:
    feeds = Feeds()
    feeds.show(ONE, stamp("a"))
    assert not feeds.wants(ONE)
    first, second = feed()[0], feed()[0]
    feeds.open(ONE, first)
    sent = await take(first)
    assert (sent.digest, sent.case) == ("a", 5)
    feeds.open(ONE, second)
    assert first.ended
    feeds.close(ONE, first)
    assert feeds.wants(ONE), "the newer one's"
    feeds.expect(ONE, ["b"])
    second.acknowledged((await take(second)).number)
    assert (await take(second)).digest == "b"
    feeds.forget(ONE)
    async with asyncio.timeout(10):
        assert await second.take() is None
    assert not feeds.wants(ONE)
    feeds.show(ConnectionId("two"), stamp("a"))
    feeds.expect(ConnectionId("two"), ["b"])
