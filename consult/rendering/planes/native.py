"""Values of a volume's own voxels below a shape in space; nothing here is interpolated.

Rules of this file:
- A probe reads the voxel that holds its point.
- A voxel belongs to an area when the area's plane cuts it, and its centre lies over the area: on a plane along the
  voxels that is one layer. Where it holds no centre, the voxel that holds the middle of its points. A contour that
  crosses itself holds nothing.
- What a shape asks for is bounded before it is allocated: voxels of a layer, of all layers, of the peak's spheres.
- The peak is the largest mean of a sphere of 1 ml around a voxel of the shape, of the voxels whose centres it holds.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from consult.model.errors import Refused
from consult.model.geometry import Vec, add, dot, norm, scale, subtract
from consult.model.mark import Shape
from consult.rendering.marks.areas import Mask, crosses_itself, holds, normal_of
from consult.rendering.marks.measure import ROUND_KINDS, middle
from consult.rendering.planes.volume import VolumeArray

PEAK_ML = 1.0
PEAK_RADIUS_MM = (3.0 * PEAK_ML * 1000.0 / (4.0 * math.pi)) ** (1.0 / 3.0)
EDGE = 1e-9
MAX_LAYER, MAX_BOX = 1 << 22, 1 << 28
"""Voxels of a layer, and of all layers, among which those of a shape are looked for: a CT of 2048 x 2048, a volume of
a thousand images of 512 x 512."""
MAX_PEAK = 1 << 26
"""Voxels of all spheres of a peak; there is none where its voxels are too many or too small."""
Indexes = NDArray[np.int64]
"""(n, 3): layer, row, column of voxels."""


@dataclass(frozen=True)
class NativeSample:
    """Statistics of voxels, in modality units. The deviation is the population's. `peak`: 0 where none was asked."""

    voxels: int
    mean: float
    sd: float
    low: float
    high: float
    peak: float = 0.0


def sample_volume(volume: VolumeArray, shape: Shape, *, peak: bool = False) -> NativeSample | None:
    """What the voxels below an area or a probe say.

    Args:
        volume: whose voxels are read.
        shape: one of PIXEL_KINDS.
        peak: reckon the peak too.

    Returns:
        None where the shape lies outside of the volume, or crosses itself.

    Raises:
        Refused: "too_many_voxels".
    """
    at = shape.points
    if shape.kind not in (*ROUND_KINDS, "probe") and crosses_itself(at):
        return None
    found = _probed(volume, at[0]) if shape.kind == "probe" else _within(volume, shape)
    if not len(found):
        found = _probed(volume, at[0] if shape.kind in ROUND_KINDS else middle(at))
    if not len(found):
        return None
    values = volume.values(volume.voxels[found[:, 0], found[:, 1], found[:, 2]])
    ends = float(values.min()), float(values.max())
    highest = _peak(volume, found) if peak else 0.0
    return NativeSample(len(found), float(values.mean()), float(values.std()), *ends, highest)


def value_at(volume: VolumeArray, point: Vec) -> float | None:
    """The modality value of the voxel that holds a point (LPS mm); None outside, or where it is no finite number."""
    found = _probed(volume, point)
    if not len(found):
        return None
    layer, row, column = found[0]
    value = float(volume.values(volume.voxels[layer, row, column]))
    return value if math.isfinite(value) else None


def _probed(volume: VolumeArray, point: Vec) -> Indexes:
    """The voxel that holds a point; none outside."""
    column, row, step = volume.geometry.voxel(point)
    layers = np.array(volume.geometry.steps)
    if not -0.5 <= step < layers[-1] + 0.5:
        return np.empty((0, 3), np.int64)
    index = int(np.abs(layers - step).argmin()), math.floor(row + 0.5), math.floor(column + 0.5)
    inside = all(0 <= i < count for i, count in zip(index, volume.voxels.shape, strict=True))
    return np.array([index] if inside else np.empty((0, 3)), np.int64)


def _within(volume: VolumeArray, shape: Shape) -> Indexes:
    """Voxels that an area cuts, whose centres lie over it."""
    origin, normal = shape.points[0], normal_of(shape.points)
    if norm(normal) == 0.0:
        return np.empty((0, 3), np.int64)
    normal = scale(normal, 1.0 / norm(normal))
    half = _half_voxel_mm(volume, normal)
    found, boxes = [], _near(volume, _box(shape), scale(normal, half))
    _check_size(boxes)
    for layer, step, rows, columns in boxes:
        offset = _offsets(volume, step, rows, columns, origin)
        away = offset @ np.array(normal)
        cut = np.argwhere((away > -half - EDGE) & (away <= half - EDGE))
        inside = cut[_over(shape, normal, offset[cut[:, 0], cut[:, 1]])]
        indexes = np.full((len(inside), 3), layer, np.int64)
        indexes[:, 1:] = inside + np.array([rows.start, columns.start])
        found.append(indexes)
    return np.concatenate(found) if found else np.empty((0, 3), np.int64)


