"""Where viewports lie."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from consult.model.identifiers import SeriesKey
from consult.model.view import Camera, Layout, Screen, Stack, View, Viewport
from consult.rendering.layout import place

EXAMPLES = json.loads((Path(__file__).parents[2] / "layouts.json").read_text())["layouts"]
ONE, TWO = Layout(1, 1), Layout(1, 2)


def view(layout: Layout, active: str = "a", count: int = 2) -> View:
    """A view of `count` viewports."""
    camera = Camera((0.0, 0.0, 0.0), 100.0, (1.0, 0.0, 0.0), (0.0, 1.0, 0.0))
    shown = (Viewport("abcdefghijklmnopq"[i], Stack(SeriesKey(f"s{i}"), i), camera) for i in range(count))
    return View(layout, tuple(shown), active)


def rects(layout: Layout, screen: Screen, active: str = "a", count: int = 2) -> dict[str, tuple[int, int, int, int]]:
    """By viewport."""
    return {viewport.id: rect for viewport, rect in place(view(layout, active, count), screen)}


def test_one() -> None:
    assert rects(ONE, Screen(1000, 700, gap=4)) == {"a": (0, 0, 1000, 700)}


def test_two_are_equally_large_and_apart_by_the_gap() -> None:
    assert rects(TWO, Screen(1001, 700, gap=4)) == {"a": (0, 0, 498, 700), "b": (502, 0, 498, 700)}
    assert rects(TWO, Screen(1000, 700)) == {"a": (0, 0, 500, 700), "b": (500, 0, 500, 700)}
    assert rects(TWO, Screen(390, 844, gap=2)) == {"a": (0, 0, 194, 844), "b": (196, 0, 194, 844)}


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: str(example["layout"]))
def test_the_examples_that_the_page_meets_too(example: dict[str, Any]) -> None:
    layout, screen = Layout(**example["layout"]), Screen(**example["screen"])
    placed = rects(layout, screen, count=layout.viewports)
    assert {name: list(rect) for name, rect in placed.items()} == example["rects"]


def test_a_grid_is_filled_in_reading_order() -> None:
    assert rects(Layout(2, 2), Screen(1000, 701, gap=4), count=4) == {
        "a": (0, 0, 498, 348), "b": (502, 0, 498, 348), "c": (0, 352, 498, 348), "d": (502, 352, 498, 348),
    }  # fmt: skip


def test_the_primary_stands_at_the_right_over_the_full_height() -> None:
    nine_and_one = rects(Layout(3, 3, "j"), Screen(1000, 602, gap=2), count=10)
    assert (nine_and_one["a"], nine_and_one["i"]) == ((0, 0, 248, 199), (500, 402, 248, 199))
    assert nine_and_one["j"] == (750, 0, 248, 601)
    first = rects(Layout(2, 1, "a"), Screen(200, 100), count=3)
    assert first == {"a": (100, 0, 100, 100), "b": (0, 0, 100, 50), "c": (0, 50, 100, 50)}


def test_a_phone_shows_the_active_one_alone() -> None:
    assert rects(TWO, Screen(1170, 2000, only_active=True), "b") == {"b": (0, 0, 1170, 2000)}
    assert rects(TWO, Screen(1170, 2000, only_active=True), "x") == {"a": (0, 0, 1170, 2000)}


def test_no_more_viewports_than_cells_and_no_more_cells_than_viewports() -> None:
    assert list(rects(TWO, Screen(100, 100), count=3)) == ["a", "b"]
    assert list(rects(TWO, Screen(100, 100), count=1)) == ["a"]


@pytest.mark.parametrize("layout", [Layout(1, 1), Layout(4, 3), Layout(2, 2, "e"), Layout(4, 4, "a")])
@pytest.mark.parametrize("gap", [0, 2, 16])
def test_no_two_cells_overlap_and_all_lie_on_the_screen(layout: Layout, gap: int) -> None:
    screen = Screen(1001, 703, gap=gap)
    cells = list(rects(layout, screen, count=layout.viewports).values())
    assert len(cells) == layout.viewports
    covered = {(x, y) for left, top, w, h in cells for x in range(left, left + w) for y in range(top, top + h)}
    assert len(covered) == sum(w * h for _, _, w, h in cells)
    assert all(x < screen.width and y < screen.height for x, y in covered)


@pytest.mark.parametrize("width", [16, 17, 333, 8192])
@pytest.mark.parametrize("gap", [0, 1, 16])
def test_nothing_overlaps_or_leaves_the_screen(width: int, gap: int) -> None:
    (ax, _, aw, _), (bx, _, bw, _) = rects(TWO, Screen(width, 16, gap=gap)).values()
    assert aw == bw >= 1
    assert ax + aw + gap == bx
    assert bx + bw <= width or width <= gap + 1
