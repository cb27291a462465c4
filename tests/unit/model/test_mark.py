"""The kinds of marks, and what a page may send of one."""

from __future__ import annotations

from typing import get_args

import msgspec
import pytest

from consult.model.identifiers import SeatId, SeriesKey
from consult.model.mark import PIXEL_KINDS, POINTS, Mark, MarkKind, Shape, key_image_id
from tests.support.cases import shape


def test_every_kind_says_how_many_points_it_has() -> None:
    assert set(POINTS) == set(get_args(MarkKind))
    assert set(POINTS) >= PIXEL_KINDS


def test_a_shape_refuses_what_it_does_not_know_and_a_stored_mark_does_not() -> None:
    plain = msgspec.json.decode(msgspec.json.encode(shape()))
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({**plain, "author": "host"}, Shape)
    stored = {**plain, "case": "c1", "author": "ann", "of_a_newer_release": 1}
    mark = msgspec.convert(stored, Mark)
    assert (mark.author, mark.points) == (SeatId("ann"), shape().points)


def test_an_image_has_one_key_image() -> None:
    assert key_image_id(SeriesKey("s"), 3) == key_image_id(SeriesKey("s"), 3) != key_image_id(SeriesKey("s"), 4)
