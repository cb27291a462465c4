"""The studies of this server: taken in, listed, and put together to cases."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from msgspec import Struct

from consult.dicom.checking.records import Asked, Checked
from consult.dicom.limits import decoding_cpu_s, reading_cpu_s, size_of
from consult.dicom.pages.records import Photo, Report
from consult.dicom.records import FileRecord, StackRecord
from consult.dicom.stacks import series_key
from consult.dicom.workers import DicomWorkers
from consult.library.case import put_together
from consult.library.former_records import FormerRecords
from consult.library.import_report import ImportReport, Progress
from consult.library.importer import Importer, Shared
from consult.library.object_store import ObjectStore
from consult.library.one_patient import EVERYTHING, Admission, confirmed_notes, noted, one_patient
from consult.library.presentation_states import PresentationStateReader
from consult.library.segmentations import SegmentationReader
from consult.library.set_aside import AsideFiles, SetAside
from consult.library.sources import Source
from consult.library.stacks.stack_pictures import StackPictures
from consult.library.stacks.stacks import Stacks, derived_of, read_record
from consult.model.catalogue import Case, Patient
from consult.model.errors import Refused
from consult.model.identifiers import SeriesKey, StudyKey
from consult.model.presentation_states.state import PresentationState
from consult.model.segmentations.segmentation import Segmentation
from consult.rendering.presentation_states.state import DrawnState
from consult.rendering.segmentations.painting import Drawable
from consult.store.index import Index

PHOTO_CPU_S = 20.0
COPY_S = 60.0
"""So long a copy of a bucket's file stays behind its last use."""
IMPORT_THREADS = 4
"""For what blocks while files are taken in: unpacking, copies. Reads and writes of others have threads of their own."""


class StudyEntry(Struct, frozen=True):
    """One line of the list of studies."""

    uid: str
    key: StudyKey
    patient: Patient
    description: str
    date: str
    time: str
    modalities: tuple[str, ...]
    series: int
    images: int
    institution: str = ""
    accession_number: str = ""


