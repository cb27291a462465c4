"""Coloured regions over an image: the layer of a segmentation that lies on it, in its own pixels, sampled nearest.

Rules of this file:
- A region is a part of one layer, cropped: most of a layer is empty. Its values are single bits, shares of 255, or
  numbers of segments (a label map, PS3.3 C.8.20.2).
- Where regions of one segmentation overlap, the later one lies above.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from consult.model.geometry import Grid, Vec
from consult.model.identifiers import SeriesKey
from consult.model.segmentations.layers import Layers
from consult.model.segmentations.segmentation import Segment
from consult.model.view import Camera, ShownSegmentation
from consult.rendering.affine import Affine, Size, affine
from consult.rendering.segmentations.kernels import lay_over

Cover = NDArray[np.uint8]
"""(rows, columns, 4): red, green, blue, opacity."""
NOWHERE: Vec = (0.0, 0.0, 0.0)


@dataclass(frozen=True)
class Where:
    """The image that is shown: of which series, at which place of its grid."""

    series: SeriesKey
    grid: Grid
    place: int
    image: int


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

    def values(self) -> NDArray[np.uint8] | NDArray[np.uint16]:
        """(rows, columns): shares of 255, or labels."""
        shape = self.rows, self.columns
        if self.kind == "labels":
            return np.frombuffer(self.data, "<u2").reshape(shape)
        raw = np.frombuffer(self.data, np.uint8)
        if self.kind == "shares":
            return raw.reshape(shape)
        bits = np.unpackbits(raw, count=self.rows * self.columns, bitorder="little")
        return (bits * np.uint8(255)).reshape(shape)


@dataclass(frozen=True)
class RegionSet:
    """All regions of a segmentation.

    Attributes:
        shape: (rows, columns) of its frames.
        spacing_mm: (from row to row, from column to column).
        corners: centre of the first pixel of each layer, LPS mm.
        images: of regions without a place: their frames, by series and image.
        coincide: series on whose images all layers lie.
    """

    layers: Layers
    corners: tuple[Vec, ...]
    shape: tuple[int, int]
    spacing_mm: tuple[float, float]
    regions: tuple[Region, ...]
    images: Mapping[tuple[SeriesKey, int], frozenset[int]]
    coincide: frozenset[SeriesKey] = frozenset()

    @property
    def own_bytes(self) -> int:
        """Of memory that it takes, about."""
        return sum(len(region.data) + 200 for region in self.regions)

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
            where: the image that is shown.
            camera: of the picture.
            size: (width, height) in device pixels.
            segments: with their colours.
            shown: which of them, and how opaque.
        """
        found, grid = self._found(where)
        drawn = cover_of(found, segments, shown) if found else None
        if drawn is None:
            return
        cover, origin = drawn
        mapping = affine(grid, 0, camera, size)
        lay_over(cover, origin, _numbers(mapping), picture)

    def _found(self, where: Where) -> tuple[list[Region], Grid]:
        """The regions that lie on an image, and the grid of their pixels."""
        layer = None
        if self.layers.locations and self.layers.parallel(where.grid):
            layer = self.layers.at(where.grid, where.place, coincide=where.series in self.coincide)
        if layer is not None:
            return [region for region in self.regions if region.layer == layer], self._layer_grid(layer)
        frames = self.images.get((where.series, where.image), frozenset())
        return [r for r in self.regions if r.layer < 0 and r.frame in frames], self._image_grid(where)

    def _layer_grid(self, layer: int) -> Grid:
        (rows, columns), (row, column) = self.shape, self.spacing_mm
        right, down = self.layers.right, self.layers.down
        return Grid("patient", rows, columns, row, column, "mm", right, down, (self.corners[layer],))

    def _image_grid(self, where: Where) -> Grid:
        """Its pixels cover the image that it marks, whatever size they have."""
        (rows, columns), grid = self.shape, where.grid
        row, column = grid.row_spacing * grid.rows / rows, grid.column_spacing * grid.columns / columns
        corner = grid.point(where.place, (grid.columns / columns - 1) / 2, (grid.rows / rows - 1) / 2)
        return Grid(grid.space, rows, columns, row, column, grid.unit, grid.right, grid.down, (corner,))


def _numbers(mapping: Affine) -> tuple[float, float, float, float, float, float]:
    return (
        float(mapping.column_0), float(mapping.column_x), float(mapping.column_y),
        float(mapping.row_0), float(mapping.row_x), float(mapping.row_y),
    )  # fmt: skip


def cover_of(
    regions: Sequence[Region], segments: Sequence[Segment], shown: ShownSegmentation
) -> tuple[Cover, tuple[int, int]] | None:
    """Regions as colours, in their own pixels, and where the first of these lies; None where none is switched on."""
    hidden = frozenset(shown.hidden)
    regions = [region for region in regions if region.kind == "labels" or region.segment not in hidden]
    if not regions:
        return None
    top, left = min(region.top for region in regions), min(region.left for region in regions)
    bottom = max(region.top + region.rows for region in regions)
    right = max(region.left + region.columns for region in regions)
    cover = np.zeros((bottom - top, right - left, 4), np.uint8)
    table = _table(segments, hidden, shown.opacity)
    for region in regions:
        rows = slice(region.top - top, region.top - top + region.rows)
        columns = slice(region.left - left, region.left - left + region.columns)
        _lay(cover[rows, columns], region, table)
    return cover, (top, left)


def _table(segments: Sequence[Segment], hidden: Collection[int], opacity: float) -> NDArray[np.uint8]:
    """(n, 4) colour and opacity by the number of a segment; 0 is no segment."""
    table = np.zeros((max((segment.number for segment in segments), default=0) + 1, 4), np.uint8)
    for segment in segments:
        if segment.number not in hidden:
            table[segment.number] = (*segment.colour, round(opacity * 255))
    table[0, 3] = 0
    return table


def _lay(cover: Cover, region: Region, table: NDArray[np.uint8]) -> None:
    """One region over those below."""
    values = region.values()
    if region.kind == "labels":
        colours = table[np.where(values < len(table), values, 0)]
    else:
        number = region.segment if region.segment < len(table) else 0
        colours = np.empty((*values.shape, 4), np.uint8)
        colours[..., :3] = table[number, :3]
        colours[..., 3] = (values.astype(np.uint32) * table[number, 3] + 127) // 255
    _over(cover, colours)


def _over(cover: Cover, colours: NDArray[np.uint8]) -> None:
    """Source over destination (Porter and Duff), neither multiplied by its opacity."""
    above = colours[..., 3].astype(np.uint32)
    below = cover[..., 3].astype(np.uint32)
    rest = (below * (255 - above) + 127) // 255
    whole = above + rest
    mixed = colours[..., :3] * above[..., None] + cover[..., :3] * rest[..., None]
    divisor = np.maximum(whole, 1)[..., None]
    cover[..., :3] = np.where(whole[..., None] > 0, (mixed + divisor // 2) // divisor, 0)
    cover[..., 3] = whole
