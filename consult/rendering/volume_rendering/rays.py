"""One viewport of a volume as a whole, rendered: a ray for each device pixel, parallel to all others.

Rules of this file:
- Along a ray values are sampled half a layer of voxels apart, two layers where the picture moves; each becomes a colour
  and an opacity by the preset over the window, and is lit by its gradient. Front to back, until nothing of what lies
  behind is seen.
- Opacities are those of mm, not of samples: fine and coarse look alike.
- Bricks of which nothing is seen with this preset and window are skipped.
- A picture that moves has a ray for four pixels at most. At rest it has one for each, up to those of a 1080p screen; it
  is exact: these bytes, on every page.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise
from typing import Any
from weakref import WeakKeyDictionary

import cv2
import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from consult.model.geometry import Vec, add, dot, norm, scale, subtract
from consult.model.planes.acts import camera_normal, extent
from consult.model.view import Camera, VolumePreset, Window
from consult.rendering.affine import Size, mm_per_pixel
from consult.rendering.planes.kernels import Walk
from consult.rendering.planes.plane import RunBands, in_turn
from consult.rendering.planes.volume import SAMPLED, VolumeArray
from consult.rendering.stack import read_only
from consult.rendering.volume_rendering import kernels
from consult.rendering.volume_rendering.presets import LEVELS, LOOKS, table_of

FINE, COARSE = 0.5, 2.0
"""Layers of voxels from a sample to the next."""
AMBIENT, DIFFUSE = 0.25, 0.75
LIGHT_FROM: tuple[float, float, float] = (-0.35, -0.45, -1.0)
"""Right, down and away from the viewer: over the left shoulder, so that shapes are seen."""
SURFACE = 0.08
"""Share of the window over 1 mm from which on a place counts as a surface."""
MOST_FINE, MOST_COARSE = 2_200_000, 150_000
"""Rays of a picture, so that nobody waits behind one for seconds; larger ones are enlarged."""
MOST_SAMPLES = 8192
"""Of a ray: more than any volume has layers, and a bound for one whose header says that its voxels are needles."""
BAND_ROWS = 16
"""Of a band: the middle of a picture takes longer than its rim, so bands are small."""

Bricks = tuple[NDArray[Any], NDArray[Any]]
_bricks: WeakKeyDictionary[VolumeArray, Bricks] = WeakKeyDictionary()
"""Of volumes that are at hand; they go with them."""


def render_volume(
    volume: VolumeArray,
    camera: Camera,
    preset: VolumePreset,
    window: Window,
    size: Size,
    *,
    coarse: bool = False,
    bands: RunBands = in_turn,
) -> NDArray[np.uint8]:
    """Draw one viewport. Thread-safe; releases the GIL.

    Args:
        volume: what is seen, all of it.
        camera: the circle to show, and from where; how near it stands says nothing.
        preset: colours and opacities over the window.
        window: in modality units.
        size: (width, height) in device pixels.
        coarse: it moves.
        bands: runs parts of the work.

    Returns:
        (height, width, 3) RGB.
    """
    few, layers = rays_of(size, coarse=coarse), COARSE if coarse else FINE
    if few == size:
        return _cast(volume, camera, preset, window, size, layers, bands)
    mm = mm_per_pixel(camera, size) * max(size[0] / few[0], size[1] / few[1])
    small = _cast(volume, replace(camera, radius=mm * min(few) / 2), preset, window, few, layers, bands)
    return np.asarray(cv2.resize(small, size, interpolation=cv2.INTER_LINEAR), np.uint8)


def rays_of(size: Size, *, coarse: bool) -> Size:
    """How many rays a picture of that size has: one for each pixel, or for so many in each direction."""
    most = MOST_COARSE if coarse else MOST_FINE
    apart = max(2 if coarse else 1, math.ceil(math.sqrt(size[0] * size[1] / most)))
    return max(1, math.ceil(size[0] / apart)), max(1, math.ceil(size[1] / apart))


def _cast(  # noqa: PLR0917
    volume: VolumeArray,
    camera: Camera,
    preset: VolumePreset,
    window: Window,
    size: Size,
    layers: float,
    bands: RunBands,
) -> NDArray[np.uint8]:
    normal = camera_normal(camera)
    step_mm = max(volume.geometry.layer_mm(normal) * layers, extent(volume.geometry, normal) / MOST_SAMPLES)
    walk, count = _walk(volume, camera, size, step_mm)
    table = table_of(preset, round(step_mm, 9))
    first, gain = _levels(volume, window)
    source = volume.voxels, np.array(volume.geometry.layers, np.float64)
    clear = _clear(bricks_of(volume, bands), table, (first, gain))
    looks = count, table, (first, gain), _lights(volume, camera, window, LOOKS[preset].shine)
    out = np.empty((size[1], size[0], 3), np.uint8)

    def band(first: int, last: int) -> Callable[[], None]:
        return lambda: kernels.cast(source, clear, walk, looks, out, (first, last))

    edges = [*range(0, size[1], BAND_ROWS), size[1]]
    bands([band(first, last) for first, last in pairwise(edges)])
    return out


def _walk(volume: VolumeArray, camera: Camera, size: Size, step_mm: float) -> tuple[Walk, int]:
    """Where the samples of all rays lie in the volume, and how many each has: from its near side to its far one."""
    geometry, normal, pixel = volume.geometry, camera_normal(camera), mm_per_pixel(camera, size)
    deep = extent(geometry, normal)
    count = math.ceil(deep / step_mm) + 1
    off = dot(subtract(geometry.middle, camera.center), normal) - deep / 2
    near = add(camera.center, scale(normal, off))
    near = add(near, scale(camera.right, -(size[0] - 1) / 2 * pixel))
    near = add(near, scale(camera.down, -(size[1] - 1) / 2 * pixel))
    right, down, deeper = (
        _voxels(volume, direction)
        for direction in (scale(camera.right, pixel), scale(camera.down, pixel), scale(normal, step_mm))
    )
    return (*geometry.voxel(near), *right, *down, *deeper), count


def _voxels(volume: VolumeArray, vector: Vec) -> Vec:
    a, b, c = (dot(vector, gradient) for gradient in volume.geometry.inverse)
    return a, b, c


def _levels(volume: VolumeArray, window: Window) -> tuple[np.float32, np.float32]:
    """The stored value at the window's lower end, and levels of a stored unit."""
    slope, intercept = volume.how.slope, volume.how.intercept
    low = (window.center - window.width / 2 - intercept) / slope
    return np.float32(low), np.float32((LEVELS - 1) * slope / window.width)


