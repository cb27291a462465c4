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
from consult.model.privacy.blackout import HiddenParts
from consult.model.view import Screen, View
from consult.rendering.layout import place
from consult.streaming.feeds.feeds import Feeds
from consult.streaming.recipes import Named, Recipe, recipe_of, source_digest
from consult.streaming.still_turns import LARGE_PIXELS

Offer = Callable[[str, Recipe, HiddenParts], str]
HiddenFrom = Callable[[ConnectionId], HiddenParts]
"""Which parts of pictures a page is not shown."""
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

    def __init__(self, feeds: Feeds, offer: Offer, prepared: Prepared, hidden_from: HiddenFrom, *, alone: bool) -> None:
        self._feeds, self._offer, self._prepared, self._alone = feeds, offer, prepared, alone
        self._hidden_from = hidden_from
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
        hidden = {connection: self._hidden_from(connection) for connection in feeding}
        all_hidden = {bool(parts): parts for parts in hidden.values()}
        named: dict[tuple[Screen, bool], list[str]] = {
            (screen, bool(hidden[connection])): [] for connection, screen in feeding.items() if _fits(screen)
        }
        for view in self._hand.expected(prepared):
            if view.series <= volumes.keys():
                for (screen, hides), digests in named.items():
                    digests += self._names(view, case, screen, volumes, all_hidden[hides])
            await asyncio.sleep(0)
            if overtaken():
                return
        for connection, screen in feeding.items():
            self._feeds.expect(connection, named.get((screen, bool(hidden[connection])), ()))

    def _names(
        self, view: View, case: Case, screen: Screen, volumes: Mapping[SeriesKey, Named], hidden: HiddenParts
    ) -> Iterable[str]:
        try:
            recipes = [
                recipe_of(viewport, case, rect[2:], alone=self._alone, hidden=hidden)
                for viewport, rect in place(view, screen)
            ]
            return [self._offer(source_digest(recipe, volumes), recipe, hidden) for recipe in recipes]
        except ConsultError:
            return ()


def _fits(screen: Screen) -> bool:
    """Larger ones take too long to be rendered for nobody."""
    return screen.width * screen.height <= LARGE_PIXELS
