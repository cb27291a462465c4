"""When a frame is due: on change, for a keyframe, three times after the last change, and never else."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest

from consult.media.pacing.frame_scheduler import INTERVAL_S, KEY_GAP_S, REPEATS, FrameScheduler, Next


def first(scheduler: FrameScheduler, now: float) -> None:
    """The first picture, which an encoder makes a keyframe."""
    scheduler.change()
    assert scheduler.due() == float("-inf")
    assert scheduler.take(now) == Next(fresh=True, key=False)
    scheduler.made(key=True)


def test_nothing_is_due_before_anything_changes() -> None:
    scheduler = FrameScheduler()
    assert scheduler.due() is None
    scheduler.request_key()
    assert scheduler.due() is None


def test_after_the_last_change_the_picture_is_repeated_three_times_and_then_no_more() -> None:
    scheduler = FrameScheduler()
    first(scheduler, 10.0)
    made = []
    while (due := scheduler.due()) is not None:
        made.append(scheduler.take(due))
        scheduler.made(key=False)
    assert made == [Next(fresh=False, key=False)] * REPEATS
    assert REPEATS == 3


def test_changes_come_together_and_not_faster_than_the_interval() -> None:
    scheduler = FrameScheduler()
    first(scheduler, 10.0)
    scheduler.change()
    scheduler.change()
    assert scheduler.due() == 10.0 + INTERVAL_S
    assert scheduler.take(10.03).fresh
    scheduler.made(key=False)
    assert not scheduler.take(10.07).fresh


def test_a_key_is_made_of_the_old_picture_too_and_repeated() -> None:
    scheduler = FrameScheduler()
    first(scheduler, 10.0)
    for at in (10.1, 10.2, 10.3):
        scheduler.take(at)
        scheduler.made(key=False)
    assert scheduler.due() is None
    scheduler.request_key()
    assert scheduler.due() is not None
    assert scheduler.take(11.0) == Next(fresh=False, key=True)
    scheduler.made(key=True)
    assert scheduler.due() is not None


def test_an_encoders_first_picture_counts_as_the_keyframe() -> None:
    scheduler = FrameScheduler()
    first(scheduler, 10.0)
    scheduler.request_key()
    assert scheduler.take(10.1) == Next(fresh=False, key=False)
    assert scheduler.take(10.0 + KEY_GAP_S).key


def test_without_a_picture_nothing_is_repeated_until_the_next_change() -> None:
    scheduler = FrameScheduler()
    first(scheduler, 10.0)
    scheduler.nothing()
    scheduler.request_key()
    assert scheduler.due() is None
    scheduler.change()
    assert scheduler.due() is not None


@pytest.mark.parametrize("seed", range(50))
def test_a_storm_of_requests_makes_one_keyframe_in_250_ms(seed: int) -> None:
    rng = random.Random(seed)
    scheduler, now, keys, last_request = FrameScheduler(), 0.0, [], 0.0
    first(scheduler, now)
    keys.append(now)
    for _ in range(400):
        now += rng.expovariate(200)
        scheduler.request_key()
        last_request = now
        if rng.random() < 0.2:
            scheduler.change()
        while (due := scheduler.due()) is not None and due <= now:
            made = scheduler.take(max(due, now))
            scheduler.made(key=made.key)
            if made.key:
                keys.append(now)
    assert all(b - a >= KEY_GAP_S for a, b in pairwise(keys))
    assert len(keys) >= now / (KEY_GAP_S * 1.5)
    due = scheduler.due()
    assert due is not None
    assert due <= last_request + KEY_GAP_S
