"""A mark's numbers by an independent path: its file's tags, physical points, float64. In the worker.

Rules of this file:
- Points are made from pixel coordinates by the file's own spacing, position and orientation; so a grid that has the
  spacing of another frame, or lies elsewhere, gives other lengths or points that lie apart.
- Stored values are decoded anew from the file: what a volume holds by mistake is another value here.
- It does not say what is right, only what it found.
"""

from __future__ import annotations

import math
import warnings
from typing import Any, NamedTuple

import numpy as np
import pydicom
from msgspec.structs import replace
from numpy.typing import NDArray
from pydicom.dataset import Dataset

from consult.dicom.checking.records import Asked, Checked
from consult.dicom.checking.tags import (
    Plane,
    Spacing,
    first_colour,
    in_trace,
    padding_of,
    plane_of,
    region_of,
    region_spacing,
    rescale_of,
    spacing_of,
)
from consult.dicom.pixels.decode import decode_frame
from consult.dicom.records import PixelFormat

Vector = NDArray[np.float64]
ON_EDGE = 1e-9
ON_SIDE = 1e-6
"""So near to the side of a contour, in pixels, is on it."""
READ = ("ellipse", "circle", "rectangle", "freehand", "polygon", "probe")
PARALLEL_DEG, MOST_DEG = 1e-4, 120.0
"""Lines that turn less than this meet nowhere; over this they follow each other."""


class Frame(NamedTuple):
    """A frame by its own tags."""

    dataset: Dataset
    number: int
    spacing: Spacing
    plane: Plane | None

    def point(self, column: Any, row: Any) -> Vector:
        """Pixel coordinates to a point in space, or on the image; of arrays, (..., 3)."""
        across, down = np.multiply(column, self.spacing.column), np.multiply(row, self.spacing.row)
        if self.plane is None:
            return np.stack(np.broadcast_arrays(across, down, 0.0), axis=-1)
        right, below, at = (np.array(v, np.float64) for v in (self.plane.right, self.plane.down, self.plane.position))
        return np.asarray(at + np.multiply.outer(across, right) + np.multiply.outer(down, below))


