"""Parts of pictures that guests are not shown where patients are hidden: rectangles, in all images of a series."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from msgspec import Meta, Struct

from consult.model.identifiers import SeriesKey

Edge = Annotated[int, Meta(ge=0, le=65_536)]
Rectangle = tuple[Edge, Edge, Edge, Edge]
"""(left, top, right, bottom) between the pixels of an image: columns from `left` to before `right`, rows from `top` to
before `bottom`."""
HiddenParts = Mapping[SeriesKey, tuple[Rectangle, ...]]
"""By series."""
NOTHING_HIDDEN: HiddenParts = {}


class Blackout(Struct, frozen=True):
    """One part of all images of a series.

    Attributes:
        case: id of the case that the series is of.
    """

    id: str
    case: str
    series: SeriesKey
    rectangle: Rectangle
