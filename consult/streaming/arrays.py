"""Volumes as arrays, for whoever draws planes or reads volumes: built once in the pool, kept within a budget.

Rules:
- Where stored values can be sampled as they are, the array is the volume cache's own file and takes no memory.
- What must be copied counts against the budget: the least recently used goes first. What a picture is drawn from
  stays until it is drawn.
- A study that is deleted is gone from here too.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from typing import Any, Protocol

from numpy.typing import NDArray

from consult.dicom.stacks import series_of
from consult.model.catalogue import Series
from consult.model.errors import ConsultError, NotReady, StoreFailed
from consult.model.identifiers import SeriesKey
from consult.model.image import Image
from consult.model.planes.volume import volume_geometry, volume_places
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
        self._done: OrderedDict[Key, VolumeArray] = OrderedDict()
        self._failed: dict[Key, ConsultError] = {}
        self._making: dict[Key, asyncio.Task[VolumeArray]] = {}
        self._gone: set[Key] = set()
        """Those that are being made although their study is deleted."""
        self._callbacks: list[Callable[[SeriesKey], None]] = []

    def on_ready(self, callback: Callable[[SeriesKey], None]) -> None:
        """Call back when the planes of a series can be drawn, or never will."""
        self._callbacks.append(callback)

    def now(self, series: Series, time: int) -> VolumeArray:
        """The array, if it is there; else it is begun.

        Raises:
            NotReady: not yet.
            ConsultError: why it could not be made.
        """
        key = series.key, time
        if (done := self._done.get(key)) is not None:
            self._done.move_to_end(key)
            return done
        if (failed := self._failed.get(key)) is not None:
            raise failed
        self._start(series, time)
        raise NotReady("not_loaded", LOADING)

    async def get(self, series: Series, time: int) -> VolumeArray:
        """The array, once it is there.

        Raises:
            Refused: "no_planes".
            DicomRefused: an image of it cannot be shown.
            StoreFailed: "memory_full".
            NotReady: it was let go meanwhile.
        """
        key = series.key, time
        if (done := self._done.get(key)) is not None:
            self._done.move_to_end(key)
            return done
        return await asyncio.shield(self._start(series, time))

    def discard(self, series: str) -> None:
        """The arrays of all stacks of a series are let go: its study is deleted."""
        for key in [key for key in self._done if series_of(key[0]) == series]:
            del self._done[key]
        self._gone.update(key for key in self._making if series_of(key[0]) == series)

    async def close(self) -> None:
        """Stop making, and let all go."""
        tasks = list(self._making.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._done.clear()
        await asyncio.to_thread(self.bands.close)

    def _start(self, series: Series, time: int) -> asyncio.Task[VolumeArray]:
        key = series.key, time
        if (making := self._making.get(key)) is not None:
            return making
        self._failed.pop(key, None)
        task = self._making[key] = asyncio.create_task(self._make(series, time), name=f"array {series.key} {time}")
        task.add_done_callback(lambda done: self._made(key, done))
        return task

    def _made(self, key: Key, task: asyncio.Task[VolumeArray]) -> None:
        self._making.pop(key, None)
        gone = key in self._gone
        self._gone.discard(key)
        if task.cancelled():
            return
        error = task.exception()
        if error is None and not gone:
            self._done[key] = task.result()
        elif isinstance(error, ConsultError) and not isinstance(error, NotReady):
            self._failed[key] = error
        for callback in self._callbacks:
            callback(key[0])

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
        for key in [key for key, array in self._done.items() if array.own_bytes]:
            if sum(array.own_bytes for array in self._done.values()) + size <= self._max_bytes:
                return
            del self._done[key]
