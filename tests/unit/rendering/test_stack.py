"""The renderer against a float64 reference, at the edges of every type, and against SimpleITK on a real series."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from consult.model.geometry import Grid, Vec, add, cross, scale
from consult.model.image import Image, VoiFunction
from consult.model.view import Camera, Window
from consult.rendering.stack import affine, render_viewport, viewport_scale, warm, with_mask
from consult.rendering.window import apply_window
from tests.support.stack_reference import image_coordinates, reference_values, standard_grey

MAX_ERROR_HU = 0.01
"""Largest difference allowed before windowing, for values of CT; test_kernels.py measures it."""


def turned(degrees: float) -> tuple[Vec, Vec]:
    """right and down of an axial camera turned clockwise."""
    c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return (c, s, 0.0), (-s, c, 0.0)


def axial(rows: int, columns: int, row_spacing: float = 0.8, column_spacing: float = 0.8) -> Grid:
    """One axial image somewhere."""
    spacings, corner = (row_spacing, column_spacing), ((-30.5, 12.25, 7.0),)
    return Grid("patient", rows, columns, *spacings, "mm", (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), corner)


def ct(rows: int, columns: int, dtype: Any = np.int16) -> Image:
    """Full-range noise: neighbouring pixels differ as much as they can."""
    values = np.random.default_rng(4).integers(0, 4096, (rows, columns))
    return Image(values.astype(dtype), slope=1.0, intercept=-1024.0)


CAMERAS = {
    "magnified": (0.0, 9.3, False),
    "fitting": (0.0, 25.6, False),
    "minified": (0.0, 71.0, False),
    "much minified": (0.0, 300.0, False),
    "quarter": (90.0, 17.0, False),
    "half, minified": (180.0, 77.0, False),
    "three quarters, flipped": (270.0, 12.0, True),
    "flipped": (0.0, 13.1, True),
    "slanted": (33.0, 14.0, False),
    "slanted, minified": (12.0, 80.0, False),
    "slanted, flipped": (-101.0, 21.0, True),
}


def camera_of(grid: Grid, name: str) -> Camera:
    """One of CAMERAS, a little off the image's centre."""
    degrees, radius, flipped = CAMERAS[name]
    right, down = turned(degrees)
    centre = add(grid.centre(0), (1.37, -2.11, 0.0))
    return Camera(centre, radius, scale(right, -1.0) if flipped else right, down)


@pytest.mark.parametrize("name", CAMERAS)
@pytest.mark.parametrize("spacing", [(0.8, 0.8), (2.5, 0.7)])
@pytest.mark.parametrize("window", [Window(40.0, 400.0), Window(-600.0, 1500.0), Window(37.5, 2.0)])
def test_every_camera_is_near_the_reference(name: str, spacing: tuple[float, float], window: Window) -> None:
    grid, image = axial(61, 64, *spacing), ct(61, 64)
    camera, size = camera_of(grid, name), (83, 58)
    drawn = render_viewport(image, grid, 0, camera, window, size)
    values, there = reference_values(image, grid, 0, camera, size)
    slack = 255.0 / (window.width - 1) * MAX_ERROR_HU + 0.51
    wanted = standard_grey(values, window)
    assert np.abs(drawn[there] - wanted[there]).max() <= slack
    assert np.all(drawn[~there] == 0)


def test_one_to_one_is_the_image_bit_by_bit() -> None:
    functions: tuple[VoiFunction, ...] = ("LINEAR", "LINEAR_EXACT", "SIGMOID")
    for function in functions:
        for dtype in (np.int16, np.uint16, np.uint8, np.int32, np.float32, np.float64, np.int8, np.uint32):
            source = (ct(37, 50).pixels % 120).astype(dtype)
            image = Image(source, 1.7, -33.3, voi_function=function)
            grid, window = axial(37, 50, 0.7421875, 0.7421875), Window(40.3, 77.7)
            camera = Camera(grid.centre(0), 0.7421875 * 37 / 2, *turned(0))
            drawn = render_viewport(image, grid, 0, camera, window, (50, 37))
            assert np.array_equal(drawn, apply_window(image, window)), (function, dtype)


def test_one_to_one_turned_and_flipped_is_the_image_turned_and_flipped() -> None:
    image, grid, window = ct(38, 50), axial(38, 50, 0.31, 0.31), Window(40.0, 400.0)
    plain = apply_window(image, window)
    for quarters in range(4):
        size = (50, 38) if quarters % 2 == 0 else (38, 50)
        right, down = turned(90.0 * quarters)
        camera = Camera(grid.centre(0), 0.31 * 19, right, down)
        assert np.array_equal(render_viewport(image, grid, 0, camera, window, size), np.rot90(plain, quarters))
        mirrored = Camera(grid.centre(0), 0.31 * 19, scale(right, -1.0), down)
        drawn = render_viewport(image, grid, 0, mirrored, window, size)
        assert np.array_equal(drawn, np.fliplr(np.rot90(plain, quarters)))


