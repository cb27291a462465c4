"""Segmentations, read when they are first drawn, and kept within a budget.

Rules:
- One reading each, whoever asks. What is over the budget goes, the least recently drawn first; the newest stays.
- What cannot be read is told each time by the same sentence; it is tried again when it is asked for anew.
- A study that is deleted is gone from here too.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from typing import Protocol

from consult.dicom.stacks import series_of
from consult.model.errors import ConsultError, NotReady
from consult.model.identifiers import SegmentationKey, SeriesKey
from consult.model.segmentations.segmentation import Segmentation
from consult.rendering.segmentations.painting import Drawable

LOADING = "The segmentation is still being loaded."


class SegmentationSource(Protocol):
    """The library, as segmentations are read from it."""

    async def segmentation(self, found: Segmentation) -> Drawable:
        """What of it can be drawn. Raises Refused, DicomRefused, WorkerDied, StoreFailed."""


class Segmentations:
    """All segmentations of a server that are drawn.

    Args:
        max_bytes: of all of them together.
    """

    def __init__(self, source: SegmentationSource, *, max_bytes: int) -> None:
        self._source, self._max_bytes = source, max_bytes
        self._done: OrderedDict[SegmentationKey, Drawable] = OrderedDict()
        self._failed: dict[SegmentationKey, ConsultError] = {}
        self._reading: dict[SegmentationKey, asyncio.Task[Drawable]] = {}
        self._gone: set[SegmentationKey] = set()
        """Those that are being read although their study is deleted."""
        self._callbacks: list[Callable[[SeriesKey], None]] = []

    def on_ready(self, callback: Callable[[SeriesKey], None]) -> None:
        """Call back for each series over which one lies that can be drawn now, or never will."""
        self._callbacks.append(callback)

    def now(self, segmentation: Segmentation) -> Drawable:
        """It, if it is there; else its reading is begun. Raises NotReady, and ConsultError: why it cannot be read."""
        key = segmentation.key
        if (done := self._done.get(key)) is not None:
            self._done.move_to_end(key)
            return done
        if (failed := self._failed.get(key)) is not None:
            raise failed
        self._start(segmentation)
        raise NotReady("not_loaded", LOADING)

    async def get(self, segmentation: Segmentation) -> Drawable:
        """It, once it is there. Raises ConsultError: why it cannot be read."""
        if (done := self._done.get(segmentation.key)) is not None:
            self._done.move_to_end(segmentation.key)
            return done
        return await asyncio.shield(self._start(segmentation))

    def discard(self, series: str) -> None:
        """Those of a series are let go: its study is deleted."""
        for key in [key for key in self._done if series_of(SeriesKey(key)) == series]:
            del self._done[key]
        self._gone.update(key for key in self._reading if series_of(SeriesKey(key)) == series)

    async def close(self) -> None:
        """Stop reading, and let all go."""
        tasks = list(self._reading.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._done.clear()

    def _start(self, segmentation: Segmentation) -> asyncio.Task[Drawable]:
        key = segmentation.key
        if (reading := self._reading.get(key)) is not None:
            return reading
        self._failed.pop(key, None)
        task = self._reading[key] = asyncio.create_task(self._read(segmentation), name=f"segmentation {key}")
        task.add_done_callback(lambda done: self._has_read(segmentation, done))
        return task

    async def _read(self, segmentation: Segmentation) -> Drawable:
        return await self._source.segmentation(segmentation)

    def _has_read(self, segmentation: Segmentation, task: asyncio.Task[Drawable]) -> None:
        key = segmentation.key
        self._reading.pop(key, None)
        gone = key in self._gone
        self._gone.discard(key)
        if task.cancelled():
            return
        error = task.exception()
        if error is None and not gone:
            self._done[key] = task.result()
            self._let_go()
        elif isinstance(error, ConsultError):
            self._failed[key] = error
        for series in segmentation.over:
            for callback in self._callbacks:
                callback(series)

    def _let_go(self) -> None:
        while len(self._done) > 1 and sum(drawable.own_bytes for drawable in self._done.values()) > self._max_bytes:
            self._done.popitem(last=False)
