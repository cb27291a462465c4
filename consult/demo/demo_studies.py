"""The demo studies: made on first use, then taken in as anybody's files are.

While that is under way a file says so, locked by its process. Where it was interrupted the file is still there, locked
by nobody: then they are made anew. They are the same byte for byte, so that what is here already stays as it is.
"""

from __future__ import annotations

import asyncio
import fcntl
import logging
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from msgspec import Struct

from consult.library.library import Library
from consult.model.errors import ConsultError, Refused

logger = logging.getLogger(__name__)
PATIENT_ID = "10042"
BOARD_PATIENT_IDS = ("10051", "10077", "10093")
"""Of the board's other cases, in their order."""
UNDER_WAY = ".demo-under-way"
INTERRUPTED = "Making the demo studies was interrupted: some of them are missing."

OnProgress = Callable[[int, int], None]
"""Images made, and to be made."""
Maker = Callable[[Path, OnProgress], None]
"""Writes studies into a folder."""


class DemoStatus(Struct, frozen=True):
    """How far it is. `done` and `total`: images, while it is made. `problem`: a sentence, where it did not succeed."""

    state: Literal["idle", "making", "importing", "here", "failed", "interrupted"] = "idle"
    done: int = 0
    total: int = 0
    problem: str = ""


class DemoStudies:
    """Makes the demo studies of one data directory, at most once at a time."""

    def __init__(self, data: Path, library: Library) -> None:
        self._data, self._library = data, library
        self._task: asyncio.Task[None] | None = None
        self.status = DemoStatus("interrupted", problem=INTERRUPTED) if self.interrupted else DemoStatus()

    @property
    def interrupted(self) -> bool:
        """They were begun once, and not finished."""
        return (self._data / UNDER_WAY).exists()

    async def uids(self, patient: str = PATIENT_ID) -> list[str]:
        """StudyInstanceUIDs of a demo patient's studies that are here. Raises StoreFailed."""
        return [study.uid for study in await self._library.studies() if study.patient.id == patient]

    async def make(self, on_progress: OnProgress = lambda done, total: None) -> list[str]:
        """Make them unless they are here; their StudyInstanceUIDs.

        Raises:
            Refused: "demo_under_way": another process makes them on the same data just now.
            StoreFailed: "disk_full", "store_failed".
            OSError: the disk is full, or the directory not writable.
        """
        if self.interrupted or not await self.uids():
            await self._make(lambda folder, progress: make_demo(folder, progress), on_progress)
        return await self.uids()

    async def make_board(self, on_progress: OnProgress = lambda done, total: None) -> list[list[str]]:
        """The same, and the studies of the board's other patients: StudyInstanceUIDs of each case. Raises as `make`."""
        first = await self.make(on_progress)
        if not all([await self.uids(patient) for patient in BOARD_PATIENT_IDS]):
            await self._make(lambda folder, progress: make_board(folder, progress), on_progress)
        return [first, *[await self.uids(patient) for patient in BOARD_PATIENT_IDS]]

    async def _make(self, how: Maker, on_progress: OnProgress) -> None:
        with _alone(self._data / UNDER_WAY):
            self._remove_what_is_left()
            with tempfile.TemporaryDirectory(dir=self._data, prefix=".demo-", ignore_cleanup_errors=True) as name:
                folder = Path(name)
                await _in_thread(how, folder / "studies", on_progress)
                self.status = DemoStatus("importing")
                report = await self._library.import_paths([folder], lambda progress: None)
        if report.refused:
            logger.error("%d demo files were refused", len(report.refused))

    def _remove_what_is_left(self) -> None:
        """Of a process that was killed."""
        for folder in self._data.glob(".demo-*/"):
            shutil.rmtree(folder, ignore_errors=True)

    def start(self) -> DemoStatus:
        """Begin to make them, unless that is under way; how far it is."""
        if self._task is None or self._task.done():
            self.status = DemoStatus("making")
            self._task = asyncio.create_task(self._run(), name="demo studies")
        return self.status

    async def close(self) -> None:
        """Stop."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        try:
            await self.make(self._on_progress)
            self.status = DemoStatus("here")
        except (ConsultError, OSError) as error:
            logger.error("the demo studies could not be made: %s", type(error).__name__)
            problem = error.sentence if isinstance(error, ConsultError) else f"The disk does not take them: {error}."
            self.status = DemoStatus("failed", problem=problem)

    def _on_progress(self, done: int, total: int) -> None:
        """From the thread that makes them: one assignment."""
        self.status = DemoStatus("making", done, total)


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Hold that file while the block runs; it stays behind where the block does not come to its end.

    Raises:
        Refused: "demo_under_way".
    """
    with path.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            sentence = "Another process makes the demo studies on this data just now. Try again in a minute."
            raise Refused("demo_under_way", sentence) from None
        yield
        path.unlink(missing_ok=True)


def make_demo(folder: Path, on_progress: OnProgress) -> None:
    """As `consult.demo.make`, which is imported once it is needed: pydicom loads as long as the rest of a server."""
    from consult.demo import make

    make.make_demo(folder, on_progress)


def make_board(folder: Path, on_progress: OnProgress) -> None:
    """The same of the board's other patients."""
    from consult.demo import make, studies

    make.make_demo(folder, on_progress, studies=studies.BOARD_STUDIES)


async def _in_thread(how: Maker, folder: Path, on_progress: OnProgress) -> None:
    """Make them beside the loop; an interrupt ends it at the next image."""
    interrupted = threading.Event()

    def progress(done: int, total: int) -> None:
        if interrupted.is_set():
            raise InterruptedError
        on_progress(done, total)

    try:
        await asyncio.to_thread(how, folder, progress)
    except asyncio.CancelledError:
        interrupted.set()
        raise