def test_one_to_one_cropped_shows_the_pixels_around_the_centre() -> None:
    image, grid, window = ct(64, 64), axial(64, 64, 0.9, 0.9), Window(40.0, 400.0)
    camera = Camera(grid.point(0, 30.5, 20.0), 0.9 * 7.5, *turned(0))
    drawn = render_viewport(image, grid, 0, camera, window, (16, 15))
    assert np.array_equal(drawn, apply_window(image, window)[13:28, 23:39])


def test_beyond_the_image_is_black_also_inverted_and_for_monochrome1() -> None:
    pixels = np.full((10, 10), 500, np.int16)
    grid = axial(10, 10, 1.0, 1.0)
    for degrees in (0.0, 20.0):
        camera = Camera(grid.centre(0), 15.0, *turned(degrees))
        for image, invert in ((Image(pixels), True), (Image(pixels, inverted=True), False)):
            drawn = render_viewport(image, grid, 0, camera, Window(-500.0, 10.0), (30, 30), invert=invert)
            assert np.all(drawn == 0)
            drawn = render_viewport(image, grid, 0, camera, Window(1500.0, 10.0), (30, 30), invert=invert)
            assert (drawn == 255).sum() == (100 if degrees == 0.0 else pytest.approx(100, abs=8))
            assert drawn[0, 0] == 0


def test_beyond_the_image_is_black_also_for_a_sigmoid() -> None:
    grid = axial(10, 10, 1.0, 1.0)
    image = Image(np.full((10, 10), 500, np.int16), voi_function="SIGMOID")
    for degrees, invert in ((0.0, False), (20.0, False), (0.0, True)):
        camera = Camera(grid.centre(0), 15.0, *turned(degrees))
        drawn = render_viewport(image, grid, 0, camera, Window(500.0, 10.0), (30, 30), invert=invert)
        assert drawn[0, 0] == drawn[0, 15] == 0
        assert drawn[15, 15] in (127, 128)


def test_a_camera_beside_the_image_shows_nothing() -> None:
    grid, image = axial(10, 10), ct(10, 10)
    for degrees in (0.0, 90.0, 20.0):
        camera = Camera(add(grid.centre(0), (500.0, 0.0, 0.0)), 15.0, *turned(degrees))
        assert not render_viewport(image, grid, 0, camera, Window(0.0, 4000.0), (30, 20)).any()


def test_images_of_one_pixel_one_row_one_column() -> None:
    for rows, columns in ((1, 1), (1, 7), (7, 1)):
        grid, image = axial(rows, columns, 1.0, 1.0), ct(rows, columns)
        for degrees in (0.0, 90.0, 30.0):
            for radius in (0.7, 3.0, 20.0):
                camera = Camera(grid.centre(0), radius, *turned(degrees))
                drawn = render_viewport(image, grid, 0, camera, Window(1000.0, 4096.0), (21, 20))
                values, there = reference_values(image, grid, 0, camera, (21, 20))
                wanted = standard_grey(values, Window(1000.0, 4096.0))
                assert not drawn[~there].any()
                assert np.all(np.abs(drawn - wanted)[there] <= 1.0)


@pytest.mark.parametrize(
    ("dtype", "low", "high"),
    [
        (np.int8, -128, 127),
        (np.uint8, 0, 255),
        (np.int16, -32768, 32767),
        (np.uint16, 0, 65535),
        (np.int32, -(2**31), 2**31 - 1),
        (np.uint32, 0, 2**32 - 1),
        (np.float32, -1.5e6, 2.5e7),
        (np.float64, -1e12, 1e12),
    ],
)
@pytest.mark.parametrize("degrees", [0.0, 25.0])
def test_edge_values_of_every_type(dtype: Any, low: float, high: float, degrees: float) -> None:
    pixels = np.array([[low, high], [high, low]]).astype(dtype)
    image, grid = Image(pixels), axial(2, 2, 1.0, 1.0)
    camera, size = Camera(grid.centre(0), 1.5, *turned(degrees)), (33, 30)
    whole = Window((float(low) + float(high)) / 2, min(float(high) - float(low), 1e9))
    values, there = reference_values(image, grid, 0, camera, size)
    drawn = render_viewport(image, grid, 0, camera, whole, size)
    assert np.abs(drawn[there] - standard_grey(values, whole)[there]).max() <= 1.0
    narrow = Window(float(high) if abs(high) < 1e9 else 1e9, 3.0)
    drawn = render_viewport(image, grid, 0, camera, narrow, size)
    assert np.abs(drawn[there] - standard_grey(values, narrow)[there]).max() <= (255.0 if abs(high) > 1e6 else 1.0)


