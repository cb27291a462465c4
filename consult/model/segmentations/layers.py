"""Layers of a segmentation: parallel planes in the patient, and which of them lies on an image. Pure.

Rules of this file:
- A layer is drawn on images that are parallel to it, whichever way these are turned in their plane.
- Where each layer lies on an image, it is drawn on that image alone: none reaches over to the next one.
- Else an image shows the layer nearest to it, if that is no further away than half the layers' spacing.
- In depth a layer reaches half the way to its neighbours: where each lies on an image, to that image's neighbours, so
  that a plane shows what the nearest image does. Over a gap, where layers are missing, none reaches.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise

from msgspec import Struct

from consult.model.geometry import Grid, Vec, cross, dot

PARALLEL = 1e-4
"""1 minus the cosine of the angle between normals: 0.8 degrees."""
SAME_MM = 0.1
"""Planes that are no further apart are one: positions are written with few decimals."""
ALONE_MM = 1.0
"""The spacing of what has one layer and says no thickness."""


class Layers(Struct, frozen=True):
    """Where the layers of a segmentation lie.

    Attributes:
        right, down: unit vectors; the layers are perpendicular to right x down.
        locations: signed distance of each layer from the origin along the normal, mm, ascending.
        spacing_mm: from one layer to the next, where they lie side by side.
    """

    right: Vec
    down: Vec
    locations: tuple[float, ...]
    spacing_mm: float

    @property
    def normal(self) -> Vec:
        """Unit vector of rising locations."""
        return cross(self.right, self.down)

    def parallel(self, grid: Grid) -> bool:
        """Whether the images of a grid are parallel to the layers; those without a place in the patient never are."""
        return grid.space == "patient" and 1.0 - abs(dot(self.normal, grid.normal)) <= PARALLEL

    def at(self, grid: Grid, place: int, *, coincide: bool) -> int | None:
        """The index of the layer that an image shows; None where there is none. The grid must be parallel."""
        location = dot(grid.positions[place], self.normal)
        found = nearest(self.locations, location)
        reach = SAME_MM if coincide else self.spacing_mm / 2 + SAME_MM
        return found if found is not None and abs(self.locations[found] - location) <= reach else None

    def extents(self, grid: Grid, *, coincide: bool) -> tuple[tuple[float, float], ...]:
        """From where to where each layer reaches along the normal, mm, for planes of a volume on a grid.

        Args:
            coincide: each layer lies on an image of the grid.
        """
        if not coincide:
            return tuple(_reach(self.locations, at, self.spacing_mm) for at in self.locations)
        images = distinct([dot(position, self.normal) for position in grid.positions])
        own = [images[found] for at in self.locations if (found := nearest(images, at)) is not None]
        return tuple(_reach(images, at, math.inf, alone=self.spacing_mm) for at in own)

    def coincide(self, grid: Grid) -> bool:
        """Whether each layer lies on an image of the grid."""
        images = sorted(dot(position, self.normal) for position in grid.positions)
        return all(
            (found := nearest(images, location)) is not None and abs(images[found] - location) <= SAME_MM
            for location in self.locations
        )


def nearest(ascending: Sequence[float], value: float) -> int | None:
    """The index of the number nearest to a value, the lower one of two; None where there are none."""
    after = bisect_left(ascending, value)
    near = [index for index in (after - 1, after) if 0 <= index < len(ascending)]
    return min(near, key=lambda index: abs(ascending[index] - value), default=None)


def _reach(ascending: Sequence[float], at: float, spacing_mm: float, *, alone: float = 0.0) -> tuple[float, float]:
    """Half the way from one of them to its neighbours, where these are the next ones; else half the spacing.

    Args:
        alone: the spacing where it has no neighbour, and no `spacing_mm` says it.
    """
    index = bisect_left(ascending, at)
    gaps = [
        ascending[index] - ascending[index - 1] if index > 0 else math.nan,
        ascending[index + 1] - ascending[index] if index + 1 < len(ascending) else math.nan,
    ]
    next_one = [gap if gap <= spacing_mm + 2 * SAME_MM else math.nan for gap in gaps]
    open_end = spacing_mm if math.isfinite(spacing_mm) else min(filter(math.isfinite, gaps), default=alone)
    below, above = (gap if math.isfinite(gap) else open_end for gap in next_one)
    return at - below / 2, at + above / 2


def distinct(locations: Sequence[float]) -> tuple[float, ...]:
    """Locations of layers, ascending: those that are the same plane once."""
    found: list[float] = []
    for location in sorted(locations):
        if not found or location - found[-1] > SAME_MM:
            found.append(location)
    return tuple(found)


def spacing(locations: Sequence[float], stated_mm: float, thickness_mm: float) -> float:
    """From one layer to the next: as the file says, else the least that there is, else as thick as they are."""
    if stated_mm > 0.0:
        return stated_mm
    steps = [second - first for first, second in pairwise(locations)]
    return min(steps, default=thickness_mm or ALONE_MM)
