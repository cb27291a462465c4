"""One file never ends an import, and one import never holds another."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from consult.app import open_library
from consult.library import importer
from consult.library.import_report import ImportReport
from consult.library.library import Library
from consult.library.sources import Source
from consult.library.uploading.upload import Upload
from consult.library.uploading.upload_store import UploadFile
from consult.library.uploading.uploads import Uploads
from consult.model.errors import Refused
from consult.settings import Settings
from consult.store.index import MemoryIndex
from tests.support.dicom_files import ct, write
from tests.support.hostile_files import changed
from tests.support.thread_workers import ThreadWorkers
from tests.support.waiting import until

HANGS = "hangs"
"""In the name of a file: reading it does not end by itself."""


class Workers(ThreadWorkers):
    """Some files hang, until they are let go."""

    def __init__(self) -> None:
        super().__init__()
        self.hanging, self.ended, self.let_go = 0, 0, asyncio.Event()

    async def run(self, task: str, *arguments: Any, **limits: Any) -> Any:
        if HANGS.encode() in await asyncio.to_thread(Path(arguments[0]).read_bytes):
            self.hanging += 1
            try:
                await self.let_go.wait()
            finally:
                self.ended += 1
        return await super().run(task, *arguments, **limits)


class Place:
    """A data directory and its uploads."""

    def __init__(self, folder: Path) -> None:
        self.data, self.folder, self.workers = folder / "data", folder, Workers()
        self.data.mkdir()
        self.library = Library(self.data, MemoryIndex(), self.workers)
        self.uploads = Uploads(self.data, self.library)

    def image(self, name: str = "image", **changes: Any) -> bytes:
        return write(ct(**changes), self.folder / name).read_bytes()

    async def upload(self, *contents: bytes) -> Upload:
        async def body(content: bytes) -> AsyncIterator[bytes]:
            yield content

        files = [UploadFile(f"{number}.dcm", len(content)) for number, content in enumerate(contents)]
        upload = await self.uploads.create("CD", files)
        for number, content in enumerate(contents):
            await self.uploads.append(upload.manifest.id, number, 0, body(content))
        return upload

    async def take(self, content: bytes) -> ImportReport:
        path = self.folder / "posted"
        path.write_bytes(content)
        return await self.library.import_sources([Source("posted", path)], lambda progress: None)

    def objects(self) -> int:
        return sum(path.is_file() for path in (self.data / "objects").rglob("*"))


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    made = Place(tmp_path)
    await made.uploads.open()
    yield made
    made.workers.let_go.set()
    await made.uploads.close()
    made.library.close()


async def test_a_number_beyond_64_bits_costs_its_file_and_no_other(place: Place) -> None:
    hostile = changed(place.folder / "huge", ct(), "SeriesNumber", b"IS", b"9" * 40).read_bytes()
    first = await place.upload(place.image(), hostile, place.image())
    second = await place.upload(place.image())
    await until(lambda: first.finished and second.finished)
    assert (first.status().taken, second.status().taken) == (2, 1)
    (refused,) = first.outcome.refused
    assert (refused.name, refused.code, refused.tag) == ("1.dcm", "out_of_range", "SeriesNumber")


async def test_a_fault_of_ours_over_one_file_is_said_of_it_and_ends_nothing(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = importer._row

    def stumbling(record: Any) -> Any:
        if record.series_description == "STUMBLE":
            raise OverflowError("an integer that msgpack does not know")
        return real(record)

    monkeypatch.setattr(importer, "_row", stumbling)
    paths = [write(ct(SeriesDescription=words), place.folder / f"{n}") for n, words in enumerate(("A", "STUMBLE", "B"))]
    report = await place.library.import_sources([Source(path.name, path) for path in paths], lambda progress: None)
    assert report.taken == ["0", "2"]
    assert [(refused.name, refused.code) for refused in report.refused] == [("1", "fault")]


async def test_a_fault_that_ends_a_whole_batch_is_pinned_to_its_file(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Library.import_sources

    async def stumbling(library: Library, sources: list[Source], *arguments: Any, **named: Any) -> Any:
        if any(b"STUMBLE" in source.path.read_bytes() for source in sources):
            raise RuntimeError("nobody has thought of this")
        return await real(library, sources, *arguments, **named)

    monkeypatch.setattr(Library, "import_sources", stumbling)
    upload = await place.upload(place.image(), place.image(SeriesDescription="STUMBLE"), place.image())
    await until(lambda: upload.finished)
    assert upload.status().taken == 2
    assert [(r.name, r.code) for r in upload.outcome.refused] == [("1.dcm", "fault")]


async def test_an_import_that_hangs_holds_no_other_and_no_deletion(place: Place) -> None:
    hanging = await place.upload(place.image(SeriesDescription=HANGS))
    await until(lambda: place.workers.hanging == 1)
    other = await place.upload(place.image())
    await until(lambda: other.finished)
    assert (await place.take(place.image(SOPInstanceUID="1.9"))).taken == ["posted"]
    await place.library.delete("1.2.3", await place.library.files("1.2.3"))
    assert await place.library.studies() == []
    assert not hanging.finished


async def test_an_import_ends_with_its_upload(place: Place) -> None:
    upload = await place.upload(place.image(SeriesDescription=HANGS))
    await until(lambda: place.workers.hanging == 1)
    await place.uploads.remove(upload.manifest.id)
    assert place.workers.ended == 1
    with pytest.raises(Refused):
        place.uploads.find(upload.manifest.id)


async def test_a_file_whose_study_is_deleted_while_it_is_taken_in_again_is_not_lost(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = place.image()
    await place.take(content)
    put, deleted = MemoryIndex.put_files, asyncio.Event()

    async def late(index: MemoryIndex, files: Any) -> list[str]:
        await deleted.wait()
        return await put(index, files)

    taking = asyncio.create_task(place.take(content))
    monkeypatch.setattr(MemoryIndex, "put_files", late)
    rows = place.library._shared.rows
    await until(rows.locked)
    rows.release()  # as if the deletion had come between the storing and the row
    await place.library.delete("1.2.3", await place.library.files("1.2.3"))
    assert place.objects() == 1
    await rows.acquire()
    deleted.set()
    assert (await taking).taken == ["posted"]
    assert place.objects() == 1


async def test_nothing_is_allocated_for_a_size_that_is_only_announced(place: Place) -> None:
    await place.uploads.create("CD", [UploadFile("a", 100 << 20)])
    (folder,) = (place.data / "uploads").iterdir()
    assert [path.name for path in folder.iterdir()] == ["manifest.json"]
    with pytest.raises(Refused, match="GiB at most"):
        await place.uploads.create("CD", [UploadFile("a", 2**53)])


async def test_a_server_that_starts_clears_what_another_has_left_half_taken_in(tmp_path: Path) -> None:
    left = tmp_path / "incoming" / "0123456789abcdef"
    left.mkdir(parents=True)
    (left / "partial").write_bytes(b"x")
    (tmp_path / "incoming" / "partial").write_bytes(b"x")
    async with AsyncExitStack() as stack:
        await open_library(stack, Settings(data=tmp_path))
        assert list((tmp_path / "incoming").iterdir()) == []
