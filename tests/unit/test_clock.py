"""The alarm rings once, at the newest time that was set."""

from __future__ import annotations

import asyncio

from consult.clock import Alarm, steady


async def test_the_newest_time_counts_and_cancelling_silences() -> None:
    rung = asyncio.Event()
    alarm = Alarm(rung.set)
    alarm.set(steady() + 1000)
    alarm.set(steady() - 1)
    await asyncio.wait_for(rung.wait(), 5)
    rung.clear()
    alarm.set(steady())
    alarm.cancel()
    for _ in range(5):
        await asyncio.sleep(0)
    assert not rung.is_set()
