"""Acts on planes: each takes a view and gives the view that somebody wants instead. docs/planes.md numbers the rules.

Rules of this file:
- The state is the crosshair: one point, and the axes of three planes. Cameras follow from it; no act lets them drift.
- A plane is linked where it lies in the crosshair's frame of reference. Linked planes go through the point.
- A linked plane is perpendicular to one axis of the crosshair, whatever is turned, unless it is tilted: then its
  directions are its own, and it only goes through the point.
- What is turned or flipped within a plane stays as it is: an act changes no more than it must.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from msgspec.structs import replace

from consult.model.catalogue import Case, Series
from consult.model.errors import Refused
from consult.model.geometry import Vec, add, cross, dot, norm, scale, subtract
from consult.model.identifiers import SeriesKey
from consult.model.planes.volume import VolumeGeometry, volume_geometry
from consult.model.view import (
    MAX_COLUMNS,
    MAX_RADIUS_MM,
    MAX_ROWS,
    MAX_SLAB_MM,
    MIN_RADIUS_MM,
    Camera,
    Crosshair,
    Fusion,
    Layout,
    Plane,
    PlaneName,
    Projection,
    Shown,
    View,
    Viewport,
    Volume,
    Window,
    shown_base,
)

NAMES: tuple[PlaneName, ...] = ("axial", "sagittal", "coronal")
VIEWPORT_IDS = "abcdefghijklmnopqrstuvwxyz"


def axis(crosshair: Crosshair, name: PlaneName) -> Vec:
    """The normal of one of its planes."""
    match name:
        case "axial":
            return cross(crosshair.right, crosshair.down)
        case "sagittal":
            return crosshair.right
        case "coronal":
            return crosshair.down


def directions(crosshair: Crosshair, name: PlaneName) -> tuple[Vec, Vec]:
    """(right, down) of a plane that nobody has turned: as it is read, with the head or the front above."""
    feet = scale(axis(crosshair, "axial"), -1.0)
    match name:
        case "axial":
            return crosshair.right, crosshair.down
        case "sagittal":
            return crosshair.down, feet
        case "coronal":
            return crosshair.right, feet


def plane_of(shows: Shown) -> Plane | None:
    """The plane that is shown, below a fusion too."""
    base = shown_base(shows)
    return base if isinstance(base, Plane) else None


def with_plane(shows: Shown, plane: Plane) -> Shown:
    """The same of another plane."""
    return replace(shows, base=plane) if isinstance(shows, Fusion) else plane


def is_linked(viewport: Viewport, crosshair: Crosshair, case: Case) -> bool:
    """Whether its plane goes through the crosshair's point."""
    plane = plane_of(viewport.shows)
    return plane is not None and not plane.whole and same_space(case, plane.volume.series, crosshair.series)


def same_space(case: Case, one: SeriesKey, other: SeriesKey) -> bool:
    """Whether a point of one series is the same place in the other: one frame of reference."""
    if one == other:
        return True
    a, b = case.find(one), case.find(other)
    return (
        a is not None and b is not None and bool(a.frame_of_reference) and a.frame_of_reference == b.frame_of_reference
    )


def in_reach(view: View, crosshair: Crosshair, case: Case, point: Vec) -> bool:
    """Whether a volume that is linked, or the crosshair's own, holds the point."""
    planes = [plane_of(v.shows) for v in view.viewports if is_linked(v, crosshair, case)]
    volumes = {(plane.volume.series, plane.volume.time) for plane in planes if plane is not None}
    found = [(case.find(key), time) for key, time in volumes]
    if any(series is not None and volume_geometry(series, time).holds(point) for series, time in found):
        return True
    own = case.find(crosshair.series)
    return own is not None and volume_geometry(own).holds(point)


def open_planes(case: Case, key: SeriesKey, *, time: int = 0, window: Window | None = None) -> View:
    """Axial, sagittal and coronal planes beside each other, through the middle of a series.

    Raises:
        Refused: "unknown_series", "no_planes".
    """
    series = case.find(key)
    if series is None:
        raise Refused("unknown_series", "The view shows a series that this case does not have.")
    crosshair = Crosshair(key, volume_geometry(series, time).middle)
    shown = window or next((named.window for named in series.windows), Window(0.5, 1.0))
    first = Plane(Volume(key, time), "axial")
    blank = Camera(crosshair.point, MIN_RADIUS_MM, crosshair.right, crosshair.down)
    seed = Viewport("a", first, blank, shown, invert=series.modality == "PT")
    viewports = tuple(
        _plane_viewport(seed, identifier, name, crosshair, series)
        for identifier, name in zip("abc", NAMES, strict=True)
    )
    return View(Layout(1, 3), viewports, "a", crosshair=crosshair)


