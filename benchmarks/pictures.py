"""The pictures of the live benchmarks: slices of the made CT of tests/support/ct.py, as the product draws them.

512x512, a body with a ramp, a wandering ball and fresh noise (standard deviation 15 HU) in each slice, in the window
that its files name (40/400): noise is what makes a CT dear to encode, and each slice has its own.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from consult.media.planes import NEUTRAL, Planes, compose
from consult.media.raster import Raster
from consult.model.geometry import Grid
from consult.model.image import Image
from consult.model.view import Window
from consult.rendering.stack import render_viewport
from consult.sessions.views import fitted_camera
from tests.support.ct import SLICE_MM, SPACING_MM, pixels

SIZE, SLICES = 512, 160
WINDOW = Window(40, 400)
CONTENT = "made CT, 512x512, noise 15 HU"


def draw(raster: Raster, image: int) -> NDArray[np.uint8]:
    """The greys of one slice, fitted, (height, width) uint8."""
    positions = tuple((0.0, 0.0, SLICE_MM * i) for i in range(SLICES))
    grid = Grid("patient", SIZE, SIZE, SPACING_MM, SPACING_MM, "mm", (1, 0, 0), (0, 1, 0), positions)
    stored = Image(pixels(image, SLICES, SIZE), 1.0, -1024.0)
    camera = fitted_camera(grid, image)
    return render_viewport(stored, grid, image, camera, WINDOW, (raster.width, raster.height))


def slices(count: int) -> list[int]:
    """The slices of a scroll: back and forth about the middle."""
    middle, half = SLICES // 2, 20
    return [middle - half + min(i % (4 * half), 4 * half - i % (4 * half)) for i in range(count)]


def planes(raster: Raster, count: int) -> Callable[[int], Planes]:
    """The planes of the n-th picture of a scroll of `count`, drawn before it begins."""
    wanted = slices(count)
    drawn = {
        image: compose(raster, [((0, 0, raster.width, raster.height), draw(raster, image))]) for image in set(wanted)
    }
    return lambda n: drawn[wanted[n % count]]


def packed(picture: Planes) -> NDArray[np.uint8]:
    """The planes under one another, as av takes yuv420p: (height * 3 / 2, width) uint8."""
    height, width = picture.luma.shape
    whole = np.full((height * 3 // 2, width), NEUTRAL, np.uint8)
    whole[:height] = picture.luma
    return whole
