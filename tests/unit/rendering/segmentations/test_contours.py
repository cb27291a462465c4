"""Contours over a picture: where they lie, filled without their holes, on no image but their own."""

from __future__ import annotations

from typing import Any

import numpy as np

from consult.model.identifiers import SegmentationKey
from consult.model.segmentations.layers import Layers
from consult.model.segmentations.segmentation import Segment
from consult.model.view import ShownSegmentation
from consult.rendering.segmentations.contours import Contour, ContourSet
from consult.rendering.segmentations.painting import Layer, with_segmentations
from consult.rendering.segmentations.where import OnImage
from tests.unit.rendering.segmentations.test_regions import DOWN, GREY, RIGHT, SERIES, grid, one_to_one

GREEN = Segment(7, "Heart", (0, 255, 0))
SIZE = 320
SCALE = 20
"""Device pixels of a mm."""


def box(left: float, top: float, right: float, bottom: float, z: float = 3.0) -> Any:
    return np.array([(left, top, z), (right, top, z), (right, bottom, z), (left, bottom, z)], float)


def drawn(*contours: Contour, place: int = 1, opacity: float = 1.0, hidden: tuple[int, ...] = ()) -> Any:
    what = ContourSet(Layers(RIGHT, DOWN, (3.0, 6.0), 3.0), contours, frozenset({SERIES}))
    shown = ShownSegmentation(SegmentationKey("g-1"), opacity, hidden)
    layer = Layer(what, (GREEN,), shown, OnImage(SERIES, grid(), place, place), one_to_one(grid(), place))
    return with_segmentations(np.full((SIZE, SIZE), GREY, np.uint8), [layer], (SIZE, SIZE))


def closed(points: Any, layer: int = 0) -> Contour:
    return Contour(layer, 7, "closed", points)


def at(picture: Any, x_mm: float, y_mm: float) -> list[int]:
    """The colour of a place; pixel centres of the image are whole millimetres."""
    found: list[int] = picture[round((y_mm + 0.5) * SCALE - 0.5), round((x_mm + 0.5) * SCALE - 0.5)].tolist()
    return found


def test_a_closed_contour_is_outlined_where_it_lies_and_filled() -> None:
    picture = drawn(closed(box(4, 4, 10, 12)))
    assert at(picture, 7, 8) == [0, 255, 0]
    assert at(picture, 4, 8) == [0, 255, 0]
    assert at(picture, 3, 8) == [GREY] * 3
    assert at(picture, 11, 8) == [GREY] * 3


def test_at_no_opacity_the_outline_stays() -> None:
    picture = drawn(closed(box(4, 4, 10, 12)), opacity=0.0)
    assert at(picture, 7, 8) == [GREY] * 3
    assert at(picture, 4, 8) == [0, 255, 0]


def test_a_contour_within_another_is_a_hole() -> None:
    picture = drawn(closed(box(2, 2, 13, 13)), closed(box(6, 6, 9, 9)))
    assert at(picture, 4, 4) == [0, 255, 0]
    assert at(picture, 7.5, 7.5) == [GREY] * 3


def test_a_keyhole_leaves_its_hole_out() -> None:
    """One contour: round the outside, along a cut to the inside, round it the other way, and back."""
    outer, inner = box(2, 2, 13, 13), box(6, 6, 9, 9)
    keyhole = np.concatenate((outer, outer[:1], inner[:1], inner[::-1], outer[:1]))
    picture = drawn(closed(keyhole))
    assert at(picture, 4, 8) == [0, 255, 0]
    assert at(picture, 7.5, 7.5) == [GREY] * 3


def test_lines_and_points_are_not_filled() -> None:
    points = Contour(0, 7, "points", np.array([(8.0, 8.0, 3.0)]))
    picture = drawn(Contour(0, 7, "open", box(2, 2, 13, 13)), points)
    assert at(picture, 2, 8) == [GREY] * 3, "an open contour is not closed"
    assert at(picture, 8, 2) == [0, 255, 0]
    assert at(picture, 5, 5) == [GREY] * 3
    assert (picture[..., 0] < GREY).sum() > 0


def test_it_lies_on_its_own_image_alone_and_can_be_switched_off() -> None:
    contour = closed(box(4, 4, 10, 12))
    assert [bool((drawn(contour, place=place) != GREY).any()) for place in range(5)] == [
        False,
        True,
        False,
        False,
        False,
    ]
    assert (drawn(contour, hidden=(7,)) == GREY).all()
