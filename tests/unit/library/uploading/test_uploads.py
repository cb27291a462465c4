"""Uploads: in pieces, over connections that break, through restarts; whole files are taken in as they come."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from consult.library.library import Library
from consult.library.object_store import ObjectStore
from consult.library.uploading import uploads as module
from consult.library.uploading.upload import OffsetDiffers, Upload
from consult.library.uploading.upload_store import UploadFile
from consult.library.uploading.uploads import Uploads
from consult.model.errors import Refused, StoreFailed
from consult.store.index import MemoryIndex
from tests.support.dicom_files import ct, write
from tests.support.thread_workers import ThreadWorkers
from tests.support.waiting import until


class Cut(Exception):
    """The connection is gone."""


async def body(*pieces: bytes, cut: bool = False) -> AsyncIterator[bytes]:
    """A request's body."""
    for piece in pieces:
        yield piece
    if cut:
        raise Cut


class Place:
    """A data directory, its uploads, and files to send."""

    def __init__(self, folder: Path) -> None:
        self.data, self.folder = folder / "data", folder
        self.data.mkdir()
        self.library = Library(self.data, MemoryIndex(), ThreadWorkers())
        self.uploads = Uploads(self.data, self.library)

    def image(self, number: int, **changes: str) -> bytes:
        return write(ct(InstanceNumber=number, **changes), self.folder / f"{number}.dcm").read_bytes()

    async def create(self, *contents: bytes) -> Upload:
        files = [UploadFile(f"CD/{number}.dcm", len(content)) for number, content in enumerate(contents)]
        return await self.uploads.create("CD", files)

    async def send(self, upload: Upload, number: int, content: bytes, offset: int = 0) -> int:
        return await self.uploads.append(upload.manifest.id, number, offset, body(content))

    async def restart(self) -> None:
        await self.uploads.close()
        self.uploads = Uploads(self.data, self.library)
        await self.uploads.open()


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    made = Place(tmp_path)
    await made.uploads.open()
    yield made
    await made.uploads.close()


async def test_whole_files_are_taken_in_while_others_still_come(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ObjectStore, "copy", None)  # what lies on the data directory's own disk is not copied
    first, second, note = place.image(1), place.image(2), b"what is on this disc" * 20
    upload = await place.create(first, note, second)
    await place.send(upload, 0, first)
    await place.send(upload, 1, note)
    await until(lambda: upload.status().settled == 2)
    status = upload.status()
    assert (status.taken, status.refused, status.finished, status.studies) == (1, {"not_dicom": 1}, False, ["1.2.3"])
    assert [(r.name, r.code) for r in upload.outcome.refused] == [("CD/1.dcm", "not_dicom")]
    assert len(await place.library.studies()) == 1
    await place.send(upload, 2, second)
    await until(lambda: upload.status().finished)
    assert upload.status().received == upload.status().bytes == len(first + second + note)
    assert sorted(path.name for path in upload.folder.path.iterdir()) == ["manifest.json", "outcome.json"]


async def test_of_two_files_of_one_instance_the_one_named_first_stays_whichever_came_first(place: Place) -> None:
    first, second = (place.image(1, SOPInstanceUID="1.9", PatientComments=words) for words in ("one", "other"))
    upload = await place.create(first, second)
    await place.send(upload, 1, second)
    await place.send(upload, 0, first)
    await until(lambda: upload.status().finished)
    assert [(r.name, r.code) for r in upload.outcome.refused] == [("CD/1.dcm", "other_content")]


async def test_after_a_cut_it_goes_on_where_it_was_also_after_a_restart(place: Place) -> None:
    content = place.image(1)
    upload = await place.create(content)
    with pytest.raises(Cut):
        await place.uploads.append(upload.manifest.id, 0, 0, body(content[:100], content[100:150], cut=True))
    assert upload.here == [150]
    await place.restart()
    again = place.uploads.find(upload.manifest.id)
    assert (again.here, again.status().received) == ([150], 150)
    with pytest.raises(OffsetDiffers) as differs:
        await place.send(again, 0, content)
    assert differs.value.offset == 150
    assert await place.send(again, 0, content[150:], 150) == len(content)
    await until(lambda: again.status().finished)
    assert again.status().taken == 1


async def test_whole_files_of_before_a_restart_are_taken_in_after_it(place: Place) -> None:
    content = place.image(1)
    await place.uploads.close()
    upload = await place.create(content)
    await place.send(upload, 0, content)
    await place.restart()
    again = place.uploads.find(upload.manifest.id)
    await until(lambda: again.status().finished)
    assert again.status().taken == 1
    await place.restart()
    assert place.uploads.find(upload.manifest.id).status().taken == 1, "what became of it is not forgotten"


