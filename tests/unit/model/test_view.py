"""The view's bounds are checked where it is decoded: nothing out of them becomes a View."""

from __future__ import annotations

import msgspec
import pytest

from consult.model.identifiers import SeriesKey
from consult.model.view import Camera, Layout, Screen, Stack, View, Viewport, Window, shown_series

CAMERA = Camera((0.0, 0.0, 0.0), 100.0, (1.0, 0.0, 0.0), (0.0, 1.0, 0.0))
VIEW = View(Layout(1, 1), (Viewport("a", Stack(SeriesKey("s"), 3, 1), CAMERA, Window(40, 400)),), "a")


def altered(**changes: object) -> bytes:
    """The view as JSON with the first viewport's fields replaced; a dotted name reaches into it."""
    plain = msgspec.to_builtins(VIEW)
    for name, value in changes.items():
        target = plain["viewports"][0]
        *path, last = name.split("__")
        for step in path:
            target = target[step]
        target[last] = value
    return msgspec.json.encode(plain)


def test_a_view_survives_the_wire() -> None:
    assert msgspec.json.decode(msgspec.json.encode(VIEW), type=View) == VIEW
    assert VIEW.viewport("a").shows == Stack(SeriesKey("s"), 3, 1)
    with pytest.raises(KeyError):
        VIEW.viewport("b")


@pytest.mark.parametrize(
    "changes",
    [
        {"shows__place": -1},
        {"shows__place": 1.5},
        {"shows__time": -1},
        {"shows__type": "plane"},
        {"shows__image": 3},
        {"shows": None},
        {"id": "aa"},
        {"camera__radius": 0},
        {"camera__radius": 1e6},
        {"camera__center": [0, 0]},
        {"window__width": 0},
        {"window__center": 1e12},
        {"window__center": None},
        {"delta": 3},
    ],
)
def test_what_is_out_of_bounds_is_no_view(changes: dict[str, object]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(altered(**changes), type=View)


def test_what_is_shown_names_its_kind_and_a_layout_only_what_it_has() -> None:
    plain = msgspec.to_builtins(VIEW)
    assert plain["viewports"][0]["shows"] == {"type": "stack", "series": "s", "place": 3, "time": 1}
    assert plain["layout"] == {"rows": 1, "columns": 1}
    assert msgspec.to_builtins(Layout(3, 3, "j")) == {"rows": 3, "columns": 3, "primary": "j"}


@pytest.mark.parametrize(
    "layout",
    [
        "1x1",
        {"rows": 0, "columns": 1},
        {"rows": 1, "columns": 5},
        {"rows": 1, "columns": 1, "primary": "aa"},
        {"rows": 1},
    ],
)
def test_what_is_no_grid_is_no_layout(layout: object) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(layout, Layout)


def test_a_layout_counts_its_viewports() -> None:
    assert [Layout(1, 1).viewports, Layout(2, 2).viewports, Layout(3, 3, "j").viewports] == [1, 4, 10]


def test_a_view_names_the_series_that_it_shows() -> None:
    one, other = Stack(SeriesKey("s"), 3), Stack(SeriesKey("t"), 0)
    assert shown_series(one) == (SeriesKey("s"),)
    viewports = tuple(Viewport(i, shows, CAMERA) for i, shows in zip("abc", (one, other, one), strict=True))
    assert View(Layout(1, 3), viewports, "a").series == {SeriesKey("s"), SeriesKey("t")}


def test_a_screen_has_bounds() -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(b'{"width": 100000, "height": 100}', type=Screen)
