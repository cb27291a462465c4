"""On which side of the patient a mark lies: by the body's outline in that slice, else with caution by LPS x, else not.

Rules of this file:
- The origin of LPS is the scanner's, not the body's: the sign of x alone says nothing near the middle. A patient may
  lie off the centre by OFF_CENTRE_MM, and is still never given the wrong side.
- The midline is that of the body's outline, in a CT or MR slice that holds all of it: a trunk (a head where the file
  says that it is one; no single limb is so wide), with air on both sides, and alike on both sides. A raised arm, a
  table that a patient lies beside, a cut field of view make it unlike; then the sign is what is left.
- Of a limb the sign says nothing: a knee is put where the scanner is best.
- All of a mark lies clearly on one side, or about the midline, or nothing is said.
- Points are the patient's, so how a view is flipped or turned changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from consult.model.catalogue import Series
from consult.model.geometry import Grid, Vec
from consult.model.image import Image
from consult.model.side import NOWHERE, Located

BODY_HU = -300.0
"""Denser than this is body; air and lungs are not."""
BODY_SHARE, BRIGHT_PERCENTILE = 0.1, 99.0
"""Of MR: brighter than this share of what is bright is body."""
THICK_MM = 30.0
"""A column with less of it shows a table or a sheet, no body."""
TRUNK_MM, HEAD_MM = 250.0, 100.0
"""So wide at least."""
AIR_MM = 5.0
"""So much air is at both edges of a slice that holds all of the body."""
ALIKE = 0.85
"""Share of the outline that its mirror image covers."""
CLEAR_MM, CLEAR_SHARE = 15.0, 0.05
"""So far from the midline, also as a share of the body's width, is clearly beside it."""
MIDLINE_MM = 8.0
"""All of what is no further from the midline lies on it."""
MAX_PIXELS = 1 << 24
"""Of an image whose outline is looked for: no CT or MR comes near."""
OFF_CENTRE_MM = 60.0
"""So far off the scanner's centre a patient may lie."""
ACROSS = 0.999
"""Cosine by which rows run from right to left, or from left to right."""
UPRIGHT = 0.9
"""Cosine by which columns run from front to back, or from head to feet; a gantry may be tilted."""
HEADS = ("HEAD", "BRAIN", "SKULL", "NECK", "CSPINE", "SINUS", "PITUITARY", "ORBIT")
LIMBS = (
    "KNEE", "ANKLE", "FOOT", "TOE", "LEG", "THIGH", "FEMUR", "HAND", "WRIST", "FINGER", "ELBOW", "ARM", "SHOULDER",
    "HUMERUS", "CALF", "EXTREMITY", "BREAST",
)  # fmt: skip


def locate(image: Image, series: Series, place: int, points: Sequence[Vec]) -> Located:
    """Where all these points of an image lie in the patient.

    Args:
        image: it; of CT its values are HU after the modality LUT.
        series: of it.
        place: of the image in it.
        points: LPS mm.
    """
    if series.grid.space != "patient":
        return NOWHERE
    xs = [point[0] for point in points]
    is_seen = _shows_both_sides(series.grid) and not image.colour and image.pixels.size <= MAX_PIXELS
    found = _body(image, series) if is_seen else None
    if found is not None:
        return _by_outline(series.grid, place, xs, found)
    return _by_sign(xs) if not any(limb in _part(series) for limb in LIMBS) else NOWHERE


def _by_outline(grid: Grid, place: int, xs: list[float], found: tuple[int, int]) -> Located:
    first, last = found
    clear = max(CLEAR_MM, CLEAR_SHARE * (last - first) * grid.column_spacing)
    middle = grid.point(place, (first + last) / 2, 0.0)[0]
    if all(x - middle > clear for x in xs):
        return Located("LEFT", "outline")
    if all(middle - x > clear for x in xs):
        return Located("RIGHT", "outline")
    return Located("MIDLINE", "outline") if all(abs(x - middle) <= MIDLINE_MM for x in xs) else NOWHERE


def _by_sign(xs: list[float]) -> Located:
    if all(x > OFF_CENTRE_MM + CLEAR_MM for x in xs):
        return Located("LEFT", "sign")
    return Located("RIGHT", "sign") if all(x < -OFF_CENTRE_MM - CLEAR_MM for x in xs) else NOWHERE


def _shows_both_sides(grid: Grid) -> bool:
    return abs(grid.right[0]) >= ACROSS and max(abs(grid.down[1]), abs(grid.down[2])) >= UPRIGHT


def _part(series: Series) -> str:
    return series.body_part.upper().replace(" ", "")


def _is_body(image: Image, series: Series) -> NDArray[np.bool_] | None:
    """Which pixels are body; None where the values do not say."""
    values = image.values()
    if series.modality == "CT" and series.unit == "HU":
        return np.asarray(values > BODY_HU)
    if series.modality == "MR":
        return np.asarray(values > BODY_SHARE * np.percentile(values, BRIGHT_PERCENTILE))
    return None


def _body(image: Image, series: Series) -> tuple[int, int] | None:
    """The first and last column of the body; None where the slice does not show all of one."""
    body = _is_body(image, series)
    if body is None:
        return None
    grid, is_head = series.grid, any(head in _part(series) for head in HEADS)
    thick = np.flatnonzero(body.sum(axis=0) * grid.row_spacing >= THICK_MM)
    if thick.size == 0:
        return None
    first, last = int(thick[0]), int(thick[-1])
    air = AIR_MM / grid.column_spacing
    least = HEAD_MM if is_head else TRUNK_MM
    if first < air or last > body.shape[1] - 1 - air or (last - first) * grid.column_spacing < least:
        return None
    return (first, last) if _is_alike(body[:, first : last + 1]) else None


def _is_alike(within: NDArray[np.bool_]) -> bool:
    """The outline is about its own mirror image."""
    top, bottom = within.argmax(axis=0), within.shape[0] - within[::-1].argmax(axis=0)
    both = np.minimum(bottom, bottom[::-1]) - np.maximum(top, top[::-1])
    either = np.maximum(bottom, bottom[::-1]) - np.minimum(top, top[::-1])
    return bool(np.maximum(both, 0).sum() >= ALIKE * either.sum())
