"""SubscriptionState files in: the good ones, whatever lies beside them."""

from __future__ import annotations

import asyncio
import errno
import io
import zipfile
from pathlib import Path
from typing import Any

import msgspec
import pytest

from consult.dicom.records import FileRecord
from consult.dicom.workers import DEADLINE_S
from consult.disk import disk_failed
from consult.library import importer as importing
from consult.library import object_store as objects
from consult.library.import_report import ImportReport, Progress
from consult.library.importer import Importer, Shared
from consult.library.object_store import ObjectStore
from consult.library.set_aside import SetAside
from consult.model.errors import StoreFailed
from consult.store.index import IndexedFile, MemoryIndex
from tests.support.dicom_files import ct, write
from tests.support.thread_workers import ThreadWorkers


class Place:
    """A data directory, and imports into it."""

    def __init__(self, data: Path) -> None:
        self.data, self.index, self.objects, self.aside = data, MemoryIndex(), ObjectStore(data), SetAside(data)
        self.progress: list[Progress] = []

    async def take(self, *paths: Path, deadly: bytes = b"") -> ImportReport:
        shared = Shared(self.objects, self.aside, self.index, ThreadWorkers(deadly))
        return await Importer(shared, self.progress.append).run(paths)

    def stored(self) -> int:
        return sum(path.is_file() for path in (self.data / "objects").rglob("*"))

    def partial_files(self) -> list[Path]:
        return [path for path in (self.data / "incoming").rglob("*") if path.is_file()]


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path / "data")


@pytest.fixture
def disc(tmp_path: Path) -> Path:
    folder = tmp_path / "disc"
    folder.mkdir()
    return folder


def images(folder: Path, count: int, **changes: str) -> list[Path]:
    return [write(ct(InstanceNumber=n, **changes), folder / f"{n}.dcm") for n in range(count)]


