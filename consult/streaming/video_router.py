"""The video of one consult: which subscription gets which shared stream, and what each stream shows.

Rules:
- A stream lives while it has subscribers; its key decides who shares it. Without subscribers it is closed at once.
- A page gets the stream that fits its screen, the view's layout and its link; where one changes, it may get another.
- A page changes its transport (WebRTC, WebSocket) without a gap: it may have both for a moment. Of each transport the
  newest subscription counts, and the older transport's ends `HANDOVER_S` after the newer one's first frame, if the page
  has not ended it before.
- A page that explores gets streams of a stage of its own, which show that stage's scene and nothing else.
- A frame's stamp goes into the mailbox of the page's control connection before the frame goes to its socket.
"""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from time import monotonic
from typing import Literal

from msgspec.structs import replace

from consult.media.pacing.congestion import QualityLayer
from consult.media.pacing.subscriber_queue import Gate, Numbered, SubscriberQueue
from consult.media.rtp.clock import RtpClock
from consult.media.video.planes import Planes, compose
from consult.media.video.raster import Raster, StreamKey, choose, fit
from consult.media.video.shared_stream import Drawing, SharedStream
from consult.media.webrtc.ice import UdpPort
from consult.model.catalogue import Case, Series
from consult.model.errors import NotReady
from consult.model.identifiers import ConnectionId, SeriesKey
from consult.model.image import Image
from consult.model.stamp import Stamp, StampedViewport
from consult.model.view import Camera, Screen, Viewport
from consult.rendering.layout import Rect, place
from consult.rendering.stack import render_viewport, viewport_scale
from consult.sessions.features.view.messages import ShownView
from consult.sessions.messages import ShownStamp
from consult.streaming.stills import PixelSource

Transport = Literal["webrtc", "websocket"]
HANDOVER_S = 2.0
"""For so long both transports carry frames: the older one bridges what the newer one loses at its start."""


@dataclass(frozen=True)
class MediaContext:
    """What the live media of all consults share.

    Attributes:
        port: of all WebRTC peers; None where there is no WebRTC.
    """

    pool: Executor
    clock: RtpClock
    port: UdpPort | None = None


@dataclass(frozen=True)
class Scene:
    """The newest view with the volumes that it shows, open."""

    shown: ShownView
    case: Case
    volumes: Mapping[SeriesKey, PixelSource]


@dataclass(frozen=True)
class Placed:
    """One viewport in its place on a raster.

    Attributes:
        series: of the image that it shows.
        place: of the image in its series.
        camera: the view's, with a radius that fills every screen.
    """

    viewport: Viewport
    rect: Rect
    series: Series
    place: int
    image: Image
    camera: Camera

    def stamp(self, span_px: float) -> StampedViewport:
        """Its part of the stamp: the view's own camera, and how large it is drawn."""
        v = self.viewport
        scale = viewport_scale(self.series.grid, self.camera, self.rect[2:])
        return StampedViewport(v.id, v.shows, self.rect, v.camera, scale, v.window, v.invert, "", span_px)


def draw(raster: Raster, placed: list[Placed]) -> Planes:
    """Render all viewports and put them together; runs in the pool."""
    return compose(raster, [
        (p.rect, render_viewport(
            p.image, p.series.grid, p.place, p.camera, p.viewport.window, p.rect[2:], invert=p.viewport.invert
        ))
        for p in placed
    ])


class Subscription:
    """A page's video by one transport.

    Args:
        subscriber: the queue of its frames.
        send: leaves the stamp of a frame in the outbox of the page's control connection.
        on_live: called before its first frame goes out.
    """

    def __init__(
        self, subscriber: SubscriberQueue, send: Callable[[ShownStamp], None], on_live: Callable[[], None]
    ) -> None:
        self.subscriber = subscriber
        self.replaced = False
        """It has ended because the page has a newer subscription."""
        self._send, self._on_live, self._is_live = send, on_live, False

    async def take(self) -> Numbered | None:
        """The next frame, its stamp sent before; None at the end, or when the page takes nothing."""
        numbered = await self.subscriber.take()
        if numbered is not None:
            self._send(numbered.access_unit.as_message)
            if not self._is_live:
                self._is_live = True
                self._on_live()
        return numbered


