"""Two viewports that are linked by position as the page links them: the twin of web/js/core/view/link.js, as far as
what is hung needs it. The first leads."""

from __future__ import annotations

from msgspec.structs import replace

from consult.model.catalogue import Series
from consult.model.geometry import Grid, Vec, add, dot, scale, subtract
from consult.model.view import MAX_RADIUS_MM, MIN_RADIUS_MM, Camera, Link, Stack, View

PARALLEL = 0.99
"""Cosine between the normals of two stacks that can be linked."""
ALONG_THE_BODY = 0.7


def parallel(a: Grid, b: Grid) -> bool:
    """Whether two stacks lie in parallel planes of patient space."""
    return a.space == "patient" and b.space == "patient" and dot(a.normal, b.normal) > PARALLEL


def in_step(view: View, a: Series, b: Series) -> View:
    """A view of two, linked; as it is where they cannot be linked.

    Args:
        view: of two viewports that show images.
        a, b: the series that they show.
    """
    one, other = view.viewports
    if not (isinstance(one.shows, Stack) and isinstance(other.shows, Stack) and parallel(a.grid, b.grid)):
        return view
    offset, shift = _offset(a, b)
    place = b.grid.nearest(a.grid.location(one.shows.place) + offset)
    image = b.image(place, other.shows.time)
    if image is None:
        return view
    camera = replace(one.camera, center=add(one.camera.center, shift))
    shares = a.unit == b.unit and not a.colour and not b.colour
    look = {"window": one.window, "invert": one.invert} if shares else {}
    moved = replace(other, shows=replace(other.shows, place=place), camera=camera, **look)
    link = Link(_tidy(offset), (_tidy(dot(shift, one.camera.right)), _tidy(dot(shift, one.camera.down))))
    pair = (one, a.grid, one.shows.place), (moved, b.grid, place)
    radius = max(_whole(viewport.camera, grid, at) for viewport, grid, at in pair)
    whole = tuple(replace(viewport, camera=replace(viewport.camera, radius=radius)) for viewport, _, _ in pair)
    return replace(view, viewports=whole, link=link)


def _offset(a: Series, b: Series) -> tuple[float, Vec]:
    """(b's location minus a's for the same anatomy, shift of b's middle in the plane): none in one frame of reference,
    else head end on head end, and middle on middle where stacks do not run along the body."""
    if a.frame_of_reference and a.frame_of_reference == b.frame_of_reference:
        return 0.0, (0.0, 0.0, 0.0)
    normal = a.grid.normal
    between = subtract(b.grid.centre(0), a.grid.centre(0))
    return _end(b.grid, normal) - _end(a.grid, normal), subtract(between, scale(normal, dot(between, normal)))


def _end(grid: Grid, normal: Vec) -> float:
    ends = grid.location(0), grid.location(len(grid.positions) - 1)
    if abs(normal[2]) <= ALONG_THE_BODY:
        return sum(ends) / 2
    return max(ends) if normal[2] > 0 else min(ends)


def _tidy(mm: float) -> float:
    return round(mm, 6) + 0.0


def _whole(camera: Camera, grid: Grid, place: int) -> float:
    """The radius in which a camera shows all of an image on every screen."""
    off = subtract(grid.centre(place), camera.center)
    width, height = grid.columns * grid.column_spacing, grid.rows * grid.row_spacing

    def reach(axis: Vec) -> float:
        return abs(dot(off, axis)) + (abs(dot(axis, grid.right)) * width + abs(dot(axis, grid.down)) * height) / 2

    return min(max(reach(camera.right), reach(camera.down), MIN_RADIUS_MM), MAX_RADIUS_MM)
