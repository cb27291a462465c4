"""Volumes as arrays, for whoever draws planes or reads volumes: built once in the pool, kept within a budget.

Rules:
- Where stored values can be sampled as they are, the array is the volume cache's own file and takes no memory.
- What must be copied counts against the budget: the least recently used goes first. What a picture is drawn from
  stays until it is drawn.
- A study that is deleted is gone from here too.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from functools import partial
from typing import Any, Protocol

from numpy.typing import NDArray

from consult.dicom.stacks import series_of
from consult.model.catalogue import Series
from consult.model.errors import StoreFailed
from consult.model.identifiers import SeriesKey
from consult.model.image import Image
from consult.model.planes.volume import volume_geometry, volume_places
from consult.once import Once
from consult.rendering.planes.volume import VolumeArray, as_they_are, build, copied_bytes

Key = tuple[SeriesKey, int]
LOADING = "The images of this plane are still being loaded."


class WholeSource(Protocol):
    """One volume, as whoever needs all of it reads it."""

    def image(self, image: int) -> Image:
        """The decoded image. Raises NotReady, DicomRefused."""

    def stored(self, first: int, count: int) -> NDArray[Any]:
        """The stored values of images behind each other, (count, rows, columns)."""

    async def whole(self, images: Sequence[int]) -> None:
        """Wait until all of these are decoded. Raises DicomRefused, NotReady."""


class WholeSources(Protocol):
    """The volume cache, as whoever needs whole volumes reads it."""

    async def open(self, series: SeriesKey) -> WholeSource:
        """The volume of a series, loading or loaded."""


class Bands:
    """Runs the bands of a picture in the caller's thread and in helpers, which never wait for anybody."""

    def __init__(self, threads: int) -> None:
        self._helpers = threads - 1
        self._pool = ThreadPoolExecutor(max(1, self._helpers), thread_name_prefix="bands")

    def __call__(self, bands: Sequence[Callable[[], None]]) -> None:
        """Run all of them; returns when they are done."""
        left = deque(bands)

        def work() -> None:
            while left:
                try:
                    band = left.popleft()
                except IndexError:  # another thread took the last one
                    return
                band()

        helping = [self._pool.submit(work) for _ in range(min(self._helpers, len(bands) - 1))]
        work()
        for helper in helping:
            if not helper.cancel():
                helper.result()

    def close(self) -> None:
        """End the helpers."""
        self._pool.shutdown()


class Arrays:
    """All arrays of a server.

    Args:
        volumes: the volume cache.
        pool: copies what must be copied.
        max_bytes: of all copies together.
        threads: that draw a plane together.
    """

    def __init__(self, volumes: WholeSources, pool: Executor, *, max_bytes: int, threads: int = 2) -> None:
        self._volumes, self._pool, self._max_bytes = volumes, pool, max_bytes
        self.bands = Bands(threads)
        self._once: Once[Key, VolumeArray] = Once("array", LOADING, lambda key: series_of(key[0]))

    def on_ready(self, callback: Callable[[SeriesKey], None]) -> None:
        """Call back when the planes of a series can be drawn, or never will."""
        self._once.on_ready(callback)

    def now(self, series: Series, time: int) -> VolumeArray:
        """The array, if it is there; else it is begun.

        Raises:
            NotReady: not yet.
            ConsultError: why it could not be made.
        """
        return self._once.now((series.key, time), partial(self._make, series, time), [series.key])

    async def get(self, series: Series, time: int) -> VolumeArray:
        """The array, once it is there.

        Raises:
            Refused: "no_planes".
            DicomRefused: an image of it cannot be shown.
            StoreFailed: "memory_full".
            NotReady: it was let go meanwhile.
        """
        return await self._once.get((series.key, time), partial(self._make, series, time), [series.key])

    def discard(self, series: str) -> None:
        """The arrays of all stacks of a series are let go: its study is deleted."""
        self._once.discard(series)

    async def close(self) -> None:
        """Stop making, and let all go."""
        await self._once.close()
        await asyncio.to_thread(self.bands.close)

    async def _make(self, series: Series, time: int) -> VolumeArray:
        geometry = volume_geometry(series, time)
        cells = [series.image(place, time) for place in volume_places(series, time)]
        images = [image for image in cells if image is not None]
        volume = await self._volumes.open(series.key)
        await volume.whole(images)
        layers = [volume.image(image) for image in images]
        stored = None
        if as_they_are(layers):
            behind_each_other = images[-1] - images[0] == len(images) - 1
            stored = volume.stored(images[0], len(images)) if behind_each_other else None
        if stored is None:
            self._make_room(copied_bytes(layers))
        return await asyncio.get_running_loop().run_in_executor(self._pool, build, layers, geometry, stored)

    def _make_room(self, size: int) -> None:
        """Let go of what was not used for longest. Raises StoreFailed("memory_full")."""
        if size > self._max_bytes:
            limit = f"{self._max_bytes >> 20} MiB (plane_memory_mib)"
            raise StoreFailed("memory_full", f"Planes of this series need {size >> 20} MiB of memory, of {limit}.")
        kept = self._once.kept
        for key in [key for key, array in kept.items() if array.own_bytes]:
            if sum(array.own_bytes for array in kept.values()) + size <= self._max_bytes:
                return
            del kept[key]
