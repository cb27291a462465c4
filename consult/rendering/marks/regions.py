"""What lengths mean on an ultrasound image: by the region that a mark lies in (PS3.3 C.8.5.5).

Rules of this file:
- All points of a mark lie in one region, the last that holds each, or nothing is measured: a length from tissue into a
  trace means nothing.
- In tissue all is in mm, whatever its pixels are like; a spectral trace has times and velocities, an M-mode times and
  depths, and neither has an area or an angle.
- Outside of all regions it is in pixels, as on any image without a spacing, or in mm where somebody has calibrated it.
- web/js/core/marks/regions.js is the twin.
"""

from __future__ import annotations

from msgspec import Struct

from consult.model.catalogue import Region, Series
from consult.model.geometry import Vec, scale
from consult.model.mark import AREA_KINDS, MarkKind, Shape
from consult.model.measuring.calibration import Calibration

WHAT: dict[MarkKind, str] = {
    "length": "length", "bidirectional": "length", "polyline": "length", "angle": "angle", "cobb": "angle",
    **dict.fromkeys(AREA_KINDS, "area"),
}  # fmt: skip
"""What a kind measures, in a sentence that says why it does not."""


class Ruled(Struct, frozen=True):
    """A mark as it is measured.

    Attributes:
        points: in `unit`.
        unit: of lengths.
        trace: the region, where its axes are no lengths; `points` are in pixels then.
        sentence: why nothing is measured; else empty.
    """

    points: tuple[Vec, ...]
    unit: str
    trace: Region | None = None
    sentence: str = ""


def ruled(series: Series, shape: Shape, calibration: Calibration | None = None) -> Ruled:
    """A mark by the calibration of the region that it lies in; where there is none by that by hand, else by its grid's
    own unit."""
    grid = series.grid
    plain = Ruled(shape.points, grid.unit) if calibration is None else _by_hand(shape, calibration)
    if grid.unit != "px":
        return plain
    pixels = [(p[0] / grid.column_spacing, p[1] / grid.row_spacing) for p in shape.points]
    held = [region_at(series, shape.image, *pixel) for pixel in pixels]
    region, what = held[0], WHAT.get(shape.kind, "value")
    if any(other is not region for other in held):
        return Ruled((), "", sentence=f"No {what}: from one region to another.")
    if region is None:
        return plain
    flat = tuple((column, row, 0.0) for column, row in pixels)
    if region.mm is not None:
        return Ruled(tuple((x * region.mm[0], y * region.mm[1], 0.0) for x, y, _ in flat), "mm")
    if region.axes is None or shape.kind not in ("length", "probe"):
        return Ruled((), "", sentence=f"No {what}: this region has none.")
    return Ruled(flat, "px", region)


def _by_hand(shape: Shape, calibration: Calibration) -> Ruled:
    return Ruled(tuple(scale(point, calibration.factor) for point in shape.points), calibration.unit)


def regions_at(series: Series, image: int) -> tuple[Region, ...]:
    """The ultrasound regions of an image."""
    if not series.regions:
        return ()
    return series.regions[0] if len(series.regions) == 1 else series.regions[image]


def region_at(series: Series, image: int, column: float, row: float) -> Region | None:
    """The region that holds a pixel: the last one that does."""
    holding = None
    for region in regions_at(series, image):
        left, top, right, bottom = region.box
        holding = region if left <= column <= right and top <= row <= bottom else holding
    return holding
