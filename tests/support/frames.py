"""What a page is given of the moving picture."""

from __future__ import annotations

import asyncio

from consult.media.pacing.subscriber_queue import Numbered
from consult.streaming.subscription import Subscription
from tests.support.waiting import PATIENCE_S


async def frame(subscription: Subscription, rev: int) -> Numbered:
    """The first frame of that revision; all are acknowledged."""
    async with asyncio.timeout(PATIENCE_S):
        while (numbered := await subscription.take()) is not None:
            subscription.subscriber.acknowledged(numbered.number)
            if numbered.access_unit.stamp.rev == rev:
                return numbered
    raise AssertionError("no more frames")
