"""Parts of pictures in black, over all else: rectangles of the images of a series.

Rules of this file:
- Nothing of what is hidden gets out. A pixel of the picture is interpolated from pixels of the image up to one beside
  it, and averaged over its own size; so much more than the rectangle is black.
- A rectangle lies on all images of its series: on planes, slabs and projections it is a box through the volume, and
  whatever shows a voxel of it is black.
- Edges are hard: the same input gives the same bytes.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import product

import cv2
import numpy as np
from numpy.typing import NDArray

from consult.model.geometry import Grid, Vec, dot, subtract
from consult.model.planes.acts import camera_normal
from consult.model.planes.volume import VolumeGeometry
from consult.model.privacy.blackout import Rectangle
from consult.model.view import Camera
from consult.rendering.affine import Size, mm_per_pixel
from consult.rendering.graphics import Picture

Polygon = Sequence[tuple[float, float]]
"""Corners of a convex one, in device pixels, centres at whole numbers; none: nothing is hidden."""
Corner = tuple[float, float, float]
"""x and y in device pixels, and mm before the plane."""
SHIFT = 4
"""Fractional bits of a corner."""
MARGIN, COARSE_MARGIN = 1, 4
"""Device pixels around a polygon; of a picture that is drawn in half the detail."""
ROUNDING_MM = 1e-6


def part_of_image(rectangle: Rectangle, grid: Grid, place: int, camera: Camera, size: Size) -> Polygon:
    """What a rectangle covers of an image.

    Args:
        grid: of the series.
        place: of the image.
        camera, size: of the picture, as in `render_viewport`.
    """
    columns, rows = _reach(rectangle)
    corners = [_seen(grid.point(place, column, row), camera, size) for column, row in product(columns, rows)]
    return hull([(x, y) for x, y, _ in corners])


def part_of_plane(
    rectangle: Rectangle, geometry: VolumeGeometry, camera: Camera, size: Size, half_slab_mm: float
) -> Polygon:
    """What a rectangle of all images covers of a plane.

    Args:
        geometry: of the volume.
        camera, size: of the picture, as the volume sees it.
        half_slab_mm: how far the picture reaches before and behind the plane; inf: all the way.
    """
    columns, rows = _reach(rectangle)
    box = [
        _seen(geometry.point(voxel), camera, size) for voxel in product(columns, rows, (-1.0, geometry.steps[-1] + 1.0))
    ]
    if math.isfinite(half_slab_mm):
        reach = half_slab_mm + ROUNDING_MM
        inside = [corner for corner in box if abs(corner[2]) <= reach]
        box = [*inside, *_cuts(box, -reach), *_cuts(box, reach)]
    return hull([(x, y) for x, y, _ in box])


def _reach(rectangle: Rectangle) -> tuple[tuple[float, float], tuple[float, float]]:
    """Columns and rows between which a hidden pixel has a share in what is drawn."""
    left, top, right, bottom = rectangle
    return (left - 1.0, float(right)), (top - 1.0, float(bottom))


def _seen(point: Vec, camera: Camera, size: Size) -> Corner:
    off, step = subtract(point, camera.center), mm_per_pixel(camera, size)
    x, y = dot(off, camera.right) / step + (size[0] - 1) / 2, dot(off, camera.down) / step + (size[1] - 1) / 2
    return x, y, dot(off, camera_normal(camera))


def _cuts(box: Sequence[Corner], depth: float) -> list[Corner]:
    """Where the edges of a box pass a depth. Corners whose numbers differ in one bit are joined by an edge."""
    found = []
    for i, a in enumerate(box):
        for b in (box[i | bit] for bit in (1, 2, 4) if not i & bit):
            if (a[2] - depth) * (b[2] - depth) < 0.0:
                share = (depth - a[2]) / (b[2] - a[2])
                found.append((a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1]), depth))
    return found


def hull(points: Sequence[tuple[float, float]]) -> Polygon:
    """The convex hull (Andrew's monotone chain)."""
    ordered = sorted(set(points))
    if len(ordered) < 3:
        return ordered
    halves = []
    for way in (ordered, ordered[::-1]):
        half: list[tuple[float, float]] = []
        for point in way:
            while len(half) > 1 and _turn(half[-2], half[-1], point) <= 0.0:
                half.pop()
            half.append(point)
        halves.append(half[:-1])
    return [*halves[0], *halves[1]]


def _turn(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def blacked_out(drawn: Picture, polygons: Sequence[Polygon], margin: int = MARGIN) -> Picture:
    """The picture with these parts black. Thread-safe.

    Args:
        drawn: (height, width) grey or (height, width, 3) RGB.
        polygons: as `part_of_image` and `part_of_plane` find them.
        margin: device pixels around each.
    """
    picture = np.array(drawn)
    height, width = picture.shape[:2]
    frame = (-2.0 * margin, -2.0 * margin, width + 2.0 * margin, height + 2.0 * margin)
    black = (0,) if picture.ndim == 2 else (0, 0, 0)
    for polygon in polygons:
        if corners := within(polygon, frame):
            fixed = _fixed(corners)
            cv2.fillConvexPoly(picture, fixed, black, cv2.LINE_8, SHIFT)
            cv2.polylines(picture, [fixed], True, black, 2 * margin + 1, cv2.LINE_8, SHIFT)
    return picture


def small_picture(png: bytes, parts: Sequence[Rectangle], shape: tuple[int, int]) -> bytes:
    """A small PNG of a whole image without these parts of it.

    Args:
        shape: (rows, columns) of the image itself.
    """
    drawn = np.asarray(cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_UNCHANGED), np.uint8)
    down, across = (small / whole for small, whole in zip(drawn.shape[:2], shape, strict=True))
    polygons = []
    for part in parts:
        columns, rows = _reach(part)
        xs, ys = ([(at + 0.5) * step - 0.5 for at in reach] for reach, step in ((columns, across), (rows, down)))
        polygons.append(hull(list(product(xs, ys))))
    return cv2.imencode(".png", blacked_out(drawn, polygons))[1].tobytes()


def _fixed(corners: Polygon) -> NDArray[np.int32]:
    return np.round(np.array(corners) * (1 << SHIFT)).astype(np.int32)


def within(polygon: Polygon, frame: tuple[float, float, float, float]) -> Polygon:
    """What of a convex polygon lies in a frame (left, top, right, bottom): corners far away are no numbers to draw by
    (Sutherland and Hodgman)."""
    for axis, edge, sign in ((0, frame[0], 1.0), (1, frame[1], 1.0), (0, frame[2], -1.0), (1, frame[3], -1.0)):
        polygon = _beyond(polygon, axis, edge, sign)
    return polygon


def _beyond(polygon: Polygon, axis: int, edge: float, sign: float) -> Polygon:
    """What of it lies on one side of an edge."""
    kept: list[tuple[float, float]] = []
    for i, point in enumerate(polygon):
        before = polygon[i - 1]
        here, there = sign * (point[axis] - edge), sign * (before[axis] - edge)
        if here * there < 0.0:
            share = there / (there - here)
            kept.append((before[0] + share * (point[0] - before[0]), before[1] + share * (point[1] - before[1])))
        if here >= 0.0:
            kept.append(point)
    return kept
