"""Which image of a clip, or of the times of one place, is due when. Pure: the clock's time comes in.

Rules of this file:
- A frame is shown as long as its file says (FrameTime, FrameTimeVector, CineRate, RecommendedDisplayFrameRate: all of
  them are `frame_time_ms`); a trigger time until the next one; where nothing is said, DEFAULT_MS.
- Indexes without an image are passed over.
- What is due depends on the clock alone, never on what was shown before: who comes late, or misses a step, is in step.
- What was found is kept for each series object: it is asked for at every frame.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate, pairwise

from msgspec import Struct

from consult.model.catalogue import Series
from consult.model.planes.turning import TURNS
from consult.model.planes.volume import why_no_planes
from consult.model.view import Playing, Shown, Stack, shown_base

DEFAULT_MS = 100.0
"""How long an image is shown where no file says so (web/js/core/view/cine/frames.js has the same)."""
STEP_MS = 5.0, 2000.0
"""A shorter step between trigger times is no frame of a heart's cycle, and a longer one is no cine."""
LEAST_STEP_S = 0.03
"""More often the view does not change: the moving picture has 33 frames a second. Of a faster clip images are left
out, and it is in step."""
EARLY_S = 1e-4
"""So much before its time a frame is due: clocks are read and added up with rounding."""
KEPT = 64
"""Clips that are kept."""


class Cine(Struct, frozen=True):
    """Frames in their order, of one round.

    Attributes:
        indexes: of places or of times.
        starts_ms: when each begins, from the first; one more: when the round is over.
    """

    indexes: tuple[int, ...]
    starts_ms: tuple[float, ...]

    def at(self, playing: Playing, wall: float) -> int:
        """Which place or time is shown at a time."""
        return self.indexes[self._number(self._ms(playing, wall))]

    def since(self, index: int, rate: float, wall: float) -> float:
        """When it began, where an index begins to be shown now; the next one that is there, where it is none."""
        number = bisect_right(self.indexes, index - 1) % len(self.indexes)
        return wall - self.starts_ms[number] / 1000 / rate

    def next_at(self, playing: Playing, wall: float) -> float:
        """When another frame is due, where this one was found at `wall`; it is LEAST_STEP_S after that one began."""
        ms, whole = self._ms(playing, wall), self.starts_ms[-1]
        begun = self.starts_ms[self._number(ms)]
        rounds, within = divmod(begun + LEAST_STEP_S * 1000 * playing.rate * (1 - 1e-9), whole)
        start = rounds * whole + next(start for start in self.starts_ms if start >= within)
        return wall + (start - ms) / 1000 / playing.rate + EARLY_S

    def _ms(self, playing: Playing, wall: float) -> float:
        return ((wall - playing.since + EARLY_S) * 1000 * playing.rate) % self.starts_ms[-1]

    def _number(self, ms: float) -> int:
        return min(bisect_right(self.starts_ms, ms), len(self.indexes)) - 1


_found: dict[tuple[object, ...], tuple[Series, Cine | None]] = {}
"""By the series' identity. Each series is held with it, so that no other one can come to have its identity."""


def cine_of(series: Series, shows: Shown, playing: Playing) -> Cine | None:
    """What plays there; None where there are not two images to play."""
    if playing.along == "turn":
        return _measure([(turn, DEFAULT_MS) for turn in range(playing.first, min(playing.last + 1, TURNS))])
    fixed = _fixed(shows, playing)
    key = (id(series), fixed, playing.along, playing.first, playing.last)
    known = _found.get(key)
    if known is not None:
        return known[1]
    found = _measure(_frames(series, fixed, playing))
    while len(_found) >= KEPT:
        _found.pop(next(iter(_found)), None)
    _found[key] = series, found
    return found


def _fixed(shows: Shown, playing: Playing) -> int:
    """The index that stays: a time, or a place; of a plane, which has all places, -1."""
    base = shown_base(shows)
    if not isinstance(base, Stack):
        return -1
    return base.time if playing.along == "place" else base.place


def _measure(frames: Sequence[tuple[int, float]]) -> Cine | None:
    if len(frames) < 2:
        return None
    return Cine(tuple(index for index, _ in frames), tuple(accumulate((ms for _, ms in frames), initial=0.0)))


def _frames(series: Series, fixed: int, playing: Playing) -> list[tuple[int, float]]:
    """Index and duration of each. `fixed`: the other index; -1: a plane, which has all places."""
    by_place = playing.along == "place"
    last = min(playing.last, (series.places if by_place else series.times) - 1)
    steps = [] if by_place else trigger_steps(series)
    frames = []
    for index in range(playing.first, last + 1):
        place, time = (index, fixed) if by_place else (fixed, index)
        image = series.image(place, time) if fixed >= 0 else _of_volume(series, time)
        if image is not None:
            frames.append((index, frame_time(series, image) or (steps[index] if steps else DEFAULT_MS)))
    return frames


def _of_volume(series: Series, time: int) -> int | None:
    """An image of a volume; None where there are no planes at that time."""
    if why_no_planes(series, time):
        return None
    return next((image for p in range(series.places) if (image := series.image(p, time)) is not None), None)


def frame_time(series: Series, image: int) -> float | None:
    """How long the file shows an image, in ms; None where it does not say."""
    values = series.values.frame_time_ms
    if len(values) < 2:
        return next(iter(values), None)
    return values[image] if image < len(values) else None


def trigger_steps(series: Series) -> list[float]:
    """From each trigger time to the next, in ms; the last is as long as the one before it. Empty where they are not
    known."""
    labels = series.axis.labels if series.axis is not None else ()
    found = [re.fullmatch(r"([\d.]+) ms", label) for label in labels]
    at = [float(match[1]) for match in found if match is not None]
    steps = [later - earlier for earlier, later in pairwise(at)]
    if len(at) != len(labels) or not steps or not all(STEP_MS[0] <= step <= STEP_MS[1] for step in steps):
        return []
    return [*steps, steps[-1]]
