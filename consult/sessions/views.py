"""Views against the case they show: what may be shown, and what is shown first."""

from __future__ import annotations

from collections.abc import Sequence

from consult.model.catalogue import Case, Series, opens_inverted, suv_window
from consult.model.cine.playing import check_playing
from consult.model.errors import Refused
from consult.model.geometry import Grid, Vec, dot, norm
from consult.model.identifiers import SeriesKey
from consult.model.planes.acts import camera_normal, plane_of
from consult.model.view import MAX_RADIUS_MM, MIN_RADIUS_MM, Camera, Layout, Link, Stack, View, Viewport, Window
from consult.model.words import counted
from consult.sessions.features.view.mosaic import check_mosaic
from consult.sessions.features.view.planes import check_crosshair, check_planes, is_finite

UNIT_TOLERANCE = 1e-3
"""How far a vector's length may be from 1, and the cosine of a right angle from 0."""
MAX_CENTER_MM = 100_000.0
VIEWPORT_IDS = "abcdefghijklmnopqrstuvwxyz"


def check_view(view: View, case: Case) -> None:
    """Let a view pass if this case has what it shows.

    Raises:
        Refused: "bad_layout", and those of `check_viewport`, `check_crosshair` and `check_mosaic`, with a sentence.
    """
    layout, ids = view.layout, [viewport.id for viewport in view.viewports]
    if len(ids) != layout.viewports:
        has = counted(layout.viewports, "viewport")
        raise Refused("bad_layout", f"{_layout_name(layout)} has {has}, not {len(ids)}.")
    if ids != list(VIEWPORT_IDS[: len(ids)]):
        raise Refused("bad_layout", "Viewports are named a, b, ... in reading order.")
    if view.active not in ids:
        raise Refused("bad_layout", "The active viewport is not one of the layout's.")
    if layout.primary and layout.primary not in ids:
        raise Refused("bad_layout", "The primary viewport is not one of the layout's.")
    if view.link is not None:
        _check_link(view.link, ids)
    for viewport in view.viewports:
        check_viewport(viewport, case)
    check_crosshair(view, case)
    check_mosaic(view, case)


def _layout_name(layout: Layout) -> str:
    return f"Layout {layout.rows}x{layout.columns}" + (" with a primary" if layout.primary else "")


def _check_link(link: Link, viewports: Sequence[str]) -> None:
    named = [member.id for member in link.members]
    if not named and len(viewports) != 2:
        raise Refused("bad_layout", f"Of {len(viewports)} viewports the link names those that are linked.")
    if named and (len(viewports) == 2 or len(named) < 2 or len({*named}) < len(named) or not {*named} <= {*viewports}):
        raise Refused("bad_layout", "The link names two or more different viewports of a view of more than two.")
    if not is_finite((link.offset_mm, *link.pan_mm, *(member.offset_mm for member in link.members))):
        raise Refused("bad_layout", "The offset of linked viewports is not a number.")


def check_viewport(viewport: Viewport, case: Case) -> None:
    """Let one viewport pass if this case has what it shows.

    Raises:
        Refused: "unknown_series", "image_out_of_range", "image_missing", "bad_window", "bad_palette", "bad_camera",
            "bad_playing", "bad_mask", "unknown_segmentation", "bad_segmentation",
            "unknown_presentation_state", or those of `check_planes`, with a sentence.
    """
    check_planes(viewport, case)
    series, _ = case.shown_image(viewport.shows, f"Viewport {viewport.id}")
    if series.colour and viewport.window is not None:
        raise Refused("bad_window", f"Viewport {viewport.id}: colour images have no window.")
    if not series.colour and viewport.window is None:
        raise Refused("bad_window", f"Viewport {viewport.id}: a grey image needs a window.")
    if viewport.window is not None and not is_finite((viewport.window.center, viewport.window.width)):
        raise Refused("bad_window", f"Viewport {viewport.id}: the window is not a number.")
    if viewport.window is not None and viewport.window.lut > _luts(viewport, series, case):
        raise Refused("bad_window", f"Viewport {viewport.id}: the series has no VOI LUT {viewport.window.lut}.")
    if series.colour and viewport.palette:
        raise Refused("bad_palette", f"Viewport {viewport.id}: a colour image is shown in no other colours.")
    check_camera(viewport.camera, None if plane_of(viewport.shows) else series.grid, viewport.id)
    check_playing(viewport, case)
    _check_mask(viewport, series)
    _check_segmentations(viewport, case)
    if viewport.presentation_state and case.find_presentation_state(viewport.presentation_state) is None:
        sentence = f"Viewport {viewport.id} shows a presentation state that this case does not have."
        raise Refused("unknown_presentation_state", sentence)


def _check_mask(viewport: Viewport, series: Series) -> None:
    """Its frames are images of the series, each once, in their order."""
    frames = viewport.mask_frames
    if list(frames) != sorted(set(frames)) or any(frame >= series.images for frame in frames):
        which = ", ".join(str(frame + 1) for frame in frames)
        raise Refused("bad_mask", f"Viewport {viewport.id}: {which} are not frames of {series.images} in their order.")


def _check_segmentations(viewport: Viewport, case: Case) -> None:
    """Those of this case pass, each once; one that does not lie over what is shown is kept for what comes."""
    where, keys = f"Viewport {viewport.id}", [shown.key for shown in viewport.segmentations]
    if any(case.find_segmentation(key) is None for key in keys):
        raise Refused("unknown_segmentation", f"{where} shows a segmentation that this case does not have.")
    if len(set(keys)) < len(keys):
        raise Refused("bad_segmentation", f"{where} shows a segmentation twice.")
    if not is_finite(tuple(shown.opacity for shown in viewport.segmentations)):
        raise Refused("bad_segmentation", f"{where}: the opacity of a segmentation is not a number.")


