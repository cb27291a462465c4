"""Files that take long hold nobody's picture; what takes too much processor time is ended, with a sentence."""

from __future__ import annotations

import ast
import asyncio
from pathlib import Path
from typing import Any

import pytest

import consult
from consult.dicom.limits import CPU_FREE_S, CPU_MOST_S, decoding_cpu_s, reading_cpu_s
from consult.dicom.workers import DicomWorkers
from consult.library.library import Library
from consult.library.sources import Source
from consult.model.errors import WorkerDied
from consult.store.index import MemoryIndex
from tests.support.dicom_files import ct, write
from tests.support.waiting import PATIENCE_S
from tests.unit.dicom.test_workers import Fifo

TASKS = "tests.support.worker_tasks"


async def test_a_worker_is_kept_for_what_somebody_waits_to_see(tmp_path: Path) -> None:
    begun, end = Fifo(tmp_path / "begun"), Fifo(tmp_path / "end")
    async with DicomWorkers(1, tasks=TASKS) as workers:
        slow = [asyncio.create_task(workers.run("hold", begun.path, end.path, background=True)) for _ in range(6)]
        await begun.pid()
        async with asyncio.timeout(PATIENCE_S):
            assert await workers.run("echo", "a picture") == "a picture"
        assert not any(task.done() for task in slow)
        assert workers.alive == 2
        for task in slow:
            task.cancel()
        await asyncio.gather(*slow, return_exceptions=True)
    begun.close()
    end.close()


class PartedSnapshot(DicomWorkers):
    """Records what it is asked to do, and with which limits."""

    def __init__(self) -> None:
        super().__init__(1)
        self.background: dict[str, bool] = {}
        self.cpu_s: dict[str, float] = {}

    async def run(self, task: str, *arguments: object, **limits: Any) -> object:
        self.background[task] = bool(limits.get("background"))
        self.cpu_s[task] = float(str(limits.get("cpu_s", 0)))
        return await super().run(task, *arguments, **limits)


async def test_files_are_read_and_thumbnails_made_in_the_background_and_pictures_are_not(tmp_path: Path) -> None:
    path = write(ct(), tmp_path / "a.dcm")
    workers = PartedSnapshot()
    async with workers:
        library = Library(tmp_path, MemoryIndex(), workers)
        report = await library.import_sources([Source("a", path)], lambda progress: None)
        assert report.refused == []
        await library.study_thumbnail("1.2.3")
        assert workers.background == {"read_file": True, "make_thumbnail": True}
        assert workers.cpu_s == {"read_file": CPU_FREE_S, "make_thumbnail": CPU_FREE_S}
        library.close()


def test_the_budget_grows_with_the_file_and_ends() -> None:
    assert reading_cpu_s(1 << 20) == pytest.approx(CPU_FREE_S, abs=0.2)
    assert reading_cpu_s(100 << 20) > CPU_FREE_S
    assert reading_cpu_s(1 << 40) == CPU_MOST_S
    small, mammogram = 512 * 512 * 2, 4688 * 2592 * 2
    assert decoding_cpu_s(small, small) < 6.0, "a small image holds no worker for half a minute"
    assert 15.0 < decoding_cpu_s(mammogram, mammogram) < CPU_MOST_S


def test_whatever_the_product_has_done_in_a_worker_has_a_budget() -> None:
    """Seen to fail: decoding had half a minute, whatever the image's size."""
    calls = [
        (path.name, call)
        for path in Path(consult.__file__).parent.rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text()))
        if isinstance(call, ast.Call) and ast.unparse(call.func).endswith("_workers.run")
    ]
    assert len(calls) >= 9, "they are found by how they are written"
    assert [name for name, call in calls if "cpu_s" not in {keyword.arg for keyword in call.keywords}] == []


async def test_what_takes_too_much_processor_time_is_ended_with_a_sentence_and_replaced(tmp_path: Path) -> None:
    begun = Fifo(tmp_path / "begun")
    async with DicomWorkers(1, kept=0, tasks=TASKS) as workers:
        before = await workers.run("pid")
        with pytest.raises(WorkerDied) as died:
            await workers.run("spin", begun.path, cpu_s=0.5)
        assert died.value.code == "processor_time"
        assert died.value.sentence == "reading the file takes more than 0.5 s of processor time"
        assert await workers.run("pid") != before
    begun.close()
