"""Marks: what people draw on images, and the images they keep.

Rules of this file:
- A shape's points lie in the space of the grid of the series it was drawn on: LPS mm where the series has a place in
  the patient, image coordinates in the grid's unit where it has none.
- A mark with a frame of reference is meant for every view of that frame that cuts it; without one, for its series
  alone, and for its image alone where the series has no place in the patient.
- Values (lengths, angles, statistics) are computed from points and pixels, never stored.
"""

from __future__ import annotations

import hashlib
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from consult.model.geometry import Vec
from consult.model.identifiers import SeatId, SeriesKey
from consult.model.view import Alignment, Stack, Viewport

MarkKind = Literal[
    "arrow", "text", "length", "angle", "ellipse", "probe", "bidirectional", "cobb", "circle", "rectangle", "freehand",
    "polyline", "polygon",
]  # fmt: skip
Quantity = Literal[
    "length", "short_axis", "diameter", "angle", "area", "time", "velocity", "depth", "mean", "sd", "low", "high",
    "value",
]  # fmt: skip
"""What of a mark a number says. Of a bidirectional `length` is the long axis, of a polyline along all of it."""
MAX_VERTICES = 128
"""Of a contour or a polyline: a circle of 5 cm is drawn with an error of 0.01 mm."""
POINTS: dict[MarkKind, tuple[int, int]] = {
    "arrow": (2, 2), "text": (1, 1), "length": (2, 2), "angle": (3, 3), "ellipse": (3, 3), "probe": (1, 1),
    "bidirectional": (4, 4), "cobb": (4, 4), "circle": (3, 3), "rectangle": (4, 4), "freehand": (3, MAX_VERTICES),
    "polyline": (2, MAX_VERTICES), "polygon": (3, MAX_VERTICES),
}  # fmt: skip
"""How many points each has, at least and at most. Arrow: tip, tail. Angle: the vertex is the second. Ellipse and
circle: centre, then the end of each semi-axis, which are perpendicular. Bidirectional: both ends of the long axis, then
of the short one, which is perpendicular. Cobb: both ends of one line, then of the other. Rectangle: its corners, one
after the other. Freehand and polygon: closed, the last point joins the first; polyline: open."""
AREA_KINDS: frozenset[MarkKind] = frozenset({"ellipse", "circle", "rectangle", "freehand", "polygon"})
"""Those that enclose something."""
PIXEL_KINDS: frozenset[MarkKind] = AREA_KINDS | {"probe"}
"""Those whose values are read from the pixels below them; of all others the side alone."""
MAX_LABEL = 120
TRACED = 4
"""Of more points than these a reading names a sum (`trace`)."""

MarkId = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{1,48}$")]
"""Chosen by the page that begins to draw: a draft and the mark it becomes have the same."""


class Shape(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What somebody draws.

    Attributes:
        series, image: where it was drawn; its values are read there.
        points: as many as its kind has, on the image's plane.
        in_space: it was drawn on a plane: its points may lie anywhere, its values are those of the series' own voxels,
            and `image` is the one nearest to its first point.
        plane: which of the planes that was, for lists; "" where it was drawn on an image.
        over: the series that lay over the image; its own voxels are read too. "" where there was none.
        alignment: by hand, of what lay over the image; None where both have one frame of reference.
        label: the text of a text mark; a note on any other.
    """

    id: MarkId
    kind: MarkKind
    series: SeriesKey
    image: Annotated[int, Meta(ge=0, le=1_000_000)]
    points: Annotated[tuple[Vec, ...], Meta(min_length=1, max_length=MAX_VERTICES)]
    label: Annotated[str, Meta(max_length=MAX_LABEL)] = ""
    in_space: bool = False
    plane: Literal["", "axial", "sagittal", "coronal"] = ""
    over: SeriesKey = SeriesKey("")
    alignment: Alignment | None = None


class Mark(Shape, frozen=True, forbid_unknown_fields=False, kw_only=True):
    """A shape that is stored.

    Attributes:
        case: id of the case it belongs to.
        author: the seat that drew it.
        frame_of_reference: of its series; "" where the points mean that series alone.
    """

    case: str
    author: SeatId
    frame_of_reference: str = ""


def trace(points: tuple[Vec, ...]) -> tuple[Vec, ...]:
    """By what a reading says of which points it is: them, or of a contour of many the first, their sum, and their sum
    weighted by their number, so that a change of any of them shows. web/js/core/marks/trace.js is the twin."""
    if len(points) <= TRACED:
        return points
    plain, weighted = [0.0, 0.0, 0.0], [0.0, 0.0, 0.0]
    for i, point in enumerate(points):
        for axis in range(3):
            plain[axis] += point[axis]
            weighted[axis] += (i + 1) * point[axis]
    return points[0], (plain[0], plain[1], plain[2]), (weighted[0], weighted[1], weighted[2])


class KeyImage(Struct, frozen=True, kw_only=True):
    """An image or a plane that somebody keeps, as it was shown. At most one of each.

    Attributes:
        id: `key_image_id`.
        case: id of the case it belongs to.
        viewport: how it was shown.
    """

    id: str
    case: str
    viewport: Viewport
    author: SeatId


def key_image_id(series: SeriesKey, image: int, viewport: Viewport | None = None) -> str:
    """The id of the key image of an image; of a plane or a fusion, of how that lies and what it is of."""
    if viewport is None or isinstance(viewport.shows, Stack):
        return f"{series}.{image}"
    camera = viewport.camera
    named = msgspec.json.encode((viewport.shows, camera.center, camera.right, camera.down))
    return f"{series}.{hashlib.sha256(named).hexdigest()[:16]}"
