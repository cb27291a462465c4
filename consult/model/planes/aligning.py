"""Series that somebody has put over each other by hand: who it was, and what an alignment does to a point.

An `Alignment` turns what lies over an image about its own middle, then shifts it. It is part of what a viewport shows:
absolute, the same for all who follow, kept with every view that is kept.
"""

from __future__ import annotations

from msgspec.structs import replace

from consult.model.identifiers import SeriesKey
from consult.model.view import Alignment, Fusion, View, Viewport, shown_series

Pair = tuple[SeriesKey, ...]


def signed(view: View, before: View | None, name: str) -> View:
    """A view that somebody wants, each alignment of it with the name of who has aligned.

    Args:
        view: as it came; names in it count for nothing.
        before: the view that it replaces: what is aligned there already keeps its name.
        name: of who wants it.
    """
    known = _alignments(before) if before is not None else {}
    viewports = tuple(_signed(viewport, known, name) for viewport in view.viewports)
    return view if viewports == view.viewports else replace(view, viewports=viewports)


def unsigned(alignment: Alignment) -> Alignment:
    """All of it that changes a picture."""
    return replace(alignment, by="")


def _signed(viewport: Viewport, known: dict[tuple[Pair, Alignment], str], name: str) -> Viewport:
    shows = viewport.shows
    if not isinstance(shows, Fusion) or shows.alignment is None:
        return viewport
    by = known.get((shown_series(shows), unsigned(shows.alignment)), name)
    return replace(viewport, shows=replace(shows, alignment=replace(shows.alignment, by=by)))


def _alignments(view: View) -> dict[tuple[Pair, Alignment], str]:
    """By what lies over what and how: who has aligned them."""
    return {
        (shown_series(shows), unsigned(shows.alignment)): shows.alignment.by
        for viewport in view.viewports
        if isinstance(shows := viewport.shows, Fusion) and shows.alignment is not None
    }
