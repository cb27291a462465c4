"""Which image of a volume is loaded next: those somebody waits for, the preferred one, then its neighbours outward.

Neighbours are those in place and in time: an image at the next place, or at the next time of the same place, is one
step away. Where several are as far, those of the preferred time come first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from consult.model.catalogue import Series


class LoadOrder:
    """The order of one volume. Whoever peeks at an image takes it, or leaves it to others.

    Args:
        series: whose images they are.
        missing: images to load, by their index.
        preferred: where to begin.
    """

    def __init__(self, series: Series, missing: Iterable[int], preferred: int) -> None:
        self._series = series
        self._missing = set(missing)
        self._wanted: dict[int, None] = {}
        self._begin(preferred)

    def _begin(self, preferred: int) -> None:
        self._preferred = preferred
        self._outward = _outward(self._series, preferred)
        self._next = next(self._outward)

    def prefer(self, image: int) -> None:
        """Begin at this image from now on."""
        if image != self._preferred:
            self._begin(image)

    def want(self, image: int) -> None:
        """Somebody waits for this image."""
        if image in self._missing:
            self._wanted[image] = None

    def peek(self) -> tuple[int, int] | None:
        """The next image, and its distance from the preferred one (-1: somebody waits for it); None: all are taken."""
        if self._wanted:
            return next(iter(self._wanted)), -1
        if not self._missing:
            return None
        while self._next[0] not in self._missing:
            self._next = next(self._outward)
        return self._next

    def take(self, image: int) -> None:
        """This image is being loaded."""
        self._missing.discard(image)
        self._wanted.pop(image, None)

    def put_back(self, image: int) -> None:
        """This image is not loaded after all: it is missing again."""
        self._missing.add(image)
        self._begin(self._preferred)


def _outward(series: Series, preferred: int) -> Iterator[tuple[int, int]]:
    """All images of a series with their distance from the preferred one, nearest first."""
    place, time = series.locate(preferred)
    for distance in range(series.places + series.times - 1):
        for dp, dt in _ring(distance, series.places, series.times):
            if 0 <= place + dp < series.places and 0 <= time + dt < series.times:
                image = series.image(place + dp, time + dt)
                if image is not None:
                    yield image, distance


def _ring(distance: int, places: int, times: int) -> Iterator[tuple[int, int]]:
    """Steps in place and time that are so many together, those of the preferred time first."""
    for dt in range(max(0, distance - places + 1), min(distance, times - 1) + 1):
        dp = distance - dt
        yield from dict.fromkeys(((dp, dt), (-dp, dt), (dp, -dt), (-dp, -dt)))
