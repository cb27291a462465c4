"""Shapes against the case they are drawn on: what may be drawn."""

from __future__ import annotations

from consult.model.catalogue import Case, Series
from consult.model.errors import Refused
from consult.model.geometry import Grid, Vec, dot, norm, subtract
from consult.model.mark import POINTS, Shape
from consult.model.planes.acts import same_space
from consult.model.view import Volume
from consult.sessions.features.view.planes import check_volume
from consult.sessions.views import is_near, series_under

PLANE_TOLERANCE = 0.05
"""How far a point may lie off its image's plane, in the grid's unit."""
RIGHT_ANGLE_TOLERANCE = 1e-2
"""Cosine of the angle between the axes of an ellipse, at most."""


def check_shape(shape: Shape, case: Case, *, draft: bool = False) -> Series:
    """Let a shape pass if it can lie where it claims; the series that it lies on.

    Args:
        shape: what somebody draws.
        case: on the stage.
        draft: it is still being drawn: it may have no size, and no words yet.

    Raises:
        Refused: "unknown_series", "image_out_of_range", "no_planes", "bad_mark" or "empty_mark", with a sentence.
    """
    series = series_under("The mark", case, shape.series, shape.image)
    if len(shape.points) != POINTS[shape.kind]:
        raise Refused("bad_mark", f"A mark of kind {shape.kind} has {POINTS[shape.kind]} points.")
    if not all(map(is_near, shape.points)):
        raise Refused("bad_mark", "The mark lies too far away.")
    _check_place(shape, series, case)
    if shape.kind == "ellipse":
        _check_axes(shape.points)
    if not draft:
        _check_content(shape)
    return series


def _check_place(shape: Shape, series: Series, case: Case) -> None:
    """On its image, or in the volume of its series; and what lies over it is a volume of the same space."""
    if shape.in_space:
        check_volume(Volume(shape.series, series.locate(shape.image)[1]), case, "The mark")
    else:
        place, _ = series.locate(shape.image)
        if any(distance(series.grid, place, point) > PLANE_TOLERANCE for point in shape.points):
            raise Refused("bad_mark", "The mark does not lie on its image.")
    if shape.over:
        check_volume(Volume(shape.over), case, "The mark")
        if not same_space(case, shape.series, shape.over):
            raise Refused("bad_mark", "What lies over the image has another frame of reference.")


def distance(grid: Grid, place: int, point: Vec) -> float:
    """How far a point lies off a place's plane, in the grid's unit."""
    return abs(dot(subtract(point, grid.positions[place]), grid.normal))


def _check_axes(points: tuple[Vec, ...]) -> None:
    one, other = subtract(points[1], points[0]), subtract(points[2], points[0])
    if abs(dot(one, other)) > RIGHT_ANGLE_TOLERANCE * norm(one) * norm(other):
        raise Refused("bad_mark", "The axes of an ellipse are perpendicular.")


def _check_content(shape: Shape) -> None:
    first, *others = shape.points
    if any(norm(subtract(point, first)) == 0.0 for point in others if shape.kind != "angle"):
        raise Refused("empty_mark", "The mark has no size.")
    if shape.kind == "angle" and shape.points[1] in (shape.points[0], shape.points[2]):
        raise Refused("empty_mark", "The mark has no size.")
    if shape.kind == "text" and not shape.label.strip():
        raise Refused("empty_mark", "A text needs words.")
