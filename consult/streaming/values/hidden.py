"""Whether values would say something of parts of pictures that whoever asks is not shown."""

from __future__ import annotations

from consult.model.catalogue import Series
from consult.model.mark import PIXEL_KINDS, Shape
from consult.model.privacy.blackout import HiddenParts
from consult.rendering.marks.measure import extremes

BLACKED_OUT = "This part is blacked out."
BESIDE = 1.0
"""Pixels: a shape so near has pixels of the part below its line."""


def lies_on_hidden(shape: Shape, series: Series, hidden: HiddenParts) -> bool:
    """Whether values below a shape are of hidden parts; also where that is not known for certain.

    Args:
        series: that it was drawn on.
    """
    if shape.kind not in PIXEL_KINDS:
        return False
    parts = hidden.get(series.key, ())
    if shape.over in hidden or (parts and shape.in_space):
        return True
    place, _ = series.locate(shape.image)
    pixels = [series.grid.pixel(place, point) for point in extremes(shape)] if parts else []
    columns, rows = zip(*pixels, strict=True) if pixels else ((), ())
    return any(
        max(columns) > left - 0.5 - BESIDE
        and min(columns) < right - 0.5 + BESIDE
        and max(rows) > top - 0.5 - BESIDE
        and min(rows) < bottom - 0.5 + BESIDE
        for left, top, right, bottom in parts
    )
