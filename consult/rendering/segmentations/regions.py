"""Coloured regions over an image or a plane: the layers of a segmentation, in their own pixels, sampled nearest.

Rules of this file:
- A region is a part of one layer, cropped: most of a layer is empty. Its values are single bits, shares of 255, or
  numbers of segments (a label map, PS3.3 C.8.20.2).
- Where segments overlap, the later one lies above.
- A frame that names images of some times of a series is drawn at these alone (PS3.3 C.7.6.16.2.6).
- On a plane each layer reaches as `Layers.extents` says, so a plane on an image shows what that image does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from consult.model.geometry import Grid, Vec
from consult.model.identifiers import SeriesKey
from consult.model.segmentations.layers import Layers
from consult.model.segmentations.segmentation import Segment
from consult.model.view import Camera, ShownSegmentation
from consult.rendering.affine import Size
from consult.rendering.segmentations.covers import Slices, draw_labels, draw_segment
from consult.rendering.segmentations.cut import Cut, cut_of_image, cut_of_plane
from consult.rendering.segmentations.kernels import blend
from consult.rendering.segmentations.where import OnImage, OnPlane, Where

LABELS = 0
"""The segment of regions whose values are numbers of segments."""
KEPT_COPIES = 2
"""Of what is marked: as it was read, and as kernels read it."""


@dataclass(frozen=True)
class Region:
    """What one frame marks.

    Attributes:
        layer: index of its layer; -1 where it has no place in the patient.
        segment: its number; 0 for labels.
        top, left, rows, columns: of the part that is kept, in the frame's pixels.
        kind: what `data` is: single bits (packed, the lowest first), shares (uint8), labels (uint16, little endian).
        frame: which one, from 0.
    """

    layer: int
    segment: int
    top: int
    left: int
    rows: int
    columns: int
    kind: Literal["bits", "shares", "labels"]
    data: bytes
    frame: int = 0


@dataclass(frozen=True)
class RegionSet:
    """All regions of a segmentation.

    Attributes:
        shape: (rows, columns) of its frames.
        spacing_mm: (from row to row, from column to column).
        corners: centre of the first pixel of each layer, LPS mm.
        images: of regions without a place: their frames, by series and image.
        coincide: series on whose images all layers lie.
        times: of series whose images repeat: at which times a frame is drawn, by frame; at all where it is not named.
        outlined: what is filled has outlines, too.
    """

    layers: Layers
    corners: tuple[Vec, ...]
    shape: tuple[int, int]
    spacing_mm: tuple[float, float]
    regions: tuple[Region, ...]
    images: Mapping[tuple[SeriesKey, int], frozenset[int]]
    coincide: frozenset[SeriesKey] = frozenset()
    times: Mapping[SeriesKey, Mapping[int, frozenset[int]]] = field(default_factory=dict)
    outlined: bool = False
    _kept: dict[tuple[SeriesKey | None, int], dict[int, Slices]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    @property
    def own_bytes(self) -> int:
        """Of memory that it takes, about."""
        return sum(KEPT_COPIES * len(region.data) + 200 for region in self.regions)

    def draw(  # noqa: PLR0917 - what a picture is made of, each once
        self,
        picture: NDArray[np.uint8],
        where: Where,
        camera: Camera,
        size: Size,
        segments: Sequence[Segment],
        shown: ShownSegmentation,
    ) -> None:
        """Lay its regions over a picture.

        Args:
            picture: (height, width, 3) RGB; changed.
            where: what is shown.
            camera: of the picture.
            size: (width, height) in device pixels.
            segments: with their colours.
            shown: which of them, and how.
        """
        found = (
            self._on_image(where, camera, size) if isinstance(where, OnImage) else self._on_plane(where, camera, size)
        )
        if found is None:
            return
        slices, cut = found
        cover = np.zeros((size[1], size[0], 4), np.uint8)
        if LABELS in slices:
            draw_labels(cover, slices[LABELS], cut, segments, shown)
        for segment in segments:
            if segment.number in slices and segment.number not in shown.hidden:
                draw_segment(cover, slices[segment.number], cut, segment, shown, outlined=self.outlined)
        blend(cover, picture)

    def _on_image(self, where: OnImage, camera: Camera, size: Size) -> tuple[dict[int, Slices], Cut] | None:
        """The regions that lie on an image, as one layer."""
        layer = None
        if self.layers.locations and self.layers.parallel(where.grid):
            layer = self.layers.at(where.grid, where.place, coincide=where.series in self.coincide)
        if layer is not None:
            found, grid = [region for region in self._at(where) if region.layer == layer], self._layer_grid(layer)
        else:
            frames = self.images.get((where.series, where.image), frozenset())
            found, grid = [r for r in self.regions if r.layer < 0 and r.frame in frames], self._image_grid(where)
        return (_by_segment([(0, region) for region in found], 1), cut_of_image(grid, camera, size)) if found else None

    def _on_plane(self, where: OnPlane, camera: Camera, size: Size) -> tuple[dict[int, Slices], Cut] | None:
        """All regions that have a place."""
        if not self.layers.locations:
            return None
        extents = self.layers.extents(where.grid, coincide=where.series in self.coincide)
        cut = cut_of_plane(self.layers, self.corners, extents, self.spacing_mm, camera, size, where.slab)
        return self._all_slices(where), cut

    def _all_slices(self, where: OnPlane) -> dict[int, Slices]:
        """What kernels read of all layers; that of the newest time is kept."""
        key = (where.series, where.time) if where.series in self.times else (None, 0)
        kept = self._kept.get(key)
        if kept is None:
            placed = [(region.layer, region) for region in self._at(where) if region.layer >= 0]
            kept = _by_segment(placed, len(self.layers.locations))
            self._kept.clear()
            self._kept[key] = kept
        return kept

    def _at(self, where: Where) -> Sequence[Region]:
        """The regions that are drawn at that time of a series."""
        times = self.times.get(where.series)
        if times is None:
            return self.regions
        return [r for r in self.regions if r.frame not in times or where.time in times[r.frame]]

    def _layer_grid(self, layer: int) -> Grid:
        (rows, columns), (row, column) = self.shape, self.spacing_mm
        right, down = self.layers.right, self.layers.down
        return Grid("patient", rows, columns, row, column, "mm", right, down, (self.corners[layer],))

    def _image_grid(self, where: OnImage) -> Grid:
        """Its pixels cover the image that it marks, whatever size they have."""
        (rows, columns), grid = self.shape, where.grid
        row, column = grid.row_spacing * grid.rows / rows, grid.column_spacing * grid.columns / columns
        corner = grid.point(where.place, (grid.columns / columns - 1) / 2, (grid.rows / rows - 1) / 2)
        return Grid(grid.space, rows, columns, row, column, grid.unit, grid.right, grid.down, (corner,))


def _by_segment(placed: Sequence[tuple[int, Region]], layers: int) -> dict[int, Slices]:
    """Regions with their layers as kernels read them, by segment."""
    found: dict[int, list[tuple[int, Region]]] = {}
    for layer, region in placed:
        found.setdefault(region.segment, []).append((layer, region))
    return {segment: _slices(own, layers) for segment, own in found.items()}


def _slices(placed: list[tuple[int, Region]], layers: int) -> Slices:
    placed = sorted(placed, key=lambda of: of[0])
    counts = np.bincount([layer for layer, _ in placed], minlength=layers)
    regions = [region for _, region in placed]
    begins = np.cumsum([0, *(len(region.data) for region in regions)])[:-1]
    boxes = np.array([(r.top, r.left, r.rows, r.columns, at) for r, at in zip(regions, begins, strict=True)], np.int64)
    return Slices(
        regions[0].kind,
        np.concatenate(([0], np.cumsum(counts))).astype(np.int64),
        boxes,
        np.frombuffer(b"".join(region.data for region in regions), np.uint8),
    )
