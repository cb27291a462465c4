"""The mailbox of one connection: bounded, newest wins, never awaited by who fills it."""

from __future__ import annotations

import asyncio

from consult.runtime.outbox import Outbox
from consult.sessions.replaceable import PRESENCE


async def taken(box: Outbox) -> list[str]:
    """Everything that waits."""
    box.end()
    texts = []
    while some := await box.take():
        texts += some
    return texts


async def test_messages_come_in_their_order() -> None:
    box = Outbox()
    for text in ("one", "two", "three"):
        box.put(text)
    assert await taken(box) == ["one", "two", "three"]


async def test_a_keyed_message_replaces_the_one_that_waits_and_goes_to_the_end() -> None:
    box = Outbox()
    box.put("view 1", "view")
    box.put("event")
    box.put("view 2", "view")
    assert await taken(box) == ["event", "view 2"]


async def test_a_keyed_message_does_not_replace_one_that_was_taken() -> None:
    box = Outbox()
    box.put("view 1", "view")
    assert await box.take() == ["view 1"]
    box.put("view 2", "view")
    assert await taken(box) == ["view 2"]


async def test_presence_is_dropped_before_the_box_overflows() -> None:
    box = Outbox(max_messages=3)
    for key in (PRESENCE, f"{PRESENCE} cursor"):
        box.put(key, key)
    box.put("view", "view")
    box.put("event 1")
    assert not box.overflowed
    assert await taken(box) == ["view", "event 1"]


async def test_events_are_never_dropped_one_by_one_the_box_overflows_as_a_whole() -> None:
    box = Outbox(max_messages=3)
    for number in range(4):
        box.put(f"event {number}")
    assert box.overflowed
    assert await box.take() == []


async def test_bytes_are_bounded_too_and_replaced_messages_free_theirs() -> None:
    box = Outbox(max_bytes=100)
    for _ in range(50):
        box.put("x" * 60, "view")
    assert not box.overflowed
    box.put("y" * 60)
    assert box.overflowed


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
