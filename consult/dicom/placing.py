"""Where the images of a series lie: same orientations, places in anatomical order, even gaps. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import pairwise
from statistics import median

from msgspec import Struct
from msgspec.structs import replace

from consult.dicom.records import FileRecord, Frame, Plane
from consult.model.geometry import Vec, cross, dot, norm, scale, subtract

SAME_DIRECTION = 2 * math.sin(math.radians(0.05) / 2)
"""Distance between the ends of two unit vectors that are 0.05 degrees apart: 0.2 mm over 250 mm."""
DIAGONAL = 1e-3
"""Between two axes the order is that of the later one, whatever the rounding: z before y before x."""
SAME_PLACE_MM, SAME_PLACE_MAX_MM = 0.01, 0.1
SAME_PLACE_RELATIVE = 0.02
"""Of the middle gap between places: positions are written with few digits, and rounded differently."""
UNEVEN_RELATIVE, UNEVEN_MM = 0.02, 0.01


class Item(Struct, frozen=True):
    """A frame and the file it is in."""

    file: FileRecord
    frame: Frame

    @property
    def plane(self) -> Plane:
        """Where it lies; only of an item that has a place."""
        assert self.frame.plane is not None  # a group has a place for all or for none
        return self.frame.plane


def without_place(item: Item) -> Item:
    """The same image where nothing on it can be placed or measured in mm."""
    frame = replace(item.frame, plane=None, row_spacing=1.0, column_spacing=_aspect(item.frame), unit="px")
    return Item(item.file, frame)


def _aspect(frame: Frame) -> float:
    return frame.column_spacing / frame.row_spacing


def reading_order(item: Item) -> tuple[object, ...]:
    """Sorts items that share a position, or have none: by their numbers, then by their times.

    UIDs come last and only make the order the same at every time; they mean nothing.
    """
    frame = item.frame
    times = frame.attributes.numbers if frame.attributes else {}
    moments = times.get("AcquisitionTime", 0.0), times.get("ContentTime", 0.0)
    uid = tuple(part.rjust(64, "0") for part in frame.sop_instance_uid.split("."))
    return (*frame.order[:3], *moments, uid, frame.frame)


def same_orientation(a: Plane | None, b: Plane | None) -> bool:
    """Whether two planes have one orientation, or both have none."""
    if a is None or b is None:
        return a is b
    return norm(subtract(a.right, b.right)) <= SAME_DIRECTION and norm(subtract(a.down, b.down)) <= SAME_DIRECTION


def find_places(group: Iterable[Item]) -> list[list[Item]]:
    """Items of one orientation by place, in anatomical order; at one place in reading order."""
    ordered = sorted(group, key=reading_order)
    onward = _onward(ordered[0].plane)
    along = sorted(((dot(item.plane.position, onward), item) for item in ordered), key=lambda found: found[0])
    same = _tolerance([distance for distance, _ in along])
    places: list[list[Item]] = []
    begin = -math.inf
    for distance, item in along:
        if distance - begin < same:
            places[-1].append(item)
        else:
            places.append([item])
            begin = distance
    for place in places:
        place.sort(key=reading_order)
    return places


def one_position(place: Sequence[Item]) -> bool:
    """Whether its images lie exactly over each other, not only in one plane."""
    first = place[0].plane.position
    return all(norm(subtract(item.plane.position, first)) <= SAME_PLACE_MAX_MM for item in place)


def is_uneven(places: Sequence[Sequence[Item]]) -> bool:
    """Whether the gaps between places differ by more than rounding."""
    onward = _onward(places[0][0].plane)
    gaps = [b - a for a, b in pairwise(dot(place[0].plane.position, onward) for place in places)]
    if not gaps:
        return False
    middle = median(gaps)
    return max(abs(gap - middle) for gap in gaps) > UNEVEN_RELATIVE * middle + UNEVEN_MM


def _tolerance(distances: Sequence[float]) -> float:
    gaps = [b - a for a, b in pairwise(distances) if b - a >= SAME_PLACE_MM]
    if not gaps:
        return SAME_PLACE_MM
    return max(SAME_PLACE_MM, min(SAME_PLACE_MAX_MM, SAME_PLACE_RELATIVE * median(gaps)))


def _onward(plane: Plane) -> Vec:
    """Unit vector from one image to the next in anatomical order (LPS): the normal, or its opposite."""
    normal = cross(plane.right, plane.down)
    x, y, z = normal
    if abs(z) >= max(abs(x), abs(y)) - DIAGONAL:
        return scale(normal, -1.0) if z > 0 else normal
    leading = y if abs(y) >= abs(x) - DIAGONAL else x
    return normal if leading > 0 else scale(normal, -1.0)
