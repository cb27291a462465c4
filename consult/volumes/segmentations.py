"""Segmentations, read when they are first drawn, and kept within a budget.

Rules:
- One reading each, whoever asks. What is over the budget goes, the least recently drawn first; the newest stays.
- What cannot be read is told each time by the same sentence; it is tried again when it is asked for anew.
- A study that is deleted is gone from here too.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Protocol

from consult.dicom.stacks import series_of
from consult.model.identifiers import SegmentationKey, SeriesKey
from consult.model.segmentations.segmentation import Segmentation
from consult.once import Once
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
        self._once: Once[SegmentationKey, Drawable] = Once(
            "segmentation", LOADING, lambda key: series_of(SeriesKey(key)), on_kept=self._let_go
        )

    def on_ready(self, callback: Callable[[SeriesKey], None]) -> None:
        """Call back for each series over which one lies that can be drawn now, or never will."""
        self._once.on_ready(callback)

    def now(self, segmentation: Segmentation) -> Drawable:
        """It, if it is there; else its reading is begun. Raises NotReady, and ConsultError: why it cannot be read."""
        return self._once.now(segmentation.key, partial(self._source.segmentation, segmentation), segmentation.over)

    async def get(self, segmentation: Segmentation) -> Drawable:
        """It, once it is there. Raises ConsultError: why it cannot be read."""
        return await self._once.get(
            segmentation.key, partial(self._source.segmentation, segmentation), segmentation.over
        )

    def discard(self, series: str) -> None:
        """Those of a series are let go: its study is deleted."""
        self._once.discard(series)

    async def close(self) -> None:
        """Stop reading, and let all go."""
        await self._once.close()

    def _let_go(self) -> None:
        kept = self._once.kept
        while len(kept) > 1 and sum(drawable.own_bytes for drawable in kept.values()) > self._max_bytes:
            kept.popitem(last=False)
