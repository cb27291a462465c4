"""Takes files in: each is read in a worker, stored under its hash, then put into the index.

Rules of this file:
- A file counts as taken once it and its row are on the disk; rows are put in batches, behind their files.
- One bad file is refused by name; the others go on, also where the fault is ours. Only a disk that takes no more ends
  an import, and then what was stored before is put into the index first.
- Several imports run beside each other. A file is held from before it is stored until its row is there or given up;
  only rows are put one batch at a time (`rows`).
- What an archive unpacks to is counted over all depths (archive_budget.py); beyond it the archive is given up.
- A file with another patient under a study that was here before is set aside (set_aside.py).
- Several files are running at once; the walk, copies and hashes run on threads, never on the loop.
- Rows are put in the order of the walk, whichever file was read first: which of two files with one SOPInstanceUID
  stays never depends on timing.
"""

from __future__ import annotations

import asyncio
import functools
import logging
import zipfile
import zlib
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from pathlib import Path
from typing import ParamSpec, TypeVar

import msgspec
from msgspec.structs import replace

from consult.clock import now
from consult.dicom.limits import reading_cpu_s
from consult.dicom.records import FileRecord
from consult.dicom.stacks import series_key
from consult.dicom.workers import DicomWorkers
from consult.library.archive_budget import MAX_DEPTH, ArchiveBudget
from consult.library.import_report import ImportReport, Progress, Tally
from consult.library.object_store import ObjectStore
from consult.library.set_aside import AsideFile, SetAside, differing, other_patient
from consult.library.sources import Member, Source, Unreadable, find_sources, is_zip, members, open_zip, printable
from consult.model.catalogue import Patient
from consult.model.errors import DicomRefused, StoreFailed, WorkerDied
from consult.store.index import Index, IndexedFile

logger = logging.getLogger(__name__)
BATCH = 64
MAX_FILE_BYTES = 4 << 30
MAX_ZIP_RATIO = 200
"""Of one file in it."""
AT_ONCE = 4
"""Files running: workers stay busy while others are copied."""
FAULT = "reading it met a fault of this server, which is in its log"
T = TypeVar("T")
P = ParamSpec("P")


@dataclass(frozen=True)
class _Stored:
    """A file that is stored and held, and waits for its row. `new`: by this import."""

    name: str
    record: FileRecord
    row: IndexedFile
    new: bool


@dataclass
class _Slot:
    """What came of one thing of the walk, until all before it are done."""

    stored: list[_Stored] = field(default_factory=list)
    done: bool = False


@dataclass(frozen=True)
class Shared:
    """What all imports of one library share.

    Attributes:
        rows: held while rows are put or deleted, never while a file is read.
        threads: for what blocks; None: the loop's own.
    """

    store: ObjectStore
    aside: SetAside
    index: Index
    workers: DicomWorkers
    rows: asyncio.Lock = field(default_factory=asyncio.Lock)
    threads: Executor | None = None


