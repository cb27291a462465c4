"""When a frame is due: on change, for a keyframe, three times after the last change, and never else."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest

from consult.media.pacing.frame_scheduler import INTERVAL_S, KEY_GAP_S, REPEATS, FrameScheduler, Next


def first(cadence: FrameScheduler, now: float) -> None:
    """The first picture, which an encoder makes a keyframe."""
    cadence.change()
    assert cadence.due() == float("-inf")
    assert cadence.take(now) == Next(fresh=True, key=False)
    cadence.made(key=True)


def test_nothing_is_due_before_anything_changes() -> None:
    cadence = FrameScheduler()
    assert cadence.due() is None
    cadence.request_key()
    assert cadence.due() is None


def test_after_the_last_change_the_picture_is_repeated_three_times_and_then_no_more() -> None:
    cadence = FrameScheduler()
    first(cadence, 10.0)
    made = []
    while (due := cadence.due()) is not None:
        made.append(cadence.take(due))
        cadence.made(key=False)
    assert made == [Next(fresh=False, key=False)] * REPEATS
    assert REPEATS == 3


def test_changes_come_together_and_not_faster_than_the_interval() -> None:
    cadence = FrameScheduler()
    first(cadence, 10.0)
    cadence.change()
    cadence.change()
    assert cadence.due() == 10.0 + INTERVAL_S
    assert cadence.take(10.03).fresh
    cadence.made(key=False)
    assert not cadence.take(10.07).fresh


def test_a_key_is_made_of_the_old_picture_too_and_repeated() -> None:
    cadence = FrameScheduler()
    first(cadence, 10.0)
    for at in (10.1, 10.2, 10.3):
        cadence.take(at)
        cadence.made(key=False)
    assert cadence.due() is None
    cadence.request_key()
    assert cadence.due() is not None
    assert cadence.take(11.0) == Next(fresh=False, key=True)
    cadence.made(key=True)
    assert cadence.due() is not None


def test_an_encoders_first_picture_counts_as_the_keyframe() -> None:
    cadence = FrameScheduler()
    first(cadence, 10.0)
    cadence.request_key()
    assert cadence.take(10.1) == Next(fresh=False, key=False)
    assert cadence.take(10.0 + KEY_GAP_S).key


def test_without_a_picture_nothing_is_repeated_until_the_next_change() -> None:
    cadence = FrameScheduler()
    first(cadence, 10.0)
    cadence.nothing()
    cadence.request_key()
    assert cadence.due() is None
    cadence.change()
    assert cadence.due() is not None


@pytest.mark.parametrize("seed", range(50))
def test_a_storm_of_requests_makes_one_keyframe_in_250_ms(seed: int) -> None:
    rng = random.Random(seed)
    cadence, now, keys, last_request = FrameScheduler(), 0.0, [], 0.0
    first(cadence, now)
    keys.append(now)
    for _ in range(400):
        now += rng.expovariate(200)
        cadence.request_key()
        last_request = now
        if rng.random() < 0.2:
            cadence.change()
        while (due := cadence.due()) is not None and due <= now:
            made = cadence.take(max(due, now))
            cadence.made(key=made.key)
            if made.key:
                keys.append(now)
    assert all(b - a >= KEY_GAP_S for a, b in pairwise(keys))
    assert len(keys) >= now / (KEY_GAP_S * 1.5)
    due = cadence.due()
    assert due is not None
    assert due <= last_request + KEY_GAP_S