def move_point(view: View, case: Case, point: Vec) -> View:
    """The crosshair to a point, or to the edge of its volume. No picture is panned."""
    crosshair = _crosshair(view)
    if not in_reach(view, crosshair, case, point):
        own = case.find(crosshair.series)
        point = volume_geometry(own).clamped(point) if own is not None else crosshair.point
    moved = replace(crosshair, point=point)
    return _linked(replace(view, crosshair=moved), case, lambda viewport, plane: _through(viewport, moved))


def scroll_plane(view: View, case: Case, identifier: str, steps: float) -> View:
    """The point along a plane's normal, by so many layers of voxels: all linked planes show it."""
    crosshair, viewport = _crosshair(view), view.viewport(identifier)
    plane = plane_of(viewport.shows)
    series = case.find(plane.volume.series) if plane is not None else None
    if plane is None or series is None:
        return view
    normal = camera_normal(viewport.camera)
    distance = steps * volume_geometry(series, plane.volume.time).layer_mm(normal)
    return move_point(view, case, add(crosshair.point, scale(normal, distance)))


def turn_planes(view: View, case: Case, identifier: str, degrees: float) -> View:
    """The other planes about this one's normal, through the point: they stay perpendicular to it and each other."""
    before, viewport = _crosshair(view), view.viewport(identifier)
    about = plane_of(viewport.shows)
    if about is None or about.tilted or not is_linked(viewport, before, case):
        return view
    turn = rotation(axis(before, about.name), degrees)
    after = _orthonormal(replace(before, right=turn(before.right), down=turn(before.down)))

    def turned(viewport: Viewport, plane: Plane) -> Viewport:
        if plane.tilted:
            return viewport
        camera = viewport.camera
        if plane.name != about.name:
            centre = add(after.point, turn(subtract(camera.center, after.point)))
            camera = replace(camera, center=centre, right=turn(camera.right), down=turn(camera.down))
        return _through(replace(viewport, camera=_facing(camera, axis(after, plane.name))), after)

    return _linked(replace(view, crosshair=after), case, turned)


def tilt_plane(view: View, case: Case, identifier: str, degrees: tuple[float, float]) -> View:
    """One plane about its own screen axes (right, then down), through the point; the others stay."""
    crosshair, viewport = _crosshair(view), view.viewport(identifier)
    plane = plane_of(viewport.shows)
    if plane is None or not is_linked(viewport, crosshair, case):
        return view
    camera = viewport.camera
    for direction, angle in ((camera.right, degrees[0]), (camera.down, degrees[1])):
        turn = rotation(direction, angle)
        centre = add(crosshair.point, turn(subtract(camera.center, crosshair.point)))
        camera = replace(camera, center=centre, right=turn(camera.right), down=turn(camera.down))
    shows = with_plane(viewport.shows, replace(plane, tilted=True))
    facing = _facing(camera, camera_normal(camera))
    return _with(view, _through(replace(viewport, shows=shows, camera=facing), crosshair))


def straighten_plane(view: View, case: Case, identifier: str) -> View:
    """A tilted plane perpendicular to its axis again, as it is read."""
    crosshair, viewport = _crosshair(view), view.viewport(identifier)
    plane = plane_of(viewport.shows)
    if plane is None or not is_linked(viewport, crosshair, case):
        return view
    right, down = directions(crosshair, plane.name)
    shows = with_plane(viewport.shows, replace(plane, tilted=False))
    camera = replace(viewport.camera, center=crosshair.point, right=right, down=down)
    return _with(view, replace(viewport, shows=shows, camera=camera))


def set_slab(view: View, identifier: str, slab_mm: float, projection: Projection) -> View:
    """How thick a plane is, and what it shows of that."""
    viewport = view.viewport(identifier)
    plane = plane_of(viewport.shows)
    if plane is None or plane.whole:
        return view
    thick = replace(plane, slab_mm=min(max(slab_mm, 0.0), MAX_SLAB_MM), projection=projection)
    return _with(view, replace(viewport, shows=with_plane(viewport.shows, thick)))


def spin_plane(view: View, identifier: str, degrees: float) -> View:
    """A picture within its own plane, about its middle."""
    viewport = view.viewport(identifier)
    turn = rotation(camera_normal(viewport.camera), degrees)
    camera = replace(viewport.camera, right=turn(viewport.camera.right), down=turn(viewport.camera.down))
    return _with(view, replace(viewport, camera=_facing(camera, camera_normal(viewport.camera))))


def one_up(view: View, identifier: str) -> View:
    """One viewport alone. The crosshair stays as it is, so that the others come back as they were turned."""
    alone = replace(view.viewport(identifier), id="a")
    return replace(view, layout=Layout(1, 1), viewports=(alone,), active="a", link=None)


