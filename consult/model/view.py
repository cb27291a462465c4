"""What is shown: one register per stage, absolute in every part.

A viewport's camera names the circle that every screen must contain: never pixels. Each screen fits the circle,
whatever its shape, so the same view is the same anatomy everywhere.
"""

from __future__ import annotations

from typing import Annotated, Literal, assert_never

from msgspec import Meta, Struct

from consult.model.geometry import Vec
from consult.model.identifiers import SeriesKey

MAX_ROWS = MAX_COLUMNS = 4
MAX_VIEWPORTS = MAX_ROWS * MAX_COLUMNS + 1
"""A full grid, and the primary beside it."""
MAX_IMAGES = 1_000_000
MAX_RADIUS_MM = 20_000.0
MIN_RADIUS_MM = 0.5

REV_OWNER_STEP = 2**32
"""`rev` is (owner changes so far) x REV_OWNER_STEP + counter: it never falls, not even after a restart."""


class Window(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Window of the VOI (PS3.3 C.11.2.1.2), in modality units (HU, Bq/ml, ...).

    Attributes:
        lut: which of the image's own VOI LUTs (PS3.3 C.11.2.1.1) bends it, counted from 1, stretched over the window;
            0: none, or the image has fewer.
    """

    center: Annotated[float, Meta(ge=-1e9, le=1e9)]
    width: Annotated[float, Meta(ge=1e-6, le=1e9)]
    lut: Annotated[int, Meta(ge=0, le=16)] = 0


class Camera(Struct, frozen=True, forbid_unknown_fields=True):
    """The circle that every screen must contain, and which way it is turned.

    Attributes:
        center: in the space of the series' grid (LPS mm, or image coordinates in the grid's unit).
        radius: in the grid's unit; the smaller half of the viewport spans exactly this.
        right: unit vector that points right on the screen.
        down: unit vector that points down on the screen; perpendicular to right.
    """

    center: Vec
    radius: Annotated[float, Meta(ge=MIN_RADIUS_MM, le=MAX_RADIUS_MM)]
    right: Vec
    down: Vec


class Layout(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A grid of equal cells in reading order, and beside it the primary viewport, if there is one.

    Attributes:
        rows, columns: of the grid.
        primary: id of the viewport that stands at the right of the grid over its full height, in a column as wide as
            the grid's columns; "" where there is none.
    """

    rows: Annotated[int, Meta(ge=1, le=MAX_ROWS)]
    columns: Annotated[int, Meta(ge=1, le=MAX_COLUMNS)]
    primary: Annotated[str, Meta(pattern=r"^[a-z]?$")] = ""

    @property
    def viewports(self) -> int:
        """How many viewports it has."""
        return self.rows * self.columns + bool(self.primary)


class Stack(Struct, frozen=True, forbid_unknown_fields=True, tag="stack"):
    """One image of a series, as it was acquired.

    Attributes:
        series: which.
        place: index along the normal, from 0.
        time: index on the series' second axis, from 0; 0 where it has none.
    """

    series: SeriesKey
    place: Annotated[int, Meta(ge=0, le=MAX_IMAGES)]
    time: Annotated[int, Meta(ge=0, le=MAX_IMAGES)] = 0


Shown = Stack
"""What a viewport shows: a union of tagged structs, so far of one. Who reads it matches its kind exhaustively."""


def shown_series(shows: Shown) -> tuple[SeriesKey, ...]:
    """The series that it is made of."""
    match shows:
        case Stack(series=series):
            return (series,)
        case _ as never:
            assert_never(never)


Part = Literal["mask", "overlay", "shutter"]
"""What a file says of its own presentation: the mask that is subtracted (PS3.3 C.7.6.10), graphics over the image
(PS3.3 C.9.2), what lies behind a display shutter (PS3.3 C.7.6.11)."""


class Viewport(Struct, frozen=True, forbid_unknown_fields=True):
    """One picture of the layout.

    Attributes:
        id: "a", "b", ... in reading order.
        shows: what is shown in it.
        window: None for colour, which has none.
        invert: greys upside down (on top of what PhotometricInterpretation asks for).
        without: parts of the file's own presentation that are left out here; none: all are applied.
    """

    id: Annotated[str, Meta(pattern=r"^[a-z]$")]
    shows: Shown
    camera: Camera
    window: Window | None = None
    invert: bool = False
    without: Annotated[tuple[Part, ...], Meta(max_length=3)] = ()


class Link(Struct, frozen=True, forbid_unknown_fields=True):
    """Viewports scroll, pan, zoom and window together.

    Attributes:
        offset_mm: slice location in the second viewport minus that in the first, for the same anatomy.
        pan_mm: in-plane (right, down) shift of the second camera's centre against the first's, on screen axes.
    """

    offset_mm: float = 0.0
    pan_mm: tuple[float, float] = (0.0, 0.0)


class View(Struct, frozen=True, forbid_unknown_fields=True):
    """Everything that the presenter shows."""

    layout: Layout
    viewports: Annotated[tuple[Viewport, ...], Meta(min_length=1, max_length=MAX_VIEWPORTS)]
    active: str
    link: Link | None = None

    def viewport(self, identifier: str) -> Viewport:
        """The viewport of that id. Raises KeyError."""
        for viewport in self.viewports:
            if viewport.id == identifier:
                return viewport
        raise KeyError(identifier)

    @property
    def series(self) -> frozenset[SeriesKey]:
        """All series that any of its viewports shows."""
        return frozenset(key for viewport in self.viewports for key in shown_series(viewport.shows))


MAX_SCREEN_PIXELS = 8192 * 4352
"""8K, and a bar."""


class Screen(Struct, frozen=True, forbid_unknown_fields=True):
    """What a page shows pictures on.

    Attributes:
        width, height: of the stage's picture area, in device pixels.
        only_active: the page shows the active viewport alone (phones).
        gap: between viewports, in device pixels.
    """

    width: Annotated[int, Meta(ge=16, le=8192)]
    height: Annotated[int, Meta(ge=16, le=8192)]
    only_active: bool = False
    gap: Annotated[int, Meta(ge=0, le=16)] = 0

    def __post_init__(self) -> None:
        """No screen has as many pixels as both limits allow together; a still of them would take a second."""
        if self.width * self.height > MAX_SCREEN_PIXELS:
            raise ValueError(f"a screen has {MAX_SCREEN_PIXELS} pixels at most")