def check_mark(path: str, frame: int, pixel_format: PixelFormat, asked: Asked) -> Checked:
    """The numbers of a mark, from its file.

    Args:
        path: of the file.
        frame: within it, from 0.
        pixel_format: of its series.
        asked: the mark.

    Raises:
        DicomRefused: the frame cannot be decoded.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what is odd in it and does not matter here
        return _check(path, frame, pixel_format, asked)


def _check(path: str, frame: int, pixel_format: PixelFormat, asked: Asked) -> Checked:
    dataset = pydicom.dcmread(path, force=True, stop_before_pixels=True)
    named = Checked({}, sop_instance_uid=str(dataset.get("SOPInstanceUID", "")), frame=frame + 1)
    region = region_of(dataset, list(asked.pixels)) if asked.unit == "px" else None
    if region is not None and (found := in_trace(region, list(asked.pixels))):
        return replace(named, values=found, spacing_tag="PhysicalDeltaX")
    spacing = None if region is None else region_spacing(region)
    in_tissue = spacing is not None
    spacing = spacing or spacing_of(dataset, frame, asked.unit)
    plane = plane_of(dataset, frame) if asked.in_patient else None
    if spacing is None:
        return replace(named, sentence="The file does not have that spacing.")
    if asked.in_patient and plane is None:
        return replace(named, sentence="The file does not say where the image lies.")
    own = Frame(dataset, frame, spacing, plane)
    points = [own.point(*pixel) for pixel in asked.pixels]
    off = 0.0 if in_tissue else max(map(_distance, points, asked.points))
    values, pixels = _geometry(asked.kind, points), 0
    if asked.kind in READ:
        statistics, pixels = _statistics(own, decode_frame(path, frame, pixel_format), asked, points)
        values = {**values, **statistics}
    return replace(named, values=values, pixels=pixels, spacing_tag=spacing.tag, off_mm=off)


def _distance(one: Vector, other: Any) -> float:
    return float(np.sqrt(((one - np.array(other, np.float64)) ** 2).sum()))


def _geometry(kind: str, points: list[Vector]) -> dict[str, float]:
    """What needs no values."""
    match kind:
        case "length" | "polyline":
            return {"length": float(np.linalg.norm(np.diff(np.stack(points), axis=0), axis=1).sum())}
        case "bidirectional":
            short, long = sorted((_distance(points[0], points[1]), _distance(points[2], points[3])))
            return {"length": long, "short_axis": short}
        case "angle":
            return {"angle": _turn(points[0] - points[1], points[2] - points[1])}
        case "cobb":
            return {"angle": _meeting(points)}
        case "ellipse" | "circle":
            one, other = points[1] - points[0], points[2] - points[0]
            round_one = {"diameter": 2 * float(np.linalg.norm(one))} if kind == "circle" else {}
            return {"area": float(np.pi * np.linalg.norm(np.cross(one, other))), **round_one}
        case "rectangle" | "freehand" | "polygon":
            return {"area": _enclosed(points)}
        case _:
            return {}


def _turn(one: Vector, other: Vector) -> float:
    """Degrees between two directions."""
    return float(np.degrees(np.arctan2(np.linalg.norm(np.cross(one, other)), one @ other)))


def _meeting(points: list[Vector]) -> float:
    """Degrees of the triangle of the middles of two lines and the point where the lines meet; of parallel ones 0."""
    one, other = points[1] - points[0], points[3] - points[2]
    middle, far = (points[0] + points[1]) / 2, (points[2] + points[3]) / 2
    acute = min(_turn(one, other), 180.0 - _turn(one, other))
    steps, *_ = np.linalg.lstsq(np.stack([one, -other], axis=1), far - middle, rcond=None)
    meeting = middle + steps[0] * one
    to_one, to_other = middle - meeting, far - meeting
    if acute < PARALLEL_DEG or min(np.linalg.norm(to_one), np.linalg.norm(to_other)) == 0.0:
        return acute
    found = _turn(to_one, to_other)
    return found if found <= MOST_DEG else 180.0 - found


def _enclosed(points: list[Vector]) -> float:
    """Area of a contour: of triangles from the middle of its points."""
    around = np.stack(points) - np.mean(points, axis=0)
    return float(np.linalg.norm(np.cross(around, np.roll(around, -1, axis=0)).sum(axis=0)) / 2)


def _statistics(own: Frame, stored: NDArray[Any], asked: Asked, points: list[Vector]) -> tuple[dict[str, float], int]:
    """Of the values below a mark, and how many there are."""
    if stored.ndim != 2:
        return {}, 0
    picked = stored[_inside(own, stored.shape, asked, points)]
    if (padding := padding_of(own.dataset)) is not None:
        picked = picked[(picked < padding[0]) | (picked > padding[1])]
    if (first := first_colour(own.dataset, own.number)) is not None:
        picked = picked[picked < first]
    if picked.size == 0:
        return {}, 0
    slope, intercept = rescale_of(own.dataset, own.number)
    values = picked.astype(np.float64) * slope + intercept
    mean = float(values.sum() / values.size)
    if asked.kind == "probe":
        return {"value": mean}, int(values.size)
    deviation = float(np.sqrt(((values - mean) ** 2).sum() / values.size))
    return {"mean": mean, "sd": deviation, "low": float(values.min()), "high": float(values.max())}, int(values.size)


def _inside(own: Frame, shape: tuple[int, ...], asked: Asked, points: list[Vector]) -> NDArray[np.bool_]:
    """The pixels whose centres lie in an area; where there is none, and of a probe, the nearest to its middle."""
    rows, columns = np.mgrid[: shape[0], : shape[1]]
    inside = np.zeros(shape, np.bool_)
    if asked.kind in ("ellipse", "circle"):
        one, other = points[1] - points[0], points[2] - points[0]
        basis = np.stack([one, other], axis=1)
        if np.linalg.matrix_rank(basis) == 2:
            shares = (own.point(columns, rows) - points[0]) @ np.linalg.pinv(basis).T
            inside = (shares**2).sum(axis=-1) <= 1.0 + ON_EDGE
    elif asked.kind != "probe":
        inside = _wound(np.array(asked.pixels), shape)
    if not inside.any():
        middle = asked.pixels[0] if asked.kind in ("ellipse", "circle", "probe") else np.mean(asked.pixels, axis=0)
        column, row = middle
        if -0.5 <= column <= shape[1] - 0.5 and -0.5 <= row <= shape[0] - 0.5:
            apart = ((own.point(columns, rows) - own.point(column, row)) ** 2).sum(axis=-1)
            inside[np.unravel_index(int(apart.argmin()), shape)] = True
    return inside


def _wound(corners: Vector, shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """The pixels about whose centres a contour turns, and those that its sides go through."""
    low = np.maximum(np.floor(corners.min(axis=0)).astype(int), 0)
    high = np.minimum(np.ceil(corners.max(axis=0)).astype(int) + 1, (shape[1], shape[0]))
    inside = np.zeros(shape, np.bool_)
    if (low >= high).any():
        return inside
    turns = np.zeros((high[1] - low[1], high[0] - low[0]), np.int8)
    on_side = np.zeros(turns.shape, np.bool_)
    rows = np.arange(low[1], high[1])[:, None]
    for (x0, y0), (x1, y1) in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        first, last = max(low[0], math.floor(min(x0, x1))), min(high[0], math.ceil(max(x0, x1)) + 1)
        columns, beneath = np.arange(first, last)[None, :], (slice(None), slice(first - low[0], last - low[0]))
        beside = (x1 - x0) * (rows - y0) - (y1 - y0) * (columns - x0)
        turns[beneath] += ((x0 <= columns) & (x1 > columns) & (beside < 0)).astype(np.int8)
        turns[beneath] -= ((x0 > columns) & (x1 <= columns) & (beside > 0)).astype(np.int8)
        far = math.hypot(x1 - x0, y1 - y0)
        along = (columns - x0) * (x1 - x0) + (rows - y0) * (y1 - y0)
        near = (along >= -ON_SIDE * far) & (along <= far * (far + ON_SIDE))
        on_side[beneath] |= near & (np.abs(beside) <= ON_SIDE * far)
    inside[low[1] : high[1], low[0] : high[0]] = (turns != 0) | on_side
    return inside
