"""Records that an older version left behind: their files are described anew when they are first asked for.

Rules of this file:
- The records themselves stay as they are; what was read is stored beside them in the index, by series.
- What makes a key, what was decoded and what was measured in patient space is as it was taken in: pixels, planes,
  order. What is said of it is as it is read today: names, orientation, spacing without a plane, notes, what tells
  frames apart.
- A file that is refused today stays as it was.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from pathlib import Path

import msgspec
from msgspec.structs import replace

from consult.dicom.limits import reading_cpu_s, size_of
from consult.dicom.records import ATTRIBUTES_VERSION, FileRecord, Frame
from consult.dicom.stacks import series_key
from consult.dicom.workers import DicomWorkers
from consult.model.errors import WorkerDied
from consult.store.index import Index

ENOUGH = 3
ENOUGH_OF = {"PT": 4, "US": 5}
"""Of ATTRIBUTES_VERSION: what came later is read of these modalities alone."""
BATCH = 32
"""Files that a worker is handed at once."""
FORMER_VERSIONS = 2
"""Whose attributes may be in the index, by earlier names."""
NOT_APPLIED = "Presentation states are not applied."
"""Why no presentation state was, until some were."""
DESCRIPTIVE = (
    "patient", "study", "series_description", "unit", "body_part", "acquired", "source_lossy", "note",
    "accession_number",
)  # fmt: skip
"""Fields of a record that are as they are read today."""
Read = dict[str, FileRecord | None]
"""What files are today, by their hash; None where one is not taken any more."""
_decode = msgspec.msgpack.Decoder(Read).decode


class FormerRecords:
    """Completes records of older versions.

    Args:
        path_of: where the file of a hash is.
    """

    def __init__(self, index: Index, workers: DicomWorkers, path_of: Callable[[str], Awaitable[Path]]) -> None:
        self._index, self._workers, self._path_of = index, workers, path_of

    async def complete(self, records: Sequence[FileRecord]) -> list[FileRecord]:
        """The records, those of older versions as their files are described today.

        A file that ended its worker stays as it was, and is tried again next time.

        Raises:
            StoreFailed: the index cannot be read, or takes no more.
        """
        former: dict[str, list[FileRecord]] = {}
        for record in filter(is_former, records):
            former.setdefault(series_key(record.study_uid, record.series_uid), []).append(record)
        known: Read = {}
        for series, found in former.items():
            known |= await self._described(series, found)
        return [_completed(record, known.get(record.file)) for record in records]

    async def _described(self, series: str, records: Iterable[FileRecord]) -> Read:
        name = derived_names(series)[0]
        stored = await self._index.derived(name)
        known = {} if stored is None else _decode(stored)
        unread = [file for file in (record.file for record in records) if file not in known]
        read = await self._read(unread)
        if read:
            await self._index.put_derived({name: msgspec.msgpack.encode(known | read)})
        return known | read

    async def _read(self, files: Sequence[str]) -> Read:
        read: Read = {}
        for at in range(0, len(files), BATCH):
            paths = {file: await self._path_of(file) for file in files[at : at + BATCH]}
            places = [(str(path), file) for file, path in paths.items()]
            try:
                found = await self._workers.run("read_again", places, cpu_s=reading_cpu_s(size_of(paths.values())))
            except WorkerDied:
                continue
            read |= dict(zip(paths, found, strict=True))
        return read


def derived_names(series: str) -> list[str]:
    """By which the index has what was read of a series: as it is stored now, and as earlier versions stored it."""
    earlier = [f"attributes/{version}/{series}" for version in range(FORMER_VERSIONS, 1, -1)]
    described = [f"described/{version}/{series}" for version in range(ATTRIBUTES_VERSION, FORMER_VERSIONS, -1)]
    return [*described, *earlier, f"attributes/{series}"]


def is_former(record: FileRecord) -> bool:
    """Whether an older version wrote it."""
    if not record.frames:  # since 30 Nov 2026 each says why it is not shown, or is shown
        return bool(record.unshown) and record.why in ("", NOT_APPLIED)
    attributes = record.frames[0].attributes
    return attributes is None or attributes.version < ENOUGH_OF.get(record.modality, ENOUGH)


def _completed(record: FileRecord, today: FileRecord | None) -> FileRecord:
    if not is_former(record) or today is None:
        return record
    if not record.frames:
        return replace(today, file_name=record.file_name)
    if len(today.frames) != len(record.frames):
        return record
    frames = tuple(_described_frame(*pair) for pair in zip(record.frames, today.frames, strict=True))
    return replace(record, frames=frames, **{name: getattr(today, name) for name in DESCRIPTIVE})


def _described_frame(frame: Frame, today: Frame) -> Frame:
    described = replace(frame, attributes=today.attributes, orientation=today.orientation)
    if frame.plane is not None or today.plane is not None:
        return described
    return replace(described, row_spacing=today.row_spacing, column_spacing=today.column_spacing, unit=today.unit)
