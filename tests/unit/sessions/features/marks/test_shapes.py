"""A shape lies on the image it names, in a series of the case on the stage."""

from __future__ import annotations

import math

import pytest
from msgspec.structs import replace

from consult.model.errors import Refused
from consult.model.geometry import Vec
from consult.model.identifiers import SeriesKey
from consult.model.mark import POINTS, MarkKind, Shape
from consult.sessions.features.marks.shapes import check_shape
from tests.support.cases import case, shape, timed_series

CASE = case()
Z = 12.0


def moved(kind: MarkKind, which: int, to: Vec) -> Shape:
    """A shape with one point elsewhere."""
    plain = shape(kind=kind)
    return replace(plain, points=(*plain.points[:which], to, *plain.points[which + 1 :]))


@pytest.mark.parametrize("kind", POINTS)
def test_every_kind_passes_as_it_is_drawn(kind: str) -> None:
    assert check_shape(shape(kind=kind), CASE).key == "s-1"  # type: ignore[arg-type]  # the table's own keys


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        (replace(shape(), series=SeriesKey("s-9")), "unknown_series"),
        (replace(shape(), image=20), "image_out_of_range"),
        (replace(shape(), points=((0.0, 0.0, Z),)), "bad_mark"),
        (replace(shape(), points=((0.0, 0.0, Z), (math.nan, 0.0, Z))), "bad_mark"),
        (replace(shape(), points=((0.0, 0.0, Z), (2e5, 0.0, Z))), "bad_mark"),
        (replace(shape(), points=((0.0, 0.0, Z), (5.0, 0.0, Z + 3.0))), "bad_mark"),
        (replace(shape(kind="ellipse"), points=((0.0, 0.0, Z), (9.0, 0.0, Z), (9.0, 1.0, Z))), "bad_mark"),
        (replace(shape(), points=((1.0, 0.0, Z), (1.0, 0.0, Z))), "empty_mark"),
        (replace(shape(kind="angle"), points=((1.0, 0.0, Z), (1.0, 0.0, Z), (2.0, 0.0, Z))), "empty_mark"),
        (replace(shape(kind="text"), label=" "), "empty_mark"),
        (moved("circle", 2, (0.0, 8.0, Z)), "bad_mark"),
        (moved("bidirectional", 2, (1.0, -4.0, Z)), "bad_mark"),
        (moved("rectangle", 2, (10.0, 9.0, Z)), "bad_mark"),
        (moved("rectangle", 3, (4.0, 5.0, Z)), "bad_mark"),
        (moved("cobb", 3, (0.0, 10.0, Z)), "empty_mark"),
        (moved("bidirectional", 3, (5.0, -2.5, Z)), "empty_mark"),
        (replace(shape(kind="polyline"), points=((1.0, 0.0, Z),) * 5), "empty_mark"),
        (replace(shape(kind="freehand"), points=((1.0, 0.0, Z), (9.0, 0.0, Z)) * 2), "empty_mark"),
        (replace(shape(kind="freehand"), points=((1.0, 0.0, Z), (9.0, 0.0, Z))), "bad_mark"),
        (replace(shape(kind="polygon"), points=((1.0, 0.0, Z), (9.0, 0.0, Z), (4.0, 5.0, Z + 2))), "bad_mark"),
    ],
)
def test_what_cannot_lie_there_is_refused(bad: Shape, code: str) -> None:
    with pytest.raises(Refused) as refused:
        check_shape(bad, CASE)
    assert refused.value.code == code
    assert refused.value.sentence.endswith(".")


def test_a_draft_may_be_empty_still_but_not_elsewhere() -> None:
    nothing_yet = replace(shape(), points=((1.0, 0.0, Z), (1.0, 0.0, Z)))
    assert check_shape(nothing_yet, CASE, draft=True).key == "s-1"
    with pytest.raises(Refused):
        check_shape(replace(nothing_yet, image=5), CASE, draft=True)


def test_on_a_series_with_a_second_axis_it_lies_at_the_place_of_its_image() -> None:
    timed = timed_series("s-1", places=10)
    several = replace(CASE, series=(timed,))
    assert check_shape(replace(shape(), image=14), several) is timed
    with pytest.raises(Refused, match="bad_mark"):
        check_shape(replace(shape(), image=12), several)
    with pytest.raises(Refused, match="image_out_of_range"):
        check_shape(replace(shape(), image=20), several)


def test_a_contour_that_is_begun_has_a_point_or_two_and_may_not_stay_so() -> None:
    begun = replace(shape(kind="freehand"), points=((1.0, 0.0, Z),))
    assert check_shape(begun, CASE, draft=True).key == "s-1"
    with pytest.raises(Refused, match="bad_mark"):
        check_shape(begun, CASE)


def test_rounded_points_are_still_perpendicular() -> None:
    """A page rounds to 0.0001: of something tiny the axes are not exactly perpendicular any more."""
    tiny = replace(shape(kind="bidirectional"), points=(
        (0.0, 0.0, Z), (0.02, 0.0131, Z), (0.0035, 0.0167, Z), (0.0166, -0.0034, Z)))  # fmt: skip
    assert check_shape(tiny, CASE).key == "s-1"


@pytest.mark.parametrize("kind", POINTS)
def test_a_page_of_a_document_is_pointed_at_and_not_measured(kind: MarkKind) -> None:
    pages = replace(CASE, series=(replace(CASE.series[0], document="report"),))
    if kind in {"arrow", "text"}:
        check_shape(shape(kind=kind), pages)
        return
    with pytest.raises(Refused) as refused:
        check_shape(shape(kind=kind), pages, draft=True)
    assert refused.value.code == "no_measure"
