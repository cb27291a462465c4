"""How one view became the next, and what comes of going on: by the same numbers as the page's."""

from __future__ import annotations

from itertools import islice

import pytest
from msgspec.structs import replace

from consult.model.catalogue import Case
from consult.model.geometry import Vec, add
from consult.model.planes.acts import move_point, open_planes, scroll_plane
from consult.model.prediction import motion as module
from consult.model.prediction.motion import (
    Layered,
    Scrolled,
    Windowed,
    carried,
    going_on,
    motion_between,
    reversed_motion,
)
from consult.model.view import Layout, Link, LinkedViewport, Stack, View, Window
from consult.sessions.views import initial_view
from tests.support.cases import case, grid, timed_series
from tests.support.volumes import volume_case

CASE = case()


def at(view: View, place: int, time: int = 0, viewport: int = 0) -> View:
    """With another image in a viewport."""
    v = view.viewports[viewport]
    assert isinstance(v.shows, Stack)
    moved = replace(v, shows=replace(v.shows, place=place, time=time))
    return replace(view, viewports=(*view.viewports[:viewport], moved, *view.viewports[viewport + 1 :]))


def places(views: list[View]) -> list[int]:
    """Of their first viewports."""
    return [v.viewports[0].shows.place for v in views if isinstance(v.viewports[0].shows, Stack)]


def test_a_wheel_goes_on_by_the_same_step_until_the_end() -> None:
    view = at(initial_view(CASE), 10)
    moved = at(view, 13)
    motion = motion_between(view, moved, CASE)
    assert motion == Scrolled("a", 3)
    assert motion is not None
    assert places(list(going_on(moved, motion, CASE))) == [16, 19], "the last step is to the end, and no further"
    assert places(list(islice(going_on(moved, reversed_motion(motion), CASE), 2))) == [10, 7]


def test_times_are_stepped_like_places_and_missing_images_end_it() -> None:
    series = timed_series("s-1", places=4, labels=("b 0", "b 500", "b 1000"), missing=2)
    timed = replace(CASE, series=(series,))
    view = at(initial_view(timed), 3)
    after = at(view, 3, 1)
    motion = motion_between(view, after, timed)
    assert motion == Scrolled("a", 0, 1)
    assert motion is not None
    assert list(going_on(after, motion, timed)) == [], "there is no image"


@pytest.mark.parametrize("tilt", [0.0, 0.25])
def test_the_camera_is_carried_along_as_the_page_does(tilt: float) -> None:
    """With the numbers of web/js/core/view/camera.js, computed there by node for this grid."""
    positions: tuple[Vec, ...] = tuple((-63.0, -63.0 + tilt * i, 3.0 * i) for i in range(20))
    tilted = replace(grid(), positions=positions)
    camera = replace(initial_view(CASE).viewports[0].camera, center=(1.1, 2.2, 3.3))
    moved = carried(camera, tilted, 4, 7)
    assert moved is camera if tilt == 0 else moved.center == (1.1, 2.2 + (positions[7][1] - positions[4][1]), 3.3)


def test_a_window_that_is_dragged_goes_on_by_the_same_step() -> None:
    view = initial_view(CASE)
    v = view.viewports[0]
    dragged = replace(view, viewports=(replace(v, window=Window(-598.0, 1503.0)),))
    motion = motion_between(view, dragged, CASE)
    assert motion == Windowed("a", 2.0, 3.0)
    assert motion is not None
    ahead = [one.viewports[0].window for one in islice(going_on(dragged, motion, CASE), 2)]
    assert ahead == [Window(-596.0, 1506.0), Window(-594.0, 1509.0)]


def test_all_else_is_no_motion() -> None:
    view = initial_view(CASE)
    v = view.viewports[0]
    other = replace(v, shows=replace(v.shows, series="s-2"))
    zoomed = replace(v, camera=replace(v.camera, radius=v.camera.radius / 2))
    for after in (view, replace(view, viewports=(other,)), replace(view, viewports=(zoomed,))):
        assert motion_between(view, after, CASE) is None
    two = replace(view, layout=Layout(1, 2), viewports=(v, replace(v, id="b")))
    assert motion_between(view, two, CASE) is None


def test_planes_are_scrolled_by_layers_of_voxels() -> None:
    planes = volume_case()
    view = open_planes(planes, planes.series[0].key)
    moved = scroll_plane(view, planes, "b", -2)
    motion = motion_between(view, moved, planes)
    assert motion == Layered("b", -2)
    assert motion is not None
    assert next(iter(going_on(moved, motion, planes))) == scroll_plane(moved, planes, "b", -2)


def test_where_the_point_is_dragged_no_plane_is_scrolled_to_find_out(monkeypatch: pytest.MonkeyPatch) -> None:
    planes, tried = volume_case(), list[float]()
    view = open_planes(planes, planes.series[0].key)
    assert view.crosshair is not None
    dragged = move_point(view, planes, add(view.crosshair.point, (3.0, 2.0, 0.0)))
    scrolled = scroll_plane(view, planes, "a", 1)

    def count(view: View, case: Case, identifier: str, steps: float) -> View:
        tried.append(steps)
        return scroll_plane(view, case, identifier, steps)

    monkeypatch.setattr(module, "scroll_plane", count)
    assert motion_between(view, dragged, planes) is None
    assert tried == [], "each is some tenths of a millisecond, and a drag asks 30 times a second"
    assert motion_between(view, scrolled, planes) == Layered("a", 1)
    assert tried == [1]


def test_a_linked_viewport_comes_along() -> None:
    first = initial_view(CASE)
    v = first.viewports[0]
    other = replace(v, id="b", shows=Stack(CASE.series[1].key, 4))
    view = at(replace(first, layout=Layout(1, 2), viewports=(v, other), link=Link(offset_mm=6.0)), 10)
    moved = at(at(view, 11), 13, viewport=1)
    motion = motion_between(view, moved, CASE)
    assert motion == Scrolled("a", 1)
    assert motion is not None
    following = next(iter(going_on(moved, motion, CASE)))
    assert [v.shows.place for v in following.viewports if isinstance(v.shows, Stack)] == [12, 14]


def test_all_that_are_linked_come_along_and_no_other_does() -> None:
    first = initial_view(CASE)
    v = first.viewports[0]
    others = tuple(replace(v, id=name, shows=Stack(CASE.series[1].key, 4)) for name in ("b", "c", "d"))
    link = Link(members=(LinkedViewport("c", 6.0), LinkedViewport("a"), LinkedViewport("d", -6.0)))
    view = at(replace(first, layout=Layout(2, 2), viewports=(v, *others), link=link), 10)
    moved = at(at(at(view, 11), 13, viewport=2), 9, viewport=3)
    motion = motion_between(view, moved, CASE)
    assert motion == Scrolled("a", 1)
    assert motion is not None
    following = next(iter(going_on(moved, motion, CASE)))
    assert [v.shows.place for v in following.viewports if isinstance(v.shows, Stack)] == [12, 4, 14, 10]
