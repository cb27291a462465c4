"""What SimpleITK makes of a volume on a plane: the oracle of planes, slabs and fusion. It shares no code with ours."""

from __future__ import annotations

import importlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

from consult.model.planes.volume import VolumeGeometry
from consult.model.view import Camera

sitk: Any = importlib.import_module("SimpleITK")  # its own types are partial
OUTSIDE = -1e6


def on_plane(
    values: NDArray[Any],
    geometry: VolumeGeometry,
    camera: Camera,
    size: tuple[int, int],
    depth_mm: float = 0.0,
    *,
    nearest: bool = False,
) -> NDArray[np.float64]:
    """Linear interpolation on the plane, shifted by `depth_mm` along its normal; `OUTSIDE` where there is no volume.

    The volume has an index grid of its own in SimpleITK, and the transform from the plane to voxels says all of where
    it lies: so slanted grids are no special case.
    """
    image = sitk.GetImageFromArray(values.astype(np.float64))
    right, down = np.array(camera.right), np.array(camera.down)
    step = 2.0 * camera.radius / min(size)
    corner = np.array(camera.center) - right * step * (size[0] - 1) / 2 - down * step * (size[1] - 1) / 2
    corner = corner + np.cross(right, down) * depth_mm
    axes = np.array([geometry.across, geometry.along, geometry.through]).T
    matrix = np.linalg.inv(axes) @ np.stack([right * step, down * step, np.cross(right, down)], axis=1)
    offset = np.linalg.solve(axes, corner - np.array(geometry.origin))
    transform = sitk.AffineTransform(3)
    transform.SetMatrix(matrix.ravel().tolist())
    transform.SetTranslation(offset.tolist())
    resample = sitk.ResampleImageFilter()
    resample.SetSize((*size, 1))
    resample.SetInterpolator(sitk.sitkNearestNeighbor if nearest else sitk.sitkLinear)
    resample.SetDefaultPixelValue(OUTSIDE)
    resample.SetTransform(transform)
    return np.asarray(sitk.GetArrayFromImage(resample.Execute(image))[0], np.float64)


def as_slab(
    values: NDArray[Any], geometry: VolumeGeometry, camera: Camera, size: tuple[int, int], depths: list[float], how: str
) -> NDArray[np.float64]:
    """Mean, maximum or minimum of planes at those depths; steps outside of the volume do not count."""
    planes = np.stack([on_plane(values, geometry, camera, size, depth) for depth in depths])
    planes[planes == OUTSIDE] = np.nan
    some = ~np.isnan(planes).all(axis=0)
    out = np.full(planes.shape[1:], OUTSIDE)
    reduce: Any = {"mean": np.nanmean, "max": np.nanmax, "min": np.nanmin}[how]
    out[some] = reduce(planes[:, some], axis=0)
    return out


def windowed(values: NDArray[np.float64], center: float, width: float) -> NDArray[np.float64]:
    """PS3.3 C.11.2.1.2.1, not rounded; black where there is no volume."""
    grey = ((values - (center - 0.5)) / (width - 1) + 0.5) * 255
    return np.where(values == OUTSIDE, 0.0, np.clip(grey, 0, 255))


def share_within(drawn: NDArray[Any], reference: NDArray[np.float64], levels: float = 1.0) -> float:
    """Share of the pixels that differ by at most so many grey levels, where the reference is rounded."""
    return float(np.mean(np.abs(drawn.astype(np.float64) - np.floor(reference + 0.5)) <= levels))
