"""The voxels of a volume as one array, and how they become modality values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from consult.model.image import Image
from consult.model.planes.volume import VolumeGeometry
from consult.rendering.stack import read_only

SAMPLED = ("int16", "uint16", "uint8", "float32")
"""Types that kernels sample as they are; float32 holds each exactly."""


@dataclass(frozen=True, eq=False)
class VolumeArray:
    """A volume that can be sampled.

    Attributes:
        voxels: (layers, rows, columns), contiguous and read-only, of a type of `SAMPLED`.
        geometry: where they lie.
        how: an image without pixels: slope, intercept, inversion and VOI LUT function of all voxels.
        own_bytes: of memory that it takes; 0 where its voxels are those of the volume cache's file.
    """

    voxels: NDArray[Any]
    geometry: VolumeGeometry
    how: Image
    own_bytes: int = 0

    def values(self, stored: NDArray[Any]) -> NDArray[np.float64]:
        """Modality values of stored ones."""
        return np.asarray(stored, np.float64) * self.how.slope + self.how.intercept


def as_they_are(images: Sequence[Image]) -> bool:
    """Whether the stored values can be sampled: of one rescale, without padding, and of a type for it."""
    first = images[0]
    one_rescale = all((image.slope, image.intercept) == (first.slope, first.intercept) for image in images)
    padded = any(image.padding is not None for image in images)
    return one_rescale and not padded and first.pixels.dtype.name in SAMPLED


def copied_bytes(images: Sequence[Image]) -> int:
    """Memory that `build` takes where it copies."""
    return len(images) * images[0].pixels.size * np.dtype(np.float32).itemsize


def build(images: Sequence[Image], geometry: VolumeGeometry, stored: NDArray[Any] | None = None) -> VolumeArray:
    """The array of a volume; copies where it must, which takes time and memory. Thread-safe.

    Modality values are what is interpolated where the rescale differs from image to image (PET). Padding is no value:
    it becomes the lowest that there is.

    Args:
        images: its layers in their order, grey, each (rows, columns).
        geometry: where they lie.
        stored: the same pixels as one (layers, rows, columns) array, where there is one.
    """
    how = replace(images[0], pixels=np.zeros((0, 0), images[0].pixels.dtype), padding=None, mask=None, graphics=None)
    if as_they_are(images):
        whole = stored if stored is not None else np.stack([image.pixels for image in images])
        own = 0 if stored is not None else whole.nbytes
        return VolumeArray(_finite(whole), geometry, how, own)
    values = np.empty(geometry.shape, np.float32)
    for layer, image in zip(values, images, strict=True):
        layer[...] = image.values()
        layer[image.padded(image.pixels)] = np.nan
    lowest = np.nanmin(values) if not np.isnan(values).all() else np.float32(0.0)
    np.nan_to_num(values, copy=False, nan=float(lowest))
    return VolumeArray(_finite(values), geometry, replace(how, slope=1.0, intercept=0.0), values.nbytes)


def _finite(voxels: NDArray[Any]) -> NDArray[Any]:
    """As kernels read them."""
    if voxels.dtype == np.float32 and not np.isfinite(voxels).all():
        voxels = np.nan_to_num(voxels, nan=float(np.nanmin(voxels, initial=0.0)), posinf=1e30, neginf=-1e30)
    return read_only(voxels)
