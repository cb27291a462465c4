"""Patient-space geometry (PS3.3 C.7.6.2.1.1).

Rules of this file:
- Points and vectors are LPS millimetres: x grows to the patient's left, y to the back, z to the head.
- A `Grid` is a stack of parallel planes of one size. `positions[i]` is the centre of pixel (0, 0) of every image at
  place i: several where a series has a second axis, else one.
- Continuous pixel coordinates are (column, row), with pixel centres at whole numbers.
- Images without a place in the patient have a grid of their own, `space="image"`: right (1,0,0), down (0,1,0), pixel
  (0,0) at the origin. Their unit says what a length on them means.
"""

from __future__ import annotations

import math
from typing import Literal

from msgspec import Struct

Vec = tuple[float, float, float]

SpacingUnit = Literal[
    "mm", "mm at detector", "mm calibrated", "mm calibrated (fiducial)", "mm calibrated (geometry)", "px"
]


def dot(a: Vec, b: Vec) -> float:
    """Scalar product."""
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


def cross(a: Vec, b: Vec) -> Vec:
    """Vector product."""
    return (a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0])


def add(a: Vec, b: Vec) -> Vec:
    """a + b."""
    return (a[0] + b[0], a[1] + b[1], a[2] + b[2])


def subtract(a: Vec, b: Vec) -> Vec:
    """a - b."""
    return (a[0] - b[0], a[1] - b[1], a[2] - b[2])


def scale(a: Vec, factor: float) -> Vec:
    """a * factor."""
    return (a[0] * factor, a[1] * factor, a[2] * factor)


def norm(a: Vec) -> float:
    """Euclidean length."""
    return math.sqrt(dot(a, a))


class Grid(Struct, frozen=True):
    """A stack of parallel, equally sized planes in space.

    Attributes:
        space: "patient" (LPS mm) or "image" (no place in the patient: no orientation letters, no linking by position).
        rows, columns: pixels of every image.
        row_spacing: distance between the centres of neighbouring rows, in `unit`s.
        column_spacing: distance between the centres of neighbouring columns, in `unit`s.
        unit: what a length measured on it means; "px" where no spacing is known (a row is then 1, a column its aspect).
        right: unit vector of increasing column index.
        down: unit vector of increasing row index.
        positions: centre of pixel (0, 0) at each place, in anatomical order: from head to feet, front to back, or right
            to left, by the axis nearest to `normal`. Locations are monotonic: they rise, or they fall.
    """

    space: Literal["patient", "image"]
    rows: int
    columns: int
    row_spacing: float
    column_spacing: float
    unit: SpacingUnit
    right: Vec
    down: Vec
    positions: tuple[Vec, ...]

    @property
    def normal(self) -> Vec:
        """Unit vector of increasing slice position: right x down."""
        return cross(self.right, self.down)

    def location(self, place: int) -> float:
        """Signed distance of a place's plane from the origin along the normal, in mm."""
        return dot(self.positions[place], self.normal)

    def point(self, place: int, column: float, row: float) -> Vec:
        """Pixel coordinates at a place to a point in space."""
        across = scale(self.right, column * self.column_spacing)
        return add(self.positions[place], add(across, scale(self.down, row * self.row_spacing)))

    def pixel(self, place: int, point: Vec) -> tuple[float, float]:
        """A point in space, dropped onto a place's plane, to (column, row)."""
        d = subtract(point, self.positions[place])
        return dot(d, self.right) / self.column_spacing, dot(d, self.down) / self.row_spacing

    def centre(self, place: int) -> Vec:
        """Centre of the images' area at a place."""
        return self.point(place, (self.columns - 1) / 2, (self.rows - 1) / 2)

    def nearest(self, location: float) -> int:
        """The place whose plane lies nearest to a location along the normal."""
        return min(range(len(self.positions)), key=lambda i: abs(self.location(i) - location))


_AXES = (("L", "R"), ("P", "A"), ("H", "F"))
OBLIQUE_COSINE = 0.0872  # 5 degrees off an axis and more get a second letter


def orientation_letters(direction: Vec) -> str:
    """Letters of a direction in the patient, the strongest first (PS3.3 C.7.6.1.1.1): "L", "AL", "FPR".

    A component weaker than `OBLIQUE_COSINE` has no letter.
    """
    parts = sorted(zip((abs(c) for c in direction), range(3), strict=True), reverse=True)
    return "".join(_AXES[i][direction[i] < 0] for size, i in parts if size > OBLIQUE_COSINE)
