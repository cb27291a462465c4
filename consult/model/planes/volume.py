"""A series as a volume: where its voxels lie, or why it is none.

Rules of this file:
- The images of one time are a volume where they lie behind each other on one straight line: perpendicular to them, or
  slanted (a tilted gantry: the grid is sheared, its affine says so).
- Even gaps are an affine. Where they differ, voxels lie where the files say; `interpolated` says so in words.
- A gap over which nothing may be invented makes no volume. Every refusal is a sentence.
- What was found is kept for each series object: a drag asks for it many times a second.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from msgspec import Struct

from consult.model.catalogue import Series
from consult.model.errors import Refused
from consult.model.geometry import Grid, Vec, add, cross, dot, norm, scale, subtract

EVEN_STEPS, EVEN_MM = 0.02, 0.01
"""How far an image may lie off its even place, in steps and in mm: files write few digits."""
STRAIGHT_PIXELS, STRAIGHT_MM = 0.25, 0.05
"""How far an image may lie beside the line, in pixels and in mm."""
GAP_STEPS, GAP_MM = 3.5, 10.0
"""More than so many times the middle gap, and more than so many mm, is not interpolated over."""
SAME_PLACE_MM = 0.01
KEPT = 256
"""Series whose volumes are kept."""
INSIDE = 1e-3
"""Voxels that a point may lie outside of a volume by rounding."""

COLOUR = "There are no planes of colour images."
NO_PLACE = "These images have no place in the patient, so there are no planes of them."
MOSAIC = "These are tiles of a mosaic: the file does not say where each lies, so there are no planes of them."
PALETTE = "Some values of these images stand for colours, so there are no planes of them."
DELETED = "Images of this series were deleted, so there are no planes of it."
ONE_IMAGE = "There is one image alone: planes need images behind each other."
NOT_STRAIGHT = "The images do not lie straight behind each other, so there are no planes of them."
ONE_PLACE = "Several images lie at one place, so there are no planes of them."


class VolumeGeometry(Struct, frozen=True):
    """Voxel (column, row, layer) lies at origin + column x across + row x along + layer x through, LPS mm.

    Attributes:
        shape: (layers, rows, columns).
        layers: where each layer lies, in steps of `through`; empty where layer i lies at i.
    """

    origin: Vec
    across: Vec
    along: Vec
    through: Vec
    shape: tuple[int, int, int]
    layers: tuple[float, ...] = ()

    @property
    def steps(self) -> tuple[float, ...]:
        """Where each layer lies, in steps of `through`."""
        return self.layers or tuple(map(float, range(self.shape[0])))

    @property
    def inverse(self) -> tuple[Vec, Vec, Vec]:
        """Gradients in the patient of column, row and step: their scalar product with a vector counts voxels."""
        volume = dot(cross(self.across, self.along), self.through)
        pairs = (self.along, self.through), (self.through, self.across), (self.across, self.along)
        of_column, of_row, of_step = (scale(cross(*pair), 1.0 / volume) for pair in pairs)
        return of_column, of_row, of_step

    def voxel(self, point: Vec) -> Vec:
        """(column, row, step) of a point; a step is a layer where layers are even."""
        offset = subtract(point, self.origin)
        column, row, step = (dot(offset, gradient) for gradient in self.inverse)
        return column, row, step

    def point(self, voxel: Vec) -> Vec:
        """The point of (column, row, step)."""
        column, row, step = voxel
        across = add(self.origin, scale(self.across, column))
        return add(across, add(scale(self.along, row), scale(self.through, step)))

    @property
    def limits(self) -> tuple[tuple[float, float], ...]:
        """Of column, row and step: half a voxel beyond the first and the last."""
        _, rows, columns = self.shape
        return (-0.5, columns - 0.5), (-0.5, rows - 0.5), (-0.5, self.steps[-1] + 0.5)

    def holds(self, point: Vec) -> bool:
        """Whether a point lies in it."""
        pairs = zip(self.voxel(point), self.limits, strict=True)
        return all(low - INSIDE <= at <= high + INSIDE for at, (low, high) in pairs)

    def clamped(self, point: Vec) -> Vec:
        """The point, or where it would leave the volume, its edge."""
        if self.holds(point):
            return point
        pairs = zip(self.voxel(point), self.limits, strict=True)
        column, row, step = (min(max(at, low), high) for at, (low, high) in pairs)
        return self.point((column, row, step))

    @property
    def middle(self) -> Vec:
        """The point in its middle."""
        column, row, step = ((low + high) / 2 for low, high in self.limits)
        return self.point((column, row, step))

    def layer_mm(self, normal: Vec) -> float:
        """How far apart layers of voxels lie along a direction: the longest step that passes over none."""
        return 1.0 / max(abs(dot(normal, gradient)) for gradient in self.inverse)


def volume_places(series: Series, time: int = 0) -> tuple[int, ...]:
    """The places that have an image at that time."""
    return tuple(place for place in range(series.places) if series.image(place, time) is not None)


def volume_geometry(series: Series, time: int = 0) -> VolumeGeometry:
    """Where the voxels of a series lie.

    Raises:
        Refused: "no_planes", with the reason.
    """
    found = _volume(series, time)
    if isinstance(found, str):
        raise Refused("no_planes", found)
    return found


def why_no_planes(series: Series, time: int = 0) -> str:
    """The sentence why there are no planes of a series; "" where there are."""
    found = _volume(series, time)
    return found if isinstance(found, str) else ""


def interpolated(series: Series, time: int = 0) -> str:
    """What was interpolated between images that do not lie evenly; "" where they do, or are no volume."""
    found = _volume(series, time)
    if isinstance(found, str) or not found.layers:
        return ""
    gaps = _gaps(series.grid, volume_places(series, time))
    least, most = min(gaps), max(gaps)
    return f"interpolated between images {least:.3g} to {most:.3g} mm apart"


_found: dict[tuple[int, int], tuple[Series, VolumeGeometry | str]] = {}
"""By the series' identity, which is cheaper than comparing thousands of positions. Each series is held with it, so
that no other one can come to have its identity."""


def _volume(series: Series, time: int) -> VolumeGeometry | str:
    """The geometry, or the sentence why there is none."""
    known = _found.get((id(series), time))
    if known is not None:
        return known[1]
    found = _measure(series, volume_places(series, time))
    while len(_found) >= KEPT:
        _found.pop(next(iter(_found)), None)
    _found[id(series), time] = series, found
    return found


def _measure(series: Series, places: Sequence[int]) -> VolumeGeometry | str:
    if sentence := _why_not(series, places):
        return sentence
    grid = series.grid
    first, last = grid.positions[places[0]], grid.positions[places[-1]]
    through = scale(subtract(last, first), 1.0 / (len(places) - 1))
    layers = tuple(_steps(grid, places, through))
    allowed = EVEN_STEPS + EVEN_MM / norm(through)
    even = all(abs(at - layer) <= allowed for layer, at in enumerate(layers))
    return VolumeGeometry(
        origin=first,
        across=scale(grid.right, grid.column_spacing),
        along=scale(grid.down, grid.row_spacing),
        through=through,
        shape=(len(places), grid.rows, grid.columns),
        layers=() if even else layers,
    )


def _why_not(series: Series, places: Sequence[int]) -> str:
    if series.colour:
        return COLOUR
    if series.grid.space != "patient":
        return NO_PLACE
    if series.deleted:
        return DELETED
    if "palette" in series.presents:
        return PALETTE
    if len(places) < 2:
        return ONE_IMAGE
    gaps = _gaps(series.grid, places)
    if min(gaps) < SAME_PLACE_MM:
        return ONE_PLACE
    if not _is_straight(series.grid, places):
        return NOT_STRAIGHT
    return _gap_sentence(gaps, places)


def _gap_sentence(gaps: Sequence[float], places: Sequence[int]) -> str:
    widest, middle = max(gaps), median(gaps)
    if widest <= max(GAP_MM, GAP_STEPS * middle):
        return ""
    after = places[gaps.index(widest)] + 1
    return f"There is a gap of {widest:.3g} mm after image {after}, where images lie {middle:.3g} mm apart: no planes."


def _gaps(grid: Grid, places: Sequence[int]) -> list[float]:
    """Between neighbouring images, along the normal, mm."""
    return [abs(grid.location(b) - grid.location(a)) for a, b in pairwise(places)]


def _steps(grid: Grid, places: Sequence[int], through: Vec) -> list[float]:
    """Where each image lies, in steps."""
    first, square = grid.positions[places[0]], dot(through, through)
    return [dot(subtract(grid.positions[place], first), through) / square for place in places]


def _is_straight(grid: Grid, places: Sequence[int]) -> bool:
    first, last = grid.positions[places[0]], grid.positions[places[-1]]
    through = scale(subtract(last, first), 1.0 / (len(places) - 1))
    allowed = max(STRAIGHT_MM, STRAIGHT_PIXELS * min(grid.row_spacing, grid.column_spacing))
    for place, step in zip(places, _steps(grid, places, through), strict=True):
        beside = subtract(grid.positions[place], add(first, scale(through, step)))
        if norm(beside) > allowed:
            return False
    return abs(dot(through, grid.normal)) > 0.1 * norm(through)
