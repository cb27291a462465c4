"""What is drawn over an image: a display shutter (PS3.3 C.7.6.11), and graphics and words (PS3.3 C.10.5). Pure."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

Point = tuple[float, float]
"""(column, row) in pixels of the image, centres at whole numbers; where it is of the area, parts of that, 0 to 1."""


class Shutter(Struct, frozen=True, omit_defaults=True):
    """What of an image is not hidden: all that lies inside of each shape. Rows and columns are counted from 1.

    Attributes:
        rectangle: (left, right, upper, lower) edges; what lies on them is hidden.
        circle: (row, column, radius).
        polygon: (row, column) of its corners.
        grey: of what is hidden, 0 to 255.
    """

    rectangle: tuple[float, float, float, float] | None = None
    circle: tuple[float, float, float] | None = None
    polygon: tuple[Point, ...] = ()
    grey: int = 0


class Figure(Struct, frozen=True, omit_defaults=True):
    """One graphic object.

    Attributes:
        points: of a circle its centre and a point of it; of an ellipse the ends of its longer and of its shorter axis.
        in_area: points are parts of the displayed area, not pixels.
    """

    kind: Literal["point", "line", "curve", "circle", "ellipse"]
    points: tuple[Point, ...]
    filled: bool = False
    in_area: bool = False


class Words(Struct, frozen=True, omit_defaults=True):
    """One text object: it stands in a box, or beside what it points at.

    Attributes:
        box: two opposite corners.
        anchor: what it points at.
        pointing: a line leads from the words to the anchor.
        box_in_area, anchor_in_area: as in `Figure`.
    """

    lines: tuple[str, ...]
    box: tuple[Point, Point] | None = None
    anchor: Point | None = None
    pointing: bool = False
    box_in_area: bool = False
    anchor_in_area: bool = False


class Annotation(Struct, frozen=True, omit_defaults=True):
    """Graphics and words of one layer.

    Attributes:
        grey: of their ink, 0 to 255.
    """

    figures: tuple[Figure, ...] = ()
    words: tuple[Words, ...] = ()
    grey: int = 255