def _luts(viewport: Viewport, series: Series, case: Case) -> int:
    """The last VOI LUT that its windows offer, or its presentation state."""
    state = case.find_presentation_state(viewport.presentation_state)
    of_state = [look.window for look in state.looks if look.series == series.key] if state is not None else []
    windows = [*(named.window for named in series.windows), *filter(None, of_state)]
    return max((window.lut for window in windows), default=0)


def series_under(what: str, case: Case, key: SeriesKey, image: int) -> Series:
    """The series that something lies on, if this case has it and the image.

    Args:
        what: begins the sentence.
        case: on the stage.
        key, image: where it says that it lies.

    Raises:
        Refused: "unknown_series" or "image_out_of_range".
    """
    series = case.find(key)
    if series is None:
        raise Refused("unknown_series", f"{what} lies on a series that this case does not have.")
    if not 0 <= image < series.images:
        raise Refused("image_out_of_range", f"{what} lies on image {image} of {series.images}.")
    return series


def is_near(point: Vec) -> bool:
    """A point that can be in the patient, or on an image: finite, and at most MAX_CENTER_MM away along each axis."""
    return is_finite(point) and max(map(abs, point)) <= MAX_CENTER_MM


def check_camera(camera: Camera, grid: Grid | None, where: str) -> None:
    """Let a camera pass if it looks straight at the planes of a grid, from either side, turned any way.

    Args:
        camera: of a viewport.
        grid: of the images that it shows; None where it shows a plane of its own.
        where: names the viewport.

    Raises:
        Refused: "bad_camera".
    """
    if not is_finite((*camera.center, *camera.right, *camera.down, camera.radius)):
        raise Refused("bad_camera", f"Viewport {where}: the camera is not a number.")
    if max(map(abs, camera.center)) > MAX_CENTER_MM or not MIN_RADIUS_MM <= camera.radius <= MAX_RADIUS_MM:
        raise Refused("bad_camera", f"Viewport {where}: the camera is too far away, or too near.")
    if abs(norm(camera.right) - 1) > UNIT_TOLERANCE or abs(norm(camera.down) - 1) > UNIT_TOLERANCE:
        raise Refused("bad_camera", f"Viewport {where}: the camera's directions are not unit vectors.")
    if abs(dot(camera.right, camera.down)) > UNIT_TOLERANCE:
        raise Refused("bad_camera", f"Viewport {where}: the camera's directions are not perpendicular.")
    if grid is not None and abs(abs(dot(camera_normal(camera), grid.normal)) - 1) > 2 * UNIT_TOLERANCE:
        raise Refused("bad_camera", f"Viewport {where}: the camera does not look straight at the series' images.")


def initial_view(case: Case) -> View:
    """What a case opens with: the main series of its newest study, whole, in its first window.

    Raises:
        Refused: "nothing_to_show".
    """
    series = main_series(case)
    place = first_place(series)
    time = first_time(series, place)
    window = opening_window(series, place, time)
    if window is None and not series.colour:
        raise Refused("nothing_to_show", f"The first series of case {case.id} has no window.")
    viewport = Viewport(
        id="a",
        shows=Stack(series.key, place, time),
        camera=fitted_camera(series.grid, place),
        window=None if series.colour else window,
        invert=opens_inverted(series),
    )
    return View(layout=Layout(1, 1), viewports=(viewport,), active="a")


def main_series(case: Case) -> Series:
    """Hanging: images before documents; of the newest study that has them, CT first, then stacks in patient space, then
    the most images.

    Raises:
        Refused: "nothing_to_show".
    """
    order = {study.key: place for place, study in enumerate(case.studies)}
    shown = [series for series in case.series if series.images > 0]
    if not shown:
        raise Refused("nothing_to_show", f"Case {case.id} has no images.")

    def rank(series: Series) -> tuple[bool, int, bool, bool, int]:
        newest = order.get(series.study, len(order))
        return bool(series.document), newest, series.modality != "CT", series.grid.space != "patient", -series.images

    return min(shown, key=rank)


def first_place(series: Series) -> int:
    """Where a series opens: in the middle of what lies in the patient; a clip, and other pictures, with the first."""
    return series.places // 2 if series.grid.space == "patient" else 0


def opening_window(series: Series, place: int, time: int) -> Window | None:
    """The window that an image opens with."""
    image = series.image(place, time)
    return window_for(series, image is not None and any(first <= image <= last for first, last in series.subtracted))


def window_for(series: Series, subtracted: bool) -> Window | None:
    """PET's 0 to 5 SUV, the series' own choice, else the first window that is for the image: with its mask subtracted,
    values lie elsewhere."""
    if (by_suv := suv_window(series)) is not None:
        return by_suv
    if series.opening is not None and not subtracted:
        return series.opening
    fit = [named.window for named in series.windows if named.subtracted == subtracted]
    return next(iter(fit or [named.window for named in series.windows]), None)


def first_time(series: Series, place: int) -> int:
    """The first time at which there is an image at a place."""
    return next(time for time in range(series.times) if series.image(place, time) is not None)


def fitted_camera(grid: Grid, place: int) -> Camera:
    """The camera that shows a whole image upright on a screen of any shape: half the longer side is its radius."""
    longer = max(grid.rows * grid.row_spacing, grid.columns * grid.column_spacing)
    radius = min(max(longer / 2, MIN_RADIUS_MM), MAX_RADIUS_MM)
    return Camera(grid.centre(place), radius, grid.right, grid.down)
