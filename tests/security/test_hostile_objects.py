"""Segmentations, structure sets, reports, PDF and presentation states that ask for everything, in the worker that reads
them: each is refused or listed with a sentence, or shown as far as it goes, and everybody else is served."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator, Awaitable
from pathlib import Path

import pytest

from consult.app import open_services
from consult.dicom.records import FileRecord
from consult.dicom.workers import DicomWorkers
from consult.model.errors import ConsultError
from consult.settings import Settings
from tests.support.dicom_files import ct, write
from tests.support.hostile_objects import ANY, HOSTILE

CPU_S = 0.5
"""Less than a file of their size may take (`limits.reading_cpu_s`): what is not found by then is ended, as it is beyond
that."""
ENDED = ("processor_time", "worker_died")
"""By its limits, which is an end as well."""
PATIENCE_S = 600.0
QUICK = tuple(name for name in HOSTILE if "2^31" in name or "nests" in name or "86 TB" in name or "contain" in name)


@pytest.fixture
async def workers() -> AsyncIterator[DicomWorkers]:
    """One for files, one for what somebody waits to see."""
    async with DicomWorkers(1, kept=1) as running:
        yield running


async def outcome_of(reading: Awaitable[FileRecord]) -> tuple[str, FileRecord | None]:
    """The code of a refusal, or why it is not shown; "": it is shown."""
    try:
        record = await reading
    except ConsultError as error:
        return error.code if error.sentence else "no sentence", None
    return record.why, record


@pytest.mark.parametrize("name", HOSTILE)
async def test_it_ends_with_a_sentence_and_holds_nobody(name: str, workers: DicomWorkers, tmp_path: Path) -> None:
    make, expected = HOSTILE[name]
    hostile, sound = make(tmp_path / "hostile.dcm"), write(ct(), tmp_path / "sound.dcm")
    known: FileRecord = await workers.run("read_file", str(sound), deadline_s=PATIENCE_S)
    read = workers.run("read_file", str(hostile), deadline_s=PATIENCE_S, cpu_s=CPU_S, background=True)
    reading = asyncio.create_task(read)
    seen = await workers.run("make_thumbnail", str(sound), 0, known.format, known.frames[0], deadline_s=PATIENCE_S)
    assert seen.startswith(b"\x89PNG")
    outcome, record = await outcome_of(reading)
    assert re.search(expected, outcome) or expected == ANY or outcome in ENDED, outcome
    assert outcome != "no sentence"
    if record is not None:
        await draw(workers, hostile, record)
    again: FileRecord = await workers.run("read_file", str(sound), deadline_s=PATIENCE_S, background=True)
    assert again == known


async def draw(workers: DicomWorkers, path: Path, record: FileRecord) -> None:
    """What is shown of it ends too."""
    tasks = [("make_thumbnail", str(path), 0, record.format, record.frames[0])] if record.frames else []
    if record.segmentation is not None:
        tasks.append(("read_regions" if record.segmentation.kind == "regions" else "read_contours", str(path)))  # type: ignore[arg-type]  # as the task wants
    for task in tasks:
        with contextlib.suppress(ConsultError):
            await workers.run(*task, deadline_s=PATIENCE_S, cpu_s=CPU_S)


async def test_an_import_takes_what_is_sound_and_says_what_is_not(tmp_path: Path) -> None:
    """Through all of an import, with the budgets as they are; then the study is opened."""
    folder = tmp_path / "files"
    folder.mkdir()
    for number, name in enumerate(QUICK):
        HOSTILE[name][0](folder / f"{number}.dcm")
    write(ct(), folder / "sound.dcm")
    async with open_services(Settings(data=tmp_path / "data", port=0, workers=1)) as services:
        report = await services.library.import_paths([folder], lambda progress: None)
        assert len(report.taken) + len(report.refused) == len(QUICK) + 1
        assert any(name.endswith("sound.dcm") for name in report.taken)
        assert all(refused.rule for refused in report.refused)
        (study,) = report.studies
        consult = await services.registry.open([study], title="T", host_name="Dr. Host")
        (case,) = (await services.registry.find(consult)).core.state.cases
        assert any(series.modality == "CT" for series in case.series)
