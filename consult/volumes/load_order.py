"""Which image of a volume is loaded next: those somebody waits for, the preferred one, then its neighbours outward."""

from __future__ import annotations

from collections.abc import Iterator


class LoadOrder:
    """The order of one volume. Who is told an image starts with it, or leaves it to others.

    Args:
        images: how many there are.
        missing: those to load.
        preferred: where to begin.
    """

    def __init__(self, images: int, missing: Iterator[int], preferred: int) -> None:
        self._images = images
        self._missing = set(missing)
        self._wanted: dict[int, None] = {}
        self._preferred, self._step = preferred, 0

    def prefer(self, image: int) -> None:
        """Begin at this image from now on."""
        if image != self._preferred:
            self._preferred, self._step = image, 0

    def want(self, image: int) -> None:
        """Somebody waits for this image."""
        if image in self._missing:
            self._wanted[image] = None

    def peek(self) -> tuple[int, int] | None:
        """The next image and how far it lies from the preferred one (-1: somebody waits for it); None: all are told."""
        if self._wanted:
            return next(iter(self._wanted)), -1
        while self._missing:
            away = (self._step + 1) // 2
            image = self._preferred + (away if self._step % 2 else -away)
            if image in self._missing:
                return image, away
            self._step += 1
        return None

    def take(self, image: int) -> None:
        """This image is being loaded."""
        self._missing.discard(image)
        self._wanted.pop(image, None)

    def put_back(self, image: int) -> None:
        """This image is not loaded after all: it is missing again."""
        self._missing.add(image)
        self._step = 0
