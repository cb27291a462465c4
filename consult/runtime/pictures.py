"""Who sees which picture of one consult: stamps for every connected page's own screen.

Rules:
- The newest view wins: one slot, one task. While a volume is being opened, views may pass unseen.
- Equal screens get equal stamps, and by their digests one still.
- Volumes are held while somebody looks; before that they load behind those that are looked at.
- A page may fetch what was offered to its consult and nothing else.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable, Iterable
from typing import Protocol

from consult.media.rate import Tier
from consult.media.taker import Gate
from consult.model.catalogue import Case
from consult.model.errors import ConsultError, Refused
from consult.model.identifiers import ConnectionId, SeriesKey
from consult.model.stamp import Stamp, StampedViewport
from consult.model.view import Screen
from consult.rendering.layout import place
from consult.rendering.stack import viewport_scale
from consult.runtime.moving import MediaRoom, Moving, Scene, Watch, Way
from consult.runtime.stills import PixelSource, PixelSources, Recipe, Still, Stills
from consult.sessions.messages import Loading, ShownStamp, ShownView

logger = logging.getLogger(__name__)
OFFERED = 2048


class Volumes(PixelSources, Protocol):
    """The volume cache, as the pictures need it."""

    def hold(self, who: str, series: Iterable[SeriesKey]) -> None:
        """These series are shown by `who` now; the others of `who` no longer are."""

    def prefer(self, series: SeriesKey, image: int) -> None:
        """Load this image and its neighbours before the rest."""

    def loading(self, series: SeriesKey) -> Loading | None:
        """What of a series can be shown; None where it is not open."""


Say = Callable[[ConnectionId, ShownStamp | Loading], None]


class Pictures:
    """Makes the stamps of one consult. `say` leaves a message in a connection's outbox."""

    def __init__(self, who: str, volumes: Volumes, stills: Stills, room: MediaRoom, say: Say) -> None:
        self._who, self._volumes, self._stills, self._say = who, volumes, stills, say
        self.moving = Moving(room, say)
        self._screens: dict[ConnectionId, Screen] = {}
        self._due: set[ConnectionId] = set()
        self._newest: tuple[ShownView, Case] | None = None
        self._wake = asyncio.Event()
        self._offered: OrderedDict[str, None] = OrderedDict()
        self._task = asyncio.create_task(self._run(), name=f"pictures {who}")

    def show(self, shown: ShownView, case: Case) -> None:
        """The view has changed: everybody is due a picture."""
        self._newest = (shown, case)
        self._due.update(self._screens)
        self._wake.set()

    def set_screen(self, connection: ConnectionId, screen: Screen) -> None:
        """A page is here, or has changed its shape: it is due a picture."""
        self._screens[connection] = screen
        self.moving.set_screen(connection, screen)
        self._due.add(connection)
        self._wake.set()

    def forget(self, connection: ConnectionId) -> None:
        """A page has gone."""
        self.moving.forget(connection)
        self._screens.pop(connection, None)
        self._due.discard(connection)
        if not self._screens:
            self._volumes.hold(self._who, ())

    def series_changed(self, series: SeriesKey) -> None:
        """More of a series can be shown."""
        if self._newest is None or all(v.series != series for v in self._newest[0].view.viewports):
            return
        self._tell_loading(self._screens, (series,))
        self.moving.changed()

    def watch(self, connection: ConnectionId, way: Way, gate: Gate) -> Watch:
        """A page takes the moving picture from now on, this way."""
        return self.moving.watch(connection, way, gate)

    def unwatch(self, watch: Watch) -> None:
        """It takes it no longer."""
        self.moving.unwatch(watch)

    def set_tier(self, watch: Watch, tier: Tier) -> None:
        """It takes frames of that tier from now on."""
        self.moving.set_tier(watch, tier)

    async def fetch(self, digest: str) -> Still:
        """The still of a digest that was offered to this consult. Raises Refused, NotReady, DicomRefused."""
        if digest not in self._offered:
            raise Refused("unknown_still", "This picture is not known (any more). Ask for a new one.")
        return await self._stills.fetch(digest)

    async def close(self) -> None:
        """Stop, and let the volumes go."""
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        await self.moving.close()
        self._volumes.hold(self._who, ())

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
        self._volumes.hold(self._who, keys if self._screens else ())
        volumes = {key: await self._volumes.open(key) for key in keys}
        if self._newest is None or self._newest[0] is not shown:
            return  # the view has moved on while a volume was opened; the newest is next
        for viewport in shown.view.viewports:
            self._volumes.prefer(viewport.series, viewport.image)
        self.moving.show(Scene(shown, case, volumes))
        due, self._due = self._due, set()
        stamps: dict[Screen, ShownStamp] = {}
        for connection in due & self._screens.keys():
            screen = self._screens[connection]
            if screen not in stamps:
                stamps[screen] = ShownStamp(self._stamp_for(shown, case, screen, volumes))
            self._say(connection, stamps[screen])
        self._tell_loading(due & self._screens.keys(), keys)

    def _tell_why(self, shown: ShownView, case: Case, error: ConsultError) -> None:
        """The pages keep the picture they have, and say why there is no newer one."""
        for viewport in shown.view.viewports:
            images = series.images if (series := case.find(viewport.series)) else 0
            for connection in self._screens:
                self._say(connection, Loading(viewport.series, (), images, (viewport.image,), error.sentence))

    def _stamp_for(
        self, shown: ShownView, case: Case, screen: Screen, volumes: dict[SeriesKey, PixelSource]
    ) -> Stamp:
        placed = []
        for viewport, rect in place(shown.view, screen):
            series = case.find(viewport.series)
            if series is None:
                raise Refused("unknown_series", "The view shows a series that the case does not have.")
            recipe = Recipe(viewport, series.grid, rect[2:])
            digest = self._stills.offer(volumes[viewport.series].source_digest(viewport.image), recipe)
            self._remember(digest)
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
        return Stamp("still", shown.rev, shown.case, screen.width, screen.height, tuple(placed))

    def _remember(self, digest: str) -> None:
        self._offered[digest] = None
        self._offered.move_to_end(digest)
        while len(self._offered) > OFFERED:
            self._offered.popitem(last=False)

    def _tell_loading(self, connections: Iterable[ConnectionId], series: Iterable[SeriesKey]) -> None:
        for key in series:
            if (loading := self._volumes.loading(key)) is not None:
                for connection in connections:
                    self._say(connection, loading)
