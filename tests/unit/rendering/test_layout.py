"""Where viewports lie."""

from __future__ import annotations

import pytest

from consult.model.identifiers import SeriesKey
from consult.model.view import Camera, Layout, Screen, View, Viewport
from consult.rendering.layout import place


def view(layout: Layout, active: str = "a", count: int = 2) -> View:
    """A view of `count` viewports."""
    camera = Camera((0.0, 0.0, 0.0), 100.0, (1.0, 0.0, 0.0), (0.0, 1.0, 0.0))
    return View(layout, tuple(Viewport("abc"[i], SeriesKey(f"s{i}"), i, camera) for i in range(count)), active)


def rects(layout: Layout, screen: Screen, active: str = "a", count: int = 2) -> dict[str, tuple[int, int, int, int]]:
    """By viewport."""
    return {viewport.id: rect for viewport, rect in place(view(layout, active, count), screen)}


def test_one() -> None:
    assert rects("1x1", Screen(1000, 700, gap=4)) == {"a": (0, 0, 1000, 700)}


def test_two_are_equally_large_and_apart_by_the_gap() -> None:
    assert rects("1x2", Screen(1001, 700, gap=4)) == {"a": (0, 0, 498, 700), "b": (502, 0, 498, 700)}
    assert rects("1x2", Screen(1000, 700)) == {"a": (0, 0, 500, 700), "b": (500, 0, 500, 700)}
    assert rects("1x2", Screen(390, 844, gap=2)) == {"a": (0, 0, 194, 844), "b": (196, 0, 194, 844)}


def test_a_phone_shows_the_active_one_alone() -> None:
    assert rects("1x2", Screen(1170, 2000, only_active=True), "b") == {"b": (0, 0, 1170, 2000)}
    assert rects("1x2", Screen(1170, 2000, only_active=True), "x") == {"a": (0, 0, 1170, 2000)}


def test_no_more_viewports_than_cells_and_no_more_cells_than_viewports() -> None:
    assert list(rects("1x2", Screen(100, 100), count=3)) == ["a", "b"]
    assert list(rects("1x2", Screen(100, 100), count=1)) == ["a"]


@pytest.mark.parametrize("width", [16, 17, 333, 8192])
@pytest.mark.parametrize("gap", [0, 1, 16])
def test_nothing_overlaps_or_leaves_the_screen(width: int, gap: int) -> None:
    (ax, _, aw, _), (bx, _, bw, _) = rects("1x2", Screen(width, 16, gap=gap)).values()
    assert aw == bw >= 1
    assert ax + aw + gap == bx
    assert bx + bw <= width or width <= gap + 1
