"""The stamps of one stage: of the shared view, or of a page's own view while it explores.

Rules:
- The newest view wins: one slot, one task. While a volume is being opened, views may pass unseen.
- Equal screens get equal stamps, and by their digests one still.
- Volumes are held while a page gets pictures of them; others load behind these.
"""

from __future__ import annotations

import asyncio
import dataclasses
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Literal, Protocol

from msgspec.structs import replace

from consult.clock import steady
from consult.model.catalogue import Case
from consult.model.errors import ConsultError
from consult.model.identifiers import ConnectionId, SeriesKey
from consult.model.privacy.blackout import HiddenParts
from consult.model.stamp import Stamp
from consult.model.view import Screen
from consult.rendering.layout import place
from consult.sessions.features.view.messages import ShownView
from consult.sessions.messages import Loading, ShownStamp
from consult.streaming.arrays import Arrays
from consult.streaming.feeds.expecting import Expecting, Prepared, nothing_prepared
from consult.streaming.feeds.feeds import Feeds
from consult.streaming.feeds.following import NextCase
from consult.streaming.recipes import Recipe, recipe_of, source_digest
from consult.streaming.scene import Scene, stamped
from consult.streaming.stills import PixelSource, PixelSources, PresentationStateSources, SegmentationSources
from consult.streaming.values.at_crosshair import Values, at_crosshair, told_values
from consult.streaming.values.state_words import States, covered, states_at_hand

logger = logging.getLogger(__name__)
RESTS_S = 2.0
"""Who has not moved the shared view for so long may go on to the next case."""


class Volumes(PixelSources, Protocol):
    """The volume cache, as a stamper needs it."""

    def hold(self, who: str, series: Iterable[SeriesKey]) -> None:
        """The holder `who` shows these series now, and no others."""

    def prefer(self, series: SeriesKey, image: int) -> None:
        """Load this image and its neighbours before the rest."""

    def loading(self, series: SeriesKey) -> Loading | None:
        """Which images of a series are loaded; None where it is not open."""


@dataclass(frozen=True)
class Beside:
    """What a stamp says beside what is shown, as far as it is at hand.

    Attributes:
        values: at the crosshair.
        states: what presentation states draw.
        waiting: series of which something was not at hand.
    """

    values: Values
    states: States
    waiting: frozenset[SeriesKey]


NOTHING_BESIDE = Beside({}, {}, frozenset())
SendMessage = Callable[[ConnectionId, ShownStamp | Loading], None]


@dataclass(frozen=True)
class StampContext:
    """What the stampers of one consult share.

    Attributes:
        send: leaves a message in a connection's outbox.
        arrays: whole volumes.
        segmentations: what marks regions.
        presentation_states: what asks how images are shown.
        hidden_from: which parts of pictures a page is not shown.
        offer: lets a still be fetched from now on; returns its digest.
        show_video: gives the video of a stage a new scene.
        feeds: of the pages that are sent stills before they ask.
        prepared: the views that were kept of the case on the stage.
        next_case: makes what the next case opens with; None: nobody does.
    """

    volumes: Volumes
    arrays: Arrays
    segmentations: SegmentationSources
    presentation_states: PresentationStateSources
    send: SendMessage
    hidden_from: Callable[[ConnectionId], HiddenParts]
    offer: Callable[[str, Recipe, HiddenParts], str]
    show_video: Callable[[Scene, str], None]
    feeds: Feeds = field(default_factory=Feeds)
    prepared: Prepared = nothing_prepared
    next_case: NextCase | None = None


