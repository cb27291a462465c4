"""Whole volumes for tests of pictures: none, or of made images."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from typing import Any, Generic, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from consult.model.catalogue import Series
from consult.model.errors import DicomRefused
from consult.model.identifiers import SeriesKey
from consult.model.image import Image
from consult.streaming.arrays import Arrays

D = TypeVar("D")


class HasKey(Protocol):
    """An object of the catalogue."""

    @property
    def key(self) -> str:
        """Names it."""


class MadeVolume:
    """A volume whose images are there when the test lets them be."""

    def __init__(self, images: Sequence[Image]) -> None:
        self.images = list(images)
        self.loaded = asyncio.Event()
        self.loaded.set()
        self.refused: DicomRefused | None = None
        self._stored = np.stack([image.pixels for image in images])

    def source_digest(self, image: int) -> str:
        """Names it."""
        return f"pixels-{image}"

    def image(self, image: int) -> Image:
        """One image."""
        return self.images[image]

    async def ready(self, image: int) -> None:
        """Once the test lets it."""
        await self.whole([image])

    def stored(self, first: int, count: int) -> NDArray[Any]:
        """Images behind each other."""
        return self._stored[first : first + count]

    async def whole(self, images: Sequence[int]) -> None:
        """Once the test lets it."""
        await self.loaded.wait()
        if self.refused:
            raise self.refused


class MadeVolumes:
    """A volume cache of made volumes."""

    def __init__(self, volumes: dict[SeriesKey, MadeVolume]) -> None:
        self.volumes = volumes
        self.opened: list[SeriesKey] = []

    async def open(self, series: SeriesKey) -> MadeVolume:
        """It is there."""
        self.opened.append(series)
        return self.volumes[series]


def no_arrays(pool: Executor | None = None) -> Arrays:
    """Nobody shows a plane."""
    return Arrays(MadeVolumes({}), pool or ThreadPoolExecutor(1), max_bytes=0)


class AlreadyRead(Generic[D]):
    """What is drawn over images and is read already, by its key, as whoever draws it needs it."""

    def __init__(self, read: Mapping[Any, D] | None = None) -> None:
        self.read = read or {}

    def now(self, wanted: HasKey) -> D:
        return self.read[wanted.key]

    async def get(self, wanted: HasKey) -> D:
        return self.read[wanted.key]


def waves(series: Series, scale: float = 1.0, **how: Any) -> MadeVolume:
    """Smooth values, other ones in each image; as int16."""
    rows, columns = np.mgrid[: series.grid.rows, : series.grid.columns]
    value: Callable[[int], NDArray[Any]] = lambda i: 200 * np.sin(columns / 6 + i / 5) + 150 * np.cos(rows / 7)  # noqa: E731
    return MadeVolume([Image((value(i) * scale).astype(np.int16), **how) for i in range(series.images)])