@dataclass
class SubscriptionState:
    """Whose a subscription is, by which transport, of which layer, and which stream it gets."""

    connection: ConnectionId
    transport: Transport
    layer: QualityLayer = "full"
    key: StreamKey | None = None
    handover: asyncio.TimerHandle | None = None


class VideoRouter:
    """Gives each subscription of one consult the shared stream that fits it.

    Args:
        send: leaves a message in a connection's outbox.
    """

    def __init__(self, context: MediaContext, send: Callable[[ConnectionId, ShownStamp], None]) -> None:
        self._context, self._send = context, send
        self._screens: dict[ConnectionId, Screen] = {}
        self._subscriptions: dict[Subscription, SubscriptionState] = {}
        """The oldest first."""
        self._streams: dict[StreamKey, SharedStream] = {}
        self._closing: set[asyncio.Task[None]] = set()
        self._scenes: dict[str, Scene] = {}
        """The newest of each stage; "" is the shared view's."""
        self._stages: dict[ConnectionId, str] = {}
        """Of the pages that explore."""
        self._chosen: dict[tuple[str, Screen, QualityLayer], StreamKey] = {}
        """For the view of each stage: equal pages cost one choice."""

    @property
    def streams(self) -> tuple[StreamKey, ...]:
        """Those that run."""
        return tuple(self._streams)

    def show(self, scene: Scene, stage: str = "") -> None:
        """The view of a stage has changed, and its volumes are open."""
        if stage and stage not in self._stages.values():
            return  # its page has left it meanwhile
        self._scenes[stage] = scene
        self._forget_choices(stage)
        for subscription, state in self._subscriptions.items():
            if self._stages.get(state.connection, "") == stage:
                self._assign(subscription)
        self._changed(key for key in self._streams if key.stage == stage)

    def series_changed(self, series: SeriesKey) -> None:
        """More images of a series are loaded: streams that show it are drawn anew."""
        stages = {s for s, scene in self._scenes.items() if series in scene.shown.view.series}
        self._changed(key for key in self._streams if key.stage in stages)

    def set_stage(self, connection: ConnectionId, stage: str) -> None:
        """A page explores, on a stage of its own, or follows the shared view again ("")."""
        before = self._stages.pop(connection, "")
        if stage:
            self._stages[connection] = stage
        for subscription in self._of(connection):
            self._assign(subscription)
        if before:
            self._forget_stage(before)

    def _forget_stage(self, stage: str) -> None:
        self._scenes.pop(stage, None)
        self._forget_choices(stage)

    def _forget_choices(self, stage: str) -> None:
        for choice in [choice for choice in self._chosen if choice[0] == stage]:
            del self._chosen[choice]

    def _changed(self, keys: Iterable[StreamKey]) -> None:
        for key in keys:
            self._streams[key].changed(self._scenes[key.stage].shown.case)

    def set_screen(self, connection: ConnectionId, screen: Screen) -> None:
        """A page has this screen."""
        self._screens[connection] = screen
        subscriptions = self._of(connection)
        for subscription in subscriptions:
            self._assign(subscription)
        keys = (self._subscriptions[subscription].key for subscription in subscriptions)
        self._changed({key for key in keys if key is not None})

    def set_layer(self, subscription: Subscription, layer: QualityLayer) -> None:
        """Give a subscription frames of that quality layer from now on."""
        state = self._subscriptions.get(subscription)
        if state is not None and state.layer != layer:
            state.layer = layer
            self._assign(subscription)

    def subscribe(
        self, connection: ConnectionId, transport: Transport = "websocket", gate: Gate | None = None
    ) -> Subscription:
        """Give a page the video from now on; its older subscription by the same transport ends."""
        for other in self._of(connection):
            if self._subscriptions[other].transport == transport:
                self._replace(other)
        subscription = Subscription(
            SubscriberQueue(monotonic, gate),
            lambda stamp: self._send(connection, stamp),
            lambda: self._hand_over(subscription),
        )
        self._subscriptions[subscription] = SubscriptionState(connection, transport)
        self._assign(subscription)
        return subscription

    def unsubscribe(self, subscription: Subscription) -> None:
        """Give it no more frames."""
        state = self._subscriptions.get(subscription)
        if state is None:
            return
        subscription.subscriber.end()
        if state.handover is not None:
            state.handover.cancel()
        self._leave(subscription)
        del self._subscriptions[subscription]

    def forget(self, connection: ConnectionId) -> None:
        """A page has gone."""
        for subscription in self._of(connection):
            self.unsubscribe(subscription)
        self._screens.pop(connection, None)
        if stage := self._stages.pop(connection, ""):
            self._forget_stage(stage)
        if not self._screens:
            self._scenes.clear()  # their volumes may go now

    async def close(self) -> None:
        """End all."""
        for subscription in list(self._subscriptions):
            self.unsubscribe(subscription)
        await asyncio.gather(*self._closing, return_exceptions=True)

    def _of(self, connection: ConnectionId) -> list[Subscription]:
        return [subscription for subscription, state in self._subscriptions.items() if state.connection == connection]

    def _hand_over(self, newest: Subscription) -> None:
        """A subscription is live: the page's older ones end in a moment."""
        state = self._subscriptions.get(newest)
        if state is None:
            return
        before = [subscription for subscription in self._of(state.connection) if subscription is not newest]

        def end() -> None:
            for subscription in before:
                self._replace(subscription)

        if before:
            state.handover = asyncio.get_running_loop().call_later(HANDOVER_S, end)

    def _replace(self, subscription: Subscription) -> None:
        if subscription in self._subscriptions:
            subscription.replaced = True
            self.unsubscribe(subscription)

    def _assign(self, subscription: Subscription) -> None:
        """Give a subscription the stream that fits it."""
        state = self._subscriptions[subscription]
        stage = self._stages.get(state.connection, "")
        screen, scene = self._screens.get(state.connection), self._scenes.get(stage)
        if scene is None and state.key is not None and state.key.stage != stage:
            self._leave(subscription)  # the stream shows another stage than the page is on
        if screen is None or scene is None:
            return
        choice = (stage, screen, state.layer)
        key = self._chosen.get(choice)
        if key is None:
            key = dataclasses.replace(choose(scene.shown.view, screen, state.layer), stage=stage)
            self._chosen[choice] = key
        if state.key == key:
            return
        self._leave(subscription)
        stream = self._streams.get(key)
        if stream is None:
            stream = self._streams[key] = SharedStream(key, self._newest, self._context.pool, self._context.clock)
        state.key = key
        stream.join(subscription.subscriber)
        stream.changed(scene.shown.case)

    def _leave(self, subscription: Subscription) -> None:
        state = self._subscriptions[subscription]
        key, state.key = state.key, None
        if key is None:
            return
        stream = self._streams[key]
        stream.leave(subscription.subscriber)
        if not stream.subscribers:
            del self._streams[key]
            # The loop holds tasks by weak references only: without this set one may be collected before it is done.
            task = asyncio.create_task(stream.close(), name=f"close stream {key.name}")
            self._closing.add(task)
            task.add_done_callback(self._closing.discard)

    def _newest(self, key: StreamKey) -> Drawing | None:
        scene = self._scenes.get(key.stage)
        if scene is None:
            return None
        view = scene.shown.view
        screens = {self._screens[state.connection] for state in self._subscriptions.values() if state.key == key}
        factor = fit(view, key, screens)
        try:
            placed = [self._place(scene, viewport, rect, factor) for viewport, rect in place(view, key.screen)]
        except NotReady:
            return None
        stamps = tuple(p.stamp(min(p.rect[2:]) / 2 * factor) for p in placed)
        size = key.raster
        stamp = Stamp(key.name, scene.shown.rev, scene.shown.case, size.width, size.height, stamps, stage=key.stage)
        return Drawing(stamp, lambda: draw(size, placed))

    @staticmethod
    def _place(scene: Scene, viewport: Viewport, rect: Rect, factor: float) -> Placed:
        series, image = scene.case.shown_image(viewport.shows)
        pixels = scene.volumes[series.key].image(image)
        place, _ = series.locate(image)
        camera = replace(viewport.camera, radius=viewport.camera.radius / factor)
        return Placed(viewport, rect, series, place, pixels, camera)