class StillStamper:
    """Makes the stamps of one stage, and sends each page the one of its screen.

    Args:
        consult: names it in the log and to the volume cache.
        stage: "" for the shared view.
    """

    def __init__(self, consult: str, stage: str, context: StampContext) -> None:
        self.stage = stage
        self._consult, self._context = consult, context
        self._screens: dict[ConnectionId, Screen] = {}
        self._loading: dict[ConnectionId, dict[SeriesKey, Loading]] = {}
        """What each page was sent last of each series: it is sent again once it is another."""
        self._due: set[ConnectionId] = set()
        self._newest: tuple[ShownView, Case] | None = None
        self._unread: frozenset[SeriesKey] = frozenset()
        """Of the newest stamps, series of which something was not at hand."""
        self._wake = asyncio.Event()
        self._expecting = Expecting(
            context.feeds, context.offer, context.prepared, context.hidden_from, alone=bool(stage)
        )
        self._next_case = None if stage else context.next_case
        self._task = asyncio.create_task(self._run(), name=f"pictures {consult} {stage}")

    def show(self, shown: ShownView, case: Case) -> None:
        """The view has changed: every page of this stage is due a picture."""
        self._newest = (shown, case)
        self._expecting.show(shown.view, case, steady())
        self._due.update(self._screens)
        self._wake.set()

    def set_screen(self, connection: ConnectionId, screen: Screen) -> None:
        """A page has come to this stage, its screen has changed, or it asks anew: it is due a picture, and all else."""
        self._screens[connection] = screen
        self._loading.pop(connection, None)
        self._due.add(connection)
        self._wake.set()

    def again(self) -> None:
        """Other parts are hidden: every page of this stage is due a picture of the same view."""
        self._due.update(self._screens)
        self._wake.set()

    def announce(self) -> None:
        """A page is sent stills from now on: what comes next is named for it."""
        self._wake.set()

    def forget(self, connection: ConnectionId) -> None:
        """A page has left this stage."""
        self._screens.pop(connection, None)
        self._loading.pop(connection, None)
        self._due.discard(connection)
        if not self._screens:
            self._context.volumes.hold(self._holder, ())

    async def load(self) -> None:
        """What the newest view shows is loaded before all else of it, for who is about to come. Raises ConsultError."""
        if self._newest is not None:
            shown, case = self._newest
            await self._open(shown)
            self._prefer(shown, case)

    async def stills_for(self, screen: Screen, hidden: HiddenParts) -> tuple[str, ...]:
        """Digests of the stills of the newest view on such a screen, without the hidden parts, which may be fetched
        from now on.

        Raises:
            ConsultError: a volume does not open.
        """
        if self._newest is None:
            return ()
        shown, case = self._newest
        volumes = await self._open(shown)
        self._prefer(shown, case)
        viewports = self._stamp_for(shown, case, screen, volumes, NOTHING_BESIDE, hidden).viewports
        return tuple(dict.fromkeys(viewport.digest for viewport in viewports if viewport.digest))

    def series_changed(self, series: SeriesKey) -> None:
        """More images of a series are loaded."""
        if self._newest is not None and series in self._newest[0].view.series:
            self._send_loading(self._screens, (series,))
            self._read_late(*self._newest, series)

    def _read_late(self, shown: ShownView, case: Case, series: SeriesKey) -> None:
        """Stamp anew what lacked something of a series, where it is at hand now."""
        if series in self._unread and series not in self._beside(shown, case).waiting:
            self._unread = frozenset()
            self.again()

    async def close(self) -> None:
        """Stop, and let the volumes go."""
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        self._context.volumes.hold(self._holder, ())

    @property
    def _holder(self) -> str:
        return f"{self._consult} {self.stage}" if self.stage else self._consult

    async def _run(self) -> None:
        while True:
            await self._rest()
            self._wake.clear()
            if self._newest is None:
                continue
            try:
                await self._stamp(*self._newest)
            except ConsultError as error:
                logger.warning("consult %s: no picture: %s", self._consult, error.code)
                self._send_error(*self._newest, error)
            except Exception:  # a fault of ours in one picture must not end the pictures of the whole consult
                logger.exception("consult %s: no picture", self._consult)

    async def _rest(self) -> None:
        """Wait for a change; once nothing has changed for a while, make the next case's picture ahead meanwhile."""
        if self._next_case is None:
            await self._wake.wait()
            return
        wakes = asyncio.create_task(self._wake.wait())
        tasks = [wakes]
        try:
            await asyncio.wait(tasks, timeout=RESTS_S)
            if not wakes.done():
                tasks.append(asyncio.create_task(self._make_next(self._next_case)))
                await asyncio.wait({wakes})
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _make_next(self, next_case: NextCase) -> Literal[True]:
        try:
            await next_case.make(set(self._screens.values()))
        except Exception:  # a fault of ours in what nobody sees yet must not end what everybody sees
            logger.exception("consult %s: the next case is not made ahead", self._consult)
        return True

    async def _stamp(self, shown: ShownView, case: Case) -> None:
        keys = shown.view.series
        self._context.volumes.hold(self._holder, keys if self._screens else ())
        volumes = await self._open(shown)
        if self._newest is None or self._newest[0] is not shown:
            return  # the view has moved on while a volume was opened; the newest is next
        self._prefer(shown, case)
        self._context.show_video(self._scene(shown, case, volumes), self.stage)
        due, self._due = self._due, set()
        beside = NOTHING_BESIDE
        if due:  # else the newest stamps still lack what they lacked
            beside = self._beside(shown, case)
            self._unread = beside.waiting
        stamps: dict[tuple[Screen, bool], ShownStamp] = {}
        for connection in due & self._screens.keys():
            screen, hidden = self._screens[connection], self._context.hidden_from(connection)
            alike = screen, bool(hidden)
            if alike not in stamps:
                told = dataclasses.replace(beside, values=told_values(beside.values, hidden))
                stamps[alike] = ShownStamp(self._stamp_for(shown, case, screen, volumes, told, hidden))
            self._context.send(connection, stamps[alike])
            self._context.feeds.show(connection, stamps[alike].stamp)
        self._send_loading(due & self._screens.keys(), keys)
        await self._expecting.announce(case, self._screens, volumes, self._wake.is_set)

    async def _open(self, shown: ShownView) -> dict[SeriesKey, PixelSource]:
        return {key: await self._context.volumes.open(key) for key in shown.view.series}

    def _prefer(self, shown: ShownView, case: Case) -> None:
        for viewport in shown.view.viewports:
            series, image = case.shown_image(viewport.shows)
            self._context.volumes.prefer(series.key, image)

    def _beside(self, shown: ShownView, case: Case) -> Beside:
        values, unread = at_crosshair(shown.view, case, self._context.arrays)
        states, waiting = states_at_hand(shown.view, case, self._context.presentation_states)
        return Beside(values, states, unread | waiting)

    def _scene(self, shown: ShownView, case: Case, volumes: dict[SeriesKey, PixelSource]) -> Scene:
        context = self._context
        return Scene(shown, case, volumes, context.arrays, context.segmentations, context.presentation_states)

    def _send_error(self, shown: ShownView, case: Case, error: ConsultError) -> None:
        """The pages keep the picture they have, and show why there is no newer one."""
        for viewport in shown.view.viewports:
            series, image = case.shown_image(viewport.shows)
            for connection in self._screens:
                self._send_news(connection, Loading(series.key, (), series.images, (image,), error.sentence))

    def _stamp_for(  # noqa: PLR0917 - what a stamp is made of, each once
        self, shown: ShownView, case: Case, screen: Screen, volumes: dict[SeriesKey, PixelSource], beside: Beside,
        hidden: HiddenParts,
    ) -> Stamp:  # fmt: skip
        placed = []
        for viewport, rect in place(shown.view, screen):
            recipe = recipe_of(viewport, case, rect[2:], alone=bool(self.stage), hidden=hidden)
            digest = self._context.offer(source_digest(recipe, volumes), recipe, hidden)
            found = stamped(viewport, rect, recipe, digest=digest)
            drawn = beside.states.get(viewport.id)
            words = covered(drawn, recipe) if drawn is not None else ()
            placed.append(replace(found, at_crosshair=beside.values.get(viewport.id, ()), words_px=words))
        size = (screen.width, screen.height)
        return Stamp("still", shown.rev, shown.case, *size, tuple(placed), stage=self.stage)

    def _send_loading(self, connections: Iterable[ConnectionId], series: Iterable[SeriesKey]) -> None:
        for key in series:
            if (loading := self._context.volumes.loading(key)) is not None:
                for connection in connections:
                    self._send_news(connection, loading)

    def _send_news(self, connection: ConnectionId, loading: Loading) -> None:
        sent = self._loading.setdefault(connection, {})
        if sent.get(loading.series) != loading:
            sent[loading.series] = loading
            self._context.send(connection, loading)
