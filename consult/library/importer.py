"""Takes files in: each is read in a worker, stored under its hash, then put into the index.

Rules of this file:
- A file counts as taken once it and its row are on the disk; rows are put in batches, behind their files.
- One bad file is refused by name; the others go on. Only a disk that takes no more ends an import, and then what was
  stored before is put into the index first.
- Several files are running at once; the walk, copies and hashes run on threads, never on the loop.
- Rows are put in the order of the walk, whichever file was read first: which of two files with one SOPInstanceUID
  stays never depends on timing.
"""

from __future__ import annotations

import asyncio
import lzma
import zipfile
import zlib
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from consult.clock import now
from consult.dicom.records import FileRecord
from consult.dicom.stacks import series_key
from consult.dicom.workers import DicomWorkers
from consult.library.object_store import ObjectStore
from consult.library.sources import Member, Source, Unreadable, find_sources, is_zip, members, open_zip, printable
from consult.model.errors import DicomRefused, StoreFailed, WorkerDied
from consult.store.index import Index, IndexedFile

BATCH = 64
MAX_FILE_BYTES = 4 << 30
MAX_ZIP_RATIO = 200
MAX_ZIP_DEPTH = 1
AT_ONCE = 4
"""Files running: workers stay busy while others are copied."""
OLD_PARTIAL_FILE_S = 24 * 3600.0
T = TypeVar("T")


class Progress(Struct, frozen=True):
    """How far an import is. `total` grows while folders and zips are opened."""

    done: int
    total: int
    bytes: int


class RefusedFile(Struct, frozen=True):
    """A file that was not taken, and why."""

    name: str
    code: str
    rule: str
    tag: str = ""
    value: str = ""


class ImportReport(Struct, frozen=True):
    """What became of an import.

    Attributes:
        taken: names of the files that are new.
        refused: with their reasons.
        studies: StudyInstanceUIDs that were touched.
        duplicates: files that were here already.
        skipped: DICOMDIR files, which list others.
        unshown: of those that are taken, how many are kept but not shown yet (reports, documents, segmentations).
    """

    taken: list[str]
    refused: list[RefusedFile]
    studies: list[str]
    duplicates: int = 0
    skipped: int = 0
    unshown: int = 0


@dataclass
class _Tally:
    """What is known so far."""

    taken: list[str] = field(default_factory=list)
    refused: list[RefusedFile] = field(default_factory=list)
    studies: dict[str, None] = field(default_factory=dict)
    duplicates: int = 0
    skipped: int = 0
    unshown: int = 0
    done: int = 0
    total: int = 0
    bytes: int = 0


@dataclass(frozen=True)
class _Stored:
    """A file that is stored and waits for its row. `new`: by this import."""

    name: str
    record: FileRecord
    new: bool


@dataclass
class _Slot:
    """What came of one thing of the walk, until all before it are done."""

    stored: list[_Stored] = field(default_factory=list)
    done: bool = False


