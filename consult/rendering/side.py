"""On which side of the patient a mark lies, where the picture itself shows the midline; else nothing is said.

Rules of this file:
- The origin of LPS is the scanner's, not the body's: the sign of x alone says nothing of a side.
- The midline is that of the body's outline, on an axial CT slice that holds all of it: a trunk (no limb and no head is
  so wide), with air on both sides, and alike on both sides. A raised arm, a table that a patient lies beside, a cut
  field of view make it unlike, and there is no side.
- All of a mark lies clearly on one side, or it has none.
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from consult.model.geometry import Grid, Vec
from consult.model.image import Image

Side = Literal["", "L", "R"]
"""The patient's; "" where it is not known."""

BODY_HU = -300.0
"""Denser than this is body; air and lungs are not."""
THICK_MM = 30.0
"""A column with less of it shows a table or a sheet, no body."""
TRUNK_MM = 250.0
"""Heads and single limbs are not so wide."""
AIR_MM = 5.0
"""So much air is at both edges of a slice that holds all of the body."""
ALIKE = 0.85
"""Share of the outline that its mirror image covers."""
CLEAR_MM, CLEAR_SHARE = 15.0, 0.05
"""So far from the midline, also as a share of the body's width, is clearly beside it."""
ACROSS = 0.999
"""Cosine by which rows run from right to left, or from left to right."""
UPRIGHT = 0.9
"""Cosine by which columns run from front to back; a gantry may be tilted."""


def side_of(image: Image, grid: Grid, place: int, points: tuple[Vec, ...]) -> Side:
    """The side of the patient that all these points of a CT slice lie on.

    Args:
        image: its values, in HU after the modality LUT.
        grid: of the series.
        place: of the image in it.
        points: LPS mm.
    """
    axial = abs(grid.right[0]) >= ACROSS and abs(grid.down[1]) >= UPRIGHT
    found = _body(image, grid) if axial and grid.space == "patient" and not image.colour else None
    if found is None:
        return ""
    first, last = found
    clear = max(CLEAR_MM, CLEAR_SHARE * (last - first) * grid.column_spacing)
    middle = grid.point(place, (first + last) / 2, 0.0)[0]
    if all(point[0] - middle > clear for point in points):
        return "L"
    return "R" if all(middle - point[0] > clear for point in points) else ""


def _body(image: Image, grid: Grid) -> tuple[int, int] | None:
    """The first and last column of the trunk; None where the slice does not show all of one."""
    body = image.values() > BODY_HU
    thick = np.flatnonzero(body.sum(axis=0) * grid.row_spacing >= THICK_MM)
    if thick.size == 0:
        return None
    first, last = int(thick[0]), int(thick[-1])
    air = AIR_MM / grid.column_spacing
    if first < air or last > body.shape[1] - 1 - air or (last - first) * grid.column_spacing < TRUNK_MM:
        return None
    within = body[:, first : last + 1]
    top, bottom = within.argmax(axis=0), within.shape[0] - within[::-1].argmax(axis=0)
    both = np.minimum(bottom, bottom[::-1]) - np.maximum(top, top[::-1])
    either = np.maximum(bottom, bottom[::-1]) - np.minimum(top, top[::-1])
    return (first, last) if np.maximum(both, 0).sum() >= ALIKE * either.sum() else None
