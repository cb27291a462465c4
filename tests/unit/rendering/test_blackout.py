"""Parts in black: nothing of the pixels below gets out, and not much more than them is black."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from msgspec.structs import replace

from consult.model.view import Camera
from consult.rendering.blackout import blacked_out, hull, part_of_image, small_picture, within
from tests.support.cases import grid

GRID = grid(size=64)
CENTRE = GRID.centre(3)
CAMERA = Camera(CENTRE, 64.0, (1.0, 0.0, 0.0), (0.0, 1.0, 0.0))
"""Two device pixels a pixel of the image, in a picture of 128."""
SIZE = (128, 128)
WHITE = np.full((128, 128), 255, np.uint8)


def test_a_rectangle_is_black_with_what_is_interpolated_from_it_and_hardly_more() -> None:
    black = blacked_out(WHITE, [part_of_image((10, 20, 30, 25), GRID, 3, CAMERA, SIZE)]) == 0
    assert black[40:50, 20:60].all(), "the rectangle itself, twice as large"
    rows, columns = np.flatnonzero(black.any(axis=1)), np.flatnonzero(black.any(axis=0))
    assert black[38:52, 18:62].all(), "and a pixel of the image around it"
    assert rows[0] >= 36
    assert rows[-1] <= 53
    assert columns[0] >= 16
    assert columns[-1] <= 63


def test_it_lies_on_every_image_and_turns_with_it() -> None:
    part = (0, 0, 64, 8)
    for place in (0, 19):
        assert part_of_image(part, GRID, place, CAMERA, SIZE) == part_of_image(part, GRID, 3, CAMERA, SIZE)
    turned = replace(CAMERA, right=(0.0, 1.0, 0.0), down=(1.0, 0.0, 0.0))
    upright, lying = (blacked_out(WHITE, [part_of_image(part, GRID, 3, camera, SIZE)]) for camera in (CAMERA, turned))
    assert np.array_equal(upright.T, lying)
    assert (upright[:10] == 0).all()
    assert (upright[24:] == 255).all()


def test_colours_are_black_too_and_the_picture_that_came_stays() -> None:
    colours = np.full((128, 128, 3), 200, np.uint8)
    drawn = blacked_out(colours, [part_of_image((10, 20, 30, 25), GRID, 3, CAMERA, SIZE)])
    assert (drawn[45, 40] == 0).all()
    assert (drawn[100, 100] == 200).all()
    assert (colours == 200).all()


@pytest.mark.parametrize("radius", [1e-3, 1e9])
def test_however_near_or_far_one_looks_it_is_where_it_is(radius: float) -> None:
    """Seen to fail: corners that are millions of pixels away were no numbers that OpenCV draws by."""
    inside = GRID.point(3, 12.0, 22.0)
    at = replace(CAMERA, center=inside, radius=radius)
    assert blacked_out(WHITE, [part_of_image((10, 20, 30, 25), GRID, 3, at, SIZE)])[64, 64] == 0
    beside = replace(CAMERA, center=GRID.point(3, 50.0, 50.0), radius=1e-3)
    assert (blacked_out(WHITE, [part_of_image((10, 20, 30, 25), GRID, 3, beside, SIZE)]) == 255).all()


def test_a_small_picture_of_the_whole_image_is_black_there_too() -> None:
    done, png = cv2.imencode(".png", np.full((32, 48), 255, np.uint8))
    assert done
    small = cv2.imdecode(np.frombuffer(small_picture(png.tobytes(), [(0, 0, 240, 40)], (320, 480)), np.uint8), -1)
    assert small is not None
    assert small.shape == (32, 48)
    assert (small[:4, :24] == 0).all()
    assert (small[8:] == 255).all()
    assert (small[:, 28:] == 255).all()


def test_a_hull_and_what_a_frame_leaves_of_it() -> None:
    square = [(0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (0.0, 4.0)]
    assert sorted(hull([*square, (2.0, 2.0), (0.0, 2.0)])) == sorted(square)
    assert sorted(within(square, (2.0, -1.0, 9.0, 9.0))) == [(2.0, 0.0), (2.0, 4.0), (4.0, 0.0), (4.0, 4.0)]
    assert within(square, (5.0, 0.0, 9.0, 9.0)) == []
    assert blacked_out(WHITE, [hull([(3.0, 3.0), (9.0, 3.0)])])[3, 5] == 0, "also of a line"
