"""The volume cache: opens stacks as volumes, loads what is on screen first, evicts what nobody shows.

Rules of this file:
- One loader task. A worker is handed a few images at once, as many as take about `BATCH_S`: fewer hops, and what is
  preferred now is next all the same. An image that somebody waits for goes by itself.
- Images that somebody waits for come first; then, of the volumes that are shown, those nearest to the preferred one;
  then volumes that nobody shows.
- All files together stay below `max_bytes`: the least recently shown are unlinked, never one that is shown.
- A file that kills its worker costs that image: those it was handed with are tried again, one by one.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Protocol

from consult.dicom.limits import decoding_cpu_s, size_of
from consult.dicom.records import StackRecord
from consult.dicom.workers import Refusal
from consult.model.errors import DicomRefused, StoreFailed, WorkerDied
from consult.model.identifiers import SeriesKey
from consult.sessions.messages import Loading
from consult.volumes.eviction import VolumeFolder
from consult.volumes.volume import Volume, has_graphics, stack_digest
from consult.volumes.volume_file import VolumeFile, volume_bytes

logger = logging.getLogger(__name__)
NOTIFY_EVERY_S = 0.1
"""Callbacks are called about so often while a series loads."""
FAR = 1 << 30
FETCH_AGAIN_S = 2.0
BATCH, BATCH_S = 16, 0.02
"""Images that a worker is handed at once, at most, and how long they may take together."""


class Stacks(Protocol):
    """The library, as the volumes need it."""

    async def stack(self, key: SeriesKey) -> StackRecord:
        """What a series shows. Raises Refused."""

    async def fetched(self, file: str) -> Path:
        """Where the file of that SHA-256 is on this machine. Raises StoreFailed: just now it cannot be fetched."""


class Decoders(Protocol):
    """The workers, as the volumes need them."""

    @property
    def count(self) -> int:
        """How many images of one series are decoded at once; another's first one comes beside them."""

    async def run(self, task: str, *arguments: Any, cpu_s: float) -> Any:
        """Do a task of consult.dicom.tasks within that processor time. Raises DicomRefused, WorkerDied."""