class Importer:
    """One import. Made for one call of `run`.

    Args:
        shared: with the others that run.
        on_progress: called on the loop, after every file.
        fresh: studies that the caller itself has brought; more are added.
    """

    def __init__(
        self, shared: Shared, on_progress: Callable[[Progress], None], *, fresh: set[str] | None = None
    ) -> None:
        self._shared, self._on_progress = shared, on_progress
        self._store, self._index, self._workers = shared.store, shared.index, shared.workers
        self._fresh = set() if fresh is None else fresh
        self._known: dict[str, Patient] = {}
        self._budgets: list[ArchiveBudget] = []
        self._tally = Tally()
        self._batch: list[_Stored] = []
        self._zips: list[Source] = []

    async def run(self, paths: Sequence[Path]) -> ImportReport:
        """Take in all that lies below the paths: plain files first, then zip by zip.

        Raises:
            StoreFailed: "disk_full", "store_failed"; what was taken before is stored.
        """
        return await self.take(await self._in_thread(lambda: list(find_sources(paths))))

    async def take(self, sources: Sequence[Source | Unreadable]) -> ImportReport:
        """Take these in: plain files first, then zip by zip. Raises StoreFailed as `run` does."""
        self._tally.total = len(sources)
        try:
            await self._each(sources, self._take_source, self._batch)
            for source in self._zips:
                size = (await self._in_thread(source.path.stat)).st_size
                await self._take_zip(source.name, source.path, self._batch, self._new_budget(size))
            await self._put_batch()
        except StoreFailed:
            await self._rescue()
            raise
        finally:
            self._give_up()
        return self._tally.report()

    def _new_budget(self, size: int) -> ArchiveBudget:
        self._budgets.append(budget := ArchiveBudget(size))
        return budget

    def _give_up(self) -> None:
        """Of what is still under way, and of files that have no row: they stay for the next import, held by nobody."""
        for budget in self._budgets:
            budget.stop()
        for stored in self._batch:
            self._store.let_go(stored.record.file, wanted=False)
        self._batch.clear()

    async def _in_thread(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """On the imports' own threads: who waits for a slow archive there holds nobody else."""
        call = functools.partial(work, *args, **kwargs)
        return await asyncio.get_running_loop().run_in_executor(self._shared.threads, call)

    async def _take_source(self, source: Source | Unreadable, into: list[_Stored]) -> None:
        if isinstance(source, Unreadable):
            self._tally.refuse(source.name, source.error)
            self._step()
            return
        try:
            zipped = await self._in_thread(is_zip, source.path)
        except OSError as error:
            self._tally.refuse(source.name, DicomRefused("no_access", f"the file cannot be read: {error.strerror}"))
            self._step()
            return
        if zipped:
            self._zips.append(source)
        else:
            await self._take(source.name, source.path, into, ours=source.ours)

    async def _take_zip(
        self, name: str, path: Path, into: list[_Stored], budget: ArchiveBudget, depth: int = 0
    ) -> None:
        """Every member of a zip, as far as its budget goes."""
        self._step()
        if depth > MAX_DEPTH:
            self._tally.refuse(name, DicomRefused("nested_zip", "zips within zips within zips are not opened"))
            return
        try:
            archive = await self._in_thread(open_zip, path)
        except DicomRefused as error:
            self._tally.refuse(name, error)
            return
        with archive:
            try:
                budget.open(info.file_size for info in archive.infolist())
            except DicomRefused as error:
                self._tally.refuse(name, error)
                return
            found = members(archive, name)
            self._tally.total += len(found)
            await self._each(found, lambda member, slot: self._take_member(member, slot, budget, depth), into)

    async def _take_member(self, member: Member, into: list[_Stored], budget: ArchiveBudget, depth: int) -> None:
        """Unpack one member beside, and take that; nothing of an archive that is given up, which is said once."""
        if budget.stopped:
            self._step()
            return
        partial = self._store.new_partial_file()
        try:
            digest = await self._in_thread(self._unpack, member, partial, budget)
            if await self._in_thread(is_zip, partial):
                await self._take_zip(member.name, partial, into, budget, depth + 1)
            else:
                await self._take(member.name, partial, into, digest)
        except DicomRefused as error:
            if error.code != "given_up":
                self._tally.refuse(member.name, error)
            self._step()
        except StoreFailed:
            raise
        except Exception:  # a fault of ours over one file must not hold what others bring
            logger.exception("a file of an archive was not taken in: a fault of ours")
            self._tally.refuse(member.name, DicomRefused("fault", FAULT))
            self._step()
        finally:
            await self._in_thread(partial.unlink, missing_ok=True)

    def _unpack(self, member: Member, partial: Path, budget: ArchiveBudget) -> str:
        """On a thread."""
        size = member.info.compress_size
        limits = {"limit": MAX_FILE_BYTES, "ratio_of": size, "ratio": MAX_ZIP_RATIO}
        try:
            with member.open() as source:
                return self._store.write(source, partial, **limits, on_piece=budget.spend)
        except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError) as error:
            raise DicomRefused("bad_zip", f"the zip is broken here ({error})") from None

    async def _take(self, name: str, path: Path, into: list[_Stored], digest: str = "", *, ours: bool = False) -> None:
        """One file; `digest` is given for a partial file of ours, `ours` for a file that stays as it is."""
        try:
            size = (await self._in_thread(path.stat)).st_size
            record = replace(await self._read(path, size), file_name=printable(name))
            if digest not in ("", record.file):
                raise DicomRefused("changed", "the file changed while it was read")
            await self._check_patient(record, path)
            row = _row(record)
            self._tally.bytes += size
            into.append(_Stored(name, record, row, await self._stored(path, record.file, digest, ours)))
        except DicomRefused as error:
            self._tally.refuse(name, error)
        except WorkerDied as error:
            self._tally.refuse(name, DicomRefused(error.code, error.sentence))
        except OSError as error:
            self._tally.refuse(name, DicomRefused("no_access", f"the file cannot be read: {error.strerror}"))
        except StoreFailed:
            raise
        except Exception:  # a fault of ours over one file must not hold what others bring
            logger.exception("a file was not taken in: a fault of ours")
            self._tally.refuse(name, DicomRefused("fault", FAULT))
        self._step()

    async def _read(self, path: Path, size: int) -> FileRecord:
        """In a worker; what is shown to somebody comes before it."""
        found: FileRecord = await self._workers.run("read_file", str(path), cpu_s=reading_cpu_s(size), background=True)
        return found

    async def _check_patient(self, record: FileRecord, path: Path) -> None:
        """Set aside what has another patient than its study had before. Raises DicomRefused("other_patient")."""
        uid = record.study_uid
        if uid not in self._known and uid not in self._fresh:
            sample = await self._index.sample_of_study(uid)
            if sample is None:
                self._fresh.add(uid)
            else:
                self._known[uid] = msgspec.msgpack.decode(sample, type=FileRecord).patient
        if uid in self._fresh or not (found := differing(self._known[uid], record)):
            return
        words = record.series_description or record.unshown
        entry = AsideFile(record.file, record.file_name, uid, record.modality, words, now(), found)
        raise other_patient(list(found), kept=await self._in_thread(self._shared.aside.put, path, entry))

    async def _stored(self, path: Path, file: str, digest: str, ours: bool) -> bool:
        """The file is held, and here under its hash, whoever brought it; whether it is new."""
        self._store.hold(file)
        try:
            return await self._in_thread(self._store_file, path, file, digest, ours)
        except BaseException:
            self._store.let_go(file, wanted=False)
            raise

    def _store_file(self, path: Path, file: str, digest: str, ours: bool) -> bool:
        """On a thread."""
        if self._store.has(file):
            return False
        if digest:
            self._store.adopt(path, file)
        elif ours:
            self._store.link(path, file, limit=MAX_FILE_BYTES)
        else:
            self._store.copy(path, file, limit=MAX_FILE_BYTES)
        return True

    async def _put_batch(self) -> None:
        """Rows of what is stored. Raises StoreFailed; the batch stays then."""
        async with self._shared.rows:
            batch = self._batch.copy()
            self._batch.clear()
            if not batch:
                return
            try:
                await self._in_thread(self._store.sync_folders)
                before = await self._index.put_files([stored.row for stored in batch])
            except BaseException:
                self._batch[:0] = batch
                raise
            for stored, held in zip(batch, before, strict=True):
                self._count(stored, held)

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
                    self._store.remove(given_up.record.file)
                self._store.let_go(given_up.record.file, wanted=False)

    def _count(self, stored: _Stored, held: str) -> None:
        file = stored.record.file
        if held and held != file:
            self._store.remove(file)
        self._store.let_go(file, wanted=held in ("", file))
        if held and held != file:
            rule = "another file with this SOPInstanceUID is here already; it stays"
            self._tally.refuse(stored.name, DicomRefused("other_content", rule))
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
