"""Volume rendering against a reference in float64 that skips nothing, and what its words promise."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
from msgspec.structs import replace
from numpy.typing import NDArray

from consult.model.geometry import add, cross, scale
from consult.model.image import Image
from consult.model.planes.acts import camera_normal, extent
from consult.model.planes.turning import turned_to
from consult.model.planes.volume import VolumeGeometry, volume_geometry
from consult.model.view import Camera, VolumePreset, Window
from consult.rendering.affine import mm_per_pixel
from consult.rendering.planes.plane import MAX_STEPS, in_turn
from consult.rendering.planes.volume import VolumeArray, build
from consult.rendering.planes.whole import whole_slab
from consult.rendering.stack import read_only
from consult.rendering.volume_rendering import kernels, rays
from consult.rendering.volume_rendering.presets import LEVELS, LOOKS, table_of
from consult.rendering.volume_rendering.rays import FINE, render_volume
from tests.support.volumes import GRIDS, volume_series

FRONT = (1.0, 0.0, 0.0), (0.0, 0.0, -1.0)
SIZE = (30, 26)
WINDOW = Window(300.0, 500.0)
NARROW = Window(700.0, 300.0)
UNEVEN = (0.0, 1.0, 2.0, 3.5, 4.5, 6.0, 7.0, 8.0, 9.0, 10.5, 11.5, 12.5)


def smooth(shape: tuple[int, int, int]) -> NDArray[np.int16]:
    """Blobs in air: there is something to skip, surfaces, and what is seen through."""
    k, j, i = (np.linspace(-1, 1, n) for n in shape)
    one = 900 * np.exp(-6 * ((k[:, None, None] - 0.2) ** 2 + (j[:, None] + 0.1) ** 2 + (i - 0.3) ** 2))
    two = 700 * np.exp(-25 * ((k[:, None, None] + 0.5) ** 2 + (j[:, None] - 0.4) ** 2 + (i + 0.5) ** 2))
    return np.asarray(one + two, np.int16)


def made(name: str = "axial", dtype: str = "int16", slope: float = 1.0) -> VolumeArray:
    grid = GRIDS[name]
    shape = len(grid.positions), grid.rows, grid.columns
    images = [Image(layer, slope=slope, intercept=-100.0 * slope) for layer in smooth(shape).astype(dtype)]
    return build(images, volume_geometry(volume_series(grid)))


def uneven() -> VolumeArray:
    shape = len(UNEVEN), 20, 24
    geometry = VolumeGeometry((-20.0, -20.0, -18.0), (2.0, 0.0, 0.0), (0.0, 2.0, 0.0), (0.0, 0.0, 3.0), shape, UNEVEN)
    return VolumeArray(read_only(smooth(shape)), geometry, Image(np.zeros((0, 0), np.int16)))


def leaning(array: VolumeArray, turn: int, lean: float) -> Camera:
    """From a side, and from above."""
    camera = turned_to(Camera(array.geometry.middle, 45.0, *FRONT), array.geometry.middle, turn)
    c, s = math.cos(math.radians(lean)), math.sin(math.radians(lean))
    return replace(camera, down=add(scale(camera.down, c), scale(cross(camera.right, camera.down), -s)))


def at(array: VolumeArray, voxel: NDArray[np.float64]) -> NDArray[np.float64]:
    """Trilinear values at (n, 3) column, row, step; beyond the border the border's."""
    steps = np.array(array.geometry.steps)
    layers, rows, columns = array.voxels.shape
    u, v = np.clip(voxel[:, 0], 0, columns - 1), np.clip(voxel[:, 1], 0, rows - 1)
    w = np.interp(voxel[:, 2], steps, np.arange(layers))
    lower = [np.minimum(np.floor(x).astype(int), n - 2) for x, n in zip((w, v, u), array.voxels.shape, strict=True)]
    k, j, i = lower
    fw, fv, fu = w - k, v - j, u - i
    total = np.zeros(len(voxel))
    for dk in (0, 1):
        for dj in (0, 1):
            for di in (0, 1):
                share = (fw if dk else 1 - fw) * (fv if dj else 1 - fv) * (fu if di else 1 - fu)
                total += share * array.voxels[k + dk, j + dj, i + di].astype(np.float64)
    return total


