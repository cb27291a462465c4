"""Where a picture lies that segmentations are drawn over: on an image, or on a plane through a volume."""

from __future__ import annotations

from dataclasses import dataclass

from consult.model.geometry import Grid
from consult.model.identifiers import SeriesKey
from consult.rendering.planes.plane import NO_SLAB, Slab


@dataclass(frozen=True)
class OnImage:
    """The image that is shown: of which series, at which place and time of it."""

    series: SeriesKey
    grid: Grid
    place: int
    image: int
    time: int = 0


@dataclass(frozen=True)
class OnPlane:
    """A plane through the images of a series at one time; it goes through its camera's centre.

    Attributes:
        slab: how thick it is; what is marked anywhere in it is shown.
    """

    series: SeriesKey
    grid: Grid
    time: int = 0
    slab: Slab = NO_SLAB


Where = OnImage | OnPlane
