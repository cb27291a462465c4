"""Counts, levels and durations: bounded in labels, whatever comes."""

from __future__ import annotations

from consult.tally import BOUNDS_S, MAX_LABELS, OTHER, Tally


def test_labels_are_bounded_and_those_that_are_known_go_on() -> None:
    tally = Tally()
    for number in range(3 * MAX_LABELS):
        tally.count("refused", f"code-{number}")
    tally.count("refused", "code-0")
    assert len(tally.counts["refused"]) == MAX_LABELS + 1
    assert tally.counts["refused"]["code-0"] == 2
    assert tally.counts["refused"][OTHER] == 2 * MAX_LABELS


def test_a_duration_is_counted_at_its_bound_and_never_below_zero() -> None:
    tally = Tally()
    for seconds in (-1.0, BOUNDS_S[0], BOUNDS_S[0] * 1.01, 1e6):
        tally.time("frame_age", seconds)
    durations = tally.durations["frame_age"]
    assert durations.counts == [2, 1, *[0] * (len(BOUNDS_S) - 2), 1]
    assert durations.sum_s == BOUNDS_S[0] * 2.01 + 1e6


def test_a_level_goes_up_and_down() -> None:
    tally = Tally()
    for by in (1, 1, -1):
        tally.move("streams", by)
    assert tally.levels["streams"] == 1
