"""Hanging a case by rules. Pure: the same case and rules are the same view."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from msgspec import Struct

from consult.model.catalogue import Case, Series, opens_inverted
from consult.model.errors import Refused
from consult.model.geometry import Grid, dot
from consult.model.planes.acts import same_space
from consult.model.planes.volume import why_no_planes
from consult.model.view import Stack, View, Viewport, Window
from consult.sessions.hanging.linking import in_step, parallel
from consult.sessions.hanging.planes import planes_view
from consult.sessions.hanging.rules import NO_RULES, Cell, Facing, HangingRules, Rule, When
from consult.sessions.views import (
    VIEWPORT_IDS,
    check_view,
    first_place,
    first_time,
    fitted_camera,
    initial_view,
    opening_window,
)

Spot = tuple[Series, int]
"""A series and the place at which it opens."""
FACINGS: tuple[Facing, ...] = ("sagittal", "coronal", "axial")
"""By the axis of LPS that a normal is nearest to."""


class Hanging(Struct, frozen=True):
    """A way to hang the case that is shown, by its name."""

    name: str
    view: View


def opening_view(case: Case, rules: HangingRules = NO_RULES) -> View:
    """What a case opens with: by the first rule that applies and opens, else its main series.

    Raises:
        Refused: "nothing_to_show".
    """
    opening = (rule for rule in rules if rule.opens)
    return next(filter(None, (hung(rule, case) for rule in opening)), None) or initial_view(case)


def hangings(case: Case, rules: HangingRules) -> tuple[Hanging, ...]:
    """All rules that apply to a case, in their order, with what they show."""
    found = ((rule.name, hung(rule, case)) for rule in rules)
    return tuple(Hanging(name, view) for name, view in found if view is not None)


def hung(rule: Rule, case: Case) -> View | None:
    """A case as a rule hangs it; None where the rule does not apply to it."""
    if not _applies(rule, case):
        return None
    spots = _spots(rule, case)
    if spots is None:
        return None
    if rule.planes:
        of_cells = [(series, cell.window) for (series, _), cell in zip(spots, rule.show, strict=True)]
        planes = planes_view(rule.planes, of_cells, case)
        return None if planes is None else _passed(planes, case)
    shown = zip(VIEWPORT_IDS, spots, rule.show, strict=False)
    viewports = tuple(_viewport(identifier, *spot, cell.window) for identifier, spot, cell in shown)
    view = View(rule.layout, viewports, "a")
    return _passed(in_step(view, spots[0][0], spots[1][0]) if rule.link and len(spots) == 2 else view, case)


def _passed(view: View, case: Case) -> View | None:
    """What a presenter could show as well; nothing else is put on a stage."""
    try:
        check_view(view, case)
    except Refused:
        return None
    return view


def _applies(rule: Rule, case: Case) -> bool:
    studies = [study for study in case.studies if not study.prior]
    own = [series for series in case.series if series.study in {study.key for study in studies}]
    described = [study.description for study in studies] + [series.description for series in own]
    return (
        set(rule.modality) <= {series.modality for series in own}
        and _names(rule.description, described)
        and _names(rule.body_part, [series.body_part for series in own])
    )


def _names(pattern: str, texts: Iterable[str]) -> bool:
    """Whether a pattern is found in one of them."""
    return not pattern or any(re.search(pattern, text, re.I) for text in texts)


def _spots(rule: Rule, case: Case) -> list[Spot] | None:
    """What each cell shows, none of it twice; None where one finds nothing."""
    spots: list[Spot] = []
    for cell in rule.show:
        found = [spot for spot in _candidates(cell, case, spots) if spot not in spots and _may(rule, spot, spots, case)]
        first = spots[0][0] if spots else None
        if not found:
            return None
        spots.append(min(found, key=_rank(case, first)))
    return spots


def _may(rule: Rule, spot: Spot, before: list[Spot], case: Case) -> bool:
    """Where planes are asked for: it is a volume, and lies where the first one does."""
    series, _ = spot
    if not rule.planes:
        return True
    return not why_no_planes(series) and all(same_space(case, series.key, first.key) for first, _ in before)


def _candidates(cell: Cell, case: Case, before: list[Spot]) -> list[Spot]:
    first = before[0] if before else None
    modality = cell.modality or (first[0].modality if first and cell.study == "prior" else "")
    of_study = {study.key for study in case.studies if study.prior == _is_prior(cell.study) and not study.deleted}
    return [
        (series, place)
        for series in case.series
        if series.study in of_study and series.images > 0 and modality in ("", series.modality) and _fits(cell, series)
        for place in _places(cell, series, first)
    ]


def _is_prior(study: When) -> bool:
    return study == "prior"


def _fits(cell: Cell, series: Series) -> bool:
    """Pages of a document fit where a rule asks for their modality alone."""
    return (
        not (series.document and not cell.modality)
        and _names(cell.description, [series.description])
        and _names(cell.body_part, [series.body_part])
        and cell.facing in ("", facing(series.grid))
        and (series.colour or opening_window(series, first_place(series), 0) is not None)
    )


def facing(grid: Grid) -> Facing | None:
    """The plane that its images are nearest to; None without a place in the patient."""
    if grid.space != "patient":
        return None
    sizes = [abs(component) for component in grid.normal]
    return FACINGS[sizes.index(max(sizes))]


def _places(cell: Cell, series: Series, first: Spot | None) -> list[int]:
    """Where it opens: at the image of that projection, at the first cell's place in the patient, else as it would."""
    if cell.projection:
        fitting = [image for image in range(series.images) if _projection(series, image) == cell.projection]
        return [series.locate(image)[0] for image in fitting]
    if first is not None and _same_space(first[0], series):
        at = dot(first[0].grid.positions[first[1]], series.grid.normal)
        return [series.grid.nearest(at)]
    return [first_place(series)]


def _projection(series: Series, image: int) -> str:
    of = series.projections
    return of[0] if len(of) == 1 else of[image] if image < len(of) else ""


def _same_space(one: Series, other: Series) -> bool:
    same = one.frame_of_reference != "" and one.frame_of_reference == other.frame_of_reference
    return same and parallel(one.grid, other.grid)


def _rank(case: Case, first: Series | None) -> Callable[[Spot], tuple[object, ...]]:
    """The smaller the better: like what the first cell shows, then as `main_series` has it."""
    order = {study.key: n for n, study in enumerate(case.studies)}

    def rank(spot: Spot) -> tuple[object, ...]:
        series, place = spot
        other = first is not None and not parallel(first.grid, series.grid)
        thickness = abs(series.slice_thickness_mm - first.slice_thickness_mm) if first is not None else 0.0
        renamed = first is not None and series.study != first.study and series.description != first.description
        usual = series.modality != "CT", series.grid.space != "patient"
        return other, order[series.study], renamed, *usual, thickness, -series.images, place

    return rank


def _viewport(identifier: str, series: Series, place: int, window: Window | None) -> Viewport:
    time = first_time(series, place)
    own = None if series.colour else window or opening_window(series, place, time)
    shows, camera = Stack(series.key, place, time), fitted_camera(series.grid, place)
    return Viewport(identifier, shows, camera, own, opens_inverted(series))