def _check_size(boxes: list[tuple[int, float, range, range]]) -> None:
    sizes = [len(rows) * len(columns) for _, _, rows, columns in boxes]
    if max(sizes, default=0) > MAX_LAYER or sum(sizes) > MAX_BOX:
        raise Refused("too_many_voxels", "This shape lies over more voxels than are read for one. Draw a smaller one.")


def _over(shape: Shape, normal: Vec, offset: NDArray[np.float64]) -> Mask:
    """Which places, (n, 3) mm from the first point, lie over an area, seen along its normal."""
    away = [subtract(point, shape.points[0]) for point in shape.points]
    if shape.kind in ROUND_KINDS:
        share = sum((offset @ np.array(axis) / dot(axis, axis)) ** 2 for axis in away[1:])
        return np.asarray(share <= 1.0 + EDGE, np.bool_)
    far = max(away, key=norm)
    across = np.array(scale(far, 1.0 / norm(far)))
    down = np.cross(np.array(normal), across)
    corners = np.array([(np.dot(one, across), np.dot(one, down)) for one in away])
    return holds(corners, offset @ across, offset @ down)


def _box(shape: Shape) -> tuple[Vec, ...]:
    """Points between which all of an area lies; of an ellipse the corners of the rectangle around it."""
    if shape.kind not in ROUND_KINDS:
        return shape.points
    centre, *ends = shape.points
    one, other = (subtract(end, centre) for end in ends)
    return tuple(add(centre, add(scale(one, a), scale(other, b))) for a in (1.0, -1.0) for b in (1.0, -1.0))


def _half_voxel_mm(volume: VolumeArray, normal: Vec) -> float:
    """How far a voxel reaches from its centre along a direction."""
    geometry = volume.geometry
    return sum(abs(dot(step, normal)) for step in (geometry.across, geometry.along, geometry.through)) / 2


def _near(volume: VolumeArray, corners: tuple[Vec, ...], half: Vec) -> list[tuple[int, float, range, range]]:
    """Layers that a shape between these points may reach, where each lies in steps, and its rows and columns."""
    geometry = volume.geometry
    at = np.array([geometry.voxel(add(corner, side)) for corner in corners for side in (half, scale(half, -1.0))])
    low, high = at.min(axis=0) - EDGE, at.max(axis=0) + EDGE
    columns, rows = (
        range(max(0, math.ceil(low[axis])), min(count - 1, math.floor(high[axis])) + 1)
        for axis, count in ((0, volume.voxels.shape[2]), (1, volume.voxels.shape[1]))
    )
    return [(k, step, rows, columns) for k, step in enumerate(geometry.steps) if low[2] <= step <= high[2]]


def _offsets(volume: VolumeArray, step: float, rows: range, columns: range, centre: Vec) -> NDArray[np.float64]:
    """(rows, columns, 3) mm from a centre to the voxels of the layer at a step."""
    geometry = volume.geometry
    start = np.array(subtract(geometry.point((float(columns.start), float(rows.start), step)), centre))
    down = np.arange(len(rows))[:, None, None] * np.array(geometry.along)
    across = np.arange(len(columns))[None, :, None] * np.array(geometry.across)
    return np.asarray(start + down + across, np.float64)


def _peak(volume: VolumeArray, centres: Indexes) -> float:
    """The largest mean of a sphere of 1 ml around one of these voxels; 0 where that is too much to reckon."""
    if math.prod(2 * n + 1 for n in _reach(volume)) * len(centres) > MAX_PEAK:
        return 0.0
    sums, counts = np.zeros(len(centres)), np.zeros(len(centres))
    shape = np.array(volume.voxels.shape)
    for offset in _sphere(volume):
        there = centres + offset
        inside = ((there >= 0) & (there < shape)).all(axis=1)
        k, j, i = there[inside].T
        sums[inside] += volume.values(volume.voxels[k, j, i])
        counts[inside] += 1
    return float((sums / counts).max())


def _reach(volume: VolumeArray) -> list[int]:
    """How many layers, rows and columns a sphere of 1 ml reaches to either side."""
    return [math.ceil(PEAK_RADIUS_MM * norm(gradient)) for gradient in volume.geometry.inverse[::-1]]


def _sphere(volume: VolumeArray) -> Indexes:
    """Voxels around one, (layer, row, column) from it. Uneven layers count as if they lay evenly."""
    geometry, reach = volume.geometry, _reach(volume)
    grid = np.stack(np.meshgrid(*(np.arange(-n, n + 1) for n in reach), indexing="ij"), axis=-1).reshape(-1, 3)
    away = grid @ np.array([geometry.through, geometry.along, geometry.across])
    return np.asarray(grid[np.linalg.norm(away, axis=1) <= PEAK_RADIUS_MM + EDGE], np.int64)
