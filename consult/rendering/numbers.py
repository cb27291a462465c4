"""The numbers of a mark as a note says them: how much of what, in which unit.

Where a length or a value means nothing (from one ultrasound region to another, on padding alone, an empty mask), there
is no number but a sentence: never a zero, and never a NaN.
"""

from __future__ import annotations

import math
from typing import Literal

from msgspec import Struct

from consult.model.catalogue import Region, Series
from consult.model.image import Image
from consult.model.mark import Shape
from consult.rendering.measure import angle, area, length, sample

Quantity = Literal["length", "angle", "area", "mean", "sd", "low", "high", "value"]
UNITS = {"BQML": "Bq/ml"}
"""As people write them."""


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


def amounts_of(image: Image, series: Series, shape: Shape) -> Amounts:
    """What a mark measures on its image."""
    match shape.kind:
        case "arrow" | "text":
            return Amounts()
        case "length":
            found = _length(series, shape)
        case "angle":
            found = Amounts((Amount("angle", angle(shape.points), "\u00b0"),))
        case "probe" | "ellipse":
            found = _values(image, series, shape)
    finite = tuple(one for one in found.amounts if math.isfinite(one.value))
    return found if finite == found.amounts else Amounts(finite, "A value cannot be computed.")


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


def _length(series: Series, shape: Shape) -> Amounts:
    grid = series.grid
    ends = [(p[0] / grid.column_spacing, p[1] / grid.row_spacing) for p in shape.points]
    held = [region_at(series, shape.image, *end) for end in ends] if grid.unit == "px" else [None, None]
    if held == [None, None]:
        return Amounts((Amount("length", length(shape.points), grid.unit),))
    region = held[0]
    if region is not held[1] or region is None:
        return Amounts(sentence="No length: from one region to another.")
    if region.mm is None:
        return Amounts(sentence="No length: this region has none.")
    across, down = (ends[1][i] - ends[0][i] for i in (0, 1))
    return Amounts((Amount("length", math.hypot(across * region.mm[0], down * region.mm[1]), "mm"),))


def _values(image: Image, series: Series, shape: Shape) -> Amounts:
    place, _ = series.locate(shape.image)
    size = () if shape.kind == "probe" else (Amount("area", area(shape.points), _squared(series.grid.unit)),)
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
