"""What waits for one slow reader: bounded, newest wins, presence goes first, events are never dropped."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from consult.runtime.message_queue import MAX_BYTES, MAX_MESSAGES, MessageQueue
from consult.sessions.publishing.publisher import TAIL
from consult.sessions.replaceable import PRESENCE


def queue(max_messages: int = MAX_MESSAGES, max_bytes: int = MAX_BYTES) -> MessageQueue[str]:
    """A queue of texts."""
    return MessageQueue(len, max_messages=max_messages, max_bytes=max_bytes)


def test_messages_come_in_their_order() -> None:
    box = queue()
    for text in ("one", "two", "three"):
        box.put(text)
    assert box.take_all() == ["one", "two", "three"]
    assert box.take_all() == []


def test_a_keyed_message_replaces_the_one_that_waits_and_goes_to_the_end() -> None:
    box = queue()
    box.put("view 1", "view")
    box.put("event")
    box.put("view 2", "view")
    assert box.take_all() == ["event", "view 2"]


def test_a_keyed_message_does_not_replace_one_that_was_taken() -> None:
    box = queue()
    box.put("view 1", "view")
    assert box.take_all() == ["view 1"]
    box.put("view 2", "view")
    assert box.take_all() == ["view 2"]


def test_presence_is_dropped_before_the_queue_overflows() -> None:
    box = queue(max_messages=3)
    for key in (PRESENCE, f"{PRESENCE} cursor"):
        box.put(key, key)
    box.put("view", "view")
    box.put("event 1")
    assert not box.overflowed
    assert box.take_all() == ["view", "event 1"]


def test_events_are_never_dropped_one_by_one_the_queue_overflows_as_a_whole() -> None:
    box = queue(max_messages=3)
    for number in range(3):
        box.put(f"event {number}")
    assert not box.overflowed
    box.put("event 3")
    assert box.overflowed
    assert box.take_all() == []
    box.put("event 4")
    assert box.take_all() == [], "it stays over"


def test_bytes_are_bounded_too_and_replaced_messages_free_theirs() -> None:
    box = queue(max_bytes=100)
    for _ in range(50):
        box.put("x" * 60, "view")
    assert not box.overflowed
    box.put("y" * 60)
    assert box.overflowed


def test_dropped_presence_and_taken_messages_free_their_bytes() -> None:
    box = queue(max_bytes=100)
    box.put("p" * 60, PRESENCE)
    box.put("x" * 60)
    assert box.take_all() == ["x" * 60]
    box.put("y" * 100)
    assert not box.overflowed


@pytest.mark.parametrize("key", ["", "view"])
def test_once_ended_nothing_is_put_and_what_waits_may_be_taken(key: str) -> None:
    box = queue()
    box.put("one", key)
    box.end()
    box.put("two", key)
    assert box.ended
    assert box.take_all() == ["one"]


def test_a_page_that_resumes_is_sent_less_than_fits() -> None:
    assert TAIL + 16 < MAX_MESSAGES


def test_a_run_is_drawn_one_by_one_and_what_is_behind_it_waits() -> None:
    drawn: list[str] = []

    def messages() -> Iterator[str]:
        for n in range(1000):
            drawn.append(f"part {n}")
            yield "x" * 100_000

    queue = MessageQueue[str](len)
    queue.put("before")
    queue.put_run(messages())
    queue.put("behind")
    assert not queue.overflowed, "what is not made yet does not wait"
    assert queue.take_all() == ["before", "x" * 100_000]
    assert drawn == ["part 0"]
    for _ in range(999):
        assert queue.take_all() == ["x" * 100_000]
    assert queue.take_all() == ["behind"]
    assert queue.take_all() == []


def test_who_is_closed_in_the_middle_of_a_run_is_told_why_and_nothing_else() -> None:
    """Seen to fail: who was sent out got all of a snapshot first, and its welcome."""
    box = queue()
    box.put("before")
    box.put_run(["part 1", "part 2"])
    for text in ("welcome", "event", "closing"):
        box.put(text)
    assert box.take_all() == ["before", "part 1"]
    box.end()
    assert box.take_all() == ["closing"]
    assert box.take_all() == []


def test_what_waits_behind_a_run_has_its_bound() -> None:
    queue = MessageQueue[str](len, max_messages=10)
    queue.put_run(iter(["part"]))
    for _ in range(10):
        queue.put("event")
    assert queue.overflowed
    assert queue.take_all() == []
