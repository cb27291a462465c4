"""What a stage probably shows next, named: the stills that pages with a picture socket are sent ahead.

Naming yields to whatever else there is to do, and ends as soon as the view changes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence

from consult.model.catalogue import Case
from consult.model.errors import ConsultError
from consult.model.identifiers import ConnectionId, SeriesKey
from consult.model.prediction.hand import Hand
from consult.model.view import Screen, View
from consult.rendering.layout import place
from consult.streaming.feeds.feeds import Feeds
from consult.streaming.recipes import Named, Recipe, recipe_of, source_digest
from consult.streaming.still_turns import LARGE_PIXELS

Offer = Callable[[str, Recipe], str]
Prepared = Callable[[], Sequence[View] | None]
"""The views that were kept; None: nothing may be sent ahead."""


def nothing_prepared() -> Sequence[View]:
    """Where no views are kept."""
    return ()


class Expecting:
    """Of one stage.

    Args:
        offer: lets a still be fetched from now on; returns its name.
        alone: one page sees this stage.
    """

    def __init__(self, feeds: Feeds, offer: Offer, prepared: Prepared, *, alone: bool) -> None:
        self._feeds, self._offer, self._prepared, self._alone = feeds, offer, prepared, alone
        self._hand = Hand()

    def show(self, view: View, case: Case, now: float) -> None:
        """This is shown now."""
        self._hand.show(view, case, now)

    async def announce(
        self,
        case: Case,
        screens: Mapping[ConnectionId, Screen],
        volumes: Mapping[SeriesKey, Named],
        overtaken: Callable[[], bool],
    ) -> None:
        """Tell each page's feed what comes next on its screen, the likeliest first."""
        feeding = {connection: screen for connection, screen in screens.items() if self._feeds.wants(connection)}
        prepared = self._prepared()
        if not feeding or prepared is None:
            return
        named: dict[Screen, list[str]] = {screen: [] for screen in feeding.values() if _fits(screen)}
        for view in self._hand.expected(prepared):
            if view.series <= volumes.keys():
                for screen, digests in named.items():
                    digests += self._names(view, case, screen, volumes)
            await asyncio.sleep(0)
            if overtaken():
                return
        for connection, screen in feeding.items():
            self._feeds.expect(connection, named.get(screen, ()))

    def _names(self, view: View, case: Case, screen: Screen, volumes: Mapping[SeriesKey, Named]) -> Iterable[str]:
        try:
            recipes = [recipe_of(v, case, rect[2:], alone=self._alone) for v, rect in place(view, screen)]
            return [self._offer(source_digest(recipe, volumes), recipe) for recipe in recipes]
        except ConsultError:
            return ()


def _fits(screen: Screen) -> bool:
    """Larger ones take too long to be rendered for nobody."""
    return screen.width * screen.height <= LARGE_PIXELS
