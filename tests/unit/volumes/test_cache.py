"""The volume cache: order, bounds, failures and crashes; with hand-flushed workers, and with real ones."""

from __future__ import annotations

import asyncio
import errno
import os
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from consult.dicom.records import DECODER_VERSION, PixelFormat
from consult.dicom.workers import DicomWorkers
from consult.model.errors import DicomRefused, NotReady, Refused, StoreFailed, WorkerDied
from consult.model.identifiers import SeriesKey
from consult.volumes.cache import Volumes
from tests.support.ct import pixels, write_series
from tests.support.stacks import KEY, Stacks, make_stack
from tests.support.waiting import PATIENCE_S

SMALL = PixelFormat(4, 4, "uint16")
BYTES = 32
"""Of an image of SMALL."""
OTHER, THIRD = SeriesKey("b" * 16), SeriesKey("c" * 16)


@dataclass
class Asked:
    """A decode that is running until it is answered."""

    path: str
    volume: str
    index: int
    images: int
    answer: asyncio.Future[list[Any]]


class HandWorkers:
    """Workers that answer when they are asked to."""

    def __init__(self, count: int = 2) -> None:
        self.count = count
        self.asked: list[Asked] = []
        self.batches: list[list[int]] = []
        self.cancelled = 0
        self.more = asyncio.Event()

    async def run(self, task: str, *arguments: Any, cpu_s: float) -> Any:
        assert task == "decode_into"
        volume, _, places, _ = arguments
        self.batches.append([index for index, _, _ in places])
        index, path, _ = places[0]
        asked = Asked(path, volume, index, len(places), asyncio.get_running_loop().create_future())
        self.asked.append(asked)
        self.more.set()
        try:
            return await asked.answer
        except asyncio.CancelledError:
            self.cancelled += 1
            raise

    async def until(self, count: int) -> None:
        """Until so many are running."""
        async with asyncio.timeout(PATIENCE_S):
            while len(self.asked) < count:
                self.more.clear()
                await self.more.wait()
        for _ in range(20):
            await asyncio.sleep(0)

    async def finish(self, error: Exception | None = None) -> int:
        """Answer the oldest; its image."""
        await self.until(1)
        asked = self.asked.pop(0)
        if error:
            asked.answer.set_exception(error)
        else:
            asked.answer.set_result([None] * asked.images)
        for _ in range(20):
            await asyncio.sleep(0)
        return asked.index


Make = Callable[..., Volumes]


def stack(key: SeriesKey = KEY, images: int = 9) -> Any:
    return make_stack([f"{key}-{i}.dcm" for i in range(images)], SMALL, key)


@pytest.fixture
async def make(tmp_path: Path) -> AsyncIterator[Make]:
    made: list[Volumes] = []

    def make(workers: Any, *stacks: Any, max_bytes: int = 1 << 20, batch: int = 1) -> Volumes:
        library = Stacks(tmp_path, *stacks)
        made.append(Volumes(library, workers, tmp_path / "volumes", max_bytes=max_bytes, batch=batch))
        return made[-1]

    yield make
    for volumes in made:
        await volumes.close()


async def test_the_preferred_image_comes_first_then_its_neighbours(make: Make) -> None:
    workers = HandWorkers()
    volumes = make(workers, stack())
    await volumes.open(KEY)
    volumes.prefer(KEY, 2)
    assert [await workers.finish() for _ in range(9)] == [2, 3, 1, 4, 0, 5, 6, 7, 8]


async def test_no_more_are_running_than_there_are_workers(make: Make) -> None:
    workers = HandWorkers(2)
    volumes = make(workers, stack(), stack(OTHER))
    await volumes.open(KEY)
    await volumes.open(OTHER)
    await workers.until(2)
    assert len(workers.asked) == 2


async def test_a_picture_that_somebody_waits_for_comes_beside_slow_images_of_another_series(make: Make) -> None:
    workers = HandWorkers(2)
    volumes = make(workers, stack(), stack(OTHER))
    await volumes.open(KEY)
    await workers.until(2)
    other = await volumes.open(OTHER)
    waiting = [asyncio.create_task(other.ready(image)) for image in (3, 4)]
    await workers.until(3)
    assert (workers.asked[2].path.endswith(f"{OTHER}-3.dcm"), len(workers.asked)) == (True, 3)
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)


async def test_another_preference_is_next(make: Make) -> None:
    workers = HandWorkers(1)
    volumes = make(workers, stack(images=100))
    await volumes.open(KEY)
    assert [await workers.finish() for _ in range(2)] == [50, 51]
    volumes.prefer(KEY, 7)
    assert [await workers.finish() for _ in range(3)] == [49, 7, 8]


