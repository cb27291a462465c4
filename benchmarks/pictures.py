"""The pictures of the live benchmarks: slices of the demo's chest CT as the product draws them, for ours and for peers.

The demo's phantom has organs, vessels, bones and a scanner's noise (consult/dicom/demo): noise is what makes a CT dear
to encode, and each slice has its own. Peers that know nothing of DICOM get the drawn pictures.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pydicom
from numpy.typing import NDArray

from consult.demo.make import make_demo
from consult.demo.studies import CURRENT
from consult.media.video.planes import NEUTRAL, Planes, compose
from consult.media.video.raster import Raster
from consult.model.geometry import Grid
from consult.model.image import Image
from consult.model.view import Window
from consult.rendering.stack import render_viewport
from consult.sessions.views import fitted_camera

SLICES, BOTTOM_MM = 60, -180.0
"""Of the thin series, through heart and lungs."""
CONTENT = "the demo's chest CT, lung window"


def write_chest(folder: Path) -> str:
    """Make the part of the demo's current study that is scrolled. Returns its StudyInstanceUID."""
    make_demo(folder, studies=[replace(CURRENT, slices=SLICES, bottom_mm=BOTTOM_MM, reformats=False)])
    first = next(folder.glob("*/lung/*"))
    return str(pydicom.dcmread(first, stop_before_pixels=True).StudyInstanceUID)


class Stack:
    """One series ("lung" or "soft") of such a folder, in the first window that its files name."""

    def __init__(self, folder: Path, series: str = "lung") -> None:
        files = [pydicom.dcmread(path) for path in folder.glob(f"*/{series}/*")]
        files.sort(key=lambda file: -float(file.ImagePositionPatient[2]))
        first = files[0]
        spacing = float(first.PixelSpacing[0])
        positions = tuple((float(x), float(y), float(z)) for x, y, z in (file.ImagePositionPatient for file in files))
        self._grid = Grid("patient", first.Rows, first.Columns, spacing, spacing, "mm", (1, 0, 0), (0, 1, 0), positions)
        slope, intercept = float(first.RescaleSlope), float(first.RescaleIntercept)
        self._images = [Image(file.pixel_array, slope, intercept) for file in files]
        self._window = Window(float(first.WindowCenter[0]), float(first.WindowWidth[0]))

    def draw(self, raster: Raster, image: int) -> NDArray[np.uint8]:
        """The greys of one slice, fitted, (height, width) uint8."""
        camera = fitted_camera(self._grid, image)
        size = (raster.width, raster.height)
        return render_viewport(self._images[image], self._grid, image, camera, self._window, size)

    def scroll(self, count: int) -> list[int]:
        """The slices of a scroll of so many pictures: all of them, back and forth."""
        last = len(self._images) - 1
        return [min(i % (2 * last), 2 * last - i % (2 * last)) for i in range(count)]

    def planes(self, raster: Raster, count: int) -> Callable[[int], Planes]:
        """The planes of the n-th picture of a scroll of `count`, drawn before it begins."""
        wanted = self.scroll(count)
        whole = (0, 0, raster.width, raster.height)
        drawn = {image: compose(raster, [(whole, self.draw(raster, image))]) for image in set(wanted)}
        return lambda n: drawn[wanted[n % count]]


def packed(picture: Planes) -> NDArray[np.uint8]:
    """The planes under one another, as av takes yuv420p: (height * 3 / 2, width) uint8."""
    height, width = picture.luma.shape
    whole = np.full((height * 3 // 2, width), NEUTRAL, np.uint8)
    whole[:height] = picture.luma
    return whole