def _lights(volume: VolumeArray, camera: Camera, window: Window, shine: float) -> kernels.Lights:
    """As `kernels.shade` takes them, for a gradient by voxels."""
    inverse = np.array(volume.geometry.inverse)
    towards = scale(camera_normal(camera), -1.0)
    right, down, away = LIGHT_FROM
    light = add(add(scale(camera.right, right), scale(camera.down, down)), scale(towards, -away))
    light = scale(light, 1.0 / norm(light))
    half = add(light, towards)
    sides = np.array([towards, light, scale(half, 1.0 / norm(half))]) @ inverse.T
    # Values fall towards the viewer where a surface is seen from outside; `shade` takes the side that is seen.
    rising = SURFACE * window.width / abs(volume.how.slope) * 2.0  # of a gradient over two voxels
    return inverse @ inverse.T, sides, np.array([AMBIENT, DIFFUSE, shine, rising], np.float32)


def bricks_of(volume: VolumeArray, bands: RunBands = in_turn) -> Bricks:
    """The least and the greatest stored value of each brick of a volume; kept with it."""
    if (found := _bricks.get(volume)) is not None:
        return found
    shape = tuple(max(1, math.ceil(count / kernels.BRICK)) for count in volume.voxels.shape)
    least, greatest = np.empty(shape, volume.voxels.dtype), np.empty(shape, volume.voxels.dtype)

    def band(layer: int) -> Callable[[], None]:
        return lambda: kernels.extremes(volume.voxels, least, greatest, (layer, layer + 1))

    bands([band(layer) for layer in range(shape[0])])
    _bricks[volume] = least, greatest
    return least, greatest


def _clear(bricks: Bricks, table: NDArray[np.float32], levels: tuple[np.float32, np.float32]) -> NDArray[np.uint8]:
    """1 for each brick of which no value is seen; a little more to either side, for what rounding in float32 may do."""
    first, gain = (float(number) for number in levels)
    ends = [(ends.astype(np.float64) - first) * gain for ends in bricks]
    largest = max(abs(first), *(float(np.abs(ends).max()) for ends in bricks))
    slack = 0.01 + 4 * float(np.finfo(np.float32).eps) * largest * abs(gain)
    reach = np.minimum(*ends) - slack, np.maximum(*ends) + slack
    low, high = (np.floor(np.clip(end, 0, LEVELS - 1) + 0.5).astype(np.int64) for end in reach)
    seen = np.concatenate(([0], np.cumsum(table[:, 3] > 0.0)))
    return np.ascontiguousarray(seen[high + 1] == seen[low], np.uint8)


def warm() -> None:
    """Compile (or load from the cache) the kernels for all types of voxels, so that the first picture does not wait."""
    walk = (0.0, 0.0, 0.0, 0.5, 0.1, 0.0, 0.0, 0.5, 0.1, 0.0, 0.0, 0.5)
    lights = np.eye(3), np.eye(3), np.ones(4, np.float32)
    looks = 2, table_of("bone", 1.0), (np.float32(0.0), np.float32(1.0)), lights
    for name in SAMPLED:
        voxels = read_only(np.zeros((2, 2, 2), name))
        ends = np.empty((1, 1, 1), name), np.empty((1, 1, 1), name)
        kernels.extremes(voxels, *ends, (0, 1))
        clear, out = np.zeros((1, 1, 1), np.uint8), np.empty((2, 2, 3), np.uint8)
        kernels.cast((voxels, np.empty(0)), clear, walk, looks, out, (0, 2))
