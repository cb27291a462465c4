"""A volume as a whole: each pixel of its MIP is the greatest on its line of sight, and a click finds that voxel."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from consult.model.geometry import Vec, add, dot, norm, scale, subtract
from consult.model.image import Image
from consult.model.planes.acts import camera_normal
from consult.model.planes.turning import TURNS, turn_of, turned_to
from consult.model.planes.volume import volume_geometry
from consult.model.view import Camera, Window
from consult.rendering.affine import mm_per_pixel
from consult.rendering.planes.plane import render_plane
from consult.rendering.planes.volume import VolumeArray, build
from consult.rendering.planes.whole import greatest_along, whole_slab
from tests.support.volumes import GRIDS, volume_series

DICE = np.random.default_rng(11)
FRONT = (1.0, 0.0, 0.0), (0.0, 0.0, -1.0)


def volume(name: str, stored: np.ndarray | None = None) -> VolumeArray:
    grid = GRIDS[name]
    shape = len(grid.positions), grid.rows, grid.columns
    voxels = DICE.integers(0, 200, shape).astype(np.int16) if stored is None else stored
    images = [Image(layer, slope=1.0, intercept=0.0) for layer in voxels]
    return build(images, volume_geometry(volume_series(grid)))


def seen(array: VolumeArray, turn: int) -> Camera:
    return turned_to(Camera(array.geometry.middle, 60.0, *FRONT), array.geometry.middle, turn)


def on_the_line(array: VolumeArray, point: Vec, direction: Vec) -> list[tuple[float, Vec]]:
    """Value and centre of all voxels through which a line runs, found by trying every voxel."""
    geometry, found = array.geometry, []
    steps = np.arange(-4000, 4000) * 0.05
    at = np.array([geometry.voxel(add(point, scale(direction, float(mm)))) for mm in steps])
    cells = np.unique(np.floor(at[:, [2, 1, 0]] + 0.5).astype(int), axis=0)
    for k, j, i in cells:
        if all(0 <= n < count for n, count in zip((k, j, i), array.voxels.shape, strict=True)):
            found.append((float(array.voxels[k, j, i]), geometry.point((float(i), float(j), float(k)))))
    return found


@pytest.mark.parametrize("name", ["axial", "tilted", "sheared by the gantry", "sagittal", "reversed"])
@pytest.mark.parametrize("turn", [0, 7, 36])
def test_a_hot_voxel_is_found_by_a_click_from_every_side(name: str, turn: int) -> None:
    grid = GRIDS[name]
    stored = np.zeros((len(grid.positions), grid.rows, grid.columns), np.int16)
    stored[9, 20, 11] = 900
    array = volume(name, stored)
    hot, camera = array.geometry.point((11.0, 20.0, 9.0)), seen(volume(name), turn)
    found = greatest_along(array, hot, camera_normal(camera))
    assert found is not None
    assert found[0] == pytest.approx(hot, abs=1e-6)
    assert found[1] == 900.0
    off = subtract(hot, camera.center)
    across, along = scale(camera.right, dot(off, camera.right)), scale(camera.down, dot(off, camera.down))
    again = greatest_along(array, add(camera.center, add(across, along)), camera_normal(camera))
    assert again is not None
    assert again[0] == pytest.approx(hot, abs=1e-6)


@pytest.mark.parametrize("name", ["axial", "tilted"])
def test_it_is_the_greatest_of_the_voxels_that_the_line_passes(name: str) -> None:
    array = volume(name)
    camera = seen(array, 5)
    for across, along in product((-12.0, 3.0), (-20.0, 10.0)):
        point = add(camera.center, add(scale(camera.right, across), scale(camera.down, along)))
        sight = camera_normal(camera)
        found = greatest_along(array, point, sight)
        assert found is not None
        assert found[1] >= max(value for value, _ in on_the_line(array, point, sight))


def test_the_least_is_found_for_a_minimum_and_nothing_beside_the_volume() -> None:
    stored = np.full((24, 32, 40), 500, np.int16)
    stored[4, 5, 6] = 3
    array = volume("axial", stored)
    cold = array.geometry.point((6.0, 5.0, 4.0))
    found = greatest_along(array, cold, (0.0, 1.0, 0.0), least=True)
    assert found is not None
    assert found[0] == pytest.approx(cold)
    assert found[1] == 3.0
    stored[4, 5:12, 6] = 3
    row = greatest_along(volume("axial", stored), cold, (0.0, 1.0, 0.0), least=True)
    assert row is not None
    assert row[0] == pytest.approx(array.geometry.point((6.0, 8.0, 4.0))), "the middle of those that are equal"
    assert greatest_along(array, (900.0, 0.0, 0.0), (0.0, 1.0, 0.0)) is None


@pytest.mark.parametrize("turn", [0, 9, 18])
def test_its_picture_has_the_hot_voxel_wherever_the_camera_stands_on_its_line(turn: int) -> None:
    stored = np.zeros((24, 32, 40), np.int16)
    stored[9, 20, 11] = 255
    array = volume("axial", stored)
    hot, camera, size = array.geometry.point((11.0, 20.0, 9.0)), seen(array, turn), (240, 240)
    for off in (-500.0, 0.0, 80.0):
        there = Camera(add(camera.center, scale(camera_normal(camera), off)), camera.radius, camera.right, camera.down)
        moved, slab = whole_slab(array, there, "max", coarse=False)
        picture = render_plane(array, moved, Window(127.5, 255.0), size, slab)
        row, column = np.unravel_index(int(picture.argmax()), picture.shape)
        delta, mm = subtract(hot, camera.center), mm_per_pixel(camera, size)
        expected = dot(delta, camera.right) / mm + 119.5, dot(delta, camera.down) / mm + 119.5
        assert (float(column), float(row)) == pytest.approx(expected, abs=2.0)
        assert picture.max() > 40, "between voxels it is interpolated"


def test_it_turns_about_the_middle_and_what_is_panned_stays_on_the_screen() -> None:
    array = volume("axial")
    middle = array.geometry.middle
    panned = Camera(add(middle, (12.0, 0.0, 7.0)), 60.0, *FRONT)
    for turn in range(TURNS):
        camera = turned_to(panned, middle, turn)
        assert turn_of(camera) == turn
        off = subtract(camera.center, middle)
        assert (dot(off, camera.right), dot(off, camera.down)) == pytest.approx((12.0, -7.0))
        assert norm(camera.right) == pytest.approx(1.0)
    left = turned_to(panned, middle, TURNS // 4)
    assert camera_normal(left) == pytest.approx((-1.0, 0.0, 0.0)), "a quarter on it looks from the patient's left"
