"""The demo studies: made once, told how far they are, and nothing is left where they fail or are interrupted."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from consult.demo import demo_studies as demo
from consult.demo.demo_studies import DemoStudies, OnProgress
from consult.library.library import Library
from consult.store.index import MemoryIndex
from tests.support.ct import write_series
from tests.support.thread_workers import ThreadWorkers
from tests.support.waiting import until


@pytest.fixture
def room(tmp_path: Path) -> DemoStudies:
    return DemoStudies(tmp_path, Library(tmp_path, MemoryIndex(), ThreadWorkers()))


def left_over(data: Path) -> list[Path]:
    return list(data.glob(".demo-*"))


def small(folder: Path, on_progress: OnProgress) -> None:
    on_progress(0, 2)
    write_series(folder / "ct", images=1, size=16, patient="DEMO^ANNA", patient_id=demo.PATIENT_ID)
    on_progress(2, 2)


async def test_they_are_made_once(room: DemoStudies, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    monkeypatch.setattr(demo, "make_demo", small)
    first = await room.make(lambda done, total: told.append((done, total)))
    assert told == [(0, 2), (2, 2)]
    monkeypatch.setattr(demo, "make_demo", None)
    assert await room.make() == first != []
    assert left_over(tmp_path) == []


async def test_a_full_disk_is_told(room: DemoStudies, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def full(folder: Path, on_progress: OnProgress) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(demo, "make_demo", full)
    assert room.start().state == "making"
    await until(lambda: room.told.state == "failed")
    assert "No space left" in room.told.problem
    assert left_over(tmp_path) == []
    monkeypatch.setattr(demo, "make_demo", small)
    room.start()
    await until(lambda: room.told.state == "here")


async def test_closing_interrupts_it(room: DemoStudies, monkeypatch: pytest.MonkeyPatch) -> None:
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
    room.start()
    await until(begun.is_set)
    assert (room.told.done, room.told.total) == (1, 100)
    assert room.start().total == 100, "at most once at a time"
    await room.close()
    await until(interrupted.is_set)
