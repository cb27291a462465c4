"""Shapes against the case they are drawn on: what may be drawn."""

from __future__ import annotations

from consult.model.catalogue import Case, Series
from consult.model.errors import Refused
from consult.model.geometry import Grid, Vec, cross, dot, norm, scale, subtract
from consult.model.mark import AREA_KINDS, POINTS, Shape
from consult.model.planes.acts import same_space
from consult.model.view import Volume
from consult.sessions.features.view.planes import check_volume, is_near_enough
from consult.sessions.views import is_near, series_under

POINTING = ("arrow", "text")
"""Kinds of marks that measure nothing."""
PLANE_TOLERANCE = 0.05
"""How far a point may lie off its image's plane, in the grid's unit."""
RIGHT_ANGLE_TOLERANCE = 1e-2
"""Cosine of the angle between two axes or two sides that are perpendicular, at most."""
ROUND_TOLERANCE = 1e-2
"""How far the radii of a circle may differ, and a corner of a rectangle may lie off, as a share of its size."""
ROUNDED = 1e-3
"""Points are rounded: so far each may lie off besides, in the grid's unit."""


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
    if series.document and shape.kind not in POINTING:
        raise Refused("no_measure", "A page of a document is not measured. Point at it with an arrow or a text.")
    _check_count(shape, draft=draft)
    if not all(map(is_near, shape.points)):
        raise Refused("bad_mark", "The mark lies too far away.")
    _check_place(shape, series, case)
    _check_form(shape)
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
        if shape.alignment is None and not same_space(case, shape.series, shape.over):
            raise Refused("bad_mark", "What lies over the image has another frame of reference.")
    if shape.alignment is not None and not (shape.over and is_near_enough(shape.alignment)):
        raise Refused("bad_mark", "What lies over the image is not there, or too far away.")


def distance(grid: Grid, place: int, point: Vec) -> float:
    """How far a point lies off a place's plane, in the grid's unit."""
    return abs(dot(subtract(point, grid.positions[place]), grid.normal))


def _check_count(shape: Shape, *, draft: bool) -> None:
    """As many points as its kind has; a contour begins with one."""
    least, most = POINTS[shape.kind]
    if (1 if draft and most > least else least) <= len(shape.points) <= most:
        return
    how_many = f"{least}" if least == most else f"{least} to {most}"
    raise Refused("bad_mark", f"A mark of kind {shape.kind} has {how_many} points.")


def _check_form(shape: Shape) -> None:
    """Right angles and equal radii where its kind has them; an area lies in one plane."""
    p = shape.points
    match shape.kind:
        case "ellipse" | "circle":
            one, other = subtract(p[1], p[0]), subtract(p[2], p[0])
            _check_right_angle(one, other, "The axes of an ellipse are perpendicular.")
            if shape.kind == "circle" and abs(norm(one) - norm(other)) > ROUND_TOLERANCE * norm(one) + ROUNDED:
                raise Refused("bad_mark", "The radii of a circle are equal.")
        case "bidirectional":
            _check_right_angle(subtract(p[1], p[0]), subtract(p[3], p[2]), "Both axes are perpendicular.")
        case "rectangle":
            _check_right_angle(
                subtract(p[1], p[0]), subtract(p[3], p[0]), "The sides of a rectangle are perpendicular."
            )
            across, corner = subtract(p[2], p[1]), subtract(p[3], p[0])
            if norm(subtract(across, corner)) > ROUND_TOLERANCE * norm(corner) + 4 * ROUNDED:
                raise Refused("bad_mark", "Opposite sides of a rectangle are equal.")
    if shape.in_space and shape.kind in AREA_KINDS and not _is_flat(p):
        raise Refused("bad_mark", "The mark does not lie in one plane.")


def _check_right_angle(one: Vec, other: Vec, sentence: str) -> None:
    size = norm(one) * norm(other)
    slack = ROUNDED * (norm(one) + norm(other))
    if abs(dot(one, other)) > RIGHT_ANGLE_TOLERANCE * size + slack:
        raise Refused("bad_mark", sentence)


def _is_flat(points: tuple[Vec, ...]) -> bool:
    """All points lie in the plane of those that span the most."""
    away = [subtract(point, points[0]) for point in points]
    far = max(away, key=norm)
    normal = max((cross(far, one) for one in away), key=norm)
    if (size := norm(normal)) == 0.0:
        return True
    return all(abs(dot(one, scale(normal, 1.0 / size))) <= PLANE_TOLERANCE for one in away)


def _check_content(shape: Shape) -> None:
    if shape.kind == "text" and not shape.label.strip():
        raise Refused("empty_mark", "A text needs words.")
    if not _has_size(shape):
        raise Refused("empty_mark", "The mark has no size.")


def _has_size(shape: Shape) -> bool:
    p = shape.points
    match shape.kind:
        case "angle":
            return p[1] not in (p[0], p[2])
        case "bidirectional" | "cobb":
            return p[0] != p[1] and p[2] != p[3]
        case "rectangle":
            return p[1] not in (p[0], p[2])
        case "freehand" | "polygon":
            return len(set(p)) > 2
        case "polyline":
            return len(set(p)) > 1
        case _:
            return p[0] not in p[1:]