class Volumes:
    """All volumes of a server. Made within a running loop, which `close` ends the work of.

    Args:
        library: has stacks and where their files are.
        workers: decode.
        folder: of the volume files; made on first use.
        max_bytes: of all files together.
        batch: images that a worker is handed at once, at most.
    """

    def __init__(self, library: Stacks, workers: Decoders, folder: Path, *, max_bytes: int, batch: int = BATCH) -> None:
        self._library, self._workers = library, workers
        self._folder = VolumeFolder(folder, max_bytes)
        self._volumes: dict[SeriesKey, Volume] = {}
        self._held: dict[str, frozenset[SeriesKey]] = {}
        self._opening = asyncio.Lock()
        self._wake = asyncio.Event()
        self._batch = batch
        self._loads: dict[asyncio.Task[None], tuple[Volume, list[int]]] = {}
        self._callbacks: list[Callable[[SeriesKey], None]] = []
        self._discarding: list[Callable[[str], None]] = []
        self._due: dict[SeriesKey, asyncio.TimerHandle] = {}
        self._task = asyncio.create_task(self._run(), name="volumes")

    async def open(self, series: SeriesKey) -> Volume:
        """The volume of a series, loading or loaded. A key names its images in their order: it never shows others.

        Raises:
            Refused: no such series.
            StoreFailed: "disk_full", "cache_full", "cannot_open".
        """
        opened = self._volumes.get(series)
        if opened is None:
            async with self._opening:
                opened = self._volumes.get(series) or await self._make(await self._library.stack(series))
        self._folder.touch(series)
        return opened

    def hold(self, who: str, series: Iterable[SeriesKey]) -> None:
        """These series are shown by `who` now; the others of `who` no longer are."""
        held = frozenset(series)
        for key in held | self._held.get(who, frozenset()):
            self._folder.touch(key)
        if held:
            self._held[who] = held
        else:
            self._held.pop(who, None)
        self._wake.set()

    def discard(self, series: str) -> None:
        """The volumes of all stacks of a series are unlinked: its study is deleted. Whoever has one mapped keeps it."""
        for key in self._folder.of_series(series):
            self._drop(key)
            self._folder.forget(key)
        for callback in self._discarding:
            callback(series)

    def decoded(self) -> set[str]:
        """The series, without their stacks' numbers, of which something is decoded on this machine."""
        return self._folder.series()

    def prefer(self, series: SeriesKey, image: int) -> None:
        """Load this image and its neighbours before the rest."""
        if volume := self._volumes.get(series):
            volume.order.prefer(image)
            self._wake.set()

    def loading(self, series: SeriesKey) -> Loading | None:
        """What of a series can be shown; None where it is not open."""
        volume = self._volumes.get(series)
        return None if volume is None else volume.loading()

    def on_change(self, callback: Callable[[SeriesKey], None]) -> None:
        """Call back when more of a series can be shown: about every NOTIFY_EVERY_S, and at the end."""
        self._callbacks.append(callback)

    def on_discard(self, callback: Callable[[str], None]) -> None:
        """Call back when the volumes of a series are unlinked: nobody keeps its pixels."""
        self._discarding.append(callback)

    async def close(self) -> None:
        """Stop loading. What is loaded stays on the disk for the next start."""
        tasks = [self._task, *self._loads]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for timer in self._due.values():
            timer.cancel()
        for volume in self._volumes.values():
            volume.let_go()
        self._volumes.clear()

    async def _make(self, stack: StackRecord) -> Volume:
        key, images = stack.series.key, len(stack.frames)
        size = volume_bytes(stack.format, images, graphics=has_graphics(stack))
        for evicted in self._folder.reserve(key, stack_digest(stack), size, self._shown()):
            self._drop(evicted)
        path = self._folder.path(key)
        try:
            file = await asyncio.to_thread(VolumeFile, path, stack.format, images, graphics=has_graphics(stack))
        except BaseException:
            self._folder.forget(key)
            raise
        volume = self._volumes[key] = Volume(stack, file, self._wake.set)
        self._wake.set()
        return volume

    def _drop(self, series: SeriesKey) -> None:
        if volume := self._volumes.pop(series, None):
            volume.let_go()

    def _shown(self) -> frozenset[SeriesKey]:
        return frozenset[SeriesKey]().union(*self._held.values())

    async def _run(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            while (chosen := self._choose()) is not None:
                volume, images = chosen
                task = asyncio.create_task(self._load(volume, images), name=f"load {volume.key} {images[0]}")
                self._loads[task] = chosen
                task.add_done_callback(self._loaded)

    def _choose(self) -> tuple[Volume, list[int]] | None:
        """Takes what to load next, where there is room.

        One load more is for an image that somebody waits for, of a volume that has none under way: images that take
        long hold their own series, and no other's picture.
        """
        if len(self._loads) > self._workers.count:
            return None
        full = len(self._loads) == self._workers.count
        loading = {volume.key for volume, _ in self._loads.values()}
        shown = self._shown()
        best: tuple[int, Volume, int] | None = None
        for volume in self._volumes.values():
            if (found := volume.order.peek()) is None:
                continue
            image, away = found
            if full and (away >= 0 or volume.key in loading):
                continue
            rank = away if away < 0 or volume.key in shown else FAR + away
            if best is None or rank < best[0]:
                best = (rank, volume, image)
        if best is None:
            return None
        return best[1], self._take(best[1], self._at_once(best[1]) if best[0] >= 0 else 1)

    def _at_once(self, volume: Volume) -> int:
        """How many images a worker may be handed."""
        if volume.pace_s is None:
            return 1
        return min(self._batch, max(1, int(BATCH_S / max(volume.pace_s, 1e-6))))

    def _take(self, volume: Volume, most: int) -> list[int]:
        """Images by the volume's order, the first by itself where it has to be."""
        taken: list[int] = []
        while len(taken) < most and (found := volume.order.peek()) is not None:
            image, away = found
            if taken and (away < 0 or image in volume.single):
                break
            volume.order.take(image)
            taken.append(image)
            if image in volume.single:
                break
        return taken

    async def _load(self, volume: Volume, images: list[int]) -> None:
        frames = [(image, volume.stack.frames[image]) for image in images]
        into = str(volume.file.path), volume.stack.format
        try:
            paths = await asyncio.gather(*(self._library.fetched(frame.file) for _, frame in frames))
        except StoreFailed as failed:
            await self._fetch_later(volume, images, failed)
            return
        places = [(image, str(path), frame.frame) for (image, frame), path in zip(frames, paths, strict=True)]
        cpu_s = decoding_cpu_s(size_of(paths), volume_bytes(volume.stack.format, len(images)))
        clock = asyncio.get_running_loop().time
        start = clock()
        try:
            answers = await self._workers.run("decode_into", *into, places, volume.file.graphics_at, cpu_s=cpu_s)
        except DicomRefused as refused:
            answers = [refused] * len(images)
        except WorkerDied as died:
            if len(images) > 1:
                self._try_one_by_one(volume, images)
                return
            answers = [DicomRefused(died.code, died.sentence)]
        volume.pace_s = (clock() - start) / len(images)
        for image, answer in zip(images, answers, strict=True):
            if answer is None:
                volume.decoded(image)
            else:
                why = answer.error() if isinstance(answer, Refusal) else answer
                logger.warning("series %s: image %d: %s", volume.key, image + 1, why.code)
                volume.refuse(image, why)

    async def _fetch_later(self, volume: Volume, images: list[int], failed: StoreFailed) -> None:
        """Files could not be fetched: they are asked for again, but for one that is damaged where it lies."""
        if failed.code == "damaged" and len(images) == 1:
            volume.refuse(images[0], DicomRefused(failed.code, failed.sentence))
            return
        logger.warning("series %s: %s", volume.key, failed.sentence)
        await asyncio.sleep(0 if failed.code == "damaged" else FETCH_AGAIN_S)
        self._try_one_by_one(volume, images)

    def _try_one_by_one(self, volume: Volume, images: list[int]) -> None:
        """One of them ended the worker: which, is found out one by one."""
        for image in images:
            volume.put_back(image)

    def _loaded(self, task: asyncio.Task[None]) -> None:
        """A load has ended, well or not."""
        volume, images = self._loads.pop(task)
        self._wake.set()
        if task.cancelled():
            return
        if (error := task.exception()) is not None:
            logger.error("series %s: image %d did not load", volume.key, images[0] + 1, exc_info=error)
            for image in images:
                volume.refuse(image, DicomRefused("unreadable", "reading it failed on the server"))
        if self._volumes.get(volume.key) is volume:
            self._notify_soon(volume)

    def _notify_soon(self, volume: Volume) -> None:
        """Notify within NOTIFY_EVERY_S, or now where the volume is complete."""
        timer = self._due.get(volume.key)
        if volume.order.peek() is None and all(loading is not volume for loading, _ in self._loads.values()):
            if timer is not None:
                timer.cancel()
            self._notify(volume.key)
        elif timer is None:
            later = asyncio.get_running_loop().call_later(NOTIFY_EVERY_S, self._notify, volume.key)
            self._due[volume.key] = later

    def _notify(self, series: SeriesKey) -> None:
        self._due.pop(series, None)
        for callback in self._callbacks:
            callback(series)
