"""The order of loading: waited for, preferred, outward; a change of preference takes effect at once."""

from __future__ import annotations

from consult.volumes.load_order import LoadOrder


def told(order: LoadOrder, count: int) -> list[int]:
    out = []
    for _ in range(count):
        found = order.peek()
        assert found is not None
        order.take(found[0])
        out.append(found[0])
    return out


def test_outward_from_the_preferred_one_to_the_ends() -> None:
    order = LoadOrder(7, iter(range(7)), 4)
    assert told(order, 7) == [4, 5, 3, 6, 2, 1, 0]
    assert order.peek() is None


def test_what_is_there_is_left_out() -> None:
    assert told(LoadOrder(7, iter([0, 3, 6]), 4), 3) == [3, 6, 0]


def test_another_preference_is_next() -> None:
    order = LoadOrder(100, iter(range(100)), 50)
    assert told(order, 3) == [50, 51, 49]
    order.prefer(10)
    assert told(order, 3) == [10, 11, 9]
    order.prefer(50)
    assert told(order, 2) == [52, 48]


def test_who_waits_is_first_in_turn() -> None:
    order = LoadOrder(100, iter(range(100)), 50)
    for image in (3, 90, 3):
        order.want(image)
    assert order.peek() == (3, -1)
    assert told(order, 3) == [3, 90, 50]


def test_waiting_for_what_is_told_already_asks_for_nothing() -> None:
    order = LoadOrder(3, iter(range(3)), 1)
    assert told(order, 1) == [1]
    order.want(1)
    assert told(order, 2) == [2, 0]
    assert order.peek() is None


def test_what_is_put_back_is_told_again_at_its_place() -> None:
    order = LoadOrder(5, iter(range(5)), 2)
    assert told(order, 4) == [2, 3, 1, 4]
    order.put_back(3)
    assert told(order, 2) == [3, 0]
