"""Segmentations among the files of this server: read anew when they are drawn."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

from consult.dicom.limits import decoding_cpu_s, size_of
from consult.dicom.records import FileRecord, StackRecord
from consult.dicom.segmentations.catalogue import segmentation_key
from consult.dicom.segmentations.drawable import drawn_contours, drawn_regions
from consult.dicom.stacks import series_of
from consult.dicom.workers import DicomWorkers
from consult.model.errors import Refused
from consult.model.identifiers import SeriesKey
from consult.model.segmentations.segmentation import Segmentation
from consult.rendering.segmentations.painting import Drawable

GONE = "This segmentation is no longer on the server."


class SegmentationReader:
    """Reads them in workers.

    Args:
        files_of: the records of a series, by its key.
        stack: one stack of this server.
        path_of: where the file of a hash is.
    """

    def __init__(
        self,
        workers: DicomWorkers,
        files_of: Callable[[str], Awaitable[Sequence[FileRecord]]],
        stack: Callable[[SeriesKey], Awaitable[StackRecord]],
        path_of: Callable[[str], Awaitable[Path]],
    ) -> None:
        self._workers, self._files_of, self._stack, self._path_of = workers, files_of, stack, path_of

    async def read(self, wanted: Segmentation) -> Drawable:
        """What of it can be drawn.

        Raises:
            Refused: "unknown_segmentation": its file is deleted.
            DicomRefused: what in it cannot be read.
            WorkerDied, StoreFailed.
        """
        record = await self._record(wanted)
        stacks = [await self._stack(key) for key in wanted.drawn_on]
        path = await self._path_of(record.file)
        if wanted.kind == "contours":
            layers, contours = await self._run("read_contours", path, 0)
            return await asyncio.to_thread(drawn_contours, layers, contours, stacks)
        data = await self._run("read_regions", path, _decoded_bytes(record))
        return await asyncio.to_thread(drawn_regions, data, stacks)

    async def _record(self, wanted: Segmentation) -> FileRecord:
        for record in await self._files_of(series_of(SeriesKey(wanted.key))):
            if segmentation_key(record) == wanted.key:
                return record
        raise Refused("unknown_segmentation", GONE)

    async def _run(self, task: str, path: Path, decoded: int) -> Any:
        return await self._workers.run(task, str(path), cpu_s=decoding_cpu_s(size_of([path]), decoded))


def _decoded_bytes(record: FileRecord) -> int:
    """Of all its frames, a byte for each pixel; about."""
    found = record.segmentation
    assert found is not None  # only such records have a segmentation's key
    layers = len(found.layers.locations) if found.layers is not None else len(found.references)
    return found.shape[0] * found.shape[1] * max(1, layers) * len(found.segments)
