"""Who sees which picture of one consult: those who follow the shared view, and each who looks around alone.

A page may fetch what was offered to its consult and nothing else.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Sequence

from consult.media.pacing.congestion import QualityLayer
from consult.media.pacing.subscriber_queue import Gate
from consult.model.catalogue import Case
from consult.model.errors import Refused
from consult.model.identifiers import ConnectionId, SeriesKey
from consult.model.mark import Shape
from consult.model.view import Screen
from consult.sessions.features.marks.messages import Measured
from consult.sessions.features.view.messages import ShownView
from consult.sessions.messages import Loading, ShownStamp
from consult.streaming.measurements import Measurements
from consult.streaming.still_stamps import StillStamper, Tools, Volumes
from consult.streaming.stills import Recipe, Still, Stills
from consult.streaming.video_router import MediaContext, Subscription, Transport, VideoRouter

OFFERED = 2048

SendMessage = Callable[[ConnectionId, ShownStamp | Loading | Measured], None]


class PictureRouter:
    """One consult's. `say` leaves a message in a connection's outbox."""

    def __init__(self, who: str, volumes: Volumes, stills: Stills, room: MediaContext, say: SendMessage) -> None:
        self._who, self._stills = who, stills
        self.moving = VideoRouter(room, say)
        self.measuring = Measurements(who, volumes, room.pool, say)
        self._screens: dict[ConnectionId, Screen] = {}
        self._offered: OrderedDict[str, None] = OrderedDict()
        self._tools = Tools(volumes, say, self._offer, self.moving.show)
        self._shared = StillStamper(who, "", self._tools)
        self._alone: dict[ConnectionId, StillStamper] = {}
        self._closing: set[asyncio.Task[None]] = set()

    def show(self, shown: ShownView, case: Case) -> None:
        """The view that all are shown has changed: who follows is due a picture."""
        self._shared.show(shown, case)

    def look(self, connection: ConnectionId, stage: str, shown: ShownView, case: Case) -> None:
        """A page looks around alone: it is due pictures of its own view."""
        mine = self._alone.get(connection)
        if mine is None or mine.stage != stage:
            self._end_alone(connection)
            mine = self._alone[connection] = StillStamper(self._who, stage, self._tools)
            self._shared.forget(connection)
            self.moving.set_stage(connection, stage)
            if connection in self._screens:
                mine.set_screen(connection, self._screens[connection])
        mine.show(shown, case)

    def follow(self, connection: ConnectionId) -> None:
        """A page follows again."""
        if self._end_alone(connection) and connection in self._screens:
            self._shared.set_screen(connection, self._screens[connection])

    def set_screen(self, connection: ConnectionId, screen: Screen) -> None:
        """A page is here, or has changed its shape: it is due a picture."""
        self._screens[connection] = screen
        self.moving.set_screen(connection, screen)
        self._alone.get(connection, self._shared).set_screen(connection, screen)

    def forget(self, connection: ConnectionId) -> None:
        """A page has gone."""
        self._end_alone(connection)
        self.moving.forget(connection)
        self._screens.pop(connection, None)
        self._shared.forget(connection)

    def series_changed(self, series: SeriesKey) -> None:
        """More of a series can be shown."""
        for stamping in (self._shared, *self._alone.values()):
            stamping.series_changed(series)
        self.moving.series_changed(series)

    def measure(self, to: Sequence[ConnectionId], shapes: Sequence[Shape], case: Case) -> None:
        """Read the pixels below shapes of a case, and tell their values."""
        self.measuring.measure(to, shapes, case)

    def subscribe(self, connection: ConnectionId, transport: Transport, gate: Gate) -> Subscription:
        """A page takes the moving picture from now on, this way."""
        return self.moving.subscribe(connection, transport, gate)

    def unsubscribe(self, subscription: Subscription) -> None:
        """It takes it no longer."""
        self.moving.unsubscribe(subscription)

    def set_layer(self, subscription: Subscription, layer: QualityLayer) -> None:
        """It takes frames of that layer from now on."""
        self.moving.set_layer(subscription, layer)

    async def fetch(self, digest: str) -> Still:
        """The still of a digest that was offered to this consult. Raises Refused, NotReady, DicomRefused."""
        if digest not in self._offered:
            raise Refused("unknown_still", "This picture is not known (any more). Ask for a new one.")
        return await self._stills.fetch(digest)

    async def close(self) -> None:
        """Stop, and let the volumes go."""
        for connection in list(self._alone):
            self._end_alone(connection)
        await asyncio.gather(self._shared.close(), *self._closing, return_exceptions=True)
        await self.moving.close()
        await self.measuring.close()

    def _end_alone(self, connection: ConnectionId) -> bool:
        """Whether the page has looked around alone."""
        mine = self._alone.pop(connection, None)
        if mine is None:
            return False
        self.moving.set_stage(connection, "")
        task = asyncio.create_task(mine.close(), name=f"close pictures {self._who} {mine.stage}")
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)
        return True

    def _offer(self, source: str, recipe: Recipe) -> str:
        digest = self._stills.offer(source, recipe)
        self._offered[digest] = None
        self._offered.move_to_end(digest)
        while len(self._offered) > OFFERED:
            self._offered.popitem(last=False)
        return digest
