"""The video of one consult: which subscription gets which shared stream, and what each stream shows.

Rules:
- A stream lives while it has subscribers; its key decides who shares it. Without subscribers it is closed at once.
- A page gets the stream that fits its screen, the view's layout and its link; where one changes, it may get another.
- A page changes its transport (WebRTC, WebSocket) without a gap: it may have both for a moment. Of each transport the
  newest subscription counts, and the older transport's ends `HANDOVER_S` after the newer one's first frame, if the page
  has not ended it before.
- Who is not shown parts of a picture gets streams in which they are black; streams that have them never reach it.
- While a view changes faster than anybody reads its pages get a small raster, and the large one again once it is calm.
  A clip that plays is read, whatever its rate.
- A page that explores gets streams of a stage of its own, which show that stage's scene and nothing else.
- A frame's stamp goes into the mailbox of the page's control connection before the frame goes to its socket.
"""

from __future__ import annotations

import asyncio
import dataclasses
import hashlib
from collections.abc import Callable, Iterable
from concurrent.futures import Executor
from dataclasses import dataclass, field
from functools import partial

import msgspec

from consult.clock import steady
from consult.media.pacing.congestion import QualityLayer
from consult.media.pacing.motion import Motion
from consult.media.pacing.subscriber_queue import Gate, SubscriberQueue
from consult.media.rtp.clock import RtpClock
from consult.media.video.raster import StreamKey, choose
from consult.media.video.shared_stream import Drawing, SharedStream
from consult.media.webrtc.ice import UdpPort
from consult.model.identifiers import ConnectionId, SeriesKey
from consult.model.privacy.blackout import NOTHING_HIDDEN, HiddenParts
from consult.model.view import Screen
from consult.sessions.messages import ShownStamp
from consult.streaming.render_pool import RenderPool
from consult.streaming.scene import Scene, draw_scene
from consult.streaming.subscription import Subscription, SubscriptionState, Transport
from consult.tally import Tally

HANDOVER_S = 2.0
"""For so long both transports carry frames: the older one bridges what the newer one loses at its start."""