class Library:
    """All studies of one data directory."""

    def __init__(self, data: Path, index: Index, workers: DicomWorkers, objects: ObjectStore | None = None) -> None:
        self._index, self._workers = index, workers
        self._store = objects or ObjectStore(data)
        self._former = FormerRecords(index, workers, self.fetched)
        self._pictures = StackPictures(data / "thumbnails", index, workers, self.fetched)
        self._segmentations = SegmentationReader(workers, self._files_of_series, self.stack, self.fetched)
        self._presentation_states = PresentationStateReader(self._files_of_series, self.stack)
        self._stacks = Stacks(index, self._former, self._pictures)
        aside = SetAside(data)
        self.aside = AsideFiles(aside, self.import_sources)
        self._threads = ThreadPoolExecutor(IMPORT_THREADS, thread_name_prefix="import")
        self._shared = Shared(self._store, aside, index, workers, threads=self._threads)
        self._dropping: asyncio.TimerHandle | None = None
        self._covers: dict[str, SeriesKey] = {}
        self._uids: dict[StudyKey, str] = {}

    async def import_paths(self, paths: Sequence[Path], on_progress: Callable[[Progress], None]) -> ImportReport:
        """Take in files, folders and zips, beside whatever else is taken in.

        Args:
            paths: on this machine.
            on_progress: called on the loop, after every file.

        Raises:
            StoreFailed: "disk_full", "store_failed"; what was taken before stays.
        """
        try:
            return await Importer(self._shared, on_progress).run(paths)
        finally:
            self._covers.clear()

    async def import_sources(
        self, sources: Sequence[Source], on_progress: Callable[[Progress], None], *, fresh: set[str] | None = None
    ) -> ImportReport:
        """Take in these files, each a DICOM file or a zip; else as `import_paths`.

        Args:
            fresh: StudyInstanceUIDs that came with the files before these, of the same upload; more are added.
        """
        try:
            return await Importer(self._shared, on_progress, fresh=fresh).take(sources)
        finally:
            self._covers.clear()

    def clear_incoming(self) -> None:
        """Remove what processes that died have left half taken in; blocks."""
        self._store.clear_partial_files()
        self._store.drop_copies(COPY_S)

    def close(self) -> None:
        """The threads end with what they do."""
        if self._dropping is not None:
            self._dropping.cancel()
        self._threads.shutdown(wait=False, cancel_futures=True)

    def new_partial_file(self) -> Path:
        """Where a file that comes in may be written; whoever asks removes what is left. Raises StoreFailed."""
        return self._store.new_partial_file()

    async def studies(self) -> list[StudyEntry]:
        """All studies, newest first. Raises StoreFailed."""
        entries = []
        for found in await self._index.studies():
            record = read_record(found.sample)
            study = record.study
            entries.append(
                StudyEntry(
                    uid=found.uid,
                    key=study.key,
                    patient=record.patient,
                    description=study.description,
                    date=study.date,
                    time=study.time,
                    modalities=found.modalities,
                    series=found.series,
                    images=found.images,
                    institution=study.institution,
                    accession_number=record.accession_number,
                )
            )
        return sorted(entries, key=lambda entry: (entry.date, entry.time, entry.uid), reverse=True)

    async def case(
        self,
        study_uids: Sequence[str],
        *,
        id: str,  # noqa: A002  # the case's own word
        title: str,
        admission: Admission = EVERYTHING,
    ) -> Case:
        """The catalogue of one patient's studies, newest first, the older ones as priors.

        Its series can be asked for by their keys from now on, as they are now, whatever is imported later.

        Args:
            study_uids: of one patient.
            id, title: of the case.
            admission: what the host decided where they looked like two patients'.

        Raises:
            Refused: "unknown_study".
            DifferentPatients: with the fields that differ, their values, and which series and files say what.
            StoreFailed: the index cannot be read, or takes no more.
        """
        files: list[FileRecord] = []
        stacks: list[StackRecord] = []
        for uid in dict.fromkeys(study_uids):
            rows = await self._index.files_of_study(uid)
            if not rows:
                raise Refused("unknown_study", "There is no such study here.")
            records, built = await self._stacks.built(rows, admission)
            files += records
            stacks += built
        if not files:
            raise Refused("unknown_study", "A case needs a study.")
        patient = one_patient(files, admission)
        notes = confirmed_notes(files) if admission.same_patient else {}
        kept = await self._stacks.keep(noted(stack, notes) for stack in stacks)
        # in a thread: each presentation state goes through all images of its case
        return await asyncio.to_thread(put_together, files, kept, id=id, title=title, patient=patient)

    async def report(self, key: SeriesKey) -> Report:
        """A structured report as text.

        Raises:
            Refused: "unknown_series"; "no_report": it is none.
            DicomRefused, WorkerDied, StoreFailed.
        """
        stack = await self.stack(key)
        if stack.series.document != "report":
            raise Refused("no_report", "This is no report.")
        path = await self.fetched(stack.frames[0].file)
        found: Report = await self._workers.run("read_report", str(path), cpu_s=reading_cpu_s(size_of([path])))
        return found

    async def photo(self, path: Path) -> Photo:
        """A photo from a file, written anew. Raises DicomRefused("no_photo"), WorkerDied."""
        found: Photo = Photo(*await self._workers.run("read_photo", str(path), cpu_s=PHOTO_CPU_S))
        return found

    async def segmentation(self, wanted: Segmentation) -> Drawable:
        """What of a segmentation can be drawn.

        Raises:
            Refused: "unknown_segmentation".
            DicomRefused, WorkerDied, StoreFailed.
        """
        return await self._segmentations.read(wanted)

    async def presentation_state(self, wanted: PresentationState) -> DrawnState:
        """What of a presentation state is drawn.

        Raises:
            Refused: "unknown_presentation_state".
            StoreFailed.
        """
        return await self._presentation_states.read(wanted)

    async def stack(self, key: SeriesKey) -> StackRecord:
        """One stack: exactly the images that its key was made for, in their order, whatever was imported since.

        Raises:
            Refused: "unknown_series".
            StoreFailed: the index cannot be read.
        """
        return await self._stacks.find(key)

    async def files(self, study_uid: str) -> list[FileRecord]:
        """What was read of a study's files, in the order they came. Raises StoreFailed."""
        return await self._former.complete([read_record(row) for row in await self._index.files_of_study(study_uid)])

    async def delete(self, study_uid: str, gone: Sequence[FileRecord]) -> tuple[str, ...]:
        """Forget files of a study, with pictures and what was derived of them. What uses them is the caller's matter.

        Args:
            study_uid: whose they are.
            gone: all of its files, or some.

        Returns:
            The keys of the series that had them, without those of stacks.

        Raises:
            StoreFailed: the index cannot be written; then all of it is still here.
        """
        files = {record.file for record in gone}
        records = [read_record(row) for row in await self._index.files_of_study(study_uid)]
        series = tuple(dict.fromkeys(map(_series_key, gone)))
        left = {_series_key(record) for record in records if record.file not in files}
        async with self._shared.rows:
            await self._index.delete_files([record.sop_instance for record in gone])
            await self._index.delete_derived(derived_of(files, series, [key for key in series if key not in left]))
            self._covers.pop(study_uid, None)
            self._uids.clear()
            self._stacks.discard(series)
            await asyncio.to_thread(self._remove_files, files, series)
        return series

    async def delete_rest(self, files: Collection[str], series: Collection[str]) -> list[str]:
        """What a deletion that did not end has left: of these files and series what no row names goes.

        Args:
            files: of these series.
            series: their keys, without those of stacks.

        Returns:
            The files that are gone.

        Raises:
            StoreFailed.
        """
        async with self._shared.rows:
            rows = {key: [read_record(row) for row in await self._index.files_of_series(key)] for key in series}
            named = {record.file for records in rows.values() for record in records}
            gone = sorted(set(files) - named)
            empty = [key for key, records in rows.items() if not records]
            await self._index.delete_derived(derived_of(gone, empty, empty))
            await asyncio.to_thread(self._remove_files, gone, empty)
        return gone

    async def has_series(self, series: str) -> bool:
        """Some file of a series is here; by its key, without a stack's number. Raises StoreFailed."""
        return bool(await self._index.files_of_series(series))

    async def scrub(self) -> None:
        """Nothing of what was deleted is left in the index's files. Raises StoreFailed: something may be."""
        await self._index.scrub()

    def _remove_files(self, files: Iterable[str], series: Collection[str]) -> None:
        for file in files:
            self._store.remove(file)
        self._pictures.remove(series)

    async def check_mark(self, key: SeriesKey, image: int, asked: Asked) -> Checked:
        """What the file of an image itself says of a mark on it.

        Raises:
            Refused: "unknown_series".
            DicomRefused: the image cannot be decoded.
            WorkerDied, StoreFailed.
        """
        stack = await self.stack(key)
        frame = stack.frames[image]
        path = await self.fetched(frame.file)
        task = "check_mark", str(path), frame.frame, stack.format, asked
        cpu_s = decoding_cpu_s(size_of([path]), stack.format.frame_bytes)
        checked: Checked = await self._workers.run(*task, cpu_s=cpu_s, background=True)
        return checked

    async def check_objects(self) -> None:
        """Where the files are answers. Raises StoreFailed."""
        if self._store.is_remote:
            await asyncio.to_thread(self._store.check)

    async def fetched(self, file: str) -> Path:
        """Where a file is on this machine, for a minute at least. Raises Refused: "unknown_file"; StoreFailed."""
        if not self._store.is_remote:
            return self._store.path(file)
        path = await asyncio.to_thread(self._store.fetch, file)
        self._drop_later()
        return path

    def object_path(self, file: str) -> Path:
        """Where a file is or would be on a disk. Raises Refused("unknown_file") for what is no hash."""
        return self._store.path(file)

    def _drop_later(self) -> None:
        """Copies of a bucket's files go a while after their last use."""
        if self._dropping is None:
            self._dropping = asyncio.get_running_loop().call_later(COPY_S, self._drop)

    def _drop(self) -> None:
        self._dropping = None

        def done(dropped: asyncio.Future[bool]) -> None:
            if not dropped.cancelled() and not dropped.exception() and dropped.result():
                self._drop_later()

        loop = asyncio.get_running_loop()
        loop.run_in_executor(None, self._store.drop_copies, COPY_S).add_done_callback(done)

    async def thumbnail(self, key: SeriesKey) -> bytes:
        """A small PNG of a stack; made once.

        Raises:
            Refused: "unknown_series".
            DicomRefused, WorkerDied: its pixels cannot be read.
            StoreFailed: the index cannot be read, or the disk takes no more.
        """
        return await self._pictures.thumbnail(await self.stack(key))

    async def uid_of(self, key: StudyKey) -> str:
        """The StudyInstanceUID of a study. Raises Refused("unknown_study"), StoreFailed."""
        if key not in self._uids:
            self._uids = {entry.key: entry.uid for entry in await self.studies()}
        if key not in self._uids:
            raise Refused("unknown_study", "There is no such study here.")
        return self._uids[key]

    async def study_thumbnail(self, study_uid: str) -> bytes:
        """A small PNG of a study: of its CT, else of what lies in the patient, else of its largest stack.

        Raises:
            Refused: "unknown_study".
            DicomRefused, WorkerDied, StoreFailed: as `thumbnail` does.
        """
        if study_uid not in self._covers:
            records, stacks = await self._stacks.built(await self._index.files_of_study(study_uid))
            if not records:
                raise Refused("unknown_study", "There is no such study here.")
            if not stacks:
                raise Refused("nothing_to_show", "This study holds no images.")
            cover = await self._stacks.opened(min(stacks, key=_cover_rank))
            self._covers[study_uid] = cover.series.key
        return await self.thumbnail(self._covers[study_uid])

    async def _files_of_series(self, series: str) -> list[FileRecord]:
        """By its key. Raises StoreFailed."""
        records = [read_record(row) for row in await self._index.files_of_series(series)]
        return await self._former.complete(records)


def _cover_rank(stack: StackRecord) -> tuple[bool, bool, bool, int]:
    series = stack.series
    return bool(series.document), series.modality != "CT", series.grid.space != "patient", -series.images


def _series_key(record: FileRecord) -> str:
    return series_key(record.study_uid, record.series_uid)
