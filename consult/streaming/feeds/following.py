"""The next case's first picture, made before anybody switches to it.

It stays on the server: no page is sent anything of a case that is not on the stage. Its images are loaded behind those
of what is shown, and its stills are rendered when nobody waits for anything.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterable
from typing import Protocol

from consult.model.catalogue import Case
from consult.model.errors import ConsultError
from consult.model.identifiers import SeriesKey
from consult.model.view import Screen, View
from consult.rendering.layout import place
from consult.streaming.recipes import Named, Recipe, recipe_of, source_digest
from consult.streaming.still_turns import LARGE_PIXELS

logger = logging.getLogger(__name__)
Following = Callable[[], tuple[View, Case] | None]
"""The case that probably comes next, and what it shows then; None: there is none."""
FetchAhead = Callable[[str], Awaitable[object]]


class LoadedInTime(Named, Protocol):
    """An open volume."""

    async def ready(self, image: int) -> None:
        """Wait until that image is decoded. Raises DicomRefused."""


class OpenVolumes(Protocol):
    """The volume cache."""

    async def open(self, series: SeriesKey) -> LoadedInTime:
        """The volume of a series, loading or loaded."""


def nothing_following() -> None:
    """Where there is one case alone."""


class NextCase:
    """Of one stage.

    Args:
        offer: names a still, and keeps what it is made of.
        fetch_ahead: renders a still when nobody waits for anything.
    """

    def __init__(
        self,
        volumes: OpenVolumes,
        offer: Callable[[str, Recipe], str],
        following: Following,
        fetch_ahead: FetchAhead,
    ) -> None:
        self._volumes, self._offer, self._following, self._fetch_ahead = volumes, offer, following, fetch_ahead
        self._made: tuple[View, str, frozenset[Screen]] | None = None

    async def make(self, screens: Iterable[Screen]) -> None:
        """Make its stills for these screens, unless they are made; what cannot be made is left."""
        following = self._following()
        if following is None:
            return
        view, case = following
        wanted = frozenset(screen for screen in screens if screen.width * screen.height <= LARGE_PIXELS)
        if self._made == (view, case.id, wanted):
            return
        try:
            volumes = {key: await self._volumes.open(key) for key in view.series}
            for screen in wanted:
                for viewport, rect in place(view, screen):
                    recipe = recipe_of(viewport, case, rect[2:])
                    if recipe.needs_image:
                        await volumes[recipe.series.key].ready(recipe.image)
                    await self._fetch_ahead(self._offer(source_digest(recipe, volumes), recipe))
        except ConsultError as error:
            logger.debug("the next case is not made ahead: %s", error.code)
        self._made = (view, case.id, wanted)
