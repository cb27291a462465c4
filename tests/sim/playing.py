"""What plays in the simulation: what of a view is its maker's to say, and what the server's clock's."""

from __future__ import annotations

from random import Random

from msgspec.structs import replace

from consult.model.view import View, Viewport
from tests.support.cases import PLAYS, playing, showing

SHARE = 0.15
"""Of views that people make."""


def perhaps_playing(view: View, random: Random) -> View:
    """The view, sometimes with its first viewport playing."""
    return playing(view, replace(PLAYS, rate=random.choice((0.5, 1.0, 4.0))) if random.random() < SHARE else None)


def meant(view: View | None) -> View | None:
    """Without what the server's clock says: which image it is, and since when it plays."""
    return view and replace(view, viewports=tuple(map(_of_its_maker, view.viewports)))


def plays(view: View) -> bool:
    """Whether anything plays."""
    return any(viewport.playing is not None for viewport in view.viewports)


def _of_its_maker(viewport: Viewport) -> Viewport:
    if viewport.playing is None:
        return viewport
    return replace(showing(viewport, place=0), playing=replace(viewport.playing, since=0.0))
