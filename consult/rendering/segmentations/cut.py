"""Where a picture cuts the layers of a segmentation: each device pixel in the layers' own coordinates.

Rules of this file:
- Coordinates are (column, row, location): pixels of a layer, and mm along the layers' normal.
- A picture of an image lies in one layer, wherever that is: its location counts for nothing.
- Layers that are slanted evenly (a tilted gantry) are one sheared grid, as the volume of their images is. Others are
  prisms: a layer is the same all the way that it reaches.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from consult.model.geometry import Grid, Vec, add, dot, scale
from consult.model.planes.acts import camera_normal
from consult.model.segmentations.layers import Layers
from consult.model.view import Camera
from consult.rendering.affine import START_DECIMALS, STEP_DECIMALS, Size, affine, mm_per_pixel
from consult.rendering.planes.plane import Slab
from consult.rendering.segmentations.kernels import Walk

EVEN_PIXELS = 0.25
"""How far a layer may lie beside the line of all."""
Box = tuple[tuple[float, float], tuple[float, float], tuple[float, float]]
"""From where to where something lies: columns, rows, locations."""


@dataclass(frozen=True)
class Cut:
    """The samples of a picture.

    Attributes:
        start: (column, row, location) of device pixel (0, 0), in the middle of the slab.
        across, down: what a device pixel to the right adds, and one down.
        deeper: what a mm along the picture's normal adds.
        places: (layers, 4): as kernels read them.
        slab_mm, steps: how thick it is, and how many samples that are.
    """

    start: Vec
    across: Vec
    down: Vec
    deeper: Vec
    places: NDArray[np.float64]
    slab_mm: float = 0.0
    steps: int = 1

    def walk(self, left: int, top: int) -> Walk:
        """The samples from a device pixel on, at the slab's first step."""
        step = self.slab_mm / (self.steps - 1) if self.steps > 1 else 0.0
        first = add(self.start, add(scale(self.across, left), scale(self.down, top)))
        first = add(first, scale(self.deeper, -(self.steps - 1) / 2 * step))
        return (*first, *self.across, *self.down, *scale(self.deeper, step))

    def part(self, box: Box, size: Size, margin: int) -> tuple[int, int, int, int] | None:
        """Which device pixels can show something: (left, top, width, height); None where the picture passes it by.

        Args:
            box: in which it lies.
            size: (width, height) of the picture.
            margin: device pixels around it that count too.
        """
        matrix = np.array([self.across, self.down, self.deeper]).T
        corners = np.array([(u, v, w) for u in box[0] for v in box[1] for w in box[2]])
        pixels = np.linalg.solve(matrix, (corners - np.array(self.start)).T)
        if max(pixels[2].min(), -pixels[2].max()) > self.slab_mm / 2:
            return None
        left, top = (max(0, math.floor(pixels[axis].min()) - margin) for axis in (0, 1))
        right, bottom = (min(size[axis], math.ceil(pixels[axis].max()) + margin + 1) for axis in (0, 1))
        return (left, top, right - left, bottom - top) if left < right and top < bottom else None


def cut_of_image(grid: Grid, camera: Camera, size: Size) -> Cut:
    """The picture of an image on which a layer lies. `grid`: of that layer's pixels, at its first place."""
    mapping = affine(grid, 0, camera, size)
    return Cut(
        (float(mapping.column_0), float(mapping.row_0), 0.0),
        (float(mapping.column_x), float(mapping.row_x), 0.0),
        (float(mapping.column_y), float(mapping.row_y), 0.0),
        (0.0, 0.0, 1.0),
        np.array([(-1.0, 1.0, 0.0, 0.0)]),
    )


def cut_of_plane(  # noqa: PLR0917 - what is cut and how, each once
    layers: Layers,
    corners: Sequence[Vec],
    extents: Sequence[tuple[float, float]],
    spacing_mm: tuple[float, float],
    camera: Camera,
    size: Size,
    slab: Slab,
) -> Cut:
    """The picture of a plane, or of a slab.

    Args:
        layers: of the segmentation.
        corners: centre of the first pixel of each layer.
        extents: from where to where each layer reaches along the normal.
        spacing_mm: (from row to row, from column to column).
        camera: of the picture; the plane goes through its centre.
        size: (width, height) in device pixels.
        slab: half of it lies to either side.
    """
    row_mm, column_mm = spacing_mm
    own = [(dot(corner, layers.right) / column_mm, dot(corner, layers.down) / row_mm) for corner in corners]
    slant = _slant(own, layers.locations)
    gradients = _gradients(layers, spacing_mm, slant)

    def coordinates(vector: Vec) -> Vec:
        column, row, location = (dot(vector, gradient) for gradient in gradients)
        return column, row, location

    normal, step = camera_normal(camera), mm_per_pixel(camera, size)
    off = add(scale(camera.right, -(size[0] - 1) / 2 * step), scale(camera.down, -(size[1] - 1) / 2 * step))
    places = [
        (low, high, column - slant[0] * at, row - slant[1] * at)
        for (low, high), (column, row), at in zip(extents, own, layers.locations, strict=True)
    ]
    return Cut(
        _rounded(coordinates(add(camera.center, off)), START_DECIMALS),
        _rounded(coordinates(scale(camera.right, step)), STEP_DECIMALS),
        _rounded(coordinates(scale(camera.down, step)), STEP_DECIMALS),
        _rounded(coordinates(normal), STEP_DECIMALS),
        np.array(places),
        slab.mm,
        slab.steps(_layer_mm(gradients, layers.spacing_mm, normal)),
    )


def _gradients(layers: Layers, spacing_mm: tuple[float, float], slant: tuple[float, float]) -> tuple[Vec, Vec, Vec]:
    """What a mm adds to column, row and location; the slant of the layers is taken from the first two."""
    row_mm, column_mm = spacing_mm
    column = add(scale(layers.right, 1 / column_mm), scale(layers.normal, -slant[0]))
    row = add(scale(layers.down, 1 / row_mm), scale(layers.normal, -slant[1]))
    return column, row, layers.normal


def _slant(own: Sequence[tuple[float, float]], locations: Sequence[float]) -> tuple[float, float]:
    """Columns and rows that corners move by with each mm; none where they do not lie on one line."""
    if len(own) < 2:
        return 0.0, 0.0
    along = np.array(locations) - locations[0]
    moved = np.array(own) - own[0]
    slope = moved[-1] / along[-1]
    even = np.abs(moved - along[:, None] * slope).max() <= EVEN_PIXELS
    return (float(slope[0]), float(slope[1])) if even else (0.0, 0.0)


def _layer_mm(gradients: tuple[Vec, Vec, Vec], spacing_mm: float, direction: Vec) -> float:
    """The longest step along a direction that passes over no pixel and no layer."""
    moved = [abs(dot(direction, gradient)) for gradient in gradients]
    return 1.0 / max(moved[0], moved[1], moved[2] / max(spacing_mm, 1e-3))


def _rounded(numbers: Vec, decimals: int) -> Vec:
    """As in `affine`: what came through JSON and divisions is exactly along the pixels again."""
    a, b, c = (round(number, decimals) + 0.0 for number in numbers)
    return a, b, c
