"""The kinds of marks, and what a page may send of one."""

from __future__ import annotations

from typing import get_args

import msgspec
import pytest

from consult.model.identifiers import SeatId, SeriesKey
from consult.model.mark import AREA_KINDS, MAX_VERTICES, PIXEL_KINDS, POINTS, Mark, MarkKind, Shape, key_image_id, trace
from tests.support.cases import shape


def test_every_kind_says_how_many_points_it_has() -> None:
    assert set(POINTS) == set(get_args(MarkKind))
    assert set(POINTS) >= PIXEL_KINDS >= AREA_KINDS
    assert all(1 <= least <= most <= MAX_VERTICES for least, most in POINTS.values())


def test_of_many_points_a_reading_names_sums_and_each_of_them_counts() -> None:
    points = tuple((0.1 * i * i, 7.0 - i, 12.5) for i in range(90))
    assert len(trace(points)) == 3
    for i in (0, 44, 89):
        moved = (*points[:i], (points[i][0] + 1e-4, *points[i][1:]), *points[i + 1 :])
        assert trace(moved) != trace(points)
    assert trace((points[0], points[2], points[1], *points[3:])) != trace(points), "their order"
    assert trace(points[:4]) == points[:4]


def test_a_shape_refuses_what_it_does_not_know_and_a_stored_mark_does_not() -> None:
    plain = msgspec.json.decode(msgspec.json.encode(shape()))
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({**plain, "author": "host"}, Shape)
    stored = {**plain, "case": "c1", "author": "ann", "of_a_newer_release": 1}
    mark = msgspec.convert(stored, Mark)
    assert (mark.author, mark.points) == (SeatId("ann"), shape().points)


def test_an_image_has_one_key_image() -> None:
    assert key_image_id(SeriesKey("s"), 3) == key_image_id(SeriesKey("s"), 3) != key_image_id(SeriesKey("s"), 4)
