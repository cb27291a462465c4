"""The stacks of a data directory: built of its files, and found by their keys.

Rules of this file:
- A stack that a case has stays as the case has it: what it is made of is stored, whatever is imported later.
- What is handed out has a window, and stays in memory while it is asked for.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence

import msgspec

from consult.dicom.records import FileRecord, StackRecord
from consult.dicom.stacks import StackContent, build_stacks, series_of, stack_content, stack_of
from consult.library.former_records import FormerRecords, derived_names
from consult.library.one_patient import EVERYTHING, Admission, admitted
from consult.library.stacks.stack_cache import StackCache
from consult.library.stacks.stack_pictures import MEASURED, StackPictures
from consult.model.errors import Refused
from consult.model.identifiers import SeriesKey
from consult.store.index import Index

CACHED_FRAMES = 20_000
read_record = msgspec.msgpack.Decoder(FileRecord).decode
_encode = msgspec.msgpack.encode


class Stacks:
    """All stacks of one data directory."""

    def __init__(self, index: Index, former: FormerRecords, pictures: StackPictures) -> None:
        self._index, self._former, self._pictures = index, former, pictures
        self._cache = StackCache(CACHED_FRAMES)

    async def built(
        self, rows: Sequence[bytes], admission: Admission = EVERYTHING
    ) -> tuple[list[FileRecord], list[StackRecord]]:
        """Records as the index has them, and their stacks, without windows. Raises StoreFailed."""
        records = await asyncio.to_thread(lambda: admitted((read_record(row) for row in rows), admission))
        records = await self._former.complete(records)
        return records, await asyncio.to_thread(build_stacks, records)

    async def find(self, key: SeriesKey) -> StackRecord:
        """The stack of exactly the images that the key was made for, in their order.

        Raises:
            Refused: "unknown_series".
            StoreFailed: the index cannot be read.
        """
        if (known := self._cache.get(key)) is not None:
            return known
        records, stacks = await self.built(await self._index.files_of_series(series_of(key)))
        if stored := await self._index.derived(_content_name(key)):
            former = stack_of(records, _read_content(stored))
            stacks += [former] if former is not None else []
        for stack in stacks:
            if stack.series.key == key:
                return await self.opened(stack)
        raise Refused("unknown_series", "This series is not here as the case has it. Open the study anew.")

    async def opened(self, stack: StackRecord) -> StackRecord:
        """A stack with its window. Raises StoreFailed."""
        found = await self._pictures.with_window(stack)
        self._cache.put(found)
        return found

    async def keep(self, stacks: Iterable[StackRecord]) -> list[StackRecord]:
        """They are a case's from now on: found as they are now. With their windows. Raises StoreFailed."""
        kept = [await self._pictures.with_window(stack) for stack in stacks]
        await self._index.put_derived({_content_name(s.series.key): _encode(stack_content(s)) for s in kept})
        for stack in kept:
            self._cache.put(stack)
        return kept

    def discard(self, series: Iterable[str]) -> None:
        """Those of these series are not held any more."""
        for key in series:
            self._cache.discard(key)


def derived_of(files: Iterable[str], series: Iterable[str], emptied: Iterable[str]) -> list[str]:
    """Beginnings of the names of what the index has that was derived of files that go.

    Args:
        files: that go.
        series: that lose them.
        emptied: series that are left without files: what a stack was made of stays while files of its series do, it
            says which image was which.
    """
    return [
        *(f"{MEASURED}{file}/" for file in files),
        *(name for key in series for name in derived_names(key)),
        *(_content_name(SeriesKey(key)) for key in emptied),
    ]


def _content_name(key: SeriesKey) -> str:
    """By which the index has the images of a stack that a case has."""
    return f"stack/{key}"


def _read_content(encoded: bytes) -> StackContent:
    """What a stack is made of; versions of before 29 Nov 2026 stored its sources only."""
    found = msgspec.msgpack.decode(encoded, type=list[str] | StackContent)
    return StackContent(found) if isinstance(found, list) else found
