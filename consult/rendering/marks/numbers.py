"""The numbers of a mark as a note says them: how much of what, in which unit.

Where a length or a value means nothing (from one ultrasound region to another, on padding alone, an empty mask), there
is no number but a sentence: never a zero, and never a NaN.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from msgspec import Struct

from consult.model.catalogue import Axes, Region, Series
from consult.model.image import Image
from consult.model.mark import AREA_KINDS, Quantity, Shape
from consult.model.measuring.calibration import Calibration
from consult.rendering.marks.areas import crosses_itself
from consult.rendering.marks.measure import (
    ROUND_KINDS,
    angle,
    area,
    both_axes,
    cobb,
    diameter,
    length,
    path_length,
    polygon_area,
    sample,
)
from consult.rendering.marks.regions import Ruled, ruled

UNITS = {"BQML": "Bq/ml"}
"""As people write them."""
CROSSED = "No area: the contour crosses itself."


class Amount(Struct, frozen=True):
    """A number; `pixels`: how many were read for it."""

    quantity: Quantity
    value: float
    unit: str
    pixels: int = 0


class Amounts(Struct, frozen=True):
    """The numbers of a mark, or why there is none."""

    amounts: tuple[Amount, ...] = ()
    sentence: str = ""


def amounts_of(image: Image, series: Series, shape: Shape, calibration: Calibration | None = None) -> Amounts:
    """What a mark measures on its image; `calibration`: of that by hand."""
    if shape.kind in ("arrow", "text"):
        return Amounts()
    by = ruled(series, shape, calibration)
    if by.trace is not None:
        found = Amounts(tuple(_in_trace(by.trace, by, shape)))
    elif by.sentence and shape.kind != "probe":
        found = Amounts(sentence=by.sentence)
    else:
        found = _measured(image, series, shape, by)
    finite = tuple(one for one in found.amounts if math.isfinite(one.value))
    return found if finite == found.amounts else Amounts(finite, "A value cannot be computed.")


def _measured(image: Image, series: Series, shape: Shape, by: Ruled) -> Amounts:
    if shape.kind == "probe":
        return _values(image, series, shape, ())
    if shape.kind in AREA_KINDS:
        if shape.kind not in ROUND_KINDS and crosses_itself(shape.points):
            return Amounts(sentence=CROSSED)
        return _values(image, series, shape, tuple(_sizes(shape, by)))
    return Amounts(tuple(_lengths(shape, by)))


def _lengths(shape: Shape, by: Ruled) -> Iterator[Amount]:
    match shape.kind:
        case "length":
            yield Amount("length", length(by.points), by.unit)
        case "polyline":
            yield Amount("length", path_length(by.points), by.unit)
        case "bidirectional":
            long, short = both_axes(by.points)
            yield Amount("length", long, by.unit)
            yield Amount("short_axis", short, by.unit)
        case "angle":
            yield Amount("angle", angle(by.points), "\u00b0")
        case "cobb":
            yield Amount("angle", cobb(by.points), "\u00b0")


def _sizes(shape: Shape, by: Ruled) -> Iterator[Amount]:
    enclosed = area(by.points) if shape.kind in ROUND_KINDS else polygon_area(by.points)
    yield Amount("area", enclosed, _squared(by.unit))
    if shape.kind == "circle":
        yield Amount("diameter", diameter(by.points), by.unit)


def _in_trace(region: Region, by: Ruled, shape: Shape) -> Iterator[Amount]:
    """Of a length how long and how much, of a probe how much there: in the units of the region's own axes."""
    axes = region.axes
    if axes is None:
        return
    if shape.kind == "length":
        (x0, y0, _), (x1, y1, _) = by.points
        yield Amount("time", abs(x1 - x0) * axes.time_ms / (1.0 if _is_m_mode(axes) else 1000.0), _time_unit(axes))
        yield Amount("depth" if _is_m_mode(axes) else "velocity", abs((y1 - y0) * axes.down), axes.unit)
    elif axes.zero is not None:
        yield Amount("velocity", (by.points[0][1] - axes.zero) * axes.down, axes.unit)


def _is_m_mode(axes: Axes) -> bool:
    return axes.unit == "mm"


def _time_unit(axes: Axes) -> str:
    return "ms" if _is_m_mode(axes) else "s"


def _values(image: Image, series: Series, shape: Shape, size: tuple[Amount, ...]) -> Amounts:
    place, _ = series.locate(shape.image)
    found = sample(image, series.grid, place, shape)
    if found is None or found.pixels == 0:
        return Amounts(size, "There are no values here." if found is None else "There is only padding here.")
    unit = UNITS.get(series.unit, series.unit)
    if shape.kind == "probe":
        return Amounts((Amount("value", found.mean, unit, found.pixels),))
    statistics: tuple[tuple[Quantity, float], ...] = (
        ("mean", found.mean), ("sd", found.sd), ("low", found.low), ("high", found.high),
    )  # fmt: skip
    return Amounts((*size, *(Amount(name, value, unit, found.pixels) for name, value in statistics)))


def _squared(unit: str) -> str:
    first, space, rest = unit.partition(" ")
    return f"{first}\u00b2{space}{rest}"
