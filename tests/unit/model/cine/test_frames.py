"""Which image is due when: as long as the files say, by the clock alone."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from msgspec.structs import replace

from consult.model.catalogue import Axis, ImageValues, Series
from consult.model.cine.frames import Cine, cine_of
from consult.model.identifiers import SeriesKey
from consult.model.view import Playing, Stack
from tests.support.cases import series, timed_series

WALL = 1_800_000_000.25
"""A time of the wall clock, as large as it is today."""


@dataclass(frozen=True)
class Clip:
    """A series that plays."""

    series: Series
    playing: Playing
    place: int = 0
    time: int = 0

    @property
    def cine(self) -> Cine:
        found = cine_of(self.series, Stack(self.series.key, self.place, self.time), self.playing)
        assert found is not None
        return found

    def at(self, ms: float) -> int:
        """What is due so long after it began."""
        return self.cine.at(self.playing, self.playing.since + ms / 1000)


def clip(*frame_time_ms: float, images: int = 3, rate: float = 1.0, first: int = 0, last: int = 0) -> Clip:
    shown = replace(series("s-1", images=images), values=ImageValues(frame_time_ms=frame_time_ms))
    return Clip(shown, Playing("place", first, last or images - 1, rate, WALL))


def heart(*labels: str, missing: tuple[tuple[int, int], ...] = (), place: int = 0) -> Clip:
    shown = replace(timed_series("s-1", places=2, labels=labels), axis=Axis("TriggerTime", labels, missing))
    return Clip(shown, Playing("time", 0, len(labels) - 1, 1.0, WALL), place)


def test_a_frame_is_shown_as_long_as_its_file_says() -> None:
    even = clip(40.0)
    assert [even.at(ms) for ms in (0, 39, 40, 80, 119, 120, 161)] == [0, 0, 1, 2, 2, 0, 1]
    vector = clip(20.0, 40.0, 60.0)
    assert [vector.at(ms) for ms in (0, 19, 20, 59, 60, 119, 120)] == [0, 0, 1, 1, 2, 2, 0]
    silent = clip()
    assert [silent.at(ms) for ms in (0, 99, 100, 299, 300)] == [0, 0, 1, 2, 0]


def test_times_last_as_long_as_trigger_times_say_and_missing_ones_are_passed_over() -> None:
    whole = heart("0 ms", "70 ms", "150 ms")
    assert whole.cine.starts_ms == (0.0, 70.0, 150.0, 230.0)
    gap = heart("0 ms", "70 ms", "150 ms", missing=((1, 1),), place=1)
    assert (gap.cine.indexes, gap.cine.starts_ms) == ((0, 2), (0.0, 70.0, 150.0))
    assert heart("phase 1", "phase 2").cine.starts_ms == (0.0, 100.0, 200.0)


@pytest.mark.parametrize("rate", [0.25, 1.0, 4.0])
def test_it_plays_faster_or_slower_by_its_rate(rate: float) -> None:
    played = clip(40.0, images=10, rate=rate)
    assert [played.at(40 * n / rate) for n in range(10)] == list(range(10))


def test_a_part_plays_round_and_round() -> None:
    part = clip(40.0, images=10, first=3, last=5)
    assert [part.at(40 * n) for n in range(7)] == [3, 4, 5, 3, 4, 5, 3]


def test_it_does_not_drift_in_a_week() -> None:
    played = clip(1000 / 30, images=90)
    assert played.at(7 * 86_400_000 - 1) == 89
    assert played.at(7 * 86_400_000) == 0


def test_a_clock_that_was_set_back_finds_an_image_too() -> None:
    assert clip(40.0).at(-1) == 2


def test_what_begins_now_is_shown_now() -> None:
    played = clip(20.0, 40.0, 60.0)
    for index in range(3):
        since = played.cine.since(index, 1.0, WALL)
        assert played.cine.at(replace(played.playing, since=since), WALL) == index
    part = clip(40.0, images=10, first=3, last=5)
    for index, begins in ((1, 3), (4, 4), (8, 3)):
        since = part.cine.since(index, 1.0, WALL)
        assert part.cine.at(replace(part.playing, since=since), WALL) == begins, "an image outside of the part"


@pytest.mark.parametrize(
    ("ms", "rate", "passed"), [(40.0, 1.0, 1), (1000 / 30, 1.0, 1), (1000 / 60, 1.0, 2), (40.0, 4.0, 3)]
)
def test_the_next_one_is_due_when_it_begins_or_where_that_is_too_soon_a_later_one(
    ms: float, rate: float, passed: int
) -> None:
    played, wall = clip(ms, images=12, rate=rate), WALL
    for n in range(1, 13):
        wall = played.cine.next_at(played.playing, wall)
        assert wall == pytest.approx(WALL + n * passed * ms / rate / 1000, abs=2e-4)
        assert played.cine.at(played.playing, wall) == n * passed % 12


def test_one_who_looks_late_is_due_the_next_image_at_its_own_time() -> None:
    played = clip(40.0, images=12)
    assert played.cine.next_at(played.playing, WALL + 0.053) == pytest.approx(WALL + 0.08, abs=2e-4)


def test_a_short_round_is_passed_over_as_a_whole() -> None:
    played = clip(10.0, images=2)
    assert played.cine.next_at(played.playing, WALL) == pytest.approx(WALL + 0.03, abs=2e-4)


def test_one_image_is_nothing_to_play() -> None:
    shown = timed_series("s-1", places=2, missing=1)
    assert cine_of(shown, Stack(SeriesKey("s-1"), 1, 0), Playing("time", 0, 1)) is None
    assert cine_of(shown, Stack(SeriesKey("s-1"), 0, 0), Playing("time", 0, 1)) is not None
