"""A volume in colours over a picture in greys: each is sampled in its own grid, then they are blended."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from consult.model.geometry import Grid, Vec, add, dot, norm, scale, subtract
from consult.model.planes.acts import rotation
from consult.model.planes.volume import VolumeGeometry
from consult.model.view import Alignment, Camera, Fusion
from consult.rendering.affine import Size
from consult.rendering.planes import kernels
from consult.rendering.planes.colour_maps import blending_table
from consult.rendering.planes.plane import NO_SLAB, RunBands, Slab, band_rows, in_turn, render_plane
from consult.rendering.planes.volume import VolumeArray


def render_fusion(  # noqa: PLR0917 - what a picture is made of, each once
    base: NDArray[np.uint8],
    over: VolumeArray,
    fusion: Fusion,
    camera: Camera,
    size: Size,
    slab: Slab = NO_SLAB,
    *,
    bands: RunBands = in_turn,
) -> NDArray[np.uint8]:
    """Lay a volume over a picture.

    Args:
        base: (height, width) greys of what lies below.
        over: what lies over it.
        fusion: its window, colours, opacity and alignment.
        camera: of the picture; its centre lies in the plane that is shown.
        size: (width, height) in device pixels.
        slab: that of the base: both show the same part of the patient.
        bands: runs parts of the work.

    Returns:
        (height, width, 3) RGB.
    """
    looking = camera if fusion.alignment is None else seen_by(camera, fusion.alignment, over.geometry)
    levels = render_plane(over, looking, fusion.window, size, slab, bands=bands)
    mixed = kernels.mixed_of(blending_table(fusion.colour_map, fusion.opacity))
    base = np.ascontiguousarray(base)
    out = np.empty((*base.shape, 3), np.uint8)

    def band(first: int, last: int) -> Callable[[], None]:
        return lambda: kernels.blend(base, levels, mixed, out, (first, last))

    bands([band(first, last) for first, last in band_rows(size[1])])
    return out


def on_image(camera: Camera, grid: Grid, place: int) -> Camera:
    """The camera of an image, its centre dropped onto the image's plane."""
    off = dot(subtract(grid.positions[place], camera.center), grid.normal)
    return Camera(add(camera.center, scale(grid.normal, off)), camera.radius, camera.right, camera.down)


def seen_by(camera: Camera, alignment: Alignment, geometry: VolumeGeometry) -> Camera:
    """The camera as the volume sees it that was turned about its middle, then shifted: the inverse of both."""
    angle, middle = norm(alignment.turn_deg), geometry.middle
    back: Callable[[Vec], Vec] = lambda v: v  # noqa: E731 - the turn of no angle
    if angle > 0.0:
        back = rotation(scale(alignment.turn_deg, 1 / angle), -angle)
    centre = add(middle, back(subtract(subtract(camera.center, alignment.shift_mm), middle)))
    return Camera(centre, camera.radius, back(camera.right), back(camera.down))


def over_point(point: Vec, alignment: Alignment | None, geometry: VolumeGeometry) -> Vec:
    """Where in the volume that lies over an image a point of the image is."""
    if alignment is None:
        return point
    return seen_by(Camera(point, 1.0, (1.0, 0.0, 0.0), (0.0, 1.0, 0.0)), alignment, geometry).center


def warm() -> None:
    """Compile (or load from the cache) what lays colours over greys, so that the first fusion does not wait."""
    greys = np.zeros((2, 2), np.uint8)
    mixed = kernels.mixed_of(blending_table("hot_iron", 0.5))
    kernels.blend(greys, greys, mixed, np.empty((2, 2, 3), np.uint8), (0, 2))
