"""Which page gets which picture of one consult: of the shared view, or of its own while it explores.

A page may fetch what was offered to its consult and nothing else.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, Protocol

from consult.media.pacing.congestion import QualityLayer
from consult.media.pacing.subscriber_queue import Gate
from consult.media.video.preview import MAX_PIXELS as PREVIEW_PIXELS
from consult.model.catalogue import Case, Series
from consult.model.errors import ConsultError, Refused
from consult.model.geometry import Vec
from consult.model.identifiers import ConnectionId, SeatId, SeriesKey
from consult.model.mark import Shape
from consult.model.privacy.blackout import NOTHING_HIDDEN, HiddenParts
from consult.model.view import Screen
from consult.sessions.features.marks.messages import Measured
from consult.sessions.features.view.messages import ShownView
from consult.sessions.messages import Loading, ShownStamp
from consult.streaming.feeds.expecting import Prepared, nothing_prepared
from consult.streaming.feeds.feed import Feed
from consult.streaming.feeds.feeds import Feeds
from consult.streaming.feeds.following import Following, NextCase, nothing_following
from consult.streaming.recipes import Recipe
from consult.streaming.still_stamps import StampContext, StillStamper, Volumes
from consult.streaming.still_turns import StillTurns
from consult.streaming.stills import RAW, UNKNOWN, Still, Stills, raw_of
from consult.streaming.subscription import Subscription, Transport
from consult.streaming.values.curves import Curve, Curves, CurveSource
from consult.streaming.values.hidden import lies_on_hidden
from consult.streaming.values.measurements import Measurements
from consult.streaming.values.sight import Sight
from consult.streaming.video_router import MediaContext, VideoRouter

logger = logging.getLogger(__name__)
OFFERED = 2048
SIGHT_PIXELS = 1 << 18
"""What a line of sight, or an image that is read for a curve, counts as among the stills that a seat is given."""


class RoutedVolumes(Volumes, Protocol):
    """The volume cache, as a consult's pictures and values need it."""

    async def open(self, series: SeriesKey) -> CurveSource:
        """The volume of a series, loading or loaded."""


SendMessage = Callable[[ConnectionId, ShownStamp | Loading | Measured], None]