async def test_what_is_shown_comes_before_what_nobody_shows(make: Make) -> None:
    workers = HandWorkers(1)
    volumes = make(workers, stack(images=4), stack(OTHER, 4))
    await volumes.open(KEY)
    await workers.until(1)
    volumes.hold("consult", [OTHER])
    await volumes.open(OTHER)
    paths = []
    for _ in range(8):
        await workers.until(1)
        paths.append(Path(workers.asked[0].path).name[:16])
        await workers.finish()
    assert paths == [KEY, *[OTHER] * 4, *[KEY] * 3]


async def test_two_that_are_shown_load_side_by_side(make: Make) -> None:
    workers = HandWorkers(1)
    volumes = make(workers, stack(), stack(OTHER))
    volumes.hold("consult", [KEY, OTHER])
    await volumes.open(KEY)
    await volumes.open(OTHER)
    keys = []
    for _ in range(6):
        await workers.until(1)
        keys.append(Path(workers.asked[0].path).name[:16])
        await workers.finish()
    assert keys.count(KEY) == 3


async def test_an_image_that_somebody_waits_for_goes_before_all(make: Make) -> None:
    workers = HandWorkers(1)
    volumes = make(workers, stack(images=50), stack(OTHER, 50))
    volumes.hold("consult", [KEY])
    await volumes.open(KEY)
    other = await volumes.open(OTHER)
    await workers.until(1)
    waiting = asyncio.create_task(other.ready(44))
    await asyncio.sleep(0)
    await workers.finish()
    assert await workers.finish() == 44
    await waiting


async def test_a_refused_image_is_reported_and_the_rest_loads(make: Make) -> None:
    workers = HandWorkers(1)
    volumes = make(workers, stack(images=3))
    volume = await volumes.open(KEY)
    await workers.finish(DicomRefused("codec", "the stream is broken", tag="PixelData"))
    await workers.finish(WorkerDied("worker_died", "reading the file ended the process that read it"))
    await workers.finish()
    loading = volumes.loading(KEY)
    assert loading is not None
    assert (loading.ready, loading.failed) == (((0, 0),), (1, 2))
    assert loading.sentence == "PixelData is '': the stream is broken"
    with pytest.raises(DicomRefused, match="ended the process"):
        await volume.ready(2)


async def test_an_error_of_ours_costs_that_image_only(make: Make) -> None:
    workers = HandWorkers(1)
    volumes = make(workers, stack(images=2))
    volume = await volumes.open(KEY)
    await workers.finish(RuntimeError("a bug"))
    await workers.finish()
    with pytest.raises(DicomRefused, match="on the server"):
        await volume.ready(1)
    await volume.ready(0)


async def test_quick_images_are_handed_over_several_at_once(make: Make) -> None:
    workers = HandWorkers(1)
    volumes = make(workers, stack(images=10), batch=4)
    volume = await volumes.open(KEY)
    await workers.finish()
    await workers.until(1)
    waiting = asyncio.create_task(volume.ready(0))
    await asyncio.sleep(0)
    for _ in range(3):
        await workers.finish()
    assert workers.batches == [[5], [6, 4, 7, 3], [0], [8, 2, 9, 1]]
    await waiting


