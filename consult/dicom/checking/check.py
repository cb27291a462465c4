"""A mark's numbers by an independent path: its file's tags, physical points, float64. In the worker.

Rules of this file:
- Points are made from pixel coordinates by the file's own spacing, position and orientation; so a grid that has the
  spacing of another frame, or lies elsewhere, gives other lengths or points that lie apart.
- Stored values are decoded anew from the file: what a volume holds by mistake is another value here.
- It does not say what is right, only what it found.
"""

from __future__ import annotations

import warnings
from typing import Any, NamedTuple

import numpy as np
import pydicom
from msgspec.structs import replace
from numpy.typing import NDArray
from pydicom.dataset import Dataset

from consult.dicom.checking.records import Asked, Checked
from consult.dicom.checking.tags import Plane, Spacing, padding_of, plane_of, region_spacing, rescale_of, spacing_of
from consult.dicom.pixels.decode import decode_frame
from consult.dicom.records import PixelFormat

Vector = NDArray[np.float64]
ON_EDGE = 1e-9


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
    region = region_spacing(dataset, list(asked.pixels)) if asked.unit == "px" and asked.kind == "length" else None
    spacing = region or spacing_of(dataset, frame, asked.unit)
    plane = plane_of(dataset, frame) if asked.in_patient else None
    if spacing is None:
        return replace(named, sentence="The file does not have that spacing.")
    if asked.in_patient and plane is None:
        return replace(named, sentence="The file does not say where the image lies.")
    own = Frame(dataset, frame, spacing, plane)
    points = [own.point(*pixel) for pixel in asked.pixels]
    off = 0.0 if region else max(map(_distance, points, asked.points))
    values, pixels = _geometry(asked.kind, points), 0
    if asked.kind in ("ellipse", "probe"):
        statistics, pixels = _statistics(own, decode_frame(path, frame, pixel_format), asked, points)
        values = {**values, **statistics}
    return replace(named, values=values, pixels=pixels, spacing_tag=spacing.tag, off_mm=off)


def _distance(one: Vector, other: Any) -> float:
    return float(np.sqrt(((one - np.array(other, np.float64)) ** 2).sum()))


def _geometry(kind: str, points: list[Vector]) -> dict[str, float]:
    """What needs no values."""
    match kind:
        case "length":
            return {"length": _distance(points[0], points[1])}
        case "angle":
            one, other = points[0] - points[1], points[2] - points[1]
            turned = np.arctan2(np.linalg.norm(np.cross(one, other)), one @ other)
            return {"angle": float(np.degrees(turned))}
        case "ellipse":
            one, other = points[1] - points[0], points[2] - points[0]
            return {"area": float(np.pi * np.linalg.norm(np.cross(one, other)))}
        case _:
            return {}


def _statistics(
    own: Frame, stored: NDArray[Any], asked: Asked, points: list[Vector]
) -> tuple[dict[str, float], int]:
    """Of the values below a mark, and how many there are."""
    if stored.ndim != 2:
        return {}, 0
    picked = stored[_inside(own, stored.shape, asked, points)]
    if (padding := padding_of(own.dataset)) is not None:
        picked = picked[(picked < padding[0]) | (picked > padding[1])]
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
    """The pixels whose centres lie in an ellipse; where there is none, and of a probe, the nearest to its centre."""
    rows, columns = np.mgrid[: shape[0], : shape[1]]
    inside = np.zeros(shape, np.bool_)
    if asked.kind == "ellipse":
        one, other = points[1] - points[0], points[2] - points[0]
        basis = np.stack([one, other], axis=1)
        if np.linalg.matrix_rank(basis) == 2:
            shares = (own.point(columns, rows) - points[0]) @ np.linalg.pinv(basis).T
            inside = (shares**2).sum(axis=-1) <= 1.0 + ON_EDGE
    if not inside.any():
        column, row = asked.pixels[0]
        if -0.5 <= column <= shape[1] - 0.5 and -0.5 <= row <= shape[0] - 0.5:
            apart = ((own.point(columns, rows) - points[0]) ** 2).sum(axis=-1)
            inside[np.unravel_index(int(apart.argmin()), shape)] = True
    return inside
