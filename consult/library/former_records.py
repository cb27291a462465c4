"""Records that an older version left behind: what distinguishes their frames is read when they are first asked for.

The records themselves stay as they are; what was read is stored beside them in the index, by series.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import msgspec
from msgspec.structs import replace

from consult.dicom.records import ATTRIBUTES_VERSION, FileRecord, FrameAttributes
from consult.dicom.stacks import series_key
from consult.dicom.workers import DicomWorkers
from consult.model.errors import WorkerDied
from consult.store.index import Index

ENOUGH_BUT_FOR_PET = 2
"""Of ATTRIBUTES_VERSION: what came later is read of PET alone."""
BATCH = 32
"""Files that a worker is handed at once."""
Attributes = dict[str, tuple[FrameAttributes, ...]]
"""Of a file's frames, by the file's hash; empty where they cannot be read."""
_decode = msgspec.msgpack.Decoder(Attributes).decode


class FormerRecords:
    """Completes records whose frames' attributes are of an older version, or missing (before 29 Nov 2026).

    Args:
        path_of: where the file of a hash is.
    """

    def __init__(self, index: Index, workers: DicomWorkers, path_of: Callable[[str], Path]) -> None:
        self._index, self._workers, self._path_of = index, workers, path_of

    async def complete(self, records: Sequence[FileRecord]) -> list[FileRecord]:
        """The records, those of older versions with their frames' attributes.

        A file that ended its worker stays as it was, and is tried again next time.

        Raises:
            StoreFailed: the index cannot be read, or takes no more.
        """
        former: dict[str, list[FileRecord]] = {}
        for record in filter(is_former, records):
            former.setdefault(series_key(record.study_uid, record.series_uid), []).append(record)
        known: Attributes = {}
        for series, found in former.items():
            known |= await self._attributes(series, found)
        return [_completed(record, known.get(record.file, ())) for record in records]

    async def _attributes(self, series: str, records: Iterable[FileRecord]) -> Attributes:
        name = derived_names(series)[0]
        stored = await self._index.derived(name)
        known = {} if stored is None else _decode(stored)
        unread = [file for file in (record.file for record in records) if file not in known]
        read = await self._read(unread)
        if read:
            await self._index.put_derived({name: msgspec.msgpack.encode(known | read)})
        return known | read

    async def _read(self, files: Sequence[str]) -> Attributes:
        read: Attributes = {}
        for at in range(0, len(files), BATCH):
            batch = files[at : at + BATCH]
            try:
                found = await self._workers.run("read_attributes_of", [str(self._path_of(file)) for file in batch])
            except WorkerDied:
                continue
            read |= dict(zip(batch, found, strict=True))
        return read


def derived_names(series: str) -> list[str]:
    """By which the index has what was read of a series: as it is stored now, and as earlier versions stored it."""
    versions = range(ATTRIBUTES_VERSION, 1, -1)
    return [*(f"attributes/{version}/{series}" for version in versions), f"attributes/{series}"]


def is_former(record: FileRecord) -> bool:
    """Whether an older version wrote it."""
    if not record.frames:
        return False
    attributes = record.frames[0].attributes
    enough = ATTRIBUTES_VERSION if record.modality == "PT" else ENOUGH_BUT_FOR_PET
    return attributes is None or attributes.version < enough


def _completed(record: FileRecord, attributes: tuple[FrameAttributes, ...]) -> FileRecord:
    if not is_former(record) or len(attributes) != len(record.frames):
        return record
    pairs = zip(record.frames, attributes, strict=True)
    return replace(record, frames=tuple(replace(frame, attributes=found) for frame, found in pairs))
