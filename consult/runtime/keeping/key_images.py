"""The pictures that people kept of a consult, drawn once more exactly as they would be shown, for its file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from consult.model.catalogue import Case
from consult.model.errors import ConsultError
from consult.model.identifiers import SeriesKey
from consult.model.view import Viewport, shown_series
from consult.sessions.state import State
from consult.streaming.recipes import Recipe, recipe_of, source_digest
from consult.streaming.still_stamps import Volumes
from consult.streaming.stills import Still, Stills

SIZE = (1024, 1024)
"""(width, height) in pixels: as the view had it, in a square of this size."""
HOLDER = "a consult's file"


@dataclass(frozen=True)
class Kept:
    """A viewport that somebody kept. `of`: id of the key image, or of the key view and its viewport."""

    of: str
    case: str
    viewport: Viewport


class Drawer(Protocol):
    """Draws a viewport (`KeyImages`)."""

    async def draw(self, case: Case, viewport: Viewport) -> bytes:
        """PNG. Raises ConsultError: it cannot be drawn (any more)."""


def kept_of(state: State) -> Iterator[Kept]:
    """All that was kept: key images, then key views of findings, those in signed versions first."""
    for image in state.key_images.values():
        yield Kept(image.id, image.case, image.viewport)
    seen: set[str] = set()
    signed = [one.finding for version in state.signed.values() for one in version.findings]
    for finding in (*signed, *state.findings.values()):
        for view in finding.views:
            for viewport in view.view.viewports:
                of = f"{finding.id}/{view.id}/{viewport.id}"
                if of not in seen:
                    seen.add(of)
                    yield Kept(of, finding.case, viewport)


class KeyImages:
    """Draws them one after the other; the volumes are held meanwhile."""

    def __init__(self, volumes: Volumes, stills: Stills) -> None:
        self._volumes, self._stills = volumes, stills

    async def draw(self, case: Case, viewport: Viewport) -> bytes:
        """See `Drawer.draw`."""
        recipe = recipe_of(viewport, case, SIZE, alone=True)
        keys = tuple(shown_series(viewport.shows))
        self._volumes.hold(HOLDER, keys)
        try:
            return (await self._still(recipe, keys)).png
        finally:
            self._volumes.hold(HOLDER, ())

    async def _still(self, recipe: Recipe, keys: Sequence[SeriesKey]) -> Still:
        volumes = {key: await self._volumes.open(key) for key in keys}
        if recipe.needs_image:
            self._volumes.prefer(recipe.series.key, recipe.image)
        return await self._stills.fetch(self._stills.offer(source_digest(recipe, volumes), recipe))


async def drawn(drawer: Drawer, case: Case | None, viewport: Viewport) -> bytes | str:
    """A picture, or the sentence why there is none."""
    if case is None:
        return "The consult does not have its case."
    try:
        return await drawer.draw(case, viewport)
    except ConsultError as error:
        return error.sentence
