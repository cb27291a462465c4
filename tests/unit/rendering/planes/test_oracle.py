"""Planes, slabs and fusion against SimpleITK: within one grey level on 99.9 % of the pixels."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace
from numpy.typing import NDArray

from consult.model.geometry import Vec, cross, norm, scale
from consult.model.identifiers import SeriesKey
from consult.model.image import Image
from consult.model.planes.acts import rotation
from consult.model.planes.volume import VolumeGeometry, volume_geometry
from consult.model.view import Alignment, Camera, Fusion, Plane, Projection, Volume, Window
from consult.rendering.planes.colour_maps import palette
from consult.rendering.planes.fusion import render_fusion
from consult.rendering.planes.plane import Slab, render_plane
from consult.rendering.planes.volume import VolumeArray, build
from tests.support.resampled import as_slab, on_plane, share_within, windowed
from tests.support.volumes import GRIDS, volume_grid, volume_series

SIZE = (240, 200)
WINDOW = Window(40.0, 400.0)
GOOD = 0.999
AXES: dict[str, tuple[Vec, Vec]] = {
    "axial": ((1, 0, 0), (0, 1, 0)),
    "sagittal": ((0, 1, 0), (0, 0, -1)),
    "coronal": ((1, 0, 0), (0, 0, -1)),
}


def turned(right: Vec, down: Vec) -> tuple[Vec, Vec]:
    """Double oblique."""
    first, second = rotation(scale((1, 2, 3), 1 / math.sqrt(14)), 37.0), rotation((0, 0, 1), 11.0)
    return second(first(right)), second(first(down))


AXES |= {f"oblique from {name}": turned(*axes) for name, axes in list(AXES.items())}


def voxels(shape: tuple[int, int, int], dtype: str = "int16") -> NDArray[Any]:
    """Blobs and noise of about -200 to 300: every voxel differs from its neighbours."""
    dice = np.random.default_rng(5)
    k, j, i = np.meshgrid(*map(np.arange, shape), indexing="ij")
    waves = 120 * np.sin(i / 3.1) * np.cos(j / 4.3) + 90 * np.sin(k / 1.7) + dice.normal(0, 25, shape) + 50
    low = 0 if dtype in ("uint8", "uint16") else -1000
    values = np.clip(waves + (120 if dtype == "uint8" else 0), low, 255 if dtype == "uint8" else 1000)
    return np.asarray(values, dtype)


def made(name: str, dtype: str = "int16") -> tuple[VolumeArray, VolumeGeometry]:
    geometry = volume_geometry(volume_series(GRIDS[name]))
    stored = voxels(geometry.shape, dtype)
    return build([Image(layer) for layer in stored], geometry), geometry


def camera_in(geometry: VolumeGeometry, axes: tuple[Vec, Vec], *, off: Vec = (1.3, -0.7, 0.9)) -> Camera:
    """Through a point near the middle that is no voxel's centre; device pixels smaller than voxels."""
    middle = geometry.middle
    return Camera((middle[0] + off[0], middle[1] + off[1], middle[2] + off[2]), 22.0, *axes)


@pytest.mark.parametrize("axes", AXES)
@pytest.mark.parametrize("name", GRIDS)
def test_a_plane_is_within_a_grey_level(name: str, axes: str) -> None:
    volume, geometry = made(name)
    camera = camera_in(geometry, AXES[axes])
    drawn = render_plane(volume, camera, WINDOW, SIZE)
    reference = windowed(on_plane(volume.voxels, geometry, camera, SIZE), WINDOW.center, WINDOW.width)
    assert reference.std() > 20
    assert share_within(drawn, reference) >= GOOD


@pytest.mark.parametrize("projection", ["mean", "max", "min"])
@pytest.mark.parametrize("name", GRIDS)
def test_a_slab_is_within_a_grey_level(name: str, projection: Projection) -> None:
    volume, geometry = made(name)
    for axes in ("coronal", "oblique from axial"):
        camera = camera_in(geometry, AXES[axes])
        slab = Slab(9.0, projection)
        count = slab.steps(geometry.layer_mm(cross(camera.right, camera.down)))
        depths = [9.0 * step / (count - 1) - 4.5 for step in range(count)]
        reference = as_slab(volume.voxels, geometry, camera, SIZE, depths, projection)
        drawn = render_plane(volume, camera, WINDOW, SIZE, slab)
        assert share_within(drawn, windowed(reference, WINDOW.center, WINDOW.width)) >= GOOD


