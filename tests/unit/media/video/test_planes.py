"""Greys and colours to limited-range BT.709 planes."""

from __future__ import annotations

import numpy as np
import pytest

from consult.media.video.planes import LUMA, compose
from consult.media.video.raster import Raster

RASTER = Raster(8, 4)


def test_greys_run_from_16_to_235_and_never_fall() -> None:
    assert (LUMA[0], LUMA[255]) == (16, 235)
    assert (np.diff(LUMA.astype(int)) >= 0).all()


def test_greys_lie_in_their_place_and_the_rest_is_black() -> None:
    planes = compose(RASTER, [((2, 1, 3, 2), np.full((2, 3), 255, np.uint8))])
    assert planes.chroma is None
    assert (planes.luma[1:3, 2:5] == 235).all()
    assert (planes.luma == 235).sum() == 6
    assert (planes.luma[0] == 16).all()


@pytest.mark.parametrize(
    ("rgb", "ycbcr"),
    [
        ((255, 255, 255), (235, 128, 128)),
        ((0, 0, 0), (16, 128, 128)),
        ((255, 0, 0), (63, 102, 240)),
        ((0, 255, 0), (173, 42, 26)),
        ((0, 0, 255), (32, 240, 118)),
    ],
)
def test_colours_as_bt_709_says(rgb: tuple[int, int, int], ycbcr: tuple[int, int, int]) -> None:
    planes = compose(RASTER, [((0, 0, 4, 4), np.full((4, 4, 3), rgb, np.uint8))])
    assert planes.chroma is not None
    assert (int(planes.luma[0, 0]), int(planes.chroma[0][0, 0]), int(planes.chroma[1][0, 0])) == ycbcr
    assert (planes.chroma[0].shape, planes.chroma[1].shape) == ((2, 4), (2, 4))
    assert (planes.chroma[0][0, 3], planes.chroma[1][0, 3]) == (128, 128)


def test_grey_beside_colour_stays_grey() -> None:
    grey, red = np.full((4, 4), 100, np.uint8), np.full((4, 4, 3), (255, 0, 0), np.uint8)
    planes = compose(RASTER, [((0, 0, 4, 4), grey), ((4, 0, 4, 4), red)])
    assert planes.chroma is not None
    assert planes.luma[2, 2] == LUMA[100]
    assert (planes.chroma[0][0, 0], planes.chroma[0][0, 3]) == (128, 102)
