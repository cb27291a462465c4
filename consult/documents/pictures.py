"""The pictures of a document: the key views of its findings; where a finding has none, what its marks lie on.

Equal views of one finding are one picture. A document has MAX_PICTURES at most, and says how many it leaves out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal, assert_never

from msgspec.structs import replace

from consult.documents.contents import KeyPicture, Shown
from consult.model.catalogue import Case, Series, Study, opens_inverted
from consult.model.errors import Refused
from consult.model.geometry import Vec, cross, dot, norm, scale, subtract
from consult.model.mark import Mark
from consult.model.study_role import is_prior
from consult.model.view import MIN_RADIUS_MM, Camera, Fusion, Plane, Stack, Viewport, shown_base
from consult.rendering.marks.measure import extremes
from consult.sessions.features.note.events import SignedFinding
from consult.sessions.views import fitted_camera, opening_window

MAX_PICTURES = 24
AROUND = 3.0
"""The picture of a mark reaches so many times as far as the mark."""
LEAST_PART = 0.4
"""And shows no less than this of the image's radius."""
STRAIGHT = 0.999
"""Cosine from which on a picture lies along its images."""


def pictures_of(
    case: Case, findings: Sequence[SignedFinding], studies: Sequence[Study]
) -> tuple[tuple[KeyPicture, ...], int]:
    """The pictures of a note, and how many more key views there are."""
    wanted = [(found, viewport) for found in findings for viewport in _viewports(case, found)]
    pictures = tuple(
        KeyPicture(n, found.finding.id, viewport, found.marks, _shown(case, viewport, studies))
        for n, (found, viewport) in enumerate(wanted[:MAX_PICTURES], start=1)
    )
    return pictures, len(wanted) - len(pictures)


def _viewports(case: Case, found: SignedFinding) -> Iterator[Viewport]:
    """Each once, whatever its place in a layout."""
    kept = [viewport for key_view in found.finding.views for viewport in key_view.view.viewports]
    if not kept:
        kept = [viewport for mark in found.marks if (viewport := around(case, mark)) is not None]
    seen: list[Viewport] = []
    for viewport in kept:
        named = replace(viewport, id="a")
        if named not in seen:
            seen.append(named)
            yield named


def around(case: Case, mark: Mark) -> Viewport | None:
    """The image of a mark, as its series opens, with the mark in the middle; None where the case does not have it."""
    series = case.find(mark.series)
    if series is None or not 0 <= mark.image < series.images:
        return None
    place, time = series.locate(mark.image)
    whole = fitted_camera(series.grid, place)
    points = extremes(mark)
    middle = scale(_sum(points), 1 / len(points))
    reach = max(norm(subtract(point, middle)) for point in points)
    radius = min(whole.radius, max(AROUND * reach, LEAST_PART * whole.radius, MIN_RADIUS_MM))
    centre = middle if radius < whole.radius else whole.center
    camera = replace(whole, center=centre, radius=radius)
    window = None if series.colour else opening_window(series, place, time)
    return Viewport("a", Stack(series.key, place, time), camera, window, opens_inverted(series))


def _sum(points: Sequence[Vec]) -> Vec:
    x, y, z = (sum(axis) for axis in zip(*points, strict=True))
    return x, y, z


def _shown(case: Case, viewport: Viewport, studies: Sequence[Study]) -> Shown | None:
    """What stands below it; None where the case does not have what it shows."""
    try:
        series, image = case.shown_image(viewport.shows)
    except Refused:
        return None
    study = next((s for s in studies if s.key == series.study), None)
    common = Shown(
        _kind(viewport),
        series.description or f"{series.modality} {series.number}",
        series.number,
        "" if study is None else study.date,
        study is not None and is_prior(study, studies),
        over=_over(case, viewport),
        aligned_by=_aligned_by(viewport),
        lossy=series.source_lossy,
        note=series.note,
    )
    base = shown_base(viewport.shows)
    if isinstance(base, Plane):
        how = "rendered" if base.preset else "projected" if base.whole else ""
        return replace(common, plane=base.name, slab_mm=base.slab_mm, projection=base.projection, whole=how)
    return _of_image(common, series, image, viewport.camera, base)


def _of_image(common: Shown, series: Series, image: int, camera: Camera, stack: Stack) -> Shown:
    numbers = series.values.instance_number
    instance = (numbers[0] if len(numbers) == 1 else numbers[image]) if numbers else None
    flipped = dot(cross(camera.right, camera.down), series.grid.normal) < 0
    return replace(
        common,
        image=stack.place + 1,
        images=series.places,
        instance=None if instance == stack.place + 1 else instance,
        time=series.axis.labels[stack.time] if series.axis is not None else "",
        flipped=flipped,
        rotated=_is_rotated(camera, series, flipped=flipped),
    )


def _is_rotated(camera: Camera, series: Series, *, flipped: bool) -> bool:
    """Not as it was acquired, and not by a flip alone (`isRotated` of web/js/core/view/camera.js)."""
    along = dot(camera.right, series.grid.right)
    return abs(along) < STRAIGHT or (not flipped and along < 0)


def _kind(viewport: Viewport) -> Literal["stack", "plane", "fusion"]:
    match viewport.shows:
        case Stack():
            return "stack"
        case Plane():
            return "plane"
        case Fusion():
            return "fusion"
        case _ as never:
            assert_never(never)


def _over(case: Case, viewport: Viewport) -> str:
    shows = viewport.shows
    series = case.find(shows.over.series) if isinstance(shows, Fusion) else None
    return "" if series is None else series.description or f"{series.modality} {series.number}"


def _aligned_by(viewport: Viewport) -> str | None:
    alignment = viewport.shows.alignment if isinstance(viewport.shows, Fusion) else None
    return None if alignment is None else alignment.by
