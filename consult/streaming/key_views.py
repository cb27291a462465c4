"""Exact pictures of views that were kept, for documents, for files of consults and for who only reads: stills apart
from any stage.

The volumes are held as long as they are needed; all of it waits for what a consult sees.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count

from consult.model.catalogue import Case
from consult.model.errors import Refused
from consult.model.identifiers import SeatId, SeriesKey
from consult.model.privacy.blackout import NOTHING_HIDDEN, HiddenParts
from consult.model.view import Viewport, shown_series
from consult.streaming.recipes import Recipe, recipe_of, source_digest
from consult.streaming.still_stamps import Volumes
from consult.streaming.still_turns import StillTurns
from consult.streaming.stills import PixelSource, Stills

Size = tuple[int, int]
OFFERED = 8192
"""Stills that readers can fetch, those of all seats together: the oldest are asked for anew."""


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
        self._offered: OrderedDict[tuple[str, str], None] = OrderedDict()
        self._turns = StillTurns()

    def scale(self, case: Case, viewport: Viewport, size: Size) -> float:
        """Device pixels for a pixel of the image, at that size. Raises Refused."""
        return recipe_of(viewport, case, size).scale

    async def offer(
        self, case: Case, viewport: Viewport, size: Size, whom: str, hidden: HiddenParts = NOTHING_HIDDEN
    ) -> str:
        """The digest of its still, which that seat can fetch from now on, without the hidden parts.

        Raises:
            Refused, NotReady, DicomRefused.
        """
        recipe = recipe_of(viewport, case, size, alone=True, hidden=hidden)
        async with self._opened(recipe) as volumes:
            digest = self._stills.offer(source_digest(recipe, volumes), recipe)
        self._offered[whom, digest] = None
        self._offered.move_to_end((whom, digest))
        while len(self._offered) > OFFERED:
            self._offered.popitem(last=False)
        return digest

    async def fetch(self, digest: str, whom: str) -> KeyView:
        """A still that was offered to that seat, in its turn. Raises Refused, NotReady, DicomRefused."""
        if (whom, digest) not in self._offered:
            raise Refused("unknown_still", "This picture is not known (any more). Ask for a new one.")
        await self._stills.loaded(digest)
        async with self._turns.turn(SeatId(whom), self._stills.cost(digest)):
            still = await self._stills.fetch(digest)
        return KeyView(digest, still.png, still.sha256)

    async def draw(self, case: Case, viewport: Viewport, size: Size, hidden: HiddenParts = NOTHING_HIDDEN) -> KeyView:
        """Its still, without the hidden parts. Raises Refused, NotReady, DicomRefused."""
        recipe = recipe_of(viewport, case, size, alone=True, hidden=hidden)
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