def a_zip(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


async def test_a_folder_is_taken_and_what_is_no_dicom_is_refused_by_name(place: Place, disc: Path) -> None:
    size = sum(path.stat().st_size for path in images(disc, 3))
    (disc / "readme.txt").write_bytes(b"what is on this disc" * 20)
    report = await place.take(disc)
    assert report.taken == ["disc/0.dcm", "disc/1.dcm", "disc/2.dcm"]
    assert [(r.name, r.code) for r in report.refused] == [("disc/readme.txt", "not_dicom")]
    assert report.studies == ["1.2.3"]
    assert place.stored() == 3
    assert place.partial_files() == []
    assert len(await place.index.files_of_study("1.2.3")) == 3
    assert place.progress[-1].done == place.progress[-1].total == 4
    assert place.progress[-1].bytes == size


async def test_what_is_here_already_is_counted_and_not_taken_twice(place: Place, disc: Path) -> None:
    images(disc, 2)
    await place.take(disc)
    report = await place.take(disc)
    assert (report.taken, report.duplicates, report.refused) == ([], 2, [])
    assert place.stored() == 2


async def test_other_content_of_an_instance_that_is_here_is_refused_and_not_stored(place: Place, disc: Path) -> None:
    write(ct(SOPInstanceUID="1.9"), disc / "a.dcm")
    await place.take(disc / "a.dcm")
    write(ct(SOPInstanceUID="1.9", SeriesDescription="OTHER"), disc / "b.dcm")
    report = await place.take(disc / "b.dcm")
    assert [r.code for r in report.refused] == ["other_content"]
    assert place.stored() == 1


class LastFirst(ThreadWorkers):
    """Answers for one file once another was read."""

    def __init__(self, held: str, until: str) -> None:
        super().__init__()
        self.held, self.until, self.read = held, until, asyncio.Event()

    async def run(self, task: str, *arguments: Any, deadline_s: float = DEADLINE_S, **limits: Any) -> Any:
        name = Path(arguments[0]).name
        if name == self.held:
            await self.read.wait()
        answer = await super().run(task, *arguments, deadline_s=deadline_s, **limits)
        if name == self.until:
            self.read.set()
        return answer


async def test_of_two_files_of_one_instance_the_first_by_name_stays_whichever_was_read_first(
    place: Place, disc: Path
) -> None:
    write(ct(SOPInstanceUID="1.9"), disc / "a.dcm")
    write(ct(SOPInstanceUID="1.9", PatientName="OTHER^NAME"), disc / "b.dcm")
    workers = LastFirst(held="a.dcm", until="b.dcm")
    shared = Shared(place.objects, place.aside, place.index, workers)
    report = await Importer(shared, place.progress.append).run([disc])
    assert report.taken == ["disc/a.dcm"]
    assert [(r.name, r.code) for r in report.refused] == [("disc/b.dcm", "other_content")]
    assert place.stored() == 1


async def test_a_file_that_ends_its_worker_is_refused_and_the_others_are_taken(place: Place, disc: Path) -> None:
    images(disc, 2)
    write(ct(PatientName="KILL^ME"), disc / "evil.dcm")
    report = await place.take(disc, deadly=b"KILL^ME")
    assert len(report.taken) == 2
    assert [(r.name, r.code) for r in report.refused] == [("disc/evil.dcm", "worker_died")]


async def test_a_zip_is_taken_member_by_member_whatever_their_names(place: Place, disc: Path) -> None:
    (image,) = images(disc, 1)
    names = {"../../../evil.dcm": image.read_bytes(), "/etc/cron.d/x": b"nothing" * 30, "DICOMDIR/": b""}
    report = await place.take(a_zip(disc / "a.zip", names))
    assert report.taken == ["a.zip:../../../evil.dcm"]
    assert [r.name for r in report.refused] == ["a.zip:/etc/cron.d/x"]
    assert not list(disc.parent.rglob("evil.dcm"))
    assert place.partial_files() == []
    assert place.progress[-1].done == place.progress[-1].total


async def test_a_zip_in_a_zip_is_opened_and_one_within_that_is_not(place: Place, disc: Path) -> None:
    (image,) = images(disc, 1)
    innermost = a_zip(disc / "3.zip", {"x.dcm": write(ct(), disc / "x.dcm").read_bytes()}).read_bytes()
    inner = a_zip(disc / "2.zip", {"3.zip": innermost, "0.dcm": image.read_bytes()}).read_bytes()
    report = await place.take(a_zip(disc / "1.zip", {"2.zip": inner}))
    assert report.taken == ["1.zip:2.zip:0.dcm"]
    assert [(r.name, r.code) for r in report.refused] == [("1.zip:2.zip:3.zip", "nested_zip")]


async def test_a_bomb_in_a_zip_is_refused_and_the_rest_is_taken(
    place: Place, disc: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(objects, "FREE", 1 << 20)
    (image,) = images(disc, 1)
    report = await place.take(a_zip(disc / "a.zip", {"bomb": bytes(8 << 20), "0.dcm": image.read_bytes()}))
    assert report.taken == ["a.zip:0.dcm"]
    assert [(r.name, r.code) for r in report.refused] == [("a.zip:bomb", "bomb")]
    assert place.partial_files() == []


async def test_a_broken_member_is_refused_and_the_rest_is_taken(place: Place, disc: Path) -> None:
    (image,) = images(disc, 1)
    packed = bytearray(a_zip(disc / "a.zip", {"0.dcm": image.read_bytes(), "1.dcm": image.read_bytes()}).read_bytes())
    at = packed.index(b"0.dcm") + 40
    packed[at : at + 8] = b"\xff" * 8
    (disc / "a.zip").write_bytes(packed)
    report = await place.take(disc / "a.zip")
    assert report.taken == ["a.zip:1.dcm"]
    assert [(r.name, r.code) for r in report.refused] == [("a.zip:0.dcm", "bad_zip")]


async def test_a_full_disk_ends_the_import_and_keeps_what_was_taken(
    place: Place, disc: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "AT_ONCE", 1)
    images(disc, 4)
    real, written = ObjectStore.write, []

    def write_until_full(self: ObjectStore, source: io.BytesIO, path: Path, *, limit: int) -> str:
        written.append(path)
        if len(written) == 3:
            path.write_bytes(b"half")
            raise disk_failed(OSError(errno.ENOSPC, "No space left on device"))
        return real(self, source, path, limit=limit)

    monkeypatch.setattr(ObjectStore, "write", write_until_full)
    with pytest.raises(StoreFailed) as failed:
        await place.take(disc)
    assert failed.value.code == "disk_full"
    assert place.partial_files() == []
    assert len(await place.index.files_of_study("1.2.3")) == 2
    assert place.stored() == 2


async def test_files_whose_rows_failed_are_taken_by_the_next_import(
    place: Place, disc: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    images(disc, 3)
    real = place.index.put_files
    failures = [StoreFailed("store_failed", "once"), StoreFailed("store_failed", "again")]

    async def put_files(files: list[IndexedFile]) -> list[str]:
        if failures:
            raise failures.pop()
        return await real(files)

    monkeypatch.setattr(place.index, "put_files", put_files)
    with pytest.raises(StoreFailed):
        await place.take(disc)
    assert (place.stored(), await place.index.files_of_study("1.2.3")) == (3, [])
    assert len((await place.take(disc)).taken) == 3


async def test_where_rows_do_not_fit_the_newest_files_forget_finished(
    place: Place, disc: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    images(disc, 5)
    await place.take(disc / "4.dcm")
    real = place.index.put_files

    async def put_files(files: list[IndexedFile]) -> list[str]:
        if len(files) > 2:
            raise StoreFailed("disk_full", "full")
        return await real(files)

    monkeypatch.setattr(place.index, "put_files", put_files)
    with pytest.raises(StoreFailed):
        await place.take(disc)
    rows = [msgspec.msgpack.decode(data, type=FileRecord) for data in await place.index.files_of_study("1.2.3")]
    assert len(rows) in (2, 3)
    assert all(place.objects.has(row.frames[0].file) for row in rows)
    assert place.stored() == len(rows)
