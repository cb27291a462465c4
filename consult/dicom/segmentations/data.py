"""What a worker hands over of a segmentation that is drawn. Without pydicom: the server reads it."""

from __future__ import annotations

from dataclasses import dataclass

from consult.model.geometry import Vec
from consult.model.segmentations.layers import Layers
from consult.rendering.segmentations.regions import Region


@dataclass(frozen=True)
class RegionData:
    """All that is drawn of a segmentation.

    Attributes:
        references: of each frame: (SOPInstanceUID, frame from 1; 0: all) of the images it marks.
    """

    layers: Layers | None
    corners: tuple[Vec, ...]
    shape: tuple[int, int]
    spacing_mm: tuple[float, float]
    regions: tuple[Region, ...]
    references: tuple[tuple[tuple[str, int], ...], ...]