async def test_slow_images_are_handed_over_one_by_one(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("consult.volumes.cache.BATCH_S", 1e-9)  # whatever an image takes is slow
    workers = HandWorkers(1)
    volumes = make(workers, stack(images=9), batch=4)
    await volumes.open(KEY)
    for _ in range(9):
        await workers.finish()
    assert [len(batch) for batch in workers.batches] == [1] * 9


async def test_one_of_several_that_ends_its_worker_costs_only_itself(make: Make) -> None:
    workers = HandWorkers(1)
    volumes = make(workers, stack(images=5), batch=4)
    volume = await volumes.open(KEY)
    await workers.finish()
    died = WorkerDied("worker_died", "reading the file ended the process that read it")
    await workers.finish(died)
    await workers.finish()
    await workers.finish(died)
    for _ in range(2):
        await workers.finish()
    assert workers.batches == [[2], [3, 1, 4, 0], [3], [1], [4], [0]]
    loading = volume.loading()
    assert (loading.ready, loading.failed) == (((0, 0), (2, 4)), (1,))


async def test_callbacks_are_rare_and_at_the_end(make: Make) -> None:
    workers = HandWorkers(1)
    volumes = make(workers, stack(images=30))
    calls: list[int] = []

    def on_change(series: SeriesKey) -> None:
        loading = volumes.loading(series)
        assert loading is not None
        calls.append(sum(last - first + 1 for first, last in loading.ready))

    volumes.on_change(on_change)
    await volumes.open(KEY)
    for _ in range(30):
        await workers.finish()
    assert calls[-1] == 30
    assert len(calls) <= 5


async def test_it_is_found_again_after_a_restart(make: Make) -> None:
    workers = HandWorkers(1)
    first = make(workers, stack(images=3))
    await first.open(KEY)
    await workers.finish()
    await first.close()
    workers = HandWorkers(1)
    again = make(workers, stack(images=3))
    volume = await again.open(KEY)
    volume.image(1)
    assert [await workers.finish() for _ in range(2)] == [2, 0]


async def test_what_lies_there_of_other_images_is_never_shown(make: Make, tmp_path: Path) -> None:
    workers = HandWorkers(1)
    before = make(workers, stack(images=3))
    old = await before.open(KEY)
    await workers.finish()
    await before.close()
    after = make(workers, make_stack([f"other-{i}.dcm" for i in range(3)], SMALL))
    new = await after.open(KEY)
    assert new.source_digest(1) == f"other-1.dcm/0/{DECODER_VERSION}"
    assert new.file.path != old.file.path
    with pytest.raises(NotReady):
        new.image(1)
    assert [path.name for path in (tmp_path / "volumes").glob("*.raw")] == [new.file.path.name]


async def test_what_is_open_is_opened_once(make: Make) -> None:
    volumes = make(HandWorkers(1), stack(images=3))
    opened = await asyncio.gather(volumes.open(KEY), volumes.open(KEY))
    assert opened[0] is opened[1] is await volumes.open(KEY)


async def test_the_least_recently_shown_is_evicted_never_one_that_is_shown(make: Make, tmp_path: Path) -> None:
    stacks = [stack(key, 2) for key in (KEY, OTHER, THIRD)]
    volumes = make(HandWorkers(2), *stacks, max_bytes=2 * 2 * BYTES)
    volumes.hold("a", [KEY])
    await volumes.open(KEY)
    other = await volumes.open(OTHER)
    waiting = asyncio.create_task(other.ready(0))
    await asyncio.sleep(0)
    await volumes.open(THIRD)
    assert volumes.loading(OTHER) is None
    assert volumes.loading(KEY) is not None
    assert len(list((tmp_path / "volumes").glob("*.raw"))) == 2
    with pytest.raises(NotReady):
        await waiting
    volumes.hold("b", [THIRD])
    with pytest.raises(StoreFailed, match="cache_full"):
        await volumes.open(OTHER)


async def test_a_full_disk_is_reported_before_anything_is_shown(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(file: int, offset: int, size: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    volumes = make(HandWorkers(), stack(), stack(OTHER), max_bytes=9 * BYTES)
    volumes.hold("consult", [KEY])
    with monkeypatch.context() as patched:
        patched.setattr(os, "posix_fallocate", full)
        with pytest.raises(StoreFailed, match="disk_full"):
            await volumes.open(KEY)
    assert volumes.loading(KEY) is None
    await volumes.open(OTHER)  # what was not made takes no space
    await volumes.open(KEY)


async def test_an_unknown_series_is_refused(make: Make) -> None:
    with pytest.raises(Refused, match="unknown_series"):
        await make(HandWorkers()).open(KEY)


async def test_closing_cancels_and_awaits_what_is_running(make: Make) -> None:
    workers = HandWorkers(2)
    volumes = make(workers, stack())
    volume = await volumes.open(KEY)
    waiting = asyncio.create_task(volume.ready(0))
    await workers.until(2)
    await volumes.close()
    assert workers.cancelled == 2
    with pytest.raises(NotReady):
        await waiting


async def test_real_files_by_real_workers(tmp_path: Path) -> None:
    """One file is cut, another is no DICOM: their images fail, the others are exact."""
    images, size = 40, 64
    write_series(tmp_path, images=images, size=size)
    (tmp_path / "0003.dcm").write_bytes((tmp_path / "0003.dcm").read_bytes()[:-100])
    (tmp_path / "0004.dcm").write_bytes(b"no DICOM" * 100)
    made = make_stack([f"{i:04}.dcm" for i in range(images)], PixelFormat(size, size, "uint16"))
    complete = asyncio.Event()
    async with asyncio.timeout(PATIENCE_S), DicomWorkers(2) as workers:
        volumes = Volumes(Stacks(tmp_path, made), workers, tmp_path / "volumes", max_bytes=1 << 24)

        def on_change(series: SeriesKey) -> None:
            loading = volumes.loading(series)
            if loading and sum(b - a + 1 for a, b in loading.ready) + len(loading.failed) == images:
                complete.set()

        volumes.on_change(on_change)
        volume = await volumes.open(KEY)
        await volume.ready(images // 2)
        await complete.wait()
        loading = volumes.loading(KEY)
        assert loading is not None
        assert loading.failed == (3, 4)
        assert "PixelData" in loading.sentence
        for image in set(range(images)) - {3, 4}:
            assert np.array_equal(volume.image(image).pixels, pixels(image, images, size))
        await volumes.close()
