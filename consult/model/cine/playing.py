"""Views that play: each viewport shows what is due by the server's clock. Pure: the clock's time comes in.

Rules of this file:
- A viewport that plays keeps its camera and window as a wheel would: a tilted stack stays where it is on the screen,
  and the window goes with the mask that is subtracted.
- What it is linked with comes along, unless it plays itself.
"""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from consult.model.catalogue import Case, Series
from consult.model.cine.frames import Cine, cine_of
from consult.model.errors import Refused
from consult.model.geometry import Grid, add, dot, scale, subtract
from consult.model.planes.turning import TURNS, turn_of, turned_to
from consult.model.planes.volume import volume_geometry
from consult.model.view import Camera, Fusion, Plane, Playing, Shown, Stack, View, Viewport, Window, shown_base

OpeningWindow = Callable[[Series, bool], Window | None]
"""The window that an image of a series opens with, as it was acquired or with its mask subtracted."""
SHIFT_MM = 1e-6
"""A camera that would move by less stays where it is."""


def begun(view: View, before: View | None, case: Case, wall: float) -> View:
    """The view with the server's clock put in where it begins to play.

    Args:
        view: what somebody wants to be shown.
        before: what was shown until now: what plays there already goes on.
        case: that the view was let pass for.
        wall: seconds since 1970.
    """

    def begin(viewport: Viewport) -> Viewport:
        playing, cine = viewport.playing, _cine(viewport, case)
        if playing is None or cine is None or playing.since > 0:
            return viewport
        now = before and next((v for v in before.viewports if v.id == viewport.id), None)
        if now and now.playing and replace(now.playing, since=0.0) == playing and _is_same(now.shows, viewport.shows):
            return replace(viewport, playing=now.playing)
        since = cine.since(_index(viewport, playing), playing.rate, wall)
        return replace(viewport, playing=replace(playing, since=since))

    return replace(view, viewports=tuple(map(begin, view.viewports)))


def due(view: View, case: Case, wall: float, opening: OpeningWindow) -> View:
    """The view with what is due now in all viewports that play; itself where that is shown already."""
    found = view
    for viewport in view.viewports:
        playing, cine = viewport.playing, _cine(viewport, case)
        if playing is not None and cine is not None:
            found = _show(found, viewport, case, cine.at(playing, wall), opening)
    return found


def next_at(view: View, case: Case, wall: float) -> float | None:
    """When something else is due, where the view is as it was due at `wall`; None where nothing plays."""
    found = [(v.playing, _cine(v, case)) for v in view.viewports if v.playing is not None]
    times = [cine.next_at(playing, wall) for playing, cine in found if cine is not None]
    return min(times, default=None)


def check_playing(viewport: Viewport, case: Case) -> None:
    """Let pass what plays if there is something to play. Raises Refused: "bad_playing", with a sentence."""
    playing, where = viewport.playing, f"Viewport {viewport.id}"
    if playing is None:
        return
    base, series = shown_base(viewport.shows), case.shown_image(viewport.shows)[0]
    if playing.along == "place" and not isinstance(base, Stack):
        raise Refused("bad_playing", f"{where}: planes play through time alone, not through places.")
    if playing.along == "turn" and not (isinstance(base, Plane) and base.whole):
        raise Refused("bad_playing", f"{where}: only a whole volume turns.")
    count = {"place": series.places, "time": series.times, "turn": TURNS}[playing.along]
    if not playing.first < playing.last < count:
        part = f"{playing.along}s {playing.first} to {playing.last} of {count}"
        raise Refused("bad_playing", f"{where}: there is nothing to play in {part}.")
    if cine_of(series, viewport.shows, playing) is None:
        raise Refused("bad_playing", f"{where}: there are no two images to play here.")


def stopped(view: View) -> View:
    """The view standing still, as it is kept."""
    return replace(view, viewports=tuple(replace(viewport, playing=None) for viewport in view.viewports))


def _cine(viewport: Viewport, case: Case) -> Cine | None:
    if viewport.playing is None:
        return None
    base = shown_base(viewport.shows)
    series = case.find(base.series if isinstance(base, Stack) else base.volume.series)
    return None if series is None else cine_of(series, viewport.shows, viewport.playing)


