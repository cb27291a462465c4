"""The order of loading: waited for, preferred, outward; a change of preference takes effect at once."""

from __future__ import annotations

import pytest

from consult.model.catalogue import Axis, Series
from consult.model.geometry import Grid
from consult.model.identifiers import SeriesKey, StudyKey
from consult.volumes.load_order import LoadOrder


def a_series(places: int, axis: Axis | None = None) -> Series:
    grid = Grid("image", 4, 4, 1.0, 1.0, "px", (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), ((0.0, 0.0, 0.0),) * places)
    images = places * len(axis.labels) - len(axis.missing) if axis else places
    return Series(SeriesKey("k"), StudyKey("s"), "MR", 1, "", images, grid, axis=axis)


def order_of(images: int, preferred: int) -> LoadOrder:
    return LoadOrder(a_series(images), range(images), preferred)


def taken(order: LoadOrder, count: int) -> list[int]:
    out = []
    for _ in range(count):
        found = order.peek()
        assert found is not None
        order.take(found[0])
        out.append(found[0])
    return out


def test_outward_from_the_preferred_one_to_the_ends() -> None:
    order = order_of(7, 4)
    assert taken(order, 7) == [4, 5, 3, 6, 2, 1, 0]
    assert order.peek() is None


def test_what_is_there_is_left_out() -> None:
    assert taken(LoadOrder(a_series(7), [0, 3, 6], 4), 3) == [3, 6, 0]


def test_another_preference_is_next() -> None:
    order = order_of(100, 50)
    assert taken(order, 3) == [50, 51, 49]
    order.prefer(10)
    assert taken(order, 3) == [10, 11, 9]
    order.prefer(50)
    assert taken(order, 2) == [52, 48]


def test_who_waits_is_first_in_turn() -> None:
    order = order_of(100, 50)
    for image in (3, 90, 3):
        order.want(image)
    assert order.peek() == (3, -1)
    assert taken(order, 3) == [3, 90, 50]


def test_waiting_for_what_is_taken_already_asks_for_nothing() -> None:
    order = order_of(3, 1)
    assert taken(order, 1) == [1]
    order.want(1)
    assert taken(order, 2) == [2, 0]
    assert order.peek() is None


def test_what_is_put_back_comes_again_at_its_place() -> None:
    order = order_of(5, 2)
    assert taken(order, 4) == [2, 3, 1, 4]
    order.put_back(3)
    assert taken(order, 2) == [3, 0]


AXIS = Axis("EchoTime", ("a", "b", "c"))


def test_neighbours_in_place_come_before_those_in_time_and_all_come() -> None:
    """Three times of four places: images 0..3, 4..7, 8..11."""
    order = LoadOrder(a_series(4, AXIS), range(12), 5)
    assert taken(order, 5) == [5, 6, 4, 9, 1]
    assert taken(order, 5) == [7, 10, 8, 2, 0]
    assert sorted(taken(order, 2)) == [3, 11]
    assert order.peek() is None


def test_the_distance_counts_places_and_times() -> None:
    assert LoadOrder(a_series(4, AXIS), [10], 0).peek() == (10, 4)


@pytest.mark.parametrize("preferred", [0, 3, 9])
def test_missing_images_are_passed_over(preferred: int) -> None:
    series = a_series(4, Axis("EchoTime", ("a", "b", "c"), ((1, 2), (2, 3))))
    order = LoadOrder(series, range(10), preferred)
    found = taken(order, 10)
    assert found[0] == preferred
    assert sorted(found) == list(range(10))
    assert order.peek() is None


def test_many_times_of_few_places_are_all_reached() -> None:
    order = LoadOrder(a_series(2, Axis("t", tuple(map(str, range(500))))), range(1000), 999)
    assert len(set(taken(order, 1000))) == 1000
