"""Planes that a rule asks for: three of one series, or rows of a CT, a PET and both. Pure.

What they look like is that of the page's own arrangements (web/js/core/planes/arranging.js).
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from consult.model.catalogue import Case, Series, opens_inverted
from consult.model.errors import Refused
from consult.model.planes.acts import open_planes, same_space
from consult.model.planes.volume import why_no_planes
from consult.model.view import Fusion, Plane, View, Viewport, Volume, Window, shown_base
from consult.sessions.hanging.rules import CELLS_OF_PLANES, Planes
from consult.sessions.views import VIEWPORT_IDS, first_place, first_time, opening_window

NO_WINDOW = Window(0.5, 1.0)
FUSED = "g"
"""The first of the row that shows both: it is active."""


def planes_view(asked: Planes, shown: Sequence[tuple[Series, Window | None]], case: Case) -> View | None:
    """The view of planes.

    Args:
        asked: which planes.
        shown: the series of each cell, and the window that it is to have; None: its own.
        case: theirs.

    Returns:
        None where one has no planes, or they have no common frame of reference.
    """
    if len(shown) != CELLS_OF_PLANES[asked] or any(why_no_planes(series) for series, _ in shown):
        return None
    series, window = shown[0]
    if any(not same_space(case, series.key, other.key) for other, _ in shown):
        return None
    time = first_time(series, first_place(series))
    try:
        row = open_planes(case, series.key, time=time, window=_window(series, window))
    except Refused:
        return None
    return row if asked == "row" else _rows(row, *shown[1])


def _rows(row: View, pet: Series, window: Window | None) -> View:
    """The planes of the CT, below them those of the PET, below these both."""
    own = _window(pet, window)
    alone = [_of_series(viewport, pet, own) for viewport in row.viewports]
    both = [_fused(viewport, pet, own) for viewport in row.viewports]
    viewports = zip(VIEWPORT_IDS, (*row.viewports, *alone, *both), strict=False)
    named = tuple(replace(viewport, id=identifier) for identifier, viewport in viewports)
    return replace(row, layout=replace(row.layout, rows=3), viewports=named, active=FUSED)


def _of_series(viewport: Viewport, series: Series, window: Window) -> Viewport:
    """The same plane of another series."""
    base = shown_base(viewport.shows)
    assert isinstance(base, Plane)  # it was opened as one
    shows = replace(base, volume=Volume(series.key))
    return replace(viewport, shows=shows, window=window, invert=opens_inverted(series))


def _fused(viewport: Viewport, over: Series, window: Window) -> Viewport:
    return replace(viewport, shows=Fusion(shown_base(viewport.shows), Volume(over.key), window))


def _window(series: Series, asked: Window | None) -> Window:
    place = first_place(series)
    return asked or opening_window(series, place, first_time(series, place)) or NO_WINDOW
