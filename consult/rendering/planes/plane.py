"""One viewport of a plane: a volume, cut by a camera's plane, windowed, in the device pixels of a screen.

Rules of this file:
- Interpolate first, then the slab, then the window. Nothing is drawn outside of the volume: no data is black.
- A slab is sampled at equal steps from one of its faces to the other, so many that no layer of voxels is passed over.
- A plane along the voxels, without a slab, is drawn as an image is (`rendering.stack`): the two layers that it lies
  between, blended. It is the same interpolation, and minified it averages areas.
- Work is cut into bands of rows, so that two threads can share it; they are disjoint, so the order does not matter.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from consult.model.geometry import Vec, add, dot, scale
from consult.model.planes.acts import camera_normal
from consult.model.view import Camera, Projection, Window
from consult.rendering.affine import START_DECIMALS, STEP_DECIMALS, Affine, Size, mm_per_pixel
from consult.rendering.planes import kernels
from consult.rendering.planes.volume import SAMPLED, VolumeArray
from consult.rendering.stack import draw_channel, ink_of, picture_of, read_only
from consult.rendering.window import IDENTITY, Ramp, ramp

BANDS = 4
"""Bands of rows of a picture: more than threads, so that none waits long for the other."""
MODES: dict[Projection, int] = {"mean": kernels.MEAN, "max": kernels.MAX, "min": kernels.MIN}
ALONG = 1e-9
"""Voxels of a step: smaller is along the voxels."""
MAX_STEPS = 8192
"""Of a slab, or of a whole volume: more than any has layers, and a bound for one whose voxels are needles."""
MAX_SAMPLES = 8
"""Along each side of a device pixel; an image that is shown so small needs no more."""
TOLERANCE = 1e-6

RunBands = Callable[[Sequence[Callable[[], None]]], None]
"""Runs all of them, in any order, also at once; returns when they are done."""


def in_turn(bands: Sequence[Callable[[], None]]) -> None:
    """One after the other."""
    for band in bands:
        band()


@dataclass(frozen=True)
class Slab:
    """How thick a plane is, and what it shows of that. `coarse`: a picture that moves has half the steps."""

    mm: float = 0.0
    projection: Projection = "mean"
    coarse: bool = False

    def steps(self, layer_mm: float) -> int:
        """How many samples it has along the normal."""
        if self.mm <= 0.0:
            return 1
        step = layer_mm * (2.0 if self.coarse else 1.0)
        return min(MAX_STEPS, max(1, math.ceil(self.mm / step - TOLERANCE)) + 1)


NO_SLAB = Slab()


def render_plane(
    volume: VolumeArray,
    camera: Camera,
    window: Window,
    size: Size,
    slab: Slab = NO_SLAB,
    *,
    invert: bool = False,
    bands: RunBands = in_turn,
) -> NDArray[np.uint8]:
    """Draw one viewport. Thread-safe; releases the GIL.

    Args:
        volume: what is cut.
        camera: the circle to show; the plane goes through its centre, along its right and down.
        window: in modality units.
        size: (width, height) in device pixels.
        slab: half of it lies to either side of the plane.
        invert: greys upside down, on top of what MONOCHROME1 asks for.
        bands: runs parts of the work.

    Returns:
        (height, width) uint8.
    """
    if slab.coarse and slab.mm > 0.0 and min(size) > 1:
        half = ((size[0] + 1) // 2, (size[1] + 1) // 2)
        small = _draw(volume, _halved(camera, size, half), window, half, slab, invert, bands)
        return np.asarray(cv2.resize(small, size, interpolation=cv2.INTER_LINEAR), np.uint8)
    return _draw(volume, camera, window, size, slab, invert, bands)


def walk_of(volume: VolumeArray, camera: Camera, size: Size, slab: Slab = NO_SLAB) -> tuple[kernels.Walk, int]:
    """Where the samples of a picture lie in a volume, and how many steps its slab has."""
    geometry, step = volume.geometry, mm_per_pixel(camera, size)
    normal = camera_normal(camera)
    count = slab.steps(geometry.layer_mm(normal))
    deeper = slab.mm / (count - 1) if count > 1 else 0.0
    corner = add(camera.center, scale(camera.right, -(size[0] - 1) / 2 * step))
    corner = add(add(corner, scale(camera.down, -(size[1] - 1) / 2 * step)), scale(normal, -(count - 1) / 2 * deeper))
    start = _rounded(geometry.voxel(corner), START_DECIMALS)
    directions = scale(camera.right, step), scale(camera.down, step), scale(normal, deeper)
    moves = [_rounded(_voxels(volume, direction), STEP_DECIMALS) for direction in directions]
    return (*start, *moves[0], *moves[1], *moves[2]), count


def _rounded(numbers: Vec, decimals: int) -> Vec:
    """As in `affine`: a camera that came through JSON and divisions is again exactly along the voxels."""
    a, b, c = (round(number, decimals) + 0.0 for number in numbers)
    return a, b, c


def _voxels(volume: VolumeArray, vector: Vec) -> Vec:
    a, b, c = (dot(vector, gradient) for gradient in volume.geometry.inverse)
    return a, b, c


def _halved(camera: Camera, size: Size, half: Size) -> Camera:
    """The camera whose picture of half the size covers the same: an odd size is rounded up."""
    mm = mm_per_pixel(camera, size) * max(size[0] / half[0], size[1] / half[1])
    return Camera(camera.center, mm * min(half) / 2, camera.right, camera.down)


def _draw(  # noqa: PLR0917 - what a picture is made of, each once
    volume: VolumeArray, camera: Camera, window: Window, size: Size, slab: Slab, invert: bool, bands: RunBands
) -> NDArray[np.uint8]:
    how = ramp(volume.how, window, invert=invert)
    walk, count = walk_of(volume, camera, size, slab)
    if count == 1 and (flat := _layer(volume, walk)) is not None:
        pixels, mapping = flat
        return draw_channel(pixels, how, mapping, size)
    return sampled(volume, walk, (count, MODES[slab.projection]), how, size, bands)


def sampled(  # noqa: PLR0917
    volume: VolumeArray, walk: kernels.Walk, slab: tuple[int, int], how: Ramp, size: Size, bands: RunBands
) -> NDArray[np.uint8]:
    """A picture by samples: steps of the slab and what is shown of them, through a ramp."""
    ink = ink_of(how, size)
    places = np.array(volume.geometry.layers, np.float64)
    counts = slab[0], _samples(walk[3:6]), _samples(walk[6:9]), slab[1]

    def band(first: int, last: int) -> Callable[[], None]:
        return lambda: kernels.draw((volume.voxels, places), walk, counts, ink, (first, last))

    bands([band(first, last) for first, last in band_rows(size[1])])
    return picture_of(ink[1], how)


def band_rows(height: int) -> list[tuple[int, int]]:
    """Rows of each band."""
    edges = [height * band // BANDS for band in range(BANDS + 1)]
    return [(first, last) for first, last in pairwise(edges) if first < last]


def _samples(step: Sequence[float]) -> int:
    """Samples along a side of a device pixel, so that no voxel is passed over."""
    return min(MAX_SAMPLES, max(1, math.ceil(max(map(abs, step)) - TOLERANCE)))


def _layer(volume: VolumeArray, walk: kernels.Walk) -> tuple[NDArray[Any], Affine] | None:
    """The picture that lies in the plane, where that runs along the voxels, and how it lies on the screen."""
    across, down = walk[3:6], walk[6:9]
    fixed = next((a for a in range(3) if abs(across[a]) < ALONG and abs(down[a]) < ALONG), None)
    if fixed is None or (volume.geometry.layers and fixed != 2):
        return None
    column, row = (a for a in range(3) if a != fixed)
    mapping = Affine(walk[column], across[column], down[column], walk[row], across[row], down[row])
    if not (mapping.upright or mapping.lying):
        return None
    pixels = _blended(volume, 2 - fixed, walk[fixed])
    return None if pixels is None else (pixels, mapping)


def _blended(volume: VolumeArray, axis: int, at: float) -> NDArray[Any] | None:
    """The voxels at a position along one axis of the array: linear between two layers; None where it lies outside."""
    places = volume.geometry.steps if axis == 0 else range(volume.voxels.shape[axis])
    if not -0.5 <= at < places[-1] + 0.5:
        return None
    at = min(max(at, 0.0), float(places[-1]))
    lower = bisect_right(places, at) - 1
    share = (at - places[lower]) / (places[lower + 1] - places[lower]) if lower + 1 < len(places) else 0.0
    first = volume.voxels.take(lower, axis)
    if share == 0.0:
        return np.asarray(first)
    second = volume.voxels.take(lower + 1, axis).astype(np.float32)
    near = first.astype(np.float32)
    return np.asarray(near + (second - near) * np.float32(share))


def warm() -> None:
    """Compile (or load from the cache) the kernels for all types of voxels, so that the first plane does not wait."""
    walk = (0.0, 0.0, 0.0, 0.5, 0.1, 0.0, 0.0, 0.5, 0.1, 0.0, 0.0, 0.0)
    for name in SAMPLED:
        voxels = read_only(np.zeros((2, 2, 2), name))
        kernels.draw((voxels, np.empty(0)), walk, (1, 1, 1, kernels.MEAN), ink_of(IDENTITY, (2, 2)), (0, 2))
