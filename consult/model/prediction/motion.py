"""How one view became the next, and the views that come of going on like that.

A motion is found by what changed; going on does what the page does with the same wheel, bit by bit, since a still is
named by every number of its view: `carried` and `_followed` are twins of web/js/core/view/camera.js and link.js.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from msgspec.structs import replace

from consult.model.catalogue import Case, Series
from consult.model.errors import Refused
from consult.model.geometry import Grid, Vec, add, cross, dot, scale, subtract
from consult.model.planes.acts import camera_normal, plane_of, scroll_plane
from consult.model.view import Camera, Stack, View, Viewport, shown_series

STILL_MM = 1e-6
"""A centre that moves by less stays where it is, as in the page."""
LAYERS = (1, -1, 2, -2, 3, -3, 5, -5)
"""Steps by which planes are scrolled at once; 5 with Shift."""
NEAR_MM = 1e-6


@dataclass(frozen=True)
class Scrolled:
    """A stack by so many places, or times."""

    viewport: str
    places: int
    times: int = 0


@dataclass(frozen=True)
class Layered:
    """A plane by so many layers of voxels along its normal."""

    viewport: str
    steps: int


@dataclass(frozen=True)
class Windowed:
    """The window by so much."""

    viewport: str
    center: float
    width: float


Motion = Scrolled | Layered | Windowed


def motion_between(before: View, after: View, case: Case) -> Motion | None:
    """What the hand did; None where it did something else: jumped to another series, panned, zoomed, nothing."""
    changed = [pair for pair in _pairs(before, after) if pair[0] != pair[1]]
    if not changed or before.layout != after.layout:
        return None
    changed.sort(key=lambda pair: pair[1].id != after.active)
    for one, other in changed:
        if isinstance(one.shows, Stack) and isinstance(other.shows, Stack):
            found = _of_stack(one, other, one.shows, other.shows)
        else:
            found = _of_plane(before, after, other, case)
        if found is not None:
            return found
    return None


def going_on(view: View, motion: Motion, case: Case) -> Iterator[View]:
    """The views that come of the same motion, once more each; until the end of what is shown."""
    while (following := _once_more(view, motion, case)) is not None:
        yield following
        view = following


def reversed_motion(motion: Motion) -> Motion:
    """The same, back."""
    match motion:
        case Scrolled(viewport, places, times):
            return Scrolled(viewport, -places, -times)
        case Layered(viewport, steps):
            return Layered(viewport, -steps)
        case Windowed(viewport, center, width):
            return Windowed(viewport, -center, -width)


def _pairs(before: View, after: View) -> Iterator[tuple[Viewport, Viewport]]:
    """Viewports that show the same series in both."""
    for one, other in zip(before.viewports, after.viewports, strict=False):
        if one.id == other.id and shown_series(one.shows) == shown_series(other.shows):
            yield one, other


def _of_stack(one: Viewport, other: Viewport, before: Stack, after: Stack) -> Motion | None:
    if before != after:
        return Scrolled(other.id, after.place - before.place, after.time - before.time)
    return _of_window(one, other)


def _of_window(one: Viewport, other: Viewport) -> Motion | None:
    if one.window is None or other.window is None or one.window == other.window or one.window.lut != other.window.lut:
        return None
    return Windowed(other.id, other.window.center - one.window.center, other.window.width - one.window.width)


def _of_plane(before: View, after: View, viewport: Viewport, case: Case) -> Motion | None:
    if plane_of(viewport.shows) is None:
        return None
    if before.crosshair is not None and after.crosshair is not None and before.crosshair != after.crosshair:
        moved_by = subtract(after.crosshair.point, before.crosshair.point)
        for identifier in dict.fromkeys((after.active, *(v.id for v in after.viewports))):
            along = _along_normal(before, identifier, moved_by)
            for steps in (steps for steps in LAYERS if along is not None and steps * along > 0):
                moved = _scrolled_plane(before, case, identifier, steps)
                if moved is not None and moved.crosshair is not None and _near(moved, after):
                    return Layered(identifier, steps)
        return None
    return _of_window(before.viewport(viewport.id), viewport)


def _near(a: View, b: View) -> bool:
    one, other = a.crosshair, b.crosshair
    assert one is not None  # asked for planes that have one
    assert other is not None
    apart = subtract(one.point, other.point)
    return dot(apart, apart) < NEAR_MM**2 and (one.right, one.down) == (other.right, other.down)


def _along_normal(view: View, identifier: str, moved_by: Vec) -> float | None:
    """How far that is along a viewport's normal, mm; None where it leads beside it, as where the point is dragged: then
    no plane is scrolled for nothing (a drag asks with each change)."""
    if all(viewport.id != identifier for viewport in view.viewports):
        return None
    normal = camera_normal(view.viewport(identifier).camera)
    along = dot(moved_by, normal)
    beside = subtract(moved_by, scale(normal, along))
    return along if dot(beside, beside) < NEAR_MM**2 else None


def _scrolled_plane(view: View, case: Case, identifier: str, steps: int) -> View | None:
    try:
        moved = scroll_plane(view, case, identifier, steps)
    except Refused:
        return None
    return moved if moved != view else None


def _once_more(view: View, motion: Motion, case: Case) -> View | None:
    if not any(viewport.id == motion.viewport for viewport in view.viewports):
        return None
    match motion:
        case Scrolled():
            return _scrolled(view, motion, case)
        case Layered(viewport, steps):
            return _scrolled_plane(view, case, viewport, steps)
        case Windowed():
            return _windowed(view, motion)


def _windowed(view: View, motion: Windowed) -> View | None:
    before = view.viewport(motion.viewport).window
    if before is None or before.width + motion.width < 1:
        return None
    window = replace(before, center=before.center + motion.center, width=before.width + motion.width)
    alike = {
        v.id for v in view.viewports if v.window == before and _volumes(v) == _volumes(view.viewport(motion.viewport))
    }
    linked = view.link is not None
    viewports = tuple(
        replace(v, window=window) if v.id in alike or (linked and v.window == before) else v for v in view.viewports
    )
    return replace(view, viewports=viewports)


def _volumes(viewport: Viewport) -> object:
    plane = plane_of(viewport.shows)
    return plane.volume if plane is not None else viewport.id


def _scrolled(view: View, motion: Scrolled, case: Case) -> View | None:
    viewport = view.viewport(motion.viewport)
    series = case.find(shown_series(viewport.shows)[0])
    if series is None or not isinstance(viewport.shows, Stack):
        return None
    shows = _at(series, viewport.shows, viewport.shows.place + motion.places, viewport.shows.time + motion.times)
    if shows is None:
        return None
    moved = replace(
        viewport, shows=shows, camera=carried(viewport.camera, series.grid, viewport.shows.place, shows.place)
    )
    following = replace(view, viewports=tuple(moved if v.id == moved.id else v for v in view.viewports))
    return _followed(view, following, motion.viewport, case) if view.link is not None else following


def _at(series: Series, shows: Stack, place: int, time: int) -> Stack | None:
    """There, or at the end; None where that is here, or where there is no image."""
    place, time = min(max(place, 0), series.places - 1), min(max(time, 0), series.times - 1)
    if (place, time) == (shows.place, shows.time) or series.image(place, time) is None:
        return None
    return replace(shows, place=place, time=time)


def carried(camera: Camera, grid: Grid, before: int, after: int) -> Camera:
    """The camera at another place of the same stack: its images stay where they are on the screen."""
    moved = subtract(grid.positions[after], grid.positions[before])
    normal = cross(grid.right, grid.down)
    across = subtract(moved, scale(normal, dot(moved, normal)))
    return camera if math.hypot(*across) < STILL_MM else replace(camera, center=add(camera.center, across))


@dataclass(frozen=True)
class _Linked:
    """A viewport that is linked and shows an image; `offset`: of slice locations, as the link says it, mm."""

    viewport: Viewport
    shows: Stack
    series: Series
    offset: float


def _followed(before: View, view: View, changed: str, case: Case) -> View:
    """The other linked viewports brought along; each as it is where it shows no image."""
    members = list(_linked(view, case))
    leader = next((one for one in members if one.viewport.id == changed), None)
    if leader is None:
        return view
    at = leader.series.grid.location(leader.shows.place) - leader.offset
    center, normal = before.viewport(changed).camera.center, members[0].series.grid.normal

    def along(one: _Linked) -> Viewport:
        shows = _at(one.series, one.shows, one.series.grid.nearest(at + one.offset), one.shows.time) or one.shows
        apart = subtract(before.viewport(one.viewport.id).camera.center, center)
        shift = subtract(apart, scale(normal, dot(apart, normal)))
        ahead = leader.viewport.camera
        return replace(one.viewport, shows=shows, camera=replace(ahead, center=add(ahead.center, shift)))

    moved = {one.viewport.id: along(one) for one in members if one is not leader}
    return replace(view, viewports=tuple(moved.get(v.id, v) for v in view.viewports))


def _linked(view: View, case: Case) -> Iterator[_Linked]:
    offsets = {} if view.link is None else view.link.offsets([viewport.id for viewport in view.viewports])
    for identifier, offset in offsets.items():
        viewport = view.viewport(identifier)
        series = case.find(shown_series(viewport.shows)[0])
        if series is not None and isinstance(viewport.shows, Stack):
            yield _Linked(viewport, viewport.shows, series, offset)
