"""Planes and fusions against the case they show (docs/planes.md). Each refusal says why in a sentence."""

from __future__ import annotations

import math

from consult.model.catalogue import Case, Series
from consult.model.errors import Refused
from consult.model.geometry import Vec, cross, dot, norm, subtract
from consult.model.planes.acts import axis, camera_normal, in_reach, is_linked, plane_of, same_space
from consult.model.planes.volume import volume_geometry, why_no_planes
from consult.model.view import Alignment, Camera, Crosshair, Fusion, Plane, Stack, View, Viewport, Volume

PERPENDICULAR = 1e-6
"""Of directions: how far a length may be from 1, and the cosine of a right angle from 0."""
ON_PLANE_MM = 1e-3
"""How far a linked plane may pass by the crosshair's point."""
MAX_SHIFT_MM = 2_000.0
MAX_TURN_DEG = 360.0
MAX_LAYERS = 1_000
"""Layers of voxels in a slab, each of which is read for each pixel: 50 mm at 0.05 mm."""


def check_crosshair(view: View, case: Case) -> None:
    """Let the crosshair pass if its axes are perpendicular and its point can be reached, and all planes that it links.

    Raises:
        Refused: "bad_crosshair", "no_planes" or "bad_plane", with a sentence.
    """
    crosshair = view.crosshair
    if crosshair is None:
        if any(plane_of(viewport.shows) is not None for viewport in view.viewports):
            raise Refused("bad_crosshair", "Planes need a crosshair.")
        return
    if case.find(crosshair.series) is None:
        raise Refused("unknown_series", "The crosshair lies in a series that this case does not have.")
    if not is_turn(crosshair.right, crosshair.down):
        raise Refused("bad_crosshair", "The crosshair's axes are not perpendicular unit vectors.")
    if not is_finite(crosshair.point) or not in_reach(view, crosshair, case, crosshair.point):
        raise Refused("bad_crosshair", "The crosshair lies outside of what is shown.")
    for viewport in view.viewports:
        _check_linked(viewport, crosshair, case)


def check_planes(viewport: Viewport, case: Case) -> None:
    """Let a plane or a fusion pass if this case has its volumes, and one lies over the other.

    Raises:
        Refused: "unknown_series", "image_out_of_range", "no_planes", "bad_plane", "bad_slab", "bad_fusion" or
            "not_aligned".
    """
    shows, where = viewport.shows, f"Viewport {viewport.id}"
    if (plane := plane_of(shows)) is not None:
        series = check_volume(plane.volume, case, where)
        if not is_turn(viewport.camera.right, viewport.camera.down):
            raise Refused("bad_plane", f"{where}: the plane's directions are not perpendicular unit vectors.")
        if plane.whole and (plane.projection == "mean" or isinstance(shows, Fusion)):
            raise Refused("bad_plane", f"{where}: a whole volume is shown by its maximum or minimum, alone.")
        if plane.preset and not plane.whole:
            raise Refused("bad_plane", f"{where}: a whole volume is rendered, not a plane of it.")
        if not is_finite((plane.slab_mm,)):
            raise Refused("bad_plane", f"{where}: the slab's thickness is not a number.")
        _check_slab(plane, series, viewport.camera)
    if isinstance(shows, Fusion):
        _check_fusion(shows, case, where)


def _check_slab(plane: Plane, series: Series, camera: Camera) -> None:
    most = MAX_LAYERS * volume_geometry(series, plane.volume.time).layer_mm(camera_normal(camera))
    if plane.slab_mm > most:
        raise Refused("bad_slab", f"Voxels lie so close here that a slab has {most:.3g} mm at most. Make it thinner.")


def check_volume(volume: Volume, case: Case, where: str) -> Series:
    """The series of a volume, if it is one. Raises Refused: "unknown_series", "image_out_of_range", "no_planes"."""
    series, _ = case.shown_image(Plane(volume, "axial"), where)
    if sentence := why_no_planes(series, volume.time):
        raise Refused("no_planes", sentence)
    return series


def is_turn(right: Vec, down: Vec) -> bool:
    """Whether two directions are finite, perpendicular and of length 1."""
    if not is_finite((*right, *down)):
        return False
    lengths = abs(norm(right) - 1), abs(norm(down) - 1)
    return max(*lengths, abs(dot(right, down))) <= PERPENDICULAR


def is_finite(numbers: tuple[float, ...]) -> bool:
    """Whether all are numbers."""
    return all(map(math.isfinite, numbers))


def _check_linked(viewport: Viewport, crosshair: Crosshair, case: Case) -> None:
    plane, camera, where = plane_of(viewport.shows), viewport.camera, f"Viewport {viewport.id}"
    if plane is None or not is_linked(viewport, crosshair, case):
        return
    if abs(dot(subtract(crosshair.point, camera.center), camera_normal(camera))) > ON_PLANE_MM:
        raise Refused("bad_plane", f"{where}: the plane does not go through the crosshair's point.")
    if not plane.tilted and not _is_perpendicular(camera, axis(crosshair, plane.name)):
        raise Refused("bad_plane", f"{where}: the plane is not perpendicular to the others, and not tilted.")


def _is_perpendicular(camera: Camera, normal: Vec) -> bool:
    return norm(cross(camera_normal(camera), normal)) <= PERPENDICULAR


def is_near_enough(alignment: Alignment) -> bool:
    """Whether all of it are numbers, and none moves anything out of a body's reach."""
    shift, turn = alignment.shift_mm, alignment.turn_deg
    return is_finite((*shift, *turn)) and norm(shift) <= MAX_SHIFT_MM and norm(turn) <= MAX_TURN_DEG


def _check_fusion(fusion: Fusion, case: Case, where: str) -> None:
    base, over = fusion.base, fusion.over
    below = base.series if isinstance(base, Stack) else base.volume.series
    check_volume(over, case, where)
    if not is_finite((fusion.window.center, fusion.window.width, fusion.opacity)):
        raise Refused("bad_fusion", f"{where}: what lies over the image has no window or no opacity.")
    series = case.find(below)
    if series is None or series.colour or series.grid.space != "patient":
        raise Refused(
            "bad_fusion", f"{where}: nothing can lie over an image without a place in the patient, or in colour."
        )
    if fusion.alignment is not None:
        if not is_near_enough(fusion.alignment):
            raise Refused("bad_fusion", f"{where}: what lies over the image is too far away.")
    elif not same_space(case, below, over.series):
        raise Refused("not_aligned", "The two series have different frames of reference: align them by hand first.")