@dataclass(frozen=True)
class MediaContext:
    """What the live media of all consults share.

    Attributes:
        port: of all WebRTC peers; None where there is no WebRTC.
        tally: how many streams there are, and how old their frames are.
    """

    pool: RenderPool
    clock: RtpClock
    port: UdpPort | None = None
    tally: Tally = field(default_factory=Tally)


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
        self._motions: dict[str, Motion] = {}
        """Of each stage."""
        self._calming: dict[str, asyncio.TimerHandle] = {}
        """Looks whether a stage that moved fast is calm."""
        self._chosen: dict[tuple[str, Screen, QualityLayer, str], StreamKey] = {}
        """For the view of each stage: equal pages cost one choice."""
        self._hidden: HiddenParts = NOTHING_HIDDEN
        self._guests: set[ConnectionId] = set()
        """Who is not shown the hidden parts."""

    @property
    def streams(self) -> tuple[StreamKey, ...]:
        """Those that run."""
        return tuple(self._streams)

    def show(self, scene: Scene, stage: str = "") -> None:
        """The view of a stage has changed, and its volumes are open."""
        if stage and stage not in self._stages.values():
            return  # its page has left it meanwhile
        self._note_motion(scene, stage)
        self._scenes[stage] = scene
        self._assign_all(stage)
        self._changed(key for key in self._streams if key.stage == stage)

    def _assign_all(self, stage: str) -> None:
        """Give each page of a stage the stream that fits it now."""
        self._forget_choices(stage)
        for subscription, state in self._subscriptions.items():
            if self._stages.get(state.connection, "") == stage:
                self._assign(subscription)

    def _note_motion(self, scene: Scene, stage: str) -> None:
        """The view of a stage has changed; or there are more pages, and it has not."""
        before, motion = self._scenes.get(stage), self._motions.setdefault(stage, Motion())
        plays = any(viewport.playing is not None for viewport in scene.shown.view.viewports)
        if plays or (before is not None and before.shown.rev == scene.shown.rev):
            return
        motion.changed(steady())
        if motion.is_fast(steady()) and stage not in self._calming:
            self._look_later(stage, motion)

    def _look_later(self, stage: str, motion: Motion) -> None:
        wait = max(0.0, motion.calm_at - steady())
        self._calming[stage] = asyncio.get_running_loop().call_later(wait, self._look, stage)

    def _look(self, stage: str) -> None:
        """Whether a stage that moved fast is calm: then its pages get the large raster, before it moves again."""
        motion = self._motions[stage]
        del self._calming[stage]
        if motion.is_fast(steady()):
            self._look_later(stage, motion)
        else:
            self._assign_all(stage)

    def hide(self, parts: HiddenParts) -> None:
        """Guests are not shown these parts from now on: they get streams that never had them."""
        self._hidden = parts
        self._chosen.clear()
        for subscription, state in self._subscriptions.items():
            if state.connection in self._guests:
                self._assign(subscription)

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
        self._motions.pop(stage, None)
        if (timer := self._calming.pop(stage, None)) is not None:
            timer.cancel()
        self._forget_choices(stage)

    def _forget_choices(self, stage: str) -> None:
        for choice in [choice for choice in self._chosen if choice[0] == stage]:
            del self._chosen[choice]

    def _changed(self, keys: Iterable[StreamKey]) -> None:
        for key in keys:
            self._streams[key].changed(self._scenes[key.stage].shown.case)

    def set_screen(self, connection: ConnectionId, screen: Screen, *, guest: bool = False) -> None:
        """A page has this screen, and is a guest's or not."""
        self._screens[connection] = screen
        (self._guests.add if guest else self._guests.discard)(connection)
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
            SubscriberQueue(steady, gate),
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
        self._guests.discard(connection)
        if stage := self._stages.pop(connection, ""):
            self._forget_stage(stage)
        if not self._screens:
            self._scenes.clear()  # their volumes may go now

    async def close(self) -> None:
        """End all."""
        for timer in self._calming.values():
            timer.cancel()
        self._calming.clear()
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
        hidden = self._name_of_hidden(scene) if state.connection in self._guests else ""
        choice = (stage, screen, state.layer, hidden)
        key = self._chosen.get(choice)
        if key is None:
            fast = stage in self._motions and self._motions[stage].is_fast(steady())
            chosen = choose(scene.shown.view, screen, state.layer, fast=fast)
            key = dataclasses.replace(chosen, stage=stage, hidden=hidden)
            self._chosen[choice] = key
        if state.key == key:
            return
        self._leave(subscription)
        stream = self._streams.get(key)
        if stream is None:
            on_age = partial(self._context.tally.time, "frame_age")
            stream = self._streams[key] = SharedStream(
                key, self._newest, self._pool_of(key), self._context.clock, on_age=on_age
            )
            self._context.tally.move("streams", 1)
        state.key = key
        stream.join(subscription.subscriber)
        stream.changed(scene.shown.case)

    def _name_of_hidden(self, scene: Scene) -> str:
        """Names what guests are not shown of a scene; "": they are shown all, and share what hosts get."""
        found = sorted((key, parts) for key, parts in self._hidden.items() if key in scene.shown.view.series)
        return f"hidden-{hashlib.sha256(msgspec.json.encode(found)).hexdigest()[:12]}" if found else ""

    def _pool_of(self, key: StreamKey) -> Executor:
        """What one page sees alone waits for what all see."""
        return self._context.pool.background if key.stage else self._context.pool

    def _leave(self, subscription: Subscription) -> None:
        state = self._subscriptions[subscription]
        key, state.key = state.key, None
        if key is None:
            return
        stream = self._streams[key]
        stream.leave(subscription.subscriber)
        if not stream.subscribers:
            del self._streams[key]
            self._context.tally.move("streams", -1)
            # The loop holds tasks by weak references only: without this set one may be collected before it is done.
            task = asyncio.create_task(stream.close(), name=f"close stream {key.name}")
            self._closing.add(task)
            task.add_done_callback(self._closing.discard)

    def _newest(self, key: StreamKey) -> Drawing | None:
        scene = self._scenes.get(key.stage)
        if scene is None:
            return None
        screens = {self._screens[state.connection] for state in self._subscriptions.values() if state.key == key}
        return draw_scene(scene, key, screens, self._hidden if key.hidden else NOTHING_HIDDEN)
