"""A mosaic against the case it shows (`web/js/core/view/mosaic/cells.js` lays it out)."""

from __future__ import annotations

from collections.abc import Sequence

from consult.model.catalogue import Case, Series
from consult.model.errors import Refused
from consult.model.view import Stack, View, Viewport, shown_base


def check_mosaic(view: View, case: Case) -> None:
    """Let a mosaic pass if its cells show images of one series at one time, each `step` images behind the one before.

    Args:
        view: whose viewports have passed.
        case: on the stage.

    Raises:
        Refused: "bad_mosaic", with a sentence.
    """
    if view.mosaic is None:
        return
    if view.layout.primary or view.link is not None or len(view.viewports) < 2:
        raise Refused("bad_mosaic", "A mosaic is a grid of two cells or more, without a primary, and not linked.")
    stacks = [_stack(viewport) for viewport in view.viewports]
    first = stacks[0]
    if any((stack.series, stack.time) != (first.series, first.time) for stack in stacks):
        raise Refused("bad_mosaic", "All cells of a mosaic show one series, at one time.")
    series, _ = case.shown_image(first)
    found, step = _places(series, first.time), view.mosaic.step
    start = found.index(first.place)
    due = found[start : start + (len(stacks) - 1) * step + 1 : step]
    if [stack.place for stack in stacks] != list(due):
        raise Refused("bad_mosaic", f"Each cell of the mosaic shows what lies {step} behind the one before.")


def _stack(viewport: Viewport) -> Stack:
    base, playing = shown_base(viewport.shows), viewport.playing
    if not isinstance(base, Stack):
        raise Refused("bad_mosaic", f"Viewport {viewport.id}: a mosaic has images, and no planes.")
    if playing is not None and playing.along == "place":
        raise Refused("bad_mosaic", f"Viewport {viewport.id}: a mosaic plays through time alone.")
    return base


def _places(series: Series, time: int) -> Sequence[int]:
    """The places that have an image at a time."""
    if not series.axis or not series.axis.missing:
        return range(series.places)
    return [place for place in range(series.places) if series.image(place, time) is not None]
