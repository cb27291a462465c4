"""The stamps of one stage: the view that all are shown, or that of one who looks around alone.

Rules:
- The newest view wins: one slot, one task. While a volume is being opened, views may pass unseen.
- Equal screens get equal stamps, and by their digests one still.
- Volumes are held while somebody looks; before that they load behind those that are looked at.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

from consult.model.catalogue import Case
from consult.model.errors import ConsultError, Refused
from consult.model.identifiers import ConnectionId, SeriesKey
from consult.model.stamp import Stamp, StampedViewport
from consult.model.view import Screen
from consult.rendering.layout import place
from consult.rendering.stack import viewport_scale
from consult.sessions.features.view.messages import ShownView
from consult.sessions.messages import Loading, ShownStamp
from consult.streaming.stills import PixelSource, PixelSources, Recipe
from consult.streaming.video_router import Scene

logger = logging.getLogger(__name__)


class Volumes(PixelSources, Protocol):
    """The volume cache, as the pictures need it."""

    def hold(self, who: str, series: Iterable[SeriesKey]) -> None:
        """These series are shown by `who` now; the others of `who` no longer are."""

    def prefer(self, series: SeriesKey, image: int) -> None:
        """Load this image and its neighbours before the rest."""

    def loading(self, series: SeriesKey) -> Loading | None:
        """What of a series can be shown; None where it is not open."""


SendMessage = Callable[[ConnectionId, ShownStamp | Loading], None]


@dataclass(frozen=True)
class Tools:
    """What the stages of a consult share.

    Attributes:
        say: leaves a message in a connection's outbox.
        offer: a still may be fetched from now on; its digest.
        moving: the moving picture of a stage has a new scene.
    """

    volumes: Volumes
    say: SendMessage
    offer: Callable[[str, Recipe], str]
    moving: Callable[[Scene, str], None]


class StillStamper:
    """Makes the stamps of one stage. `who` names it in the log and to the volume cache."""

    def __init__(self, who: str, stage: str, tools: Tools) -> None:
        self.stage = stage
        self._who, self._tools = who, tools
        self._screens: dict[ConnectionId, Screen] = {}
        self._due: set[ConnectionId] = set()
        self._newest: tuple[ShownView, Case] | None = None
        self._wake = asyncio.Event()
        self._task = asyncio.create_task(self._run(), name=f"pictures {who} {stage}")

    def show(self, shown: ShownView, case: Case) -> None:
        """The view has changed: everybody is due a picture."""
        self._newest = (shown, case)
        self._due.update(self._screens)
        self._wake.set()

    def set_screen(self, connection: ConnectionId, screen: Screen) -> None:
        """A page is here, or has changed its shape: it is due a picture."""
        self._screens[connection] = screen
        self._due.add(connection)
        self._wake.set()

    def forget(self, connection: ConnectionId) -> None:
        """A page looks at this stage no longer."""
        self._screens.pop(connection, None)
        self._due.discard(connection)
        if not self._screens:
            self._tools.volumes.hold(self._holder, ())

    def series_changed(self, series: SeriesKey) -> None:
        """More of a series can be shown."""
        if self._newest is not None and any(v.series == series for v in self._newest[0].view.viewports):
            self._tell_loading(self._screens, (series,))

    async def close(self) -> None:
        """Stop, and let the volumes go."""
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        self._tools.volumes.hold(self._holder, ())

    @property
    def _holder(self) -> str:
        return f"{self._who} {self.stage}" if self.stage else self._who

    async def _run(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            if self._newest is None:
                continue
            try:
                await self._stamp(*self._newest)
            except ConsultError as error:
                logger.warning("consult %s: no picture: %s", self._who, error.code)
                self._tell_why(*self._newest, error)
            except Exception:  # a fault of ours in one picture must not end the pictures of the whole consult
                logger.exception("consult %s: no picture", self._who)

    async def _stamp(self, shown: ShownView, case: Case) -> None:
        keys = {viewport.series for viewport in shown.view.viewports}
        self._tools.volumes.hold(self._holder, keys if self._screens else ())
        volumes = {key: await self._tools.volumes.open(key) for key in keys}
        if self._newest is None or self._newest[0] is not shown:
            return  # the view has moved on while a volume was opened; the newest is next
        for viewport in shown.view.viewports:
            self._tools.volumes.prefer(viewport.series, viewport.image)
        self._tools.moving(Scene(shown, case, volumes), self.stage)
        due, self._due = self._due, set()
        stamps: dict[Screen, ShownStamp] = {}
        for connection in due & self._screens.keys():
            screen = self._screens[connection]
            if screen not in stamps:
                stamps[screen] = ShownStamp(self._stamp_for(shown, case, screen, volumes))
            self._tools.say(connection, stamps[screen])
        self._tell_loading(due & self._screens.keys(), keys)

    def _tell_why(self, shown: ShownView, case: Case, error: ConsultError) -> None:
        """The pages keep the picture they have, and say why there is no newer one."""
        for viewport in shown.view.viewports:
            images = series.images if (series := case.find(viewport.series)) else 0
            for connection in self._screens:
                self._tools.say(connection, Loading(viewport.series, (), images, (viewport.image,), error.sentence))

    def _stamp_for(
        self, shown: ShownView, case: Case, screen: Screen, volumes: dict[SeriesKey, PixelSource]
    ) -> Stamp:
        placed = []
        for viewport, rect in place(shown.view, screen):
            series = case.find(viewport.series)
            if series is None:
                raise Refused("unknown_series", "The view shows a series that the case does not have.")
            recipe = Recipe(viewport, series.grid, rect[2:])
            digest = self._tools.offer(volumes[viewport.series].source_digest(viewport.image), recipe)
            placed.append(
                StampedViewport(
                    id=viewport.id,
                    series=viewport.series,
                    image=viewport.image,
                    rect_px=rect,
                    camera=viewport.camera,
                    scale=viewport_scale(series.grid, viewport.camera, rect[2:]),
                    window=viewport.window,
                    invert=viewport.invert,
                    digest=digest,
                )
            )
        size = (screen.width, screen.height)
        return Stamp("still", shown.rev, shown.case, *size, tuple(placed), stage=self.stage)

    def _tell_loading(self, connections: Iterable[ConnectionId], series: Iterable[SeriesKey]) -> None:
        for key in series:
            if (loading := self._tools.volumes.loading(key)) is not None:
                for connection in connections:
                    self._tools.say(connection, loading)
