"""Exact pictures of views that were kept, for documents and for who only reads: stills apart from any stage.

The volumes are held as long as they are needed; what is drawn for a document waits for what a consult sees.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count

from consult.model.catalogue import Case
from consult.model.identifiers import SeriesKey
from consult.model.view import Viewport, shown_series
from consult.streaming.recipes import Recipe, recipe_of, source_digest
from consult.streaming.still_stamps import Volumes
from consult.streaming.stills import PixelSource, Stills

Size = tuple[int, int]


@dataclass(frozen=True)
class KeyView:
    """A view that was drawn: its name, its picture, and the hash of that one's raw bytes."""

    digest: str
    png: bytes
    sha256: str


class KeyViews:
    """Draws views."""

    def __init__(self, volumes: Volumes, stills: Stills) -> None:
        self._volumes, self._stills, self._numbers = volumes, stills, count(1)

    def scale(self, case: Case, viewport: Viewport, size: Size) -> float:
        """Device pixels for a pixel of the image, at that size. Raises Refused."""
        return recipe_of(viewport, case, size).scale

    async def offer(self, case: Case, viewport: Viewport, size: Size) -> str:
        """The digest of its still, which can be fetched from now on. Raises Refused, NotReady, DicomRefused."""
        recipe = recipe_of(viewport, case, size, alone=True)
        async with self._opened(recipe) as volumes:
            return self._stills.offer(source_digest(recipe, volumes), recipe)

    async def draw(self, case: Case, viewport: Viewport, size: Size) -> KeyView:
        """Its still. Raises Refused, NotReady, DicomRefused."""
        recipe = recipe_of(viewport, case, size, alone=True)
        async with self._opened(recipe) as volumes:
            digest = self._stills.offer(source_digest(recipe, volumes), recipe)
            still = await self._stills.fetch(digest)
        return KeyView(digest, still.png, still.sha256)

    @asynccontextmanager
    async def _opened(self, recipe: Recipe) -> AsyncIterator[dict[SeriesKey, PixelSource]]:
        """The volumes that a picture is made of, held meanwhile."""
        keys, holder = shown_series(recipe.viewport.shows), f"key view {next(self._numbers)}"
        self._volumes.hold(holder, keys)
        try:
            volumes = {key: await self._volumes.open(key) for key in keys}
            if recipe.needs_image:
                self._volumes.prefer(recipe.series.key, recipe.image)
            yield volumes
        finally:
            self._volumes.hold(holder, ())
