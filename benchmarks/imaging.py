"""Imaging as people feel it: the first picture of a long series, planes that are dragged, a study of 5,000 images.

- The first picture is asked for at the first, the middle and the last of 300 images; nothing of them is there yet.
- Planes: three of the demo's chest CT at 1080p, through a point that is dragged; eight guests count pictures in a
  process of their own. The server runs in this one, so that each turn of its event loop can be timed: by the clock, and
  by the processor time of the loop's own thread (the rest it waited for the interpreter's lock, or for a core).
- 5,000 images are one series of 256 x 256; memory is that of the server without mapped files (RssAnon), its DICOM
  workers left out; the budget is that of the settings for planes and stills.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast
from unittest.mock import patch

from benchmarks.loading import complete
from benchmarks.rows import Row, progress, quantile
from benchmarks.serving import MIB, Held, chest, open_here, serving
from consult.dicom.records import PixelFormat
from consult.dicom.workers import DicomWorkers
from consult.model.identifiers import SeriesKey
from consult.settings import Settings
from consult.volumes.cache import Volumes
from tests.support.ct import write_series
from tests.support.live_process import LivePeople
from tests.support.server import consult
from tests.support.stacks import KEY, Stacks, make_stack

LONG, SIZE, WORKERS = 300, 512, 2
SCREEN, GUESTS, PER_S = (1920, 1080), 8, 30
SETTLE_S, MEASURE_S = 2.0, 6.0
MANY, SMALL = 5_000, 256


def run() -> list[Row]:
    """The rows."""
    with tempfile.TemporaryDirectory(prefix="consult-bench-") as name:
        folder = Path(name)
        progress("the first picture of 300 images")
        found = asyncio.run(first_pictures(folder / "long"))
        progress("planes that are dragged")
        with chest() as made:
            found += asyncio.run(dragged(made.data, made.study))
        progress("a study of 5,000 images")
        return found + asyncio.run(many_images(folder / "many"))


async def first_pictures(folder: Path) -> list[Row]:
    """From opening a series to its first decoded image, at whichever it is asked for; workers are warm."""
    write_series(folder / "files", images=LONG, size=SIZE)
    names = [f"{i:04}.dcm" for i in range(LONG)]
    found = []
    async with DicomWorkers(WORKERS) as workers:
        for at in (0, LONG // 2, LONG - 1):
            warm = SeriesKey("f" * 16)
            few = make_stack(names[: 2 * WORKERS], PixelFormat(SIZE, SIZE, "uint16"), warm)
            stacks = Stacks(folder / "files", make_stack(names, PixelFormat(SIZE, SIZE, "uint16")), few)
            volumes = Volumes(stacks, workers, folder / f"volumes {at}", max_bytes=1 << 30)
            await volumes.open(warm)
            await complete(volumes, warm)
            began = time.perf_counter()
            await (await volumes.open(KEY)).ready(at)
            took = time.perf_counter() - began
            found.append(Row(f"first image of {LONG}, at image {at + 1}", took * 1e3, "ms", "from opening the series"))
            await volumes.close()
    return found


async def dragged(data: Path, study: str) -> list[Row]:
    """Pictures of each guest while planes are dragged, and the turns of the event loop meanwhile."""
    async with serving(data) as (services, address), LivePeople() as people:
        links = await open_here(services, address, study)
        await people.ask("present", link=links["host"], screen=SCREEN)
        await people.ask("join", link=links["participant"], screen=SCREEN, count=GUESTS)
        await people.ask("measure", seconds=SETTLE_S, changes_per_s=PER_S, planes=True)
        with turns() as taken:
            got = await people.ask("measure", seconds=MEASURE_S, changes_per_s=PER_S, planes=True)
    viewers = got["viewers"]
    shown = [ms for viewer in viewers for ms in viewer["shown_ms"]]
    clock, own = [wall for wall, _ in taken], [cpu for _, cpu in taken]
    over = sum(cpu > 5.0 for cpu in own)
    return [
        Row(
            f"three planes dragged, pictures of {GUESTS} guests, 1080p, the worst",
            min(viewer["pictures_per_s"] for viewer in viewers),
            "a second",
            f"{PER_S} changes a second; show to whole frame p50 {quantile(shown, 0.5):.0f} ms",
        ),
        Row(
            "longest turn of the event loop meanwhile",
            max(own),
            "ms",
            f"of its own; p99.9 {quantile(own, 0.999):.2f}; {over} of {len(own)} over 5 ms; "
            f"by the clock p99.9 {quantile(clock, 0.999):.2f}, longest {max(clock):.1f}",
        ),
    ]


@contextmanager
def turns() -> Iterator[list[tuple[float, float]]]:
    """Milliseconds of each callback of event loops in this process, by the clock and of the thread's own."""
    taken: list[tuple[float, float]] = []
    run_one = asyncio.Handle._run

    def timed(handle: asyncio.Handle) -> None:
        began, own = time.perf_counter(), time.thread_time()
        run_one(handle)
        taken.append(((time.perf_counter() - began) * 1e3, (time.thread_time() - own) * 1e3))

    with patch.object(asyncio.Handle, "_run", timed):
        yield taken


async def many_images(folder: Path) -> list[Row]:
    """What the server holds once all of them are there, and how long the first one took."""
    study = write_series(folder / "files", images=MANY, size=SMALL)
    began = time.perf_counter()
    await asyncio.to_thread(consult, "import", str(folder / "files"), data=folder / "data")
    imported = time.perf_counter() - began
    async with serving(folder / "data") as (services, address), LivePeople() as people:
        before, there, volumes = anonymous_mib(), asyncio.Event(), cast(Volumes, services.volumes)
        volumes.on_change(lambda key: there.set() if all_there(volumes, key) else None)
        links = await open_here(services, address, study)
        await people.ask("present", link=links["host"], screen=SCREEN, video=False)
        await there.wait()
        Held.now()  # garbage is collected, and free memory given back
        held = anonymous_mib()
    settings = Settings(data=folder)
    budget = settings.plane_memory_mib + settings.still_cache_mib
    detail = f"{held - before:+.0f} since none was open, of a budget of {budget} MiB; imported in {imported:.0f} s"
    return [Row(f"{MANY} images open and loaded: the server's memory", held, "MiB", detail)]


def all_there(volumes: Volumes, key: SeriesKey) -> bool:
    """Whether every image of a series is loaded."""
    loading = volumes.loading(key)
    return loading is not None and loading.ready == ((0, loading.images - 1),)


def anonymous_mib() -> float:
    """Memory of this process without mapped files (proc(5)), MiB."""
    line = next(row for row in Path("/proc/self/status").read_text().splitlines() if row.startswith("RssAnon"))
    return int(line.split()[1]) * 1024 / MIB
