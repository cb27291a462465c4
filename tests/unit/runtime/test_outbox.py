"""The mailbox of one connection: a task may wait for it, and whoever fills it waits for nobody."""

from __future__ import annotations

import asyncio

from consult.runtime.outbox import Outbox


async def taken(box: Outbox) -> list[str]:
    """Everything that waits."""
    box.end()
    texts = []
    while some := await box.take():
        texts += some
    return texts


async def test_all_that_waits_is_taken_at_once_and_in_order() -> None:
    box = Outbox()
    for text, key in (("view 1", "view"), ("event", ""), ("view 2", "view")):
        box.put(text, key)
    assert await box.take() == ["event", "view 2"]
    box.put("view 3", "view")
    assert await taken(box) == ["view 3"]


async def test_an_overflowed_box_has_nothing_and_keeps_nobody_waiting() -> None:
    box = Outbox(max_messages=3)
    reader = asyncio.create_task(box.take())
    await asyncio.sleep(0)
    for number in range(4):
        box.put(f"event {number}")
    assert box.overflowed
    assert await reader == []
    assert await box.take() == []


async def test_a_reader_who_waits_is_woken_by_a_message_and_by_the_end() -> None:
    box = Outbox()
    reader = asyncio.create_task(box.take())
    await asyncio.sleep(0)
    box.put("late")
    assert await reader == ["late"]
    reader = asyncio.create_task(box.take())
    await asyncio.sleep(0)
    box.end()
    assert await reader == []