def lay_out(view: View, case: Case, rows: int, columns: int) -> View:
    """A grid of so many viewports: those that there are, then the planes of the crosshair that are not shown yet."""
    layout = Layout(min(max(rows, 1), MAX_ROWS), min(max(columns, 1), MAX_COLUMNS))
    shown = list(view.viewports[: layout.viewports])
    while len(shown) < layout.viewports:
        shown.append(_next(view, case, shown))
    named = tuple(replace(viewport, id=VIEWPORT_IDS[i]) for i, viewport in enumerate(shown))
    active = view.active if any(viewport.id == view.active for viewport in named) else "a"
    return replace(view, layout=layout, viewports=named, active=active, link=None)


def camera_normal(camera: Camera) -> Vec:
    """Away from who looks at the screen."""
    return cross(camera.right, camera.down)


def rotation(about: Vec, degrees: float) -> Callable[[Vec], Vec]:
    """Turns vectors about a unit vector (Rodrigues)."""
    c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))

    def turn(v: Vec) -> Vec:
        along = scale(about, dot(about, v) * (1 - c))
        return add(add(scale(v, c), scale(cross(about, v), s)), along)

    return turn


def extent(geometry: VolumeGeometry, side: Vec) -> float:
    """How long a volume is along a direction, mm."""
    steps = zip((geometry.through, geometry.along, geometry.across), geometry.shape, strict=True)
    return sum(abs(dot(step, side)) * count for step, count in steps)


def _next(view: View, case: Case, shown: list[Viewport]) -> Viewport:
    """What a further cell shows."""
    model = next((v for v in reversed(shown) if plane_of(v.shows) is not None), None)
    crosshair = view.crosshair
    if model is None or crosshair is None or not is_linked(model, crosshair, case):
        return shown[-1]
    plane = plane_of(model.shows)
    names = [other.name for v in shown if (other := plane_of(v.shows)) is not None]
    name = next((name for name in NAMES if name not in names), NAMES[len(shown) % 3])
    series = case.find(plane.volume.series) if plane is not None else None
    if series is None:
        return shown[-1]
    return _plane_viewport(model, model.id, name, crosshair, series)


def _plane_viewport(
    model: Viewport, identifier: str, name: PlaneName, crosshair: Crosshair, series: Series
) -> Viewport:
    """A whole plane through the point, shown as the model is."""
    plane = plane_of(model.shows)
    if plane is None:
        raise ValueError("the model shows no plane")
    right, down = directions(crosshair, name)
    geometry = volume_geometry(series, plane.volume.time)
    reach = max(extent(geometry, side) for side in (right, down))
    radius = min(max(reach / 2, MIN_RADIUS_MM), MAX_RADIUS_MM)
    straight = replace(plane, name=name, tilted=False)
    camera = Camera(geometry.middle, radius, right, down)
    made = replace(model, id=identifier, shows=with_plane(model.shows, straight), camera=camera)
    return _through(made, crosshair)


def _through(viewport: Viewport, crosshair: Crosshair) -> Viewport:
    """The same picture in the plane through the point."""
    camera = viewport.camera
    normal = camera_normal(camera)
    off = dot(subtract(crosshair.point, camera.center), normal)
    return replace(viewport, camera=replace(camera, center=add(camera.center, scale(normal, off))))


def _facing(camera: Camera, normal: Vec) -> Camera:
    """The camera made exactly perpendicular to a normal, from the side that it looks from already."""
    towards = normal if dot(camera_normal(camera), normal) >= 0 else scale(normal, -1.0)
    towards = scale(towards, 1 / norm(towards))
    right = subtract(camera.right, scale(towards, dot(camera.right, towards)))
    right = scale(right, 1 / norm(right))
    return replace(camera, right=right, down=cross(towards, right))


def _orthonormal(crosshair: Crosshair) -> Crosshair:
    right = scale(crosshair.right, 1 / norm(crosshair.right))
    down = subtract(crosshair.down, scale(right, dot(right, crosshair.down)))
    return replace(crosshair, right=right, down=scale(down, 1 / norm(down)))


def _crosshair(view: View) -> Crosshair:
    if view.crosshair is None:
        raise Refused("no_planes", "There are no planes on the stage.")
    return view.crosshair


def _linked(view: View, case: Case, change: Callable[[Viewport, Plane], Viewport]) -> View:
    """The view with all linked planes changed."""
    crosshair = _crosshair(view)

    def changed(viewport: Viewport) -> Viewport:
        plane = plane_of(viewport.shows)
        return viewport if plane is None or not is_linked(viewport, crosshair, case) else change(viewport, plane)

    return replace(view, viewports=tuple(map(changed, view.viewports)))


def _with(view: View, viewport: Viewport) -> View:
    return replace(view, viewports=tuple(viewport if v.id == viewport.id else v for v in view.viewports))
