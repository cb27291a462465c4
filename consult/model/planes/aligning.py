"""Series that somebody has put over each other by hand: who it was, and what an alignment does to a point.

An `Alignment` turns what lies over an image about its own middle, then shifts it. It is part of what a viewport shows:
absolute, the same for all who follow, kept with every view that is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property

from msgspec.structs import replace

from consult.model.identifiers import SeriesKey
from consult.model.mark import Shape
from consult.model.view import Alignment, Fusion, View, Viewport, shown_series

Pair = tuple[SeriesKey, ...]
"""What lies below, then what lies over it."""
Aligned = tuple[Pair, Alignment]


class Aligners:
    """Puts the name of who has aligned into what a page sends: what the server does not know counts for nothing.

    Args:
        name: of whose page it is.
        before: the view that it looks at: what is aligned there already keeps its name.
        known: other alignments that the server has put a name to. What names one of these, exactly so, keeps it; asked
            for once, and only where a page says another's name.
    """

    def __init__(self, name: str, before: View | None, known: Callable[[], Iterable[Aligned]]) -> None:
        self._name, self._asked = name, known
        found = alignments(before.viewports) if before is not None else ()
        self._before = {(pair, unsigned(alignment)): alignment.by for pair, alignment in found}

    def view(self, view: View) -> View:
        """A view, with their names; the same where nothing is changed."""
        viewports = tuple(map(self.viewport, view.viewports))
        return view if viewports == view.viewports else replace(view, viewports=viewports)

    def viewport(self, viewport: Viewport) -> Viewport:
        """One viewport, with the name."""
        shows = viewport.shows
        if not isinstance(shows, Fusion) or shows.alignment is None:
            return viewport
        return replace(viewport, shows=replace(shows, alignment=self._signed(shown_series(shows), shows.alignment)))

    def shape(self, shape: Shape) -> Shape:
        """A shape, with the name of who has aligned what lay over its image."""
        if shape.alignment is None:
            return shape
        return replace(shape, alignment=self._signed((shape.series, shape.over), shape.alignment))

    @cached_property
    def _known(self) -> frozenset[Aligned]:
        return frozenset(self._asked())

    def _signed(self, pair: Pair, alignment: Alignment) -> Alignment:
        by = self._before.get((pair, unsigned(alignment)))
        if by is None:
            is_known = alignment.by not in ("", self._name) and (pair, alignment) in self._known
            by = alignment.by if is_known else self._name
        return replace(alignment, by=by)


def unsigned(alignment: Alignment) -> Alignment:
    """All of it that changes a picture."""
    return replace(alignment, by="")


def alignments(viewports: Iterable[Viewport]) -> Iterator[Aligned]:
    """What is aligned in them."""
    for viewport in viewports:
        if isinstance(shows := viewport.shows, Fusion) and shows.alignment is not None:
            yield shown_series(shows), shows.alignment
