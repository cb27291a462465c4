"""Segmentations that are drawn."""

from __future__ import annotations

from typing import Protocol

from consult.model.segmentations.segmentation import Segmentation
from consult.rendering.segmentations.painting import Drawable
from consult.volumes.drawables import Drawables

LOADING = "The segmentation is still being loaded."


class SegmentationSource(Protocol):
    """The library, as segmentations are read from it."""

    async def segmentation(self, found: Segmentation) -> Drawable:
        """What of it can be drawn. Raises Refused, DicomRefused, WorkerDied, StoreFailed."""


class Segmentations(Drawables[Segmentation, Drawable]):
    """All segmentations of a server that are drawn."""

    def __init__(self, source: SegmentationSource, *, max_bytes: int) -> None:
        super().__init__("segmentation", LOADING, source.segmentation, max_bytes=max_bytes)
