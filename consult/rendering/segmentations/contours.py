"""Contours of a structure set over an image or a plane: outlines in the patient, each region filled where it is inside
of an odd number of them.

Rules of this file:
- A contour is drawn on the images in whose plane it lies, and on no other.
- CLOSED_PLANAR contours of one ROI on one image belong together: one within another is a hole (PS3.3 C.8.8.6.3), and
  so is what a keyhole leaves out. Others are lines and points, and are not filled.
- A plane shows what closed contours enclose, filled in their own slices first (`masks`), with its outline.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from consult.model.geometry import dot
from consult.model.identifiers import SeriesKey
from consult.model.segmentations.layers import Layers
from consult.model.segmentations.segmentation import Segment
from consult.model.view import Camera, ShownSegmentation
from consult.rendering.affine import Size, mm_per_pixel
from consult.rendering.segmentations.masks import Outline, filled, mask_bytes
from consult.rendering.segmentations.regions import KEPT_COPIES, RegionSet
from consult.rendering.segmentations.where import OnPlane, Where

SHIFT = 4
"""Fractional bits of a point, in device pixels."""
LINE = 2
POINT_RADIUS = 4
FAR = 1e6
"""Device pixels: a point further away is as far away as this."""


@dataclass(frozen=True)
class Contour:
    """One contour (PS3.3 C.8.8.6).

    Attributes:
        layer: index of its layer.
        segment: number of its ROI.
        points: (n, 3) float64 LPS mm.
    """

    layer: int
    segment: int
    kind: Literal["closed", "open", "points"]
    points: NDArray[np.float64]


@dataclass(frozen=True)
class ContourSet:
    """All contours of a structure set.

    Attributes:
        coincide: series on whose images all layers lie.
    """

    layers: Layers
    contours: tuple[Contour, ...]
    coincide: frozenset[SeriesKey] = frozenset()

    @cached_property
    def own_bytes(self) -> int:
        """Of memory that it takes, about, once a plane was drawn."""
        points = sum(contour.points.nbytes + 200 for contour in self.contours)
        return points + KEPT_COPIES * mask_bytes(self.layers, self._closed)

    @cached_property
    def regions(self) -> RegionSet:
        """What closed contours enclose."""
        return replace(filled(self.layers, self._closed), coincide=self.coincide)

    @property
    def _closed(self) -> list[Outline]:
        return [(c.layer, c.segment, c.points) for c in self.contours if c.kind == "closed" and len(c.points) > 2]

    def draw(  # noqa: PLR0917 - what a picture is made of, each once
        self,
        picture: NDArray[np.uint8],
        where: Where,
        camera: Camera,
        size: Size,
        segments: Sequence[Segment],
        shown: ShownSegmentation,
    ) -> None:
        """As `RegionSet.draw`; outlines are opaque, their insides as opaque as is asked for."""
        if isinstance(where, OnPlane):
            self.regions.draw(picture, where, camera, size, segments, shown)
            return
        if not self.layers.parallel(where.grid):
            return
        layer = self.layers.at(where.grid, where.place, coincide=where.series in self.coincide)
        here = [contour for contour in self.contours if contour.layer == layer]
        for segment in segments:
            own = [contour for contour in here if contour.segment == segment.number]
            if own and segment.number not in shown.hidden:
                opacity = shown.opacity if shown.style == "fill" else 0.0
                _draw_segment(picture, own, segment.colour, opacity, camera, size)


def _draw_segment(  # noqa: PLR0917 - what is drawn, each once
    picture: NDArray[np.uint8],
    contours: Sequence[Contour],
    colour: tuple[int, int, int],
    opacity: float,
    camera: Camera,
    size: Size,
) -> None:
    """One ROI: first what is inside, then its outlines."""
    placed = [(contour.kind, _on_screen(contour.points, camera, size)) for contour in contours]
    closed = [points for kind, points in placed if kind == "closed" and len(points) > 2]
    if closed and opacity > 0:
        inside = np.zeros(picture.shape[:2], np.uint8)
        cv2.fillPoly(inside, closed, 255, cv2.LINE_8, SHIFT)
        _blend(picture, inside, colour, opacity)
    lines = np.zeros(picture.shape[:2], np.uint8)
    for kind, points in placed:
        _draw_lines(lines, kind, points)
    _blend(picture, lines, colour, 1.0)


def _draw_lines(lines: NDArray[np.uint8], kind: str, points: NDArray[np.int32]) -> None:
    if kind == "points" or len(points) == 1:
        for x, y in points:
            cv2.circle(lines, (int(x), int(y)), POINT_RADIUS << SHIFT, 255, LINE, cv2.LINE_AA, SHIFT)
    else:
        cv2.polylines(lines, [points], kind == "closed", 255, LINE, cv2.LINE_AA, SHIFT)


def _on_screen(points: NDArray[np.float64], camera: Camera, size: Size) -> NDArray[np.int32]:
    """(n, 2) device pixels, centres at whole numbers, with SHIFT fractional bits."""
    step = mm_per_pixel(camera, size)
    x = (points @ np.array(camera.right) - dot(camera.center, camera.right)) / step + (size[0] - 1) / 2
    y = (points @ np.array(camera.down) - dot(camera.center, camera.down)) / step + (size[1] - 1) / 2
    placed = np.clip(np.stack((x, y), axis=1), -FAR, FAR)
    return np.asarray(np.round(placed * (1 << SHIFT)), np.int32)


def _blend(picture: NDArray[np.uint8], share: NDArray[np.uint8], colour: tuple[int, int, int], opacity: float) -> None:
    """A colour over a picture, where there is a share of it."""
    rows, columns = np.flatnonzero(share.any(axis=1)), np.flatnonzero(share.any(axis=0))
    if rows.size == 0:
        return
    part = (slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1))
    weight = (share[part].astype(np.uint32) * round(opacity * 255) + 127)[..., None] // 255
    mixed = picture[part] * (255 - weight) + np.array(colour, np.uint32) * weight
    picture[part] = (mixed + 127) // 255
