"""Loading 160 slices by encoding: into a volume by two workers, beside plain pydicom in one process."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray
from pydicom import dcmread
from pydicom.encaps import encapsulate
from pydicom.uid import UID

from benchmarks.rows import Row
from consult.dicom.records import PixelFormat, StackRecord
from consult.dicom.workers import DicomWorkers
from consult.model.identifiers import SeriesKey
from consult.volumes.cache import Volumes
from tests.support.ct import write_series
from tests.support.stacks import KEY, Stacks, make_stack

SLICES, SIZE, WORKERS = 160, 512, 2
FORMAT = PixelFormat(SIZE, SIZE, "uint16")
Encode = Callable[[NDArray[Any]], bytes]
ENCODINGS: dict[str, tuple[str, Encode] | None] = {
    "uncompressed": None,
    "JPEG lossless": ("1.2.840.10008.1.2.4.70", lambda a: bytes(imagecodecs.jpeg8_encode(a, lossless=True))),
    "JPEG-LS": ("1.2.840.10008.1.2.4.80", lambda a: bytes(imagecodecs.jpegls_encode(a))),
    "JPEG 2000": ("1.2.840.10008.1.2.4.90", lambda a: bytes(imagecodecs.jpeg2k_encode(a, reversible=True, level=0))),
    "HTJ2K": ("1.2.840.10008.1.2.4.201", lambda a: bytes(imagecodecs.htj2k_encode(a, reversible=True))),
}


def run() -> list[Row]:
    """A row for the first slice, and for the whole, by encoding."""
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_series(folder / "uncompressed", images=SLICES, size=SIZE)
        for encoding, how in ENCODINGS.items():
            if how is not None:
                _encode(folder / "uncompressed", folder / encoding, *how)
            first, whole = asyncio.run(_load(folder / encoding, folder / f"volumes of {encoding}"))
            peer = _by_pydicom(folder / encoding)
            detail = f"{SLICES} slices, {WORKERS} workers"
            peer_name = "pydicom, one process" if peer is not None else ""
            rows.append(Row(f"load {encoding}", whole * 1e3, "ms", detail, peer_name, peer and peer * 1e3))
            rows.append(Row(f"first slice, {encoding}", first * 1e3, "ms", "from opening the volume"))
    return rows


def _encode(source: Path, target: Path, syntax: str, encode: Encode) -> None:
    target.mkdir()
    for path in source.iterdir():
        dataset = dcmread(path)
        frame = encode(np.frombuffer(dataset.PixelData, "<u2").reshape(SIZE, SIZE))
        dataset.PixelData = encapsulate([frame])
        dataset["PixelData"].is_undefined_length = True
        dataset.file_meta.TransferSyntaxUID = UID(syntax)
        dataset.save_as(target / path.name)


async def _load(folder: Path, volumes_folder: Path) -> tuple[float, float]:
    """Seconds until the first slice, and until the whole; workers are warm."""
    stack: StackRecord = make_stack([f"{i:04}.dcm" for i in range(SLICES)], FORMAT)
    warm = SeriesKey("f" * 16)
    few = make_stack([f"{i:04}.dcm" for i in range(2 * WORKERS)], FORMAT, warm)
    library = Stacks(folder, stack, replace(few, series=replace(few.series, key=warm)))
    async with DicomWorkers(WORKERS) as workers:
        volumes = Volumes(library, workers, volumes_folder, max_bytes=1 << 30)
        await volumes.open(warm)
        await complete(volumes, warm)
        start = time.perf_counter()
        volume = await volumes.open(KEY)
        await volume.ready(SLICES // 2)
        first = time.perf_counter() - start
        await complete(volumes, KEY)
        whole = time.perf_counter() - start
        await volumes.close()
    return first, whole


async def complete(volumes: Volumes, key: SeriesKey) -> None:
    """Until every image of an open series is loaded; nobody waits for one of them, as when a case is looked at."""
    changed = asyncio.Event()
    volumes.on_change(lambda series: changed.set())
    while (loading := volumes.loading(key)) is not None and loading.ready != ((0, loading.images - 1),):
        await changed.wait()
        changed.clear()


def _by_pydicom(folder: Path) -> float | None:
    """Seconds; None where pydicom has no decoder here."""
    start = time.perf_counter()
    try:
        for path in sorted(folder.iterdir()):
            assert dcmread(path).pixel_array.shape == (SIZE, SIZE)
    except RuntimeError:
        return None
    return time.perf_counter() - start
