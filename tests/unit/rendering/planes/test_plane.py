"""A viewport of a plane: what it is where it must be something known already."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from msgspec.structs import replace

from consult.model.geometry import Vec
from consult.model.image import Image
from consult.model.planes.volume import volume_geometry
from consult.model.view import Camera, Window
from consult.rendering.planes.plane import Slab, render_plane
from consult.rendering.planes.volume import VolumeArray, build
from consult.rendering.stack import render_viewport
from tests.support.volumes import GRIDS, volume_grid, volume_series

WINDOW = Window(0.0, 800.0)
SIZE = (160, 120)
DICE = np.random.default_rng(3)
OBLIQUE: tuple[Vec, Vec] = ((0.8, 0.6, 0.0), (-0.6 * 0.8, 0.8 * 0.8, 0.6))


def images_of(name: str, **changes: object) -> list[Image]:
    grid = GRIDS[name]
    shape = len(grid.positions), grid.rows, grid.columns
    stored = DICE.integers(-400, 400, shape).astype(np.int16)
    return [Image(layer, **changes) for layer in stored]  # type: ignore[arg-type]  # of Image


def volume_of(images: Sequence[Image], name: str = "axial") -> VolumeArray:
    return build(images, volume_geometry(volume_series(GRIDS[name])))


@pytest.mark.parametrize("name", GRIDS)
@pytest.mark.parametrize("radius", [12.0, 22.0, 90.0])
def test_a_plane_on_an_image_is_that_image(name: str, radius: float) -> None:
    images, grid = images_of(name), GRIDS[name]
    camera = Camera(grid.centre(5), radius, grid.right, grid.down)
    same = render_viewport(images[5], grid, 5, camera, WINDOW, SIZE)
    assert same.any()
    drawn = render_plane(volume_of(images, name), camera, WINDOW, SIZE)
    assert np.array_equal(drawn, same)


HOW: list[dict[str, object]] = [{"inverted": True}, {"voi_function": "SIGMOID"}, {"slope": -2.0, "intercept": 30.0}]


@pytest.mark.parametrize("changes", HOW)
def test_values_become_greys_as_an_images_do(changes: dict[str, object]) -> None:
    images, grid = images_of("axial", **changes), GRIDS["axial"]
    camera = Camera(grid.centre(5), 22.0, grid.right, grid.down)
    for invert in (False, True):
        same = render_viewport(images[5], grid, 5, camera, WINDOW, SIZE, invert=invert)
        assert np.array_equal(render_plane(volume_of(images), camera, WINDOW, SIZE, invert=invert), same)
        tilted = replace(camera, right=OBLIQUE[0], down=OBLIQUE[1])
        oblique = render_plane(volume_of(images), tilted, WINDOW, SIZE, invert=invert)
        assert len(np.unique(oblique)) > 100


def test_outside_of_the_volume_it_is_black_also_inverted() -> None:
    volume = volume_of(images_of("axial"))
    for axes in (((1.0, 0.0, 0.0), (0.0, 1.0, 0.0)), OBLIQUE):
        away = Camera((0.0, 0.0, 900.0), 30.0, *axes)
        assert not render_plane(volume, away, WINDOW, SIZE, Slab(10.0, "max"), invert=True).any()
        assert not render_plane(volume, away, WINDOW, SIZE, invert=True).any()


def test_a_slab_begins_at_one_face_and_ends_at_the_other() -> None:
    shape = (21, 32, 40)
    grid = volume_grid(shape, (1.0, 1.5, 1.5), origin=(-30.0, -24.0, -10.0))
    stored = np.zeros(shape, np.int16)
    stored[5], stored[15], stored[3] = 100, 200, 400
    volume = build([Image(layer) for layer in stored], volume_geometry(volume_series(grid)))
    camera = Camera((0.0, 0.0, 0.0), 10.0, (1.0, 0.0, 0.0), (0.0, 1.0, 0.0))
    exact = Window(127.5, 255.0)
    thick = render_plane(volume, camera, exact, (32, 32), Slab(10.0, "max"))
    assert abs(int(thick[16, 16]) - 200) <= 1
    thin = render_plane(volume, camera, exact, (32, 32), Slab(9.0, "max"))
    assert thin[16, 16] < 110
    mean = render_plane(volume, camera, exact, (32, 32), Slab(10.0, "mean"))
    assert abs(int(mean[16, 16]) - 300 / 11) <= 1
    low = render_plane(volume, camera, exact, (32, 32), Slab(10.0, "min"))
    assert low[16, 16] == 0
    thicker = render_plane(volume, camera, exact, (32, 32), Slab(50.0, "max"))
    assert thicker[16, 16] == 255


def test_a_coarse_slab_is_nearly_the_fine_one() -> None:
    k, j, i = np.meshgrid(*(np.arange(n) for n in (24, 32, 40)), indexing="ij")
    smooth = (200 * np.sin(i / 6) + 100 * np.cos(j / 7) + 80 * np.sin(k / 4)).astype(np.int16)
    volume = volume_of([Image(layer) for layer in smooth])
    camera = Camera(volume.geometry.middle, 18.0, *OBLIQUE)
    for size in (SIZE, (161, 121)):
        fine = render_plane(volume, camera, WINDOW, size, Slab(12.0, "max"))
        coarse = render_plane(volume, camera, WINDOW, size, Slab(12.0, "max", coarse=True))
        assert coarse.shape == fine.shape
        assert np.percentile(np.abs(coarse.astype(int) - fine), 95) <= 12


def test_bands_may_run_at_once_and_in_any_order() -> None:
    volume = volume_of(images_of("tilted"), "tilted")
    camera = Camera(volume.geometry.middle, 25.0, *OBLIQUE)
    reference = render_plane(volume, camera, WINDOW, SIZE, Slab(6.0, "max"))
    with ThreadPoolExecutor(2) as pool:

        def at_once(bands: Sequence[Callable[[], None]]) -> None:
            for done in [pool.submit(band) for band in reversed(bands)]:
                done.result()

        assert np.array_equal(render_plane(volume, camera, WINDOW, SIZE, Slab(6.0, "max"), bands=at_once), reference)


def test_a_picture_smaller_than_the_volume_averages() -> None:
    checks = np.indices((24, 32, 40)).sum(axis=0) % 2 * 800 - 400
    volume = volume_of([Image(layer.astype(np.int16)) for layer in checks])
    camera = Camera(volume.geometry.middle, 60.0, *OBLIQUE)
    drawn = render_plane(volume, camera, WINDOW, (20, 20))
    inside = drawn[8:12, 8:12].astype(int)
    assert np.abs(inside - 128).max() < 40


class TestBuild:
    """The array of a volume."""

    def test_one_rescale_keeps_the_stored_values(self) -> None:
        images = images_of("axial", slope=2.0, intercept=-5.0)
        stored = np.stack([image.pixels for image in images])
        volume = build(images, volume_geometry(volume_series(GRIDS["axial"])), stored)
        assert np.shares_memory(volume.voxels, stored)
        assert (volume.own_bytes, volume.how.slope, volume.how.intercept) == (0, 2.0, -5.0)
        assert not volume.voxels.flags.writeable
        assert volume.values(stored[3, 4, 5]) == stored[3, 4, 5] * 2.0 - 5.0

    def test_slopes_that_differ_make_modality_values(self) -> None:
        images = [Image(np.full((32, 40), 100, np.uint16), slope=float(i)) for i in range(24)]
        volume = volume_of(images)
        assert volume.voxels.dtype == np.float32
        assert [volume.voxels[i, 0, 0] for i in (0, 7, 23)] == [0.0, 700.0, 2300.0]
        assert (volume.how.slope, volume.own_bytes) == (1.0, volume.voxels.nbytes)

    def test_padding_is_the_lowest_value_there_is(self) -> None:
        images = []
        for image in images_of("axial", padding=(-2000.0, -2000.0)):
            pixels = image.pixels.copy()
            pixels[:4] = -2000
            images.append(Image(pixels, padding=image.padding))
        volume = volume_of(images)
        assert volume.voxels.min() == -400.0
        assert volume.how.padding is None

    @pytest.mark.parametrize("dtype", [np.int32, np.float64, np.int8, np.uint32])
    def test_other_types_become_float32(self, dtype: type) -> None:
        volume = volume_of([Image(np.full((32, 40), 7, dtype)) for _ in range(24)])
        assert volume.voxels.dtype == np.float32
        assert float(volume.voxels[3, 3, 3]) == 7.0

    def test_what_is_no_number_is_drawn_as_the_lowest(self) -> None:
        pixels = np.full((32, 40), 5.0, np.float32)
        pixels[0, 0] = np.nan
        volume = volume_of([Image(pixels) for _ in range(24)])
        assert np.isfinite(volume.voxels).all()
