"""DICOM workers without processes: tasks run on threads of the test, and may be made to die on a file."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from consult.dicom import tasks
from consult.dicom.workers import DEADLINE_S, DicomWorkers
from consult.model.errors import WorkerDied


class ThreadWorkers(DicomWorkers):
    """Does what `DicomWorkers` does to well-behaved files.

    Args:
        deadly: content that ends the worker which reads it.
    """

    def __init__(self, deadly: bytes = b"") -> None:
        super().__init__(count=2)
        self._deadly = deadly
        self.asked: list[str] = []

    async def run(
        self,
        task: str,
        *arguments: Any,
        deadline_s: float = DEADLINE_S,
        cpu_s: float | None = None,
        background: bool = False,
    ) -> Any:
        """See `DicomWorkers.run`."""
        self.asked.append(task)
        return await asyncio.to_thread(self._run_here, task, arguments)

    def _run_here(self, task: str, arguments: tuple[Any, ...]) -> Any:
        if self._deadly and self._deadly in Path(arguments[0]).read_bytes():
            raise WorkerDied("worker_died", "reading the file ended the process that read it")
        return getattr(tasks, task)(*arguments)