async def test_a_stored_file_is_not_lost_where_its_outcome_was_not_stored(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = place.image(1)
    upload = await place.create(content)
    monkeypatch.setattr(type(upload.folder), "put_outcome", lambda *_: None)
    monkeypatch.setattr(type(upload.folder), "drop", lambda *_: None)
    await place.send(upload, 0, content)
    await until(lambda: upload.status().finished)
    monkeypatch.undo()
    await place.restart()
    again = place.uploads.find(upload.manifest.id)
    await until(lambda: again.status().finished)
    assert (again.status().taken, again.status().duplicates) == (0, 1)


async def test_who_writes_last_writes_on(place: Place) -> None:
    content = place.image(1)
    upload = await place.create(content)
    held, come = asyncio.Event(), asyncio.Event()

    async def slow() -> AsyncIterator[bytes]:
        yield content[:64]
        come.set()
        await held.wait()
        yield content[64:]

    former = asyncio.create_task(place.uploads.append(upload.manifest.id, 0, 0, slow()))
    await come.wait()
    assert await place.send(upload, 0, content[:64]) == 64
    held.set()
    with pytest.raises(Refused, match="superseded"):
        await former
    assert upload.here == [64]


async def test_more_than_was_announced_is_refused(place: Place) -> None:
    content = place.image(1)
    upload = await place.create(content)
    with pytest.raises(Refused, match="too_large"):
        await place.send(upload, 0, content + b"x")
    assert upload.here == [0]
    with pytest.raises(Refused, match="unknown_file"):
        await place.send(upload, 1, content)


async def test_a_file_that_is_whole_stays_as_it_is(place: Place) -> None:
    content = place.image(1)
    upload = await place.create(content)
    await place.send(upload, 0, content)
    await until(lambda: upload.status().finished)
    assert await place.send(upload, 0, b"", len(content)) == len(content)
    assert upload.status().taken == 1


async def test_what_cannot_be_read_any_more_is_given_up_by_name(place: Place) -> None:
    upload = await place.create(b"x" * 10, b"")
    await place.uploads.give_up(upload.manifest.id, 0, "")
    await until(lambda: upload.status().finished)
    assert sorted((r.name, r.code) for r in upload.outcome.refused) == [
        ("CD/0.dcm", "not_sent"), ("CD/1.dcm", "not_dicom"),
    ]  # fmt: skip


async def test_limits_are_reported_before_anything_comes(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    for files in ([], [UploadFile("a", 0)] * 3):
        monkeypatch.setattr(module, "MAX_FILES", 2)
        with pytest.raises(Refused, match="too_many"):
            await place.uploads.create("CD", files)
    with pytest.raises(Refused, match="too_large"):
        await place.uploads.create("CD", [UploadFile("a", module.MAX_BYTES + 1)])
    monkeypatch.setattr(module, "SPARE_BYTES", 1 << 60)
    with pytest.raises(StoreFailed, match="disk_full"):
        await place.uploads.create("CD", [UploadFile("a", 1)])


async def test_bytes_that_other_uploads_still_wait_for_are_not_free(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = SimpleNamespace(free=module.SPARE_BYTES + 1000)
    monkeypatch.setattr("shutil.disk_usage", lambda folder: disk)
    upload = await place.create(b"x" * 600)
    with pytest.raises(StoreFailed, match="disk_full"):
        await place.create(b"y" * 600)
    await place.send(upload, 0, b"x" * 200)
    assert (await place.create(b"y" * 600)).manifest.name == "CD"


async def test_only_so_many_are_known_and_finished_ones_go(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_UPLOADS", 1)
    finished = await place.create(b"")
    await until(lambda: finished.status().finished)
    running = await place.create(b"x")
    assert [status.id for status in place.uploads.all()] == [running.manifest.id]
    with pytest.raises(Refused, match="too_many_uploads"):
        await place.create(b"y")


async def test_what_nobody_touches_for_a_day_is_gone(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    upload = await place.create(b"x" * 10)
    await place.send(upload, 0, b"x")
    later = upload.manifest.created_at + module.EXPIRES_S + 60
    monkeypatch.setattr(module, "now", lambda: later)
    await place.restart()
    await until(lambda: not upload.folder.path.exists())
    with pytest.raises(Refused, match="unknown_upload"):
        place.uploads.find(upload.manifest.id)


async def test_a_removed_upload_leaves_nothing_but_what_was_taken(place: Place) -> None:
    content = place.image(1)
    upload = await place.create(content, b"x" * 10)
    await place.send(upload, 0, content)
    await until(lambda: upload.status().settled == 1)
    await place.uploads.remove(upload.manifest.id)
    assert not upload.folder.path.exists()
    assert len(await place.library.studies()) == 1


async def test_a_full_disk_is_reported_and_tried_again(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    content = place.image(1)
    full = [True]
    real = Library.import_sources

    async def sometimes(library: Library, *arguments: object, **named: object) -> object:
        if full:
            raise StoreFailed("disk_full", "The disk is full.")
        return await real(library, *arguments, **named)  # type: ignore[arg-type]  # as they came

    monkeypatch.setattr(Library, "import_sources", sometimes)
    monkeypatch.setattr(module, "RETRY_S", 0.01)
    upload = await place.create(content)
    await place.send(upload, 0, content)
    await until(lambda: upload.status().problem == "The disk is full.")
    full.clear()
    await until(lambda: upload.status().finished)
    assert (upload.status().taken, upload.status().problem) == (1, "")