def test_a_narrow_window_far_from_zero_keeps_its_levels() -> None:
    pixels = (np.arange(101)[None, :] + 2_000_000_000 - 50).astype(np.int32).repeat(3, axis=0)
    grid = axial(3, 101, 1.0, 1.0)
    image = Image(pixels, slope=0.25, intercept=3.0)
    window = Window(500_000_003.0, 26.0)
    drawn = render_viewport(image, grid, 0, Camera(grid.centre(0), 1.5, *turned(0)), window, (101, 3))
    assert np.abs(drawn - standard_grey(pixels * 0.25 + 3.0, window)).max() <= 1.0
    assert len(np.unique(drawn)) > 90


def test_values_that_are_none_are_black() -> None:
    pixels = np.array([[1.0, np.nan, 3.0], [np.inf, 2.0, -np.inf]], np.float32)
    grid = axial(2, 3, 1.0, 1.0)
    for dtype in (np.float32, np.float64):
        for invert in (False, True):
            image = Image(pixels.astype(dtype))
            drawn = apply_window(image, Window(2.0, 10.0), invert=invert)
            assert drawn[0, 1] == 0
            assert (drawn[1, 0], drawn[1, 2]) == ((0, 255) if invert else (255, 0))
            camera = Camera(grid.centre(0), 1.0, *turned(0))
            again = render_viewport(image, grid, 0, camera, Window(2.0, 10.0), (3, 2), invert=invert)
            assert np.array_equal(again, drawn)


def test_colour_is_interpolated_channel_by_channel_and_exact_at_one_to_one() -> None:
    pixels = np.random.default_rng(2).integers(0, 256, (20, 30, 3)).astype(np.uint8)
    image, grid = Image(pixels), axial(20, 30, 1.0, 1.0)
    same = render_viewport(image, grid, 0, Camera(grid.centre(0), 10.0, *turned(0)), None, (30, 20))
    assert np.array_equal(same, pixels)
    camera = Camera(grid.centre(0), 4.0, *turned(15.0))
    drawn = render_viewport(image, grid, 0, camera, None, (30, 20))
    for channel in range(3):
        values, _ = reference_values(Image(pixels[..., channel]), grid, 0, camera, (30, 20))
        assert np.abs(drawn[..., channel] - values).max() <= 0.51
    inverted = render_viewport(image, grid, 0, camera, None, (30, 20), invert=True)
    assert np.array_equal(inverted, 255 - drawn)


def test_a_grey_image_needs_a_window() -> None:
    grid = axial(4, 4)
    with pytest.raises(ValueError, match="needs a window"):
        render_viewport(ct(4, 4), grid, 0, Camera(grid.centre(0), 2.0, *turned(0)), None, (4, 4))


def test_minified_slants_do_not_alias() -> None:
    """A checkerboard of single pixels becomes its mean, in whatever turn."""
    board = (np.indices((128, 128)).sum(axis=0) % 2 * 1000).astype(np.int16)
    grid = axial(128, 128, 1.0, 1.0)
    for degrees in (0.0, 7.0, 45.0, 90.0):
        camera = Camera(grid.centre(0), 40.0, *turned(degrees))
        drawn = render_viewport(Image(board), grid, 0, camera, Window(500.0, 1000.0), (20, 20))
        assert np.abs(drawn.astype(int) - 127).max() <= 16


def test_oblique_planes() -> None:
    right, down = (0.8, 0.0, 0.6), (0.0, 1.0, 0.0)
    grid = Grid("patient", 40, 40, 0.8, 0.8, "mm", right, down, ((5.0, 6.0, 7.0),))
    image, window = ct(40, 40), Window(40.0, 400.0)
    camera = Camera(grid.centre(0), 16.0, right, down)
    assert np.array_equal(render_viewport(image, grid, 0, camera, window, (40, 40)), apply_window(image, window))
    off_plane = Camera(add(grid.centre(0), scale(cross(right, down), 9.0)), 16.0, right, down)
    assert np.array_equal(render_viewport(image, grid, 0, off_plane, window, (40, 40)), apply_window(image, window))


def test_the_circle_fits_the_smaller_side_exactly() -> None:
    grid = axial(100, 100, 1.0, 1.0)
    for size in ((300, 200), (200, 300), (201, 201)):
        camera = Camera(grid.centre(0), 25.0, *turned(0))
        column, row = image_coordinates(grid, 0, camera, size)
        assert column.mean() == pytest.approx(49.5)
        across = (column[0, -1] - column[0, 0]) * size[0] / (size[0] - 1)
        down = (row[-1, 0] - row[0, 0]) * size[1] / (size[1] - 1)
        assert min(across, down) == pytest.approx(50.0)
        assert affine(grid, 0, camera, size).column_0 == pytest.approx(column[0, 0], abs=1e-6)


