"""A volume as a whole: what of it is projected, and where on a line of sight its greatest voxel lies."""

from __future__ import annotations

import numpy as np
from msgspec.structs import replace

from consult.model.geometry import Vec, add, dot, norm, scale, subtract
from consult.model.planes.acts import camera_normal, extent
from consult.model.view import Camera, Projection
from consult.rendering.planes.plane import Slab
from consult.rendering.planes.volume import VolumeArray

MAX_SAMPLES = 20_000
"""Along one line of sight."""
STEPS = 8
"""Samples within a layer of voxels: what a line cuts a smaller corner of may be passed over."""


def whole_slab(volume: VolumeArray, camera: Camera, projection: Projection, *, coarse: bool) -> tuple[Camera, Slab]:
    """The camera and the slab that show all of a volume."""
    normal = camera_normal(camera)
    off = dot(subtract(volume.geometry.middle, camera.center), normal)
    there = replace(camera, center=add(camera.center, scale(normal, off)))
    return there, Slab(extent(volume.geometry, normal), projection, coarse)


def greatest_along(volume: VolumeArray, point: Vec, direction: Vec, *, least: bool = False) -> tuple[Vec, float] | None:
    """The voxel with the greatest value (or the least) on a line; of several the one in their middle.

    Args:
        volume: whose own voxels are read; nothing is interpolated.
        point: on the line, LPS mm.
        direction: of the line, of any length but 0.
        least: the least value instead.

    Returns:
        The voxel's centre and its modality value; None where the line passes the volume by.
    """
    geometry, unit = volume.geometry, scale(direction, 1.0 / norm(direction))
    step = geometry.layer_mm(unit) / STEPS
    reach = extent(geometry, unit) / 2 + step
    start = dot(subtract(geometry.middle, point), unit)
    count = min(MAX_SAMPLES, 2 * int(reach / step) + 1)
    along = start + (np.arange(count) - count // 2) * step
    at = np.array([geometry.voxel(add(point, scale(unit, float(mm)))) for mm in (0.0, 1.0)])
    found = at[0] + along[:, None] * (at[1] - at[0])
    layers = np.array(geometry.steps)
    nearest = np.abs(found[:, 2, None] - layers).argmin(axis=1)
    column, row = (np.floor(found[:, i] + 0.5).astype(np.int64) for i in (0, 1))
    _, rows, columns = geometry.shape
    inside = (column >= 0) & (column < columns) & (row >= 0) & (row < rows)
    inside &= (found[:, 2] >= -0.5) & (found[:, 2] < layers[-1] + 0.5)
    if not inside.any():
        return None
    k, j, i = nearest[inside], row[inside], column[inside]
    values = volume.values(volume.voxels[k, j, i])
    equal = np.flatnonzero(values == (values.min() if least else values.max()))
    best = int(equal[len(equal) // 2])
    centre = geometry.point((float(i[best]), float(j[best]), float(layers[k[best]])))
    return centre, float(values[best])
