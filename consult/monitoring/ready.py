"""Whether the server can do its work: its store answers, its disk has room, its DICOM workers answer.

Anybody may ask (`/readyz`), so nothing of the log is read, and `store.log.readiness` asks once a second at most.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Protocol

from consult.disk import free_bytes
from consult.model.errors import ConsultError, StoreFailed

MIB = 1 << 20


class Workers(Protocol):
    """DICOM workers, as far as they are asked (`dicom.workers.DicomWorkers`)."""

    async def check(self) -> None:
        """One answers. Raises WorkerDied."""


class ReadyCheck:
    """The whole question; call it as often as an answer may be old.

    Args:
        log: asks the store; raises StoreFailed.
        data: the data directory.
        min_free_mib: of its disk, MiB; 0: whatever is free is enough.
        workers: that read files.
        free: bytes that are free on the disk of a path.
    """

    def __init__(
        self,
        log: Callable[[], Awaitable[None]],
        data: Path,
        min_free_mib: int,
        workers: Workers,
        free: Callable[[Path], int] = free_bytes,
    ) -> None:
        self._log, self._data, self._workers, self._free = log, data, workers, free
        self._min_free_mib = min_free_mib

    async def __call__(self) -> None:
        """Raises StoreFailed: "low_disk", "no_workers", or what the store says; a sentence without a path."""
        await self._log()
        free_mib = self._free(self._data) // MIB
        if free_mib < self._min_free_mib:
            sentence = (
                f"The disk of the data directory has {free_mib} MiB free, and {self._min_free_mib} MiB are wanted "
                "(min_free_mib): make room there. What was stored is kept."
            )
            raise StoreFailed("low_disk", sentence)
        try:
            await self._workers.check()
        except ConsultError as error:
            sentence = f"The processes that read DICOM files do not answer ({error.code}): see the log, then restart."
            raise StoreFailed("no_workers", sentence) from error