class PictureRouter:
    """Routes stills, video and measured values of one consult to its pages.

    Args:
        consult: names it in the log and to the volume cache.
        send: leaves a message in a connection's outbox.
        prepared: the views that were kept of the case on the stage.
        following: the case that probably comes next, and what it shows then.
    """

    def __init__(
        self,
        consult: str,
        volumes: RoutedVolumes,
        stills: Stills,
        media: MediaContext,
        send: SendMessage,
        *,
        prepared: Prepared = nothing_prepared,
        following: Following = nothing_following,
    ) -> None:
        self._consult, self._stills = consult, stills
        self.video = VideoRouter(media, send)
        self.measurements = Measurements(consult, volumes, stills.arrays, media.pool, send, self._is_hidden)
        self._sight = Sight(stills.arrays, media.pool)
        self._curves = Curves(volumes, stills.arrays, media.pool.background)
        self._screens: dict[ConnectionId, Screen] = {}
        self._turns = StillTurns()
        self._hidden: HiddenParts = NOTHING_HIDDEN
        self._guests: set[ConnectionId] = set()
        self._offered: dict[bool, OrderedDict[str, None]] = {False: OrderedDict(), True: OrderedDict()}
        """What was offered to who is shown all, and to who is not."""
        reading = stills.arrays, stills.segmentations, stills.presentation_states
        self._feeds = Feeds()
        self._stamping = StampContext(
            volumes,
            *reading,
            send,
            self._hidden_from,
            self._offer,
            self.video.show,
            feeds=self._feeds,
            prepared=prepared,
            next_case=NextCase(volumes, stills.offer, following, stills.fetch_ahead),  # not to be fetched by a page yet
        )
        self._shared = StillStamper(consult, "", self._stamping)
        self._independent: dict[ConnectionId, StillStamper] = {}
        self._closing: set[asyncio.Task[None]] = set()
        self._begun: set[asyncio.Task[Any]] = set()
        """Before anybody asked for it."""

    def show(self, shown: ShownView, case: Case) -> None:
        """The shared view has changed: every page that follows it is due a picture."""
        self._shared.show(shown, case)

    def show_independent(self, connection: ConnectionId, stage: str, shown: ShownView, case: Case) -> None:
        """A page explores on its own, or its own view has changed: it is due pictures of that view."""
        stamper = self._independent.get(connection)
        if stamper is None or stamper.stage != stage:
            self._end_independent(connection)
            stamper = self._independent[connection] = StillStamper(self._consult, stage, self._stamping)
            self._shared.forget(connection)
            self.video.set_stage(connection, stage)
            if connection in self._screens:
                stamper.set_screen(connection, self._screens[connection])
        stamper.show(shown, case)

    def follow(self, connection: ConnectionId) -> None:
        """A page follows the shared view again."""
        if self._end_independent(connection) and connection in self._screens:
            self._shared.set_screen(connection, self._screens[connection])

    def hide(self, parts: HiddenParts) -> None:
        """Guests are shown nothing of these parts from now on, and all of the others; what was offered to them before
        they cannot fetch any more."""
        if parts == self._hidden:
            return
        self._hidden = parts
        self._offered[True].clear()
        self.video.hide(parts)
        for stamper in (self._shared, *self._independent.values()):
            stamper.again()

    def set_screen(self, connection: ConnectionId, screen: Screen, *, guest: bool = False) -> None:
        """A page has joined, or its screen has changed: it is due a picture. `guest`: without the hidden parts."""
        self._screens[connection] = screen
        (self._guests.add if guest else self._guests.discard)(connection)
        self.video.set_screen(connection, screen, guest=guest)
        self._independent.get(connection, self._shared).set_screen(connection, screen)

    def load(self) -> None:
        """Somebody is about to come: what is shown is loaded, and nothing is sent."""
        self._begin(self._shared.load())

    async def first_stills(self, seat: SeatId, screen: Screen, *, guest: bool) -> tuple[str, ...]:
        """Digests of the stills that a page of that seat, with that screen, is shown first; they are rendered from now
        on. Nothing where they cannot be named: its stamp says why. `guest`: without the hidden parts."""
        hidden = self._hidden if guest else NOTHING_HIDDEN
        try:
            digests = await self._shared.stills_for(screen, hidden)
        except ConsultError:
            return ()
        for digest in digests:
            self._begin(self.fetch(digest, seat, guest=guest))
        return digests

    def forget(self, connection: ConnectionId) -> None:
        """A page has gone."""
        self._end_independent(connection)
        self.video.forget(connection)
        self._feeds.forget(connection)
        self._screens.pop(connection, None)
        self._guests.discard(connection)
        self._shared.forget(connection)

    def series_changed(self, series: SeriesKey) -> None:
        """More images of a series are loaded."""
        for stamper in (self._shared, *self._independent.values()):
            stamper.series_changed(series)
        self.video.series_changed(series)

    def measure(self, to: Sequence[ConnectionId], shapes: Sequence[Shape], case: Case, drafting: str = "") -> None:
        """Read the pixels below shapes of a case, and send the values to these connections."""
        self.measurements.measure(to, shapes, case, drafting)

    def subscribe(self, connection: ConnectionId, transport: Transport, gate: Gate) -> Subscription:
        """Give a page the video from now on, by that transport."""
        return self.video.subscribe(connection, transport, gate)

    def unsubscribe(self, subscription: Subscription) -> None:
        """Give it no more frames."""
        self.video.unsubscribe(subscription)

    def feed(self, connection: ConnectionId, seat: SeatId) -> Feed:
        """Send a page its stills from now on, before it asks for them."""

        async def fetch(digest: str) -> Still:
            guest = connection in self._guests
            if feed.jpeg_xl and not feed.raw:
                return await self.fetch_small(digest, seat, now=False, guest=guest)
            return await self.fetch(raw_of(digest) if feed.raw else digest, seat, guest=guest)

        async def fetch_ahead(digest: str) -> Still:
            name = raw_of(digest) if feed.raw else digest
            return await self._fetch_ahead(name, seat, guest=connection in self._guests)

        feed = Feed(fetch, fetch_ahead)
        self._feeds.open(connection, feed)
        if connection in self._screens:  # what comes next is named for those alone who are sent it
            self._independent.get(connection, self._shared).announce()
        return feed

    def end_feed(self, connection: ConnectionId, feed: Feed) -> None:
        """Its socket is gone."""
        self._feeds.close(connection, feed)

    def set_layer(self, subscription: Subscription, layer: QualityLayer) -> None:
        """Give it frames of that quality layer from now on."""
        self.video.set_layer(subscription, layer)

    async def fetch(self, digest: str, seat: SeatId, *, guest: bool) -> Still:
        """The still of a digest that was offered to this consult; to a guest, without the hidden parts. Raises Refused,
        NotReady, DicomRefused."""
        self._check_offered(digest, guest=guest)
        still = await self._fetch(digest, seat)
        self._check_offered(digest, guest=guest)  # it may have been hidden meanwhile
        return still

    async def _fetch(self, digest: str, seat: SeatId) -> Still:
        if not (pixels := self._stills.cost(digest)):
            return await self._stills.fetch(digest)
        await self._stills.loaded(digest)  # not in a turn: what is still read would hold up what is there
        async with self._turns.turn(seat, pixels):
            return await self._stills.fetch(digest)

    async def fetch_small(self, digest: str, seat: SeatId, *, now: bool, guest: bool) -> Still:
        """The same for a page that decodes JPEG XL. `now`: it has a slow link, and waits for that."""
        known = self._stills.cost(digest) == 0
        still = await self.fetch(digest, seat, guest=guest)
        if still.jpeg_xl is not None or not (known or now):
            return still
        async with self._turns.turn(seat, self._stills.pixels(digest)):
            small = await self._stills.fetch_small(digest, now=now)
        self._check_offered(digest, guest=guest)
        return small

    async def _fetch_ahead(self, digest: str, seat: SeatId, *, guest: bool) -> Still:
        """The still of a digest that nobody waits for. Raises as `fetch`."""
        self._check_offered(digest, guest=guest)
        if not (pixels := self._stills.cost(digest)):
            return await self._stills.fetch_ahead(digest)
        async with self._turns.turn(seat, pixels):
            still = await self._stills.fetch_ahead(digest)
        self._check_offered(digest, guest=guest)
        return still

    async def preview(self, digest: str, seat: SeatId, *, guest: bool) -> bytes:
        """A JPEG of fewer pixels, of the still of a digest that was offered to this consult. Raises as `fetch`."""
        self._check_offered(digest, guest=guest)
        await self._stills.loaded(digest)
        async with self._turns.turn(seat, PREVIEW_PIXELS):
            jpeg = await self._stills.preview(digest)
        self._check_offered(digest, guest=guest)
        return jpeg

    def _check_offered(self, digest: str, *, guest: bool) -> None:
        if digest.removesuffix(RAW) not in self._offered[guest and bool(self._hidden)]:
            raise Refused("unknown_still", UNKNOWN)

    async def greatest(
        self, seat: SeatId, series: Series, time: int, line: tuple[Vec, Vec], *, least: bool
    ) -> tuple[Vec, float]:
        """The voxel with the greatest value on a line. Raises as `Sight.greatest`; Refused ("too_often")."""
        async with self._turns.turn(seat, SIGHT_PIXELS):
            return await self._sight.greatest(series, time, *line, least=least)

    async def curve(self, seat: SeatId, shape: Shape, series: Series) -> Curve:
        """The values of a shape over the second axis of its series. Raises as `Curves.curve`; Refused ("too_often")."""
        return await self._curves.curve(shape, series, lambda images: self._turns.turn(seat, images * SIGHT_PIXELS))

    async def close(self) -> None:
        """Stop, and let the volumes go."""
        for connection in list(self._independent):
            self._end_independent(connection)
        for task in self._begun:
            task.cancel()
        await asyncio.gather(*self._begun, return_exceptions=True)
        await asyncio.gather(self._shared.close(), *self._closing, return_exceptions=True)
        await self.video.close()
        await self.measurements.close()

    def _begin(self, work: Coroutine[Any, Any, Any]) -> None:
        """Do it behind whoever comes; what goes wrong is told to whoever asks for it then."""
        task = asyncio.create_task(work, name=f"first pictures {self._consult}")
        self._begun.add(task)
        task.add_done_callback(self._begun_is_done)

    def _begun_is_done(self, task: asyncio.Task[Any]) -> None:
        self._begun.discard(task)
        if not task.cancelled() and (error := task.exception()) and not isinstance(error, ConsultError):
            logger.error("consult %s: a first picture", self._consult, exc_info=error)

    def _end_independent(self, connection: ConnectionId) -> bool:
        """End a page's own view; whether it had one."""
        stamper = self._independent.pop(connection, None)
        if stamper is None:
            return False
        self.video.set_stage(connection, "")
        task = asyncio.create_task(stamper.close(), name=f"close pictures {self._consult} {stamper.stage}")
        # The loop holds tasks by weak references only: without this set one may be collected before it is done.
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)
        return True

    def _hidden_from(self, connection: ConnectionId) -> HiddenParts:
        return self._hidden if connection in self._guests else NOTHING_HIDDEN

    def _is_hidden(self, connection: ConnectionId, shape: Shape, series: Series) -> bool:
        """Whether the pixels below a shape say something of what a page is not shown."""
        hidden = self._hidden_from(connection)
        return bool(hidden) and lies_on_hidden(shape, series, hidden)

    def _offer(self, source: str, recipe: Recipe, hidden: HiddenParts) -> str:
        digest, offered = self._stills.offer(source, recipe), self._offered[bool(hidden)]
        if hidden and hidden != self._hidden:
            return digest  # named for guests before more of it was hidden: none of them can fetch it
        offered[digest] = None
        offered.move_to_end(digest)
        while len(offered) > OFFERED:
            offered.popitem(last=False)
        return digest
