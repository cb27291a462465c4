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
from consult.model.view import Stack, Viewport

MarkKind = Literal["arrow", "text", "length", "angle", "ellipse", "probe"]
POINTS: dict[MarkKind, int] = {"arrow": 2, "text": 1, "length": 2, "angle": 3, "ellipse": 3, "probe": 1}
"""How many points each has. Arrow: tip, tail. Angle: the vertex is the second. Ellipse: centre, then the end of each
semi-axis, which are perpendicular."""
PIXEL_KINDS: frozenset[MarkKind] = frozenset({"ellipse", "probe"})
"""Those whose values are read from the pixels below them; of all others the side alone."""
MAX_LABEL = 120

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
        label: the text of a text mark; a note on any other.
    """

    id: MarkId
    kind: MarkKind
    series: SeriesKey
    image: Annotated[int, Meta(ge=0, le=1_000_000)]
    points: Annotated[tuple[Vec, ...], Meta(min_length=1, max_length=3)]
    label: Annotated[str, Meta(max_length=MAX_LABEL)] = ""
    in_space: bool = False
    plane: Literal["", "axial", "sagittal", "coronal"] = ""
    over: SeriesKey = SeriesKey("")


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
