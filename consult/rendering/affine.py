"""From device pixels to image pixels: where each pixel of a viewport comes from."""

from __future__ import annotations

import math
from dataclasses import dataclass

from consult.model.geometry import Grid, dot
from consult.model.view import Camera

STEP_DECIMALS = 9
"""Steps are rounded to 1e-9 image pixels: over 8192 device pixels that moves a value by 8e-6 pixels at most, and a
camera that came through JSON and two divisions is again exactly one to one."""
START_DECIMALS = 6
"""The start is rounded to 1e-6 image pixels, as much."""

Size = tuple[int, int]


@dataclass(frozen=True)
class Affine:
    """column = column_0 + x * column_x + y * column_y, and rows likewise; (x, y) the device pixel, centres at integers.

    Image pixels too have their centres at whole numbers; the image reaches half a pixel further on every side.
    """

    column_0: float
    column_x: float
    column_y: float
    row_0: float
    row_x: float
    row_y: float

    @property
    def upright(self) -> bool:
        """Screen axes run along image axes: columns to the right or the left, rows down or up."""
        return self.column_y == 0.0 and self.row_x == 0.0

    @property
    def lying(self) -> bool:
        """Turned by a quarter: image rows run along the screen's x axis."""
        return self.column_x == 0.0 and self.row_y == 0.0

    def transposed(self) -> Affine:
        """The same picture of the transposed image."""
        return Affine(self.row_0, self.row_x, self.row_y, self.column_0, self.column_x, self.column_y)


def mm_per_pixel(camera: Camera, size: Size) -> float:
    """Size of a device pixel, in the grid's unit: the smaller half side of the viewport is the circle's radius."""
    return 2.0 * camera.radius / min(size)


def affine(grid: Grid, place: int, camera: Camera, size: Size) -> Affine:
    """Where the device pixels of a viewport lie in an image.

    Args:
        grid: of the series.
        place: of the image in it.
        camera: its right and down lie in the image's plane; its centre is dropped onto the plane.
        size: (width, height) of the viewport in device pixels.
    """
    step = mm_per_pixel(camera, size)
    column, row = grid.pixel(place, camera.center)

    def steps(axis: tuple[float, float, float], spacing: float) -> tuple[float, float]:
        across = dot(camera.right, axis) * step / spacing
        along = dot(camera.down, axis) * step / spacing
        return round(across, STEP_DECIMALS) + 0.0, round(along, STEP_DECIMALS) + 0.0

    column_x, column_y = steps(grid.right, grid.column_spacing)
    row_x, row_y = steps(grid.down, grid.row_spacing)
    half_x, half_y = (size[0] - 1) / 2.0, (size[1] - 1) / 2.0
    column_0 = column - half_x * column_x - half_y * column_y
    row_0 = row - half_x * row_x - half_y * row_y
    return Affine(
        round(column_0, START_DECIMALS) + 0.0,
        column_x,
        column_y,
        round(row_0, START_DECIMALS) + 0.0,
        row_x,
        row_y,
    )


def viewport_scale(grid: Grid, camera: Camera, size: Size) -> float:
    """Device pixels per image pixel along the axis that has fewer; below 1 the image is shown smaller than it is.

    Args:
        grid: its row and column spacing count.
        camera: its radius counts.
        size: (width, height) of the viewport in device pixels.
    """
    scale = min(grid.row_spacing, grid.column_spacing) / mm_per_pixel(camera, size)
    return 1.0 if math.isclose(scale, 1.0, rel_tol=1e-9) else scale
