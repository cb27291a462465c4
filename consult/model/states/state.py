"""A presentation state over the images of one series, as the catalogue has it. It is shown as a view by its name.

Coordinates are (column, row) of the image, pixel centres at whole numbers from 0.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from consult.model.view import Window

Pairs = tuple[float, ...]
"""column, row, column, row, ..."""


class Shutter(Struct, frozen=True, omit_defaults=True):
    """What is seen (PS3.3 C.7.6.11); all else is black.

    Attributes:
        numbers: of a rectangle left, top, right, bottom, which are hidden themselves; of a circle its middle and its
            radius; of a polygon its corners.
    """

    shape: Literal["rectangle", "circle", "polygon"]
    numbers: Pairs


class Drawing(Struct, frozen=True, omit_defaults=True):
    """Something drawn over the image (PS3.3 C.10.5).

    Attributes:
        points: of a line; of one point alone a cross; of a text where it begins.
        filled: the line goes round an area, which is filled.
        text: "" of a line.
    """

    points: Pairs
    filled: bool = False
    text: str = ""


class Look(Struct, frozen=True, omit_defaults=True):
    """How a state shows some images of a series.

    Attributes:
        images: indexes in the series, ascending.
        window: None where it names none.
        invert: as in model.view.Viewport.
        area: left, top, right and bottom edge of what is shown; None: all of the image.
        quarters: of a turn clockwise. flipped: then, left for right.
    """

    images: tuple[int, ...]
    window: Window | None = None
    invert: bool = False
    area: tuple[float, float, float, float] | None = None
    quarters: int = 0
    flipped: bool = False
    shutters: tuple[Shutter, ...] = ()
    drawings: tuple[Drawing, ...] = ()


class PresentationState(Struct, frozen=True, omit_defaults=True):
    """One state.

    Attributes:
        name: ContentDescription, else ContentLabel.
        creator: ContentCreatorName; "" where it has none.
        date: PresentationCreationDate, ISO 8601; "" where unknown.
        looks: no image is in two of them.
        lacks: what it asks for that is not applied, in words; "" mostly.
    """

    name: str
    looks: tuple[Look, ...]
    creator: str = ""
    date: str = ""
    lacks: str = ""

    def look(self, image: int) -> Look | None:
        """How it shows an image; None where it says nothing of it."""
        return next((look for look in self.looks if image in look.images), None)