class Importer:
    """One import. Made for one call of `run`."""

    def __init__(
        self, store: ObjectStore, index: Index, workers: DicomWorkers, on_progress: Callable[[Progress], None]
    ) -> None:
        self._store, self._index, self._workers, self._on_progress = store, index, workers, on_progress
        self._tally = _Tally()
        self._batch: list[_Stored] = []
        self._zips: list[Source] = []
        self._putting = asyncio.Lock()

    async def run(self, paths: Sequence[Path]) -> ImportReport:
        """Take in all that lies below the paths: plain files first, then zip by zip.

        Raises:
            StoreFailed: "disk_full", "store_failed"; what was taken before is stored.
        """
        await asyncio.to_thread(self._store.clear_partial_files, now() - OLD_PARTIAL_FILE_S)
        return await self.take(await asyncio.to_thread(list, find_sources(paths)))

    async def take(self, sources: Sequence[Source | Unreadable]) -> ImportReport:
        """Take these in: plain files first, then zip by zip. Raises StoreFailed as `run` does."""
        self._tally.total = len(sources)
        try:
            await self._each(sources, self._take_source, self._batch)
            for source in self._zips:
                await self._take_zip(source.name, source.path, self._batch, depth=0)
            await self._put_batch()
        except StoreFailed:
            await self._rescue()
            raise
        tally = self._tally
        refused = sorted(tally.refused, key=lambda r: r.name)
        counts = tally.duplicates, tally.skipped, tally.unshown
        return ImportReport(sorted(tally.taken), refused, list(tally.studies), *counts)

    async def _take_source(self, source: Source | Unreadable, into: list[_Stored]) -> None:
        if isinstance(source, Unreadable):
            self._refuse(source.name, source.error)
            self._step()
            return
        try:
            zipped = await asyncio.to_thread(is_zip, source.path)
        except OSError as error:
            self._refuse(source.name, DicomRefused("no_access", f"the file cannot be read: {error.strerror}"))
            self._step()
            return
        if zipped:
            self._zips.append(source)
        else:
            await self._take(source.name, source.path, into, ours=source.ours)

    async def _take_zip(self, name: str, path: Path, into: list[_Stored], *, depth: int) -> None:
        """Every member of a zip."""
        self._step()
        if depth > MAX_ZIP_DEPTH:
            self._refuse(name, DicomRefused("nested_zip", "zips within zips within zips are not opened"))
            return
        try:
            archive = await asyncio.to_thread(open_zip, path)
        except DicomRefused as error:
            self._refuse(name, error)
            return
        with archive:
            try:
                found = members(archive, name)
            except DicomRefused as error:
                self._refuse(name, error)
                return
            self._tally.total += len(found)
            await self._each(found, lambda member, slot: self._take_member(member, slot, depth), into)

    async def _take_member(self, member: Member, into: list[_Stored], depth: int) -> None:
        """Unpack one member beside, and take that."""
        partial = self._store.new_partial_file()
        try:
            digest = await asyncio.to_thread(self._unpack, member, partial)
            if await asyncio.to_thread(is_zip, partial):
                await self._take_zip(member.name, partial, into, depth=depth + 1)
            else:
                await self._take(member.name, partial, into, digest)
        except DicomRefused as error:
            self._refuse(member.name, error)
            self._step()
        finally:
            await asyncio.to_thread(partial.unlink, missing_ok=True)

    def _unpack(self, member: Member, partial: Path) -> str:
        """On a thread."""
        try:
            with member.open() as source:
                return self._store.write(
                    source, partial, limit=MAX_FILE_BYTES, ratio_of=member.info.compress_size, ratio=MAX_ZIP_RATIO
                )
        except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, RuntimeError) as error:
            raise DicomRefused("bad_zip", f"the zip is broken here ({error})") from None

    async def _take(
        self, name: str, path: Path, into: list[_Stored], digest: str = "", *, ours: bool = False
    ) -> None:
        """One file; `digest` is given for a partial file of ours, `ours` for a file that stays as it is."""
        try:
            record: FileRecord = await self._workers.run("read_file", str(path))
            record = replace(record, file_name=printable(name))
            size, new = await asyncio.to_thread(self._store_file, path, record.file, digest, ours)
            self._tally.bytes += size
            into.append(_Stored(name, record, new))
        except DicomRefused as error:
            self._refuse(name, error)
        except WorkerDied as error:
            self._refuse(name, DicomRefused(error.code, error.sentence))
        except OSError as error:
            self._refuse(name, DicomRefused("no_access", f"the file cannot be read: {error.strerror}"))
        self._step()

    def _store_file(self, path: Path, file: str, digest: str, ours: bool) -> tuple[int, bool]:
        """On a thread: the file is here under its hash, whoever brought it. Its size, and whether it is new."""
        size = path.stat().st_size
        if digest not in ("", file):
            raise DicomRefused("changed", "the file changed while it was read")
        if self._store.has(file):
            return size, False
        if digest:
            self._store.adopt(path, file)
        elif ours:
            self._store.link(path, file, limit=MAX_FILE_BYTES)
        else:
            self._store.copy(path, file, limit=MAX_FILE_BYTES)
        return size, True

    async def _put_batch(self) -> None:
        """Rows of what is stored. Raises StoreFailed; the batch stays then."""
        async with self._putting:
            batch = self._batch.copy()
            self._batch.clear()
            if not batch:
                return
            try:
                await asyncio.to_thread(self._store.sync_folders)
                before = await self._index.put_files([_row(stored.record) for stored in batch])
            except StoreFailed:
                self._batch[:0] = batch
                raise
            for stored, held in zip(batch, before, strict=True):
                await self._count(stored, held)

    async def _rescue(self) -> None:
        """The disk took no more: put the rows of what is stored; where they do not fit, the newest files go."""
        while self._batch:
            try:
                await self._put_batch()
            except StoreFailed as error:
                if error.code != "disk_full":
                    return  # the files stay, and the next import finds them
                given_up = self._batch.pop()
                if given_up.new:
                    await asyncio.to_thread(self._store.remove, given_up.record.file)

    async def _count(self, stored: _Stored, held: str) -> None:
        file = stored.record.file
        if held and held != file:
            await asyncio.to_thread(self._store.remove, file)
            rule = "another file with this SOPInstanceUID is here already; it stays"
            self._refuse(stored.name, DicomRefused("other_content", rule))
            return
        self._tally.studies[stored.record.study_uid] = None
        if held:
            self._tally.duplicates += 1
        else:
            self._tally.taken.append(stored.name)
            self._tally.unshown += bool(stored.record.unshown)

    async def _each(
        self, things: Sequence[T], take: Callable[[T, list[_Stored]], Awaitable[None]], into: list[_Stored]
    ) -> None:
        """Take things, several at once, and what is stored of them into a list in their order; an error ends all."""
        waiting, slots = iter(things), deque[_Slot]()

        async def consume() -> None:
            for thing in waiting:
                slots.append(slot := _Slot())
                await take(thing, slot.stored)
                slot.done = True
                while slots and slots[0].done:
                    into.extend(slots.popleft().stored)
                if len(self._batch) >= BATCH:
                    await self._put_batch()

        tasks = [asyncio.create_task(consume()) for _ in range(AT_ONCE)]
        try:
            await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            into.extend(stored for slot in slots for stored in slot.stored)

    def _refuse(self, name: str, error: DicomRefused) -> None:
        if error.code == "dicomdir":
            self._tally.skipped += 1
        else:
            self._tally.refused.append(RefusedFile(printable(name), error.code, error.rule, error.tag, error.value))

    def _step(self) -> None:
        tally = self._tally
        tally.done += 1
        self._on_progress(Progress(tally.done, tally.total, tally.bytes))


def _row(record: FileRecord) -> IndexedFile:
    return IndexedFile(
        sop_uid=record.sop_instance,
        file=record.file,
        study_uid=record.study_uid,
        series_key=series_key(record.study_uid, record.series_uid),
        modality=record.modality,
        images=len(record.frames),
        data=msgspec.msgpack.encode(record),
    )
