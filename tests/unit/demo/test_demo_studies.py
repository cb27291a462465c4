"""The demo studies: made once, with how far they are, and nothing is left where they fail or are interrupted."""

from __future__ import annotations

import asyncio
import shutil
import threading
from pathlib import Path

import pytest

from consult.demo import demo_studies as demo
from consult.demo.demo_studies import INTERRUPTED, DemoStatus, DemoStudies, OnProgress
from consult.library.library import Library
from consult.model.errors import Refused
from consult.store.index import MemoryIndex
from tests.support.ct import write_series
from tests.support.thread_workers import ThreadWorkers
from tests.support.waiting import PATIENCE_S, until


@pytest.fixture
def studies(tmp_path: Path) -> DemoStudies:
    return DemoStudies(tmp_path, Library(tmp_path, MemoryIndex(), ThreadWorkers()))


def left_over(data: Path) -> list[Path]:
    return list(data.glob(".demo-*/"))


def small(folder: Path, on_progress: OnProgress) -> None:
    on_progress(0, 2)
    write_series(folder / "ct", images=1, size=16, patient="DEMO^ANNA", patient_id=demo.PATIENT_ID)
    on_progress(2, 2)


async def test_they_are_made_once(studies: DemoStudies, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    shown: list[tuple[int, int]] = []
    monkeypatch.setattr(demo, "make_demo", small)
    first = await studies.make(lambda done, total: shown.append((done, total)))
    assert shown == [(0, 2), (2, 2)]
    monkeypatch.setattr(demo, "make_demo", None)
    assert await studies.make() == first != []
    assert left_over(tmp_path) == []


async def test_a_full_disk_is_a_failure_with_its_problem(
    studies: DemoStudies, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def full(folder: Path, on_progress: OnProgress) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(demo, "make_demo", full)
    assert studies.start().state == "making"
    await until(lambda: studies.status.state == "failed")
    assert "No space left" in studies.status.problem
    assert left_over(tmp_path) == []
    monkeypatch.setattr(demo, "make_demo", small)
    studies.start()
    await until(lambda: studies.status.state == "here")


async def test_closing_interrupts_it(studies: DemoStudies, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, interrupted = threading.Event(), threading.Event()

    def endless(folder: Path, on_progress: OnProgress) -> None:
        try:
            while True:
                on_progress(1, 100)
                begun.set()
        except InterruptedError:
            interrupted.set()
            raise

    monkeypatch.setattr(demo, "make_demo", endless)
    studies.start()
    await until(begun.is_set)
    assert (studies.status.done, studies.status.total) == (1, 100)
    assert studies.start().total == 100, "at most once at a time"
    await studies.close()
    await until(interrupted.is_set)


async def test_what_was_interrupted_is_completed_and_says_so(
    studies: DemoStudies, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def killed(folder: Path, on_progress: OnProgress) -> None:
        small(tmp_path / ".demo-left", on_progress)
        raise InterruptedError

    monkeypatch.setattr(demo, "make_demo", killed)
    with pytest.raises(InterruptedError):
        await studies.make()
    await studies._library.import_paths([tmp_path / ".demo-left"], lambda progress: None)
    assert await studies.uids(), "a part is here"

    started_again = DemoStudies(tmp_path, studies._library)
    assert started_again.status == DemoStatus("interrupted", problem=INTERRUPTED)
    made: list[Path] = []

    def whole(folder: Path, on_progress: OnProgress) -> None:
        made.append(folder)
        shutil.copytree(tmp_path / "kept" / "ct", folder / "ct")
        write_series(folder / "prior", images=1, size=16, patient="DEMO^ANNA", patient_id=demo.PATIENT_ID)

    shutil.move(tmp_path / ".demo-left", tmp_path / "kept")
    (tmp_path / ".demo-killed").mkdir()
    monkeypatch.setattr(demo, "make_demo", whole)
    assert len(await started_again.make()) == 2
    assert left_over(tmp_path) == []
    await started_again.make()
    assert len(made) == 1, "once"


async def test_only_one_process_makes_them(
    studies: DemoStudies, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async def another() -> list[str]:
        return await DemoStudies(tmp_path, studies._library).make()

    loop = asyncio.get_running_loop()

    def slow(folder: Path, on_progress: OnProgress) -> None:
        with pytest.raises(Refused, match="Another process"):
            asyncio.run_coroutine_threadsafe(another(), loop).result(timeout=PATIENCE_S)
        small(folder, on_progress)

    monkeypatch.setattr(demo, "make_demo", slow)
    assert await studies.make()
