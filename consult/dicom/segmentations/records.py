"""What reading a segmentation or a structure set leaves behind, as the index keeps it."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from consult.model.geometry import Vec
from consult.model.segmentations.layers import Layers
from consult.model.segmentations.segmentation import Segment

MAX_SEGMENTS = 1024
"""Of one object; whole-body models have some 120, parcellations of the brain some 300."""


class SegmentationRecord(Struct, frozen=True, omit_defaults=True):
    """What an object marks.

    Attributes:
        kind: as in model.segmentations.segmentation.Segmentation.
        layers: None where its frames have no place in the patient; `references` then say which images they mark.
        shape: (rows, columns) of its frames; (0, 0) of contours, which have none.
        spacing_mm: (from row to row, from column to column).
        corner: centre of the first pixel of the first layer.
        references: SOPInstanceUIDs of the images that it marks; where it has layers, only if it differs by time:
            several of its frames mark one segment in one place.
        note: what must be said with it.
    """

    kind: Literal["regions", "contours"]
    segments: tuple[Segment, ...]
    layers: Layers | None = None
    shape: tuple[int, int] = (0, 0)
    spacing_mm: tuple[float, float] = (0.0, 0.0)
    corner: Vec = (0.0, 0.0, 0.0)
    references: tuple[str, ...] = ()
    note: str = ""