@pytest.mark.parametrize("dtype", ["int16", "uint16", "uint8", "float32"])
def test_every_type_of_voxel_is_sampled_alike(dtype: str) -> None:
    volume, geometry = made("tilted", dtype)
    assert volume.voxels.dtype == dtype
    camera = camera_in(geometry, AXES["oblique from coronal"])
    drawn = render_plane(volume, camera, WINDOW, SIZE)
    reference = windowed(on_plane(volume.voxels, geometry, camera, SIZE), WINDOW.center, WINDOW.width)
    assert share_within(drawn, reference) >= GOOD


@pytest.mark.parametrize("name", GRIDS)
@pytest.mark.parametrize("aligned", [False, True])
def test_a_fusion_is_within_a_grey_level(name: str, aligned: bool) -> None:
    volume, geometry = made(name)
    x, y, z = geometry.middle
    pet_grid = volume_grid((14, 16, 18), (4.5, 4.0, 4.0), origin=(x - 33, y - 31, z - 30))
    pet_geometry = volume_geometry(volume_series(pet_grid))
    pet = build([Image(layer * np.float32(7)) for layer in voxels(pet_geometry.shape, "float32")], pet_geometry)
    alignment = Alignment((2.0, -3.0, 4.0), (5.0, -8.0, 12.0)) if aligned else None
    below, over = Plane(Volume(SeriesKey("s")), "axial"), Volume(SeriesKey("t"))
    fusion = Fusion(below, over, Window(900.0, 2500.0), "hot_iron", 0.6, alignment)
    camera = camera_in(geometry, AXES["oblique from axial"])
    base = render_plane(volume, camera, WINDOW, SIZE)
    drawn = render_fusion(base, pet, fusion, camera, SIZE)

    looking = camera if alignment is None else inverse(camera, alignment, pet_geometry.middle)
    level = np.floor(windowed(on_plane(pet.voxels, pet_geometry, looking, SIZE), 900.0, 2500.0) + 0.5)
    greys = windowed(on_plane(volume.voxels, geometry, camera, SIZE), WINDOW.center, WINDOW.width)
    colours = palette("hot_iron")[level.astype(int)].astype(float)
    share = (np.minimum(level / 25.5, 1.0) * 0.6)[..., None]
    reference = greys[..., None] * (1 - share) + colours * share
    assert np.ptp(drawn[..., 0].astype(int) - drawn[..., 2]) > 50
    assert share_within(drawn, reference) >= GOOD


def inverse(camera: Camera, alignment: Alignment, middle: Vec) -> Camera:
    """By a matrix: p over = R^T (p - shift - middle) + middle."""
    angle = math.radians(norm(alignment.turn_deg))
    x, y, z = np.array(alignment.turn_deg) / norm(alignment.turn_deg)
    skew = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    matrix = np.eye(3) + math.sin(angle) * skew + (1 - math.cos(angle)) * skew @ skew
    centre = matrix.T @ (np.array(camera.center) - alignment.shift_mm - np.array(middle)) + middle
    right, down = matrix.T @ np.array(camera.right), matrix.T @ np.array(camera.down)
    return Camera(tuple(centre), camera.radius, tuple(right), tuple(down))


def test_uneven_layers_are_interpolated_where_they_lie() -> None:
    heights = (0.0, 2.0, 4.0, 9.0, 14.0, 16.0, 18.0, 23.0, 28.0)
    grid = volume_grid((9, 32, 40))
    positions = tuple((-30.0, -24.0, z) for z in heights)
    geometry = volume_geometry(volume_series(replace(grid, positions=positions)))
    stored = voxels(geometry.shape)
    volume = build([Image(layer) for layer in stored], geometry)
    fine_geometry = volume_geometry(volume_series(volume_grid((29, 32, 40), (1.0, 1.5, 1.5), origin=(-30, -24, 0))))
    fine = np.stack([_at(stored, heights, float(z)) for z in range(29)])
    for axes in ("axial", "coronal", "oblique from sagittal"):
        camera = camera_in(geometry, AXES[axes])
        drawn = render_plane(volume, camera, WINDOW, SIZE)
        reference = windowed(on_plane(fine, fine_geometry, camera, SIZE), WINDOW.center, WINDOW.width)
        inside = reference > 0
        assert inside.mean() > 0.2
        assert share_within(drawn[inside], reference[inside]) >= 0.99  # the ends reach half a step, which differs


def _at(stored: NDArray[Any], heights: tuple[float, ...], z: float) -> NDArray[np.float64]:
    upper = next(i for i, height in enumerate(heights) if height >= z)
    if heights[upper] == z:
        return np.asarray(stored[upper], np.float64)
    share = (z - heights[upper - 1]) / (heights[upper] - heights[upper - 1])
    return np.asarray(stored[upper - 1] * (1 - share) + stored[upper] * share, np.float64)