def _index(viewport: Viewport, playing: Playing) -> int:
    base = shown_base(viewport.shows)
    if playing.along == "turn":
        return turn_of(viewport.camera)
    if isinstance(base, Plane):
        return base.volume.time
    return base.place if playing.along == "place" else base.time


def _at(shows: Shown, playing: Playing, index: int) -> Shown:
    """The same at another place or time."""
    match shows:
        case Fusion(base=base):
            moved = _at(base, playing, index)
            return shows if isinstance(moved, Fusion) else replace(shows, base=moved)
        case Plane(volume=volume):
            return replace(shows, volume=replace(volume, time=index))
        case Stack() if playing.along == "place":
            return replace(shows, place=index)
        case Stack():
            return replace(shows, time=index)


def _is_same(one: Shown, other: Shown) -> bool:
    """Whether the same passes: of one series, at one place where times pass, at one time where places do."""
    a, b = shown_base(one), shown_base(other)
    if isinstance(a, Stack) and isinstance(b, Stack):
        return a.series == b.series
    return isinstance(a, Plane) and isinstance(b, Plane) and a.volume.series == b.volume.series


def _show(view: View, viewport: Viewport, case: Case, index: int, opening: OpeningWindow) -> View:
    """The view with another image in one viewport."""
    playing = viewport.playing
    if playing is None or _index(viewport, playing) == index:
        return view
    if playing.along == "turn":
        moved = _turned(viewport, case, index)
    else:
        moved = _moved(viewport, case, _at(viewport.shows, playing, index), opening)
    found = replace(view, viewports=tuple(moved if v.id == viewport.id else v for v in view.viewports))
    return _linked(found, viewport.id, case, opening) if view.link is not None else found


def _turned(viewport: Viewport, case: Case, turn: int) -> Viewport:
    base = shown_base(viewport.shows)
    if not isinstance(base, Plane):
        return viewport
    middle = volume_geometry(case.shown_image(base)[0], base.volume.time).middle
    return replace(viewport, camera=turned_to(viewport.camera, middle, turn))


def _moved(viewport: Viewport, case: Case, shows: Shown, opening: OpeningWindow) -> Viewport:
    base, before = shown_base(shows), shown_base(viewport.shows)
    series = case.shown_image(shows)[0]
    if not isinstance(base, Stack) or not isinstance(before, Stack):
        return replace(viewport, shows=shows)
    camera = _carried(viewport.camera, series.grid, before.place, base.place)
    there, here = _is_subtracted(series, base, viewport), _is_subtracted(series, before, viewport)
    window = viewport.window if there == here else opening(series, there)
    return replace(viewport, shows=shows, camera=camera, window=window)


def _is_subtracted(series: Series, shows: Stack, viewport: Viewport) -> bool:
    image = series.image(shows.place, shows.time)
    runs = () if "mask" in viewport.without else series.subtracted
    return image is not None and any(first <= image <= last for first, last in runs)


def _carried(camera: Camera, grid: Grid, place: int, to: int) -> Camera:
    """The camera at another place: a stack whose images are shifted against each other stays where it is on the screen
    (`carried` in web/js/core/view/camera.js)."""
    moved = subtract(grid.positions[to], grid.positions[place])
    across = subtract(moved, scale(grid.normal, dot(moved, grid.normal)))
    if max(map(abs, across)) < SHIFT_MM:
        return camera
    return replace(camera, center=add(camera.center, across))


def _linked(view: View, leader: str, case: Case, opening: OpeningWindow) -> View:
    """The other linked viewports at the same anatomy."""
    ahead = view.viewport(leader).shows
    offsets = {} if view.link is None else view.link.offsets([viewport.id for viewport in view.viewports])
    if leader not in offsets or not isinstance(ahead, Stack):
        return view
    at = case.shown_image(ahead)[0].grid.location(ahead.place) - offsets.pop(leader)

    def along(viewport: Viewport) -> Viewport:
        shows, offset = viewport.shows, offsets.get(viewport.id)
        if offset is None or viewport.playing is not None or not isinstance(shows, Stack):
            return viewport
        series = case.shown_image(shows)[0]
        place = series.grid.nearest(at + offset)
        if place == shows.place or series.image(place, shows.time) is None:
            return viewport
        return _moved(viewport, case, replace(shows, place=place), opening)

    return replace(view, viewports=tuple(map(along, view.viewports)))