def test_scale_is_of_the_axis_with_fewer_device_pixels() -> None:
    right, down = turned(30.0)
    assert viewport_scale(axial(9, 9, 0.8, 0.8), Camera((0, 0, 0), 40.0, right, down), (100, 200)) == 1.0
    assert viewport_scale(axial(9, 9, 2.4, 0.8), Camera((0, 0, 0), 80.0, right, down), (100, 200)) == pytest.approx(0.5)


def test_the_same_input_gives_the_same_bytes_whatever_the_array() -> None:
    warm()
    grid, image = axial(61, 64), ct(61, 64)
    strided = Image(np.repeat(image.pixels, 2, axis=1)[:, ::2], image.slope, image.intercept)
    frozen = Image(image.pixels.copy(), image.slope, image.intercept)
    frozen.pixels.setflags(write=False)
    for name in CAMERAS:
        pictures = [
            render_viewport(i, grid, 0, camera_of(grid, name), Window(40.0, 400.0), (83, 58)).tobytes()
            for i in (image, strided, frozen, image)
        ]
        assert len(set(pictures)) == 1, name


def test_frames_drawn_side_by_side_are_the_same() -> None:
    grid, image = axial(61, 64), ct(61, 64)
    names = list(CAMERAS) * 4

    def draw(name: str) -> bytes:
        return render_viewport(image, grid, 0, camera_of(grid, name), Window(40.0, 400.0), (83, 58)).tobytes()

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(draw, names)) == [draw(name) for name in names]


def test_pixels_of_a_read_only_file_are_drawn_as_any(tmp_path: Path) -> None:
    for shape in ((61, 64), (61, 64, 3)):
        values = np.random.default_rng(3).integers(0, 256, shape).astype(np.uint8)
        values.tofile(tmp_path / "volume")
        mapped = Image(np.memmap(tmp_path / "volume", np.uint8, "r", shape=shape))
        window = Window(100.0, 200.0) if len(shape) == 2 else None
        for name in ("magnified", "quarter", "slanted", "minified"):
            camera = camera_of(axial(61, 64), name)
            pictures = [render_viewport(i, axial(61, 64), 0, camera, window, (83, 58)) for i in (mapped, Image(values))]
            assert np.array_equal(pictures[0], pictures[1]), name


def test_a_mask_is_moved_down_and_across_before_it_is_subtracted() -> None:
    grid = axial(24, 32, 1.0, 1.0)
    bone = np.zeros((24, 32), np.float32)
    bone[8:16, 10:20] = 400.0
    moved = np.roll(bone, (2, -3), (0, 1))  # the patient has moved between mask and image
    image = Image(moved, slope=1.0, intercept=0.0, mask=bone)
    camera, size, window = Camera(grid.centre(0), 12.0, (1.0, 0.0, 0.0), (0.0, 1.0, 0.0)), (24, 24), Window(0.0, 800.0)

    def drawn(shift: tuple[float, float]) -> np.ndarray:
        return render_viewport(image, grid, 0, camera, window, size, mask_shift=shift)

    assert np.ptp(drawn((0.0, 0.0))) > 100, "bones stand beside themselves"
    assert np.ptp(drawn((2.0, -3.0))) == 0, "nothing has changed but the place"
    halfway = drawn((2.0, -2.5)).astype(int)
    assert 40 < np.ptp(halfway) < 150, "half a pixel is half a bone"
    unsubtracted = render_viewport(image, grid, 0, camera, window, size, without=["mask"], mask_shift=(2.0, -3.0))
    assert (unsubtracted == render_viewport(image, grid, 0, camera, window, size, without=["mask"])).all()


def test_the_mean_of_other_frames_is_subtracted_in_place_of_the_mask() -> None:
    """Also of values whose sum no 16 bits hold. Seen to fail where the sum was made in the frames' own type."""
    grid = axial(24, 32, 1.0, 1.0)
    rng = np.random.default_rng(7)
    frames = [rng.integers(60_000, 65_535, (24, 32)).astype(np.uint16) for _ in range(3)]
    image = Image(np.full((24, 32), 65_000, np.uint16), mask=np.zeros((24, 32), np.float32))
    masked = with_mask(image, frames)
    assert masked.mask is not None
    assert np.allclose(masked.mask, np.mean(np.stack(frames).astype(np.float64), axis=0), atol=0.01)
    assert with_mask(image, []) is image
    camera, size, window = Camera(grid.centre(0), 12.0, (1.0, 0.0, 0.0), (0.0, 1.0, 0.0)), (24, 24), Window(0.0, 9000.0)
    drawn = render_viewport(masked, grid, 0, camera, window, size)
    expected = render_viewport(
        Image(image.pixels.astype(np.float32) - np.asarray(masked.mask)), grid, 0, camera, window, size
    )
    assert (drawn == expected).all()