def light_of(
    array: VolumeArray, voxel: NDArray[np.float64], camera: Camera, window: Window, shine: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Diffuse and specular light of each place, in the patient's space."""
    geometry = array.geometry
    rise = [at(array, voxel + step) - at(array, voxel - step) for step in np.eye(3)]
    slope = np.stack(rise, axis=1) @ np.array(geometry.inverse) * array.how.slope / 2
    length = np.linalg.norm(slope, axis=1)
    unit = slope / np.where(length > 0, length, 1.0)[:, None]
    towards = -np.array(camera_normal(camera))
    right, down, away = rays.LIGHT_FROM
    light = np.array(camera.right) * right + np.array(camera.down) * down - towards * away
    light /= np.linalg.norm(light)
    half = (light + towards) / np.linalg.norm(light + towards)
    unit = np.where((unit @ towards < 0)[:, None], -unit, unit)
    surface = np.minimum(length / (rays.SURFACE * window.width), 1.0)
    diffuse = rays.AMBIENT + rays.DIFFUSE * (surface * np.maximum(unit @ light, 0) + 1 - surface)
    return diffuse, shine * surface * np.maximum(unit @ half, 0) ** 32


def reference(array: VolumeArray, camera: Camera, preset: VolumePreset, window: Window) -> NDArray[np.float64]:
    """The definition, sample by sample for all pixels at once, without bricks and without an early end."""
    geometry, normal, pixel = array.geometry, np.array(camera_normal(camera)), mm_per_pixel(camera, SIZE)
    step = geometry.layer_mm(camera_normal(camera)) * FINE
    table = table_of(preset, round(step, 9)).astype(np.float64)
    y, x = np.mgrid[: SIZE[1], : SIZE[0]]
    across = (x.ravel() - (SIZE[0] - 1) / 2)[:, None] * np.array(camera.right) * pixel
    along = (y.ravel() - (SIZE[1] - 1) / 2)[:, None] * np.array(camera.down) * pixel
    deep = extent(geometry, camera_normal(camera))
    off = (np.array(geometry.middle) - np.array(camera.center)) @ normal - deep / 2
    near = np.array(camera.center) + normal * off + across + along
    limits = np.array(geometry.limits)
    colour, light = np.zeros((len(near), 3)), np.ones(len(near))
    for sample in range(math.ceil(deep / step) + 1):
        voxel = (near + normal * step * sample - np.array(geometry.origin)) @ np.array(geometry.inverse).T
        inside = ((voxel >= limits[:, 0]) & (voxel < limits[:, 1])).all(axis=1)
        value = at(array, voxel) * array.how.slope + array.how.intercept
        level = (value - window.center + window.width / 2) / window.width * (LEVELS - 1)
        drawn = table[np.clip(np.floor(level + 0.5), 0, LEVELS - 1).astype(int)]
        opacity = np.where(inside, drawn[:, 3], 0.0)
        bright, shine = light_of(array, voxel, camera, window, LOOKS[preset].shine)
        colour += (light * opacity)[:, None] * (drawn[:, :3] * bright[:, None] + shine[:, None])
        light *= 1 - opacity
    return np.clip(colour, 0, 1).reshape(SIZE[1], SIZE[0], 3) * 255


@pytest.mark.parametrize("preset", get_args(VolumePreset))
@pytest.mark.parametrize("name", ["axial", "sheared by the gantry", "sagittal", "reversed"])
def test_it_is_what_its_definition_says(name: str, preset: VolumePreset) -> None:
    array = made(name)
    camera = leaning(array, 11, 25.0)
    drawn = render_volume(array, camera, preset, WINDOW, SIZE).astype(float)
    off = np.abs(drawn - reference(array, camera, preset, WINDOW))
    assert drawn.max() > 60, "something is seen"
    assert (off <= 2.5).mean() > 0.995, off.max()


@pytest.mark.parametrize("array", [made(dtype="float32"), made(dtype="uint16", slope=0.5), uneven()])
def test_so_it_is_for_all_kinds_of_voxels(array: VolumeArray) -> None:
    window = Window(300.0 * array.how.slope, 500.0 * array.how.slope)
    camera = leaning(array, 50, -35.0)
    drawn = render_volume(array, camera, "bone", window, SIZE).astype(float)
    off = np.abs(drawn - reference(array, camera, "bone", window))
    assert drawn.max() > 60
    assert (off <= 2.5).mean() > 0.99, off.max()


def test_what_is_skipped_is_not_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """With nothing skipped each byte is the same. Seen to fail where a brick lacks the voxels behind it: nothing of a
    lone voxel at the beginning of a brick was seen in the bricks before it."""
    array, grid = made(), GRIDS["axial"]
    stored = array.voxels.copy()
    stored[8, 16, 8] = 3000
    array = build([Image(layer, intercept=-100.0) for layer in stored], volume_geometry(volume_series(grid)))
    cameras = [leaning(array, turn, lean) for turn, lean in ((0, 0.0), (7, 30.0), (40, -80.0))]
    cameras += [replace(camera, center=array.geometry.point((8.0, 16.0, 8.0)), radius=2.0) for camera in cameras]
    clear = rays._clear
    skipped = clear(rays.bricks_of(array), table_of("bone", 1.0), rays._levels(array, NARROW))
    assert 0.1 < skipped.mean() < 0.9
    drawn = [render_volume(array, camera, "bone", NARROW, SIZE) for camera in cameras]
    monkeypatch.setattr(rays, "_clear", lambda *of: np.zeros_like(clear(*of)))
    for camera, picture in zip(cameras, drawn, strict=True):
        assert np.array_equal(picture, render_volume(array, camera, "bone", NARROW, SIZE))


def test_a_moving_picture_is_coarser_of_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """A quarter of the rays, a quarter of their samples; it looks alike."""
    array, asked = made(), list[tuple[int, tuple[int, ...]]]()
    cast = kernels.cast

    def counted(*of: object) -> None:
        asked.append((of[3][0], of[4].shape))  # type: ignore[index,attr-defined]
        cast(*of)  # type: ignore[arg-type]

    camera = leaning(array, 11, 25.0)
    monkeypatch.setattr(kernels, "cast", counted)
    fine = render_volume(array, camera, "bone", WINDOW, (96, 80))
    (samples, _), *_ = asked
    asked.clear()
    coarse = render_volume(array, camera, "bone", WINDOW, (96, 80), coarse=True)
    assert {(count <= samples // 4 + 2, shape) for count, shape in asked} == {(True, (40, 48, 3))}
    assert coarse.shape == fine.shape
    assert np.abs(coarse.astype(float) - fine).mean() < 8


def test_a_large_picture_has_no_more_rays_than_one_waits_for_and_covers_the_same() -> None:
    array = made()
    camera = leaning(array, 11, 25.0)
    for size in ((7680, 4320), (1920, 1080), (700, 500), (1, 1)):
        for coarse, most in ((False, rays.MOST_FINE), (True, rays.MOST_COARSE)):
            few = rays.rays_of(size, coarse=coarse)
            assert few[0] * few[1] <= most * 1.01
            assert few == size or coarse or size[0] * size[1] > most
    small, large = (render_volume(array, camera, "bone", WINDOW, size, coarse=True) for size in ((96, 80), (960, 800)))
    assert np.abs(large[5::10, 5::10].astype(float) - small).mean() < 8


def test_needles_for_voxels_take_no_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    """A header may say anything: 100 m long, 0.001 mm apart. So it is for a MIP of the whole volume."""
    needles = VolumeGeometry((0.0, 0.0, 0.0), (0.001, 0.0, 0.0), (0.0, 0.001, 0.0), (0.0, 0.0, 4000.0), (24, 32, 40))
    array = VolumeArray(made().voxels, needles, made().how)
    camera = leaning(array, 11, 25.0)
    asked = list[int]()
    monkeypatch.setattr(kernels, "cast", lambda *of: asked.append(of[3][0]))
    render_volume(array, camera, "bone", WINDOW, SIZE)
    assert max(asked) <= rays.MOST_SAMPLES + 1
    _, slab = whole_slab(array, camera, "max", coarse=False)
    assert slab.steps(needles.layer_mm(camera_normal(camera))) <= MAX_STEPS


def test_bands_change_nothing() -> None:
    array = made()
    camera = leaning(array, 3, 10.0)
    turned = render_volume(array, camera, "bone", WINDOW, SIZE, bands=lambda bands: in_turn(bands[::-1]))
    assert np.array_equal(turned, render_volume(array, camera, "bone", WINDOW, SIZE))


def test_the_window_says_what_is_seen() -> None:
    array = made()
    camera = leaning(array, 0, 0.0)
    assert (render_volume(array, camera, "bone", Window(5000.0, 500.0), SIZE) == 0).all()
    assert (render_volume(array, camera, "lungs", Window(-2000.0, 500.0), SIZE) == 0).all(), "nothing above the window"


def test_page_and_command_open_a_preset_in_the_same_window() -> None:
    """The page's are in tests/web/rendered.test.mjs."""
    known = json.loads(Path("tests/volume-presets.json").read_text(encoding="utf-8"))
    assert {name: [LOOKS[name].window.center, LOOKS[name].window.width] for name in known} == known


def test_opacities_are_those_of_millimetres() -> None:
    one, half = (table_of("bone", mm)[:, 3].astype(float) for mm in (1.0, 0.5))
    assert np.allclose(1 - (1 - half) ** 2, one, atol=1e-5)
