"""Studies that an older version took in: the same keys, and a second axis without importing them anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from consult.dicom.naming import short_key
from consult.dicom.reading.file_reader import read_file
from consult.dicom.records import FileRecord
from consult.dicom.stacks import series_of
from consult.library.former_records import is_former
from consult.library.library import Library
from consult.model.catalogue import Axis
from consult.model.errors import WorkerDied
from consult.model.identifiers import SeriesKey
from consult.store.index import IndexedFile, MemoryIndex
from tests.support.ct import write_series
from tests.support.dicom_files import ct, write
from tests.support.segmentation_files import images_of, write_marked
from tests.support.thread_workers import ThreadWorkers


class OldIndex(MemoryIndex):
    """Rows as an older version wrote them: records without what distinguishes frames.

    Attributes:
        names: of all derived things that were ever stored.
    """

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    async def put_derived(self, things: Mapping[str, bytes]) -> None:
        self.names |= set(things)
        await super().put_derived(things)

    async def put_files(self, files: Sequence[IndexedFile]) -> list[str]:
        return await super().put_files([replace(file, data=_old(file.data)) for file in files])


def _old(row: bytes) -> bytes:
    record = msgspec.msgpack.decode(row)
    for frame in record["frames"]:
        del frame["attributes"]
    return msgspec.msgpack.encode(record)


class OldShelf:
    """Two echoes of two places, taken in by an older version."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.index, self.workers = folder, OldIndex(), ThreadWorkers()
        self.library = self.restarted()

    def restarted(self) -> Library:
        return Library(self.folder, self.index, self.workers)

    async def fill(self) -> None:
        made = self.folder / "made"
        made.mkdir()
        for number, (echo, z) in enumerate((echo, z) for echo in (10, 20) for z in (0, 3)):
            image = ct(EchoTime=echo, ImagePositionPatient=[0, 0, z], InstanceNumber=number + 1, Modality="MR")
            write(image, made / f"{number}.dcm")
        await self.library.import_paths([made], lambda progress: None)

    async def files(self) -> list[str]:
        """Hashes in the order of the instance numbers."""
        rows = await self.index.files_of_study("1.2.3")
        records = [msgspec.msgpack.decode(row, type=FileRecord) for row in rows]
        return [r.frames[0].file for r in sorted(records, key=lambda r: r.frames[0].order)]


@pytest.fixture
async def old(tmp_path: Path) -> OldShelf:
    shelf = OldShelf(tmp_path)
    await shelf.fill()
    return shelf


async def test_what_distinguishes_frames_is_read_once(old: OldShelf) -> None:
    (series,) = (await old.library.case(["1.2.3"], id="c1", title="")).series
    assert series.axis == Axis("EchoTime", ("TE 10 ms", "TE 20 ms"))
    again = await old.restarted().case(["1.2.3"], id="c1", title="")
    assert again.series == (series,)
    assert (await old.restarted().stack(series.key)).series == series
    assert old.workers.asked.count("read_again") == 1


async def test_a_key_that_an_older_version_gave_shows_what_it_showed(old: OldShelf) -> None:
    """It gave each echo a stack, and the index names its images."""
    first = [f"{file}/0" for file in (await old.files())[1::-1]]
    (now,) = (await old.library.case(["1.2.3"], id="c1", title="")).series
    key = SeriesKey(f"{series_of(now.key)}-{short_key(*first)}")
    await old.index.put_derived({f"stack/{key}": msgspec.msgpack.encode(first)})
    former = await old.restarted().stack(key)
    assert former.series.key == key
    assert [frame.source_digest for frame in former.frames] == first
    assert (former.series.axis, former.series.places, former.series.note) == (None, 2, "")


async def test_nothing_that_was_derived_outlives_its_study(old: OldShelf) -> None:
    # Seen to fail on: what distinguishes the frames, which stayed in the index.
    (series,) = (await old.library.case(["1.2.3"], id="c1", title="")).series
    for name in (f"attributes/{series_of(series.key)}", f"attributes/2/{series_of(series.key)}"):
        await old.index.put_derived({name: b"of the version before"})
    await old.library.delete("1.2.3", await old.library.files("1.2.3"))
    assert {name.partition("/")[0] for name in old.index.names} == {"described", "attributes", "stack"}
    assert [name for name in old.index.names if await old.index.derived(name) is not None] == []


async def test_a_worker_that_dies_leaves_the_records_as_they_were(
    old: OldShelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def die(task: str, *arguments: object, **limits: object) -> object:
        raise WorkerDied("worker_died", "")

    with monkeypatch.context() as patched:
        patched.setattr(old.workers, "run", die)
        (series,) = (await old.library.case(["1.2.3"], id="c1", title="")).series
        assert (series.axis, series.images) == (None, 4)
    (series,) = (await old.library.case(["1.2.3"], id="c1", title="")).series
    assert series.axis is not None


@pytest.mark.parametrize(("modality", "former"), [("PT", True), ("CT", False)])
def test_what_came_last_is_read_again_of_pet_alone(modality: str, former: bool, tmp_path: Path) -> None:
    record = read_file(str(write(ct(Modality=modality), tmp_path / "1.dcm")))
    (frame,) = record.frames
    assert frame.attributes is not None
    assert not is_former(record)
    before = replace(frame, attributes=replace(frame.attributes, version=3))
    assert is_former(replace(record, frames=(before,))) is former


async def test_what_could_not_be_shown_is_shown_once_it_can_be(tmp_path: Path) -> None:
    """A segmentation that was only listed by an older version is drawn over its series without importing it anew."""
    index, workers = OnlyListed(), ThreadWorkers()
    library = Library(tmp_path / "data", index, workers)
    study = write_series(tmp_path / "ct", images=6, size=16)
    write_marked(tmp_path / "ct", images_of(tmp_path / "ct"), tmp_path / "ct" / "seg.dcm")
    await library.import_paths([tmp_path / "ct"], lambda progress: None)
    case = await library.case([study], id="c1", title="")
    assert [one.over for one in case.segmentations] == [(case.series[0].key,)]
    assert case.unshown == ()
    await library.segmentation(case.segmentations[0])


class OnlyListed(MemoryIndex):
    """Rows as of 29 November 2026: what marks regions is only named."""

    async def put_files(self, files: Sequence[IndexedFile]) -> list[str]:
        return await super().put_files([replace(file, data=self._old(file.data)) for file in files])

    def _old(self, row: bytes) -> bytes:
        record = msgspec.msgpack.decode(row)
        if record.pop("segmentation"):
            record["unshown"] = "Segmentation"
        del record["why"]
        return msgspec.msgpack.encode(record)
