"""Makes the demo's files, once: into a folder beside, which gets its name when all is written."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from consult.demo import files, reformat
from consult.demo.anatomy.paint import F32, PIXEL_MM
from consult.demo.anatomy.phantom import SIZE, Patient, clean_slice, patient
from consult.demo.anatomy.solids import Point
from consult.demo.files import BONE_WINDOW, LUNG_WINDOW, SOFT_WINDOW, DemoSeries, SeriesWriter
from consult.demo.scanner import LUNG, SOFT, Noise, acquire, stored
from consult.demo.studies import (
    CORONAL_SERIES,
    LUNG_SERIES,
    SCOUT_SERIES,
    SLICE_MM,
    SOFT_SERIES,
    SOFT_SLICES,
    STUDIES,
    DemoStudy,
)

Progress = Callable[[int, int], None]
"""(images written, images in all)."""

AXIAL = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)
CORONAL = (1.0, 0.0, 0.0, 0.0, 0.0, -1.0)
CORONAL_ROWS = (96, 424)
"""Rows of the axial images that the coronal series covers: the body, not the couch."""
PIXELS = (PIXEL_MM, PIXEL_MM)
SERIES = {
    "scout": DemoSeries(1, SCOUT_SERIES, "T20f", ("ORIGINAL", "PRIMARY", "LOCALIZER"), CORONAL,
                        (reformat.SCOUT_PIXEL_MM,) * 2, 2.0,
                        ((int(reformat.SCOUT_CENTER), int(reformat.SCOUT_WIDTH), "SCOUT"),)),
    "lung": DemoSeries(2, LUNG_SERIES, LUNG.name, ("ORIGINAL", "PRIMARY", "AXIAL"), AXIAL, PIXELS, SLICE_MM,
                       (LUNG_WINDOW, SOFT_WINDOW, BONE_WINDOW)),
    "soft": DemoSeries(3, SOFT_SERIES, SOFT.name, ("ORIGINAL", "PRIMARY", "AXIAL"), AXIAL, PIXELS,
                       SLICE_MM * SOFT_SLICES, (SOFT_WINDOW, LUNG_WINDOW, BONE_WINDOW)),
    "coronal": DemoSeries(4, CORONAL_SERIES, SOFT.name, ("DERIVED", "SECONDARY", "MPR"), CORONAL, PIXELS,
                          reformat.CORONAL_MM, (SOFT_WINDOW, LUNG_WINDOW, BONE_WINDOW)),
}  # fmt: skip


def make_demo(
    directory: Path,
    on_progress: Progress = lambda done, total: None,
    *,
    studies: Sequence[DemoStudy] = STUDIES,
) -> None:
    """Write the demo studies, unless they are there.

    The same files every time, byte for byte: fixed seeds, UIDs and dates (current 24 Nov 2026, prior 19 May 2026).

    Args:
        directory: to be made; below it a folder a study, and in that a folder a series.
        on_progress: called from this thread.
        studies: other than the two.

    Raises:
        OSError: the disk is full, or the directory not writable. Nothing half made is left behind, neither by this nor
            by an interrupt.
    """
    if directory.exists():
        return
    part = directory.with_name(directory.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    total, done = sum(_images(study) for study in studies), 0
    on_progress(done, total)
    noises = {kernel.name: Noise(kernel, seed) for seed, kernel in enumerate((LUNG, SOFT))}
    pool = ThreadPoolExecutor(os.cpu_count() or 1, thread_name_prefix="demo")
    try:
        for study in studies:
            scan = _Scan(part / study.name, study, noises)
            for jobs in (scan.axial_jobs(), scan.reformat_jobs()):
                for finished in as_completed([pool.submit(job) for job in jobs]):
                    done += finished.result()
                    on_progress(done, total)
        os.replace(part, directory)
    finally:
        pool.shutdown(cancel_futures=True)
        shutil.rmtree(part, ignore_errors=True)


def _coronal_firsts() -> range:
    return range(*CORONAL_ROWS, round(reformat.CORONAL_MM / PIXEL_MM))


def _images(study: DemoStudy) -> int:
    """How many images a study has."""
    axial = study.slices + study.slices // SOFT_SLICES
    return axial + (len(_coronal_firsts()) + 1 if study.reformats else 0)


class _Scan:
    """One study being made. Jobs are independent of each other; each returns how many images it wrote."""

    def __init__(self, folder: Path, study: DemoStudy, noises: dict[str, Noise]) -> None:
        self._folder, self._study, self._noises = folder, study, noises
        self._who: Patient = patient(study.findings, study.shift)
        slices = study.slices if study.reformats else 0
        self._volume: NDArray[np.int16] = np.empty((slices, SIZE, SIZE), np.int16)

    def axial_jobs(self) -> list[Callable[[], int]]:
        """A job for every image of the soft series and the lung images that it averages."""
        for name in ("lung", "soft"):
            (self._folder / name).mkdir(parents=True)
        return [lambda k=k: self._axial(k) for k in range(self._study.slices // SOFT_SLICES)]  # type: ignore[misc]  # k is bound

    def reformat_jobs(self) -> list[Callable[[], int]]:
        """A job for every coronal image and the scout; the axial jobs are done."""
        if not self._study.reformats:
            return []
        for name in ("scout", "coronal"):
            (self._folder / name).mkdir(parents=True)
        firsts = _coronal_firsts()
        return [self._scout, *(lambda k=k, first=first: self._coronal(k, first) for k, first in enumerate(firsts))]

    def _corner(self, z: float) -> Point:
        """LPS of pixel (0, 0) of an axial image."""
        half = (SIZE - 1) / 2 * PIXEL_MM
        x, y = self._study.field_centre
        return x - half, y - half, z + self._study.table_mm

    def _axial(self, pair: int) -> int:
        """The soft image `pair` and its lung images, counted from the feet."""
        study = self._study
        lung, soft = (SeriesWriter(self._folder / name, study, SERIES[name]) for name in ("lung", "soft"))
        mean: F32 = np.zeros((SIZE, SIZE), np.float32)
        for k in range(pair * SOFT_SLICES, (pair + 1) * SOFT_SLICES):
            z = study.bottom_mm + k * SLICE_MM
            clean = clean_slice(self._who, z)
            seed = (int(study.date), k)
            sharp = acquire(clean, LUNG, self._noises[LUNG.name], (*seed, 1), z)
            smooth = acquire(clean, SOFT, self._noises[SOFT.name], (*seed, 2), z)
            lung.write(study.slices - k, self._corner(z), stored(sharp))
            mean += smooth / SOFT_SLICES
            if len(self._volume):
                self._volume[k] = np.rint(smooth)
        z = study.bottom_mm + (pair * SOFT_SLICES + (SOFT_SLICES - 1) / 2) * SLICE_MM
        soft.write(study.slices // SOFT_SLICES - pair, self._corner(z), stored(mean))
        return SOFT_SLICES + 1

    def _top(self) -> float:
        """LPS z of the highest slice."""
        return self._study.table_mm + self._study.bottom_mm + (self._study.slices - 1) * SLICE_MM

    def _coronal(self, k: int, first: int) -> int:
        """The coronal image `k`, from the front."""
        corner = self._corner(0.0)
        middle = first + (round(reformat.CORONAL_MM / PIXEL_MM) - 1) / 2
        writer = SeriesWriter(self._folder / "coronal", self._study, SERIES["coronal"])
        pixels = stored(reformat.coronal(self._volume, first, SLICE_MM))
        writer.write(k + 1, (corner[0], corner[1] + middle * PIXEL_MM, self._top()), pixels)
        return 1

    def _scout(self) -> int:
        """The scout, in the plane of the field's middle."""
        pixels = stored(reformat.scout(self._volume, SLICE_MM))
        x, y = self._study.field_centre
        left = x - SIZE * PIXEL_MM / 2 + reformat.SCOUT_PIXEL_MM / 2
        writer = files.SeriesWriter(self._folder / "scout", self._study, SERIES["scout"])
        writer.write(1, (left, y, self._top() + SLICE_MM / 2 - reformat.SCOUT_PIXEL_MM / 2), pixels)
        return 1
