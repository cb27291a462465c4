"""What counts as faster than anybody reads, and when it does not any more."""

from __future__ import annotations

import pytest

from consult.media.pacing.motion import CALM_S, FAST_CHANGES, FAST_S, Motion


def moved(per_s: float, changes: int, motion: Motion | None = None, start: float = 10.0) -> tuple[Motion, float]:
    """A view that has changed so often, at that rate; and when it did last."""
    motion = motion or Motion()
    for n in range(changes):
        motion.changed(start + n / per_s)
    return motion, start + (changes - 1) / per_s


@pytest.mark.parametrize(("per_s", "fast"), [(30, True), (13, True), (11, False), (2.5, False)])
def test_twelve_changes_a_second_are_fast(per_s: float, fast: bool) -> None:
    motion, now = moved(per_s, 40)
    assert motion.is_fast(now) is fast


def test_a_few_changes_are_not_however_fast_they_come() -> None:
    motion, now = moved(60, FAST_CHANGES - 1)
    assert not motion.is_fast(now)
    assert not Motion().is_fast(now)


def test_it_is_over_once_nothing_has_changed_for_a_while() -> None:
    motion, now = moved(30, 40)
    assert motion.is_fast(now + CALM_S - 0.01)
    assert motion.calm_at == now + CALM_S
    assert not motion.is_fast(motion.calm_at)


def test_who_hesitates_is_still_fast_and_who_goes_on_slowly_is_not() -> None:
    fast = (FAST_CHANGES - 1) / FAST_S
    motion, now = moved(30, 40)
    motion, now = moved(0.7 * fast, 40, motion, now + 0.03)
    assert motion.is_fast(now)
    motion, now = moved(0.4 * fast, 40, motion, now + 0.03)
    assert not motion.is_fast(now)
    motion, now = moved(0.7 * fast, 40, motion, now + 0.03)
    assert not motion.is_fast(now)
