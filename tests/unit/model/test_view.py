"""The view's bounds are checked where it is decoded: nothing out of them becomes a View."""

from __future__ import annotations

import msgspec
import pytest

from consult.model.identifiers import SeriesKey
from consult.model.view import Camera, Screen, View, Viewport, Window

CAMERA = Camera((0.0, 0.0, 0.0), 100.0, (1.0, 0.0, 0.0), (0.0, 1.0, 0.0))
VIEW = View("1x1", (Viewport("a", SeriesKey("s"), 3, CAMERA, Window(40, 400)),), "a")


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
    assert VIEW.viewport("a").image == 3
    with pytest.raises(KeyError):
        VIEW.viewport("b")


@pytest.mark.parametrize(
    "changes",
    [
        {"image": -1},
        {"image": 1.5},
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


def test_a_screen_has_bounds() -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(b'{"width": 100000, "height": 100}', type=Screen)
