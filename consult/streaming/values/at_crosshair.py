"""The values of the voxels that hold the crosshair's point, for the stamps of exact pictures.

Rules:
- Native voxels, never what was resampled: of a slab or a MIP too, the voxel at the point itself.
- A plane that is not linked to the crosshair does not go through its point, and has none.
- One voxel is read where its volume is at hand, on the loop: an index into a mapped array. Nothing is waited for.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from consult.model.catalogue import Case, Series
from consult.model.errors import ConsultError, NotReady
from consult.model.geometry import Vec
from consult.model.identifiers import SeriesKey
from consult.model.planes.acts import is_linked, plane_of
from consult.model.privacy.blackout import HiddenParts
from consult.model.stamp import NativeValue
from consult.model.view import Alignment, Fusion, View, Viewport, Volume
from consult.rendering.planes.fusion import over_point
from consult.rendering.planes.native import value_at
from consult.rendering.planes.volume import VolumeArray

Values = dict[str, tuple[NativeValue, ...]]
"""By viewport."""


class ArraysAtHand(Protocol):
    """`Arrays`, as who waits for nothing needs them."""

    def now(self, series: Series, time: int) -> VolumeArray:
        """A volume, if it is there. Raises ConsultError; NotReady: its making is begun."""


def at_crosshair(view: View, case: Case, arrays: ArraysAtHand) -> tuple[Values, frozenset[SeriesKey]]:
    """The values of all viewports, and the series whose volumes are not at hand (yet)."""
    values: Values = {}
    waiting: set[SeriesKey] = set()
    for viewport in view.viewports:
        found = []
        for series, time, point, alignment in _points(viewport, view, case):
            try:
                array = arrays.now(series, time)
                value = value_at(array, over_point(point, alignment, array.geometry))
            except NotReady:
                waiting.add(series.key)
                continue
            except ConsultError:
                continue  # its picture cannot be drawn either, and says why
            if value is not None:
                found.append(NativeValue(series.key, value))
        if found:
            values[viewport.id] = tuple(found)
    return values, frozenset(waiting)


def told_values(values: Values, hidden: HiddenParts) -> Values:
    """Without those of series of which parts are hidden: a crosshair that walks over them would read them."""
    if not hidden:
        return values
    return {viewport: tuple(one for one in found if one.series not in hidden) for viewport, found in values.items()}


def _points(viewport: Viewport, view: View, case: Case) -> Iterator[tuple[Series, int, Vec, Alignment | None]]:
    """What is read in a viewport: which volume, where on the screen's planes, and how it was aligned by hand."""
    plane, crosshair = plane_of(viewport.shows), view.crosshair
    if plane is None or crosshair is None or plane.whole or not is_linked(viewport, crosshair, case):
        return
    if (base := _volume(plane.volume, case)) is not None:
        yield (*base, crosshair.point, None)
    shows = viewport.shows
    if isinstance(shows, Fusion) and (over := _volume(shows.over, case)) is not None:
        yield (*over, crosshair.point, shows.alignment)


def _volume(volume: Volume, case: Case) -> tuple[Series, int] | None:
    series = case.find(volume.series)
    return None if series is None else (series, volume.time)
