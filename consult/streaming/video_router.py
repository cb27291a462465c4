"""The moving picture of one consult: who takes which output, and what each output shows.

Rules:
- An output lives while somebody takes it; the key says who shares it. Without takers it is closed at once.
- A page takes the output that fits its screen, the view's layout and its link; where one changes, it may take another.
- A page changes its way (WebRTC, WebSocket) without a gap: it may take both for a moment. Of each way the newest
  counts, and the older way ends `HANDOVER_S` after the newer one's first frame, if the page has not ended it before.
- Who looks around alone takes outputs of a stage of their own, which show that stage's scene and nothing else.
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

from consult.media.pacing.congestion import Tier
from consult.media.pacing.subscriber_queue import Gate, Numbered, Taker
from consult.media.rtp.clock import RtpClock
from consult.media.video.planes import Planes, compose
from consult.media.video.raster import OutputKey, Raster, choose, fit
from consult.media.video.shared_stream import Drawing, Output
from consult.media.webrtc.ice import UdpPort
from consult.model.catalogue import Case
from consult.model.errors import NotReady
from consult.model.geometry import Grid
from consult.model.identifiers import ConnectionId, SeriesKey
from consult.model.image import Image
from consult.model.stamp import Stamp, StampedViewport
from consult.model.view import Camera, Screen, Viewport
from consult.rendering.layout import Rect, place
from consult.rendering.stack import render_viewport, viewport_scale
from consult.sessions.messages import ShownStamp, ShownView
from consult.streaming.stills import PixelSource

Way = Literal["webrtc", "websocket"]
HANDOVER_S = 2.0


@dataclass(frozen=True)
class MediaRoom:
    """What the live media of all consults share. `port`: of all WebRTC peers; None: there are none."""

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
    """One viewport in its place on a raster. `camera`: the view's, with a radius that fills every screen."""

    viewport: Viewport
    rect: Rect
    grid: Grid
    image: Image
    camera: Camera

    def stamp(self, span_px: float) -> StampedViewport:
        """What it says of itself: the view's own camera, and how large it is drawn."""
        v = self.viewport
        scale = viewport_scale(self.grid, self.camera, self.rect[2:])
        return StampedViewport(v.id, v.series, v.image, self.rect, v.camera, scale, v.window, v.invert, "", span_px)


def draw(raster: Raster, placed: list[Placed]) -> Planes:
    """Render all viewports and put them together; runs in the pool."""
    return compose(raster, [
        (p.rect, render_viewport(
            p.image, p.grid, p.viewport.image, p.camera, p.viewport.window, p.rect[2:], invert=p.viewport.invert
        ))
        for p in placed
    ])


class Watch:
    """One way on which a page takes the moving picture. `live` is called before its first frame goes out."""

    def __init__(self, taker: Taker, say: Callable[[ShownStamp], None], live: Callable[[], None]) -> None:
        self.taker = taker
        self.replaced = False
        """It has ended because the page took another way."""
        self._say, self._live, self._is_live = say, live, False

    async def take(self) -> Numbered | None:
        """The next frame, its stamp said; None at the end, or when the page takes nothing."""
        numbered = await self.taker.take()
        if numbered is not None:
            self._say(numbered.unit.said)
            if not self._is_live:
                self._is_live = True
                self._live()
        return numbered


@dataclass
class Taking:
    """What is known of a watch: whose it is, which way, and which output it takes."""

    connection: ConnectionId
    way: Way
    tier: Tier = "full"
    key: OutputKey | None = None
    handover: asyncio.TimerHandle | None = None


class Moving:
    """One consult's. `say` leaves a message in a connection's outbox."""

    def __init__(self, room: MediaRoom, say: Callable[[ConnectionId, ShownStamp], None]) -> None:
        self._room, self._say = room, say
        self._screens: dict[ConnectionId, Screen] = {}
        self._watches: dict[Watch, Taking] = {}
        """The oldest first."""
        self._outputs: dict[OutputKey, Output] = {}
        self._closing: set[asyncio.Task[None]] = set()
        self._scenes: dict[str, Scene] = {}
        """The newest of each stage; "" is the one that all are shown."""
        self._stages: dict[ConnectionId, str] = {}
        """Of those who look around alone."""
        self._chosen: dict[tuple[str, Screen, Tier], OutputKey] = {}
        """For the view of each stage: equal pages cost one choice."""

    @property
    def outputs(self) -> tuple[OutputKey, ...]:
        """Those that run."""
        return tuple(self._outputs)

    def show(self, scene: Scene, stage: str = "") -> None:
        """The view of a stage has changed, and its volumes are open."""
        if stage and stage not in self._stages.values():
            return  # nobody looks there any more
        self._scenes[stage] = scene
        self._forget_choices(stage)
        for watch, taking in self._watches.items():
            if self._stages.get(taking.connection, "") == stage:
                self._direct(watch)
        self._changed(key for key in self._outputs if key.stage == stage)

    def series_changed(self, series: SeriesKey) -> None:
        """More of what some are shown can be drawn."""
        stages = {s for s, scene in self._scenes.items() if any(v.series == series for v in scene.shown.view.viewports)}
        self._changed(key for key in self._outputs if key.stage in stages)

    def set_stage(self, connection: ConnectionId, stage: str) -> None:
        """A page looks around alone, on a stage of its own, or follows again ("")."""
        before = self._stages.pop(connection, "")
        if stage:
            self._stages[connection] = stage
        for watch in self._of(connection):
            self._direct(watch)
        if before:
            self._forget_stage(before)

    def _forget_stage(self, stage: str) -> None:
        self._scenes.pop(stage, None)
        self._forget_choices(stage)

    def _forget_choices(self, stage: str) -> None:
        for choice in [choice for choice in self._chosen if choice[0] == stage]:
            del self._chosen[choice]

    def _changed(self, keys: Iterable[OutputKey]) -> None:
        for key in keys:
            self._outputs[key].changed(self._scenes[key.stage].shown.case)

    def set_screen(self, connection: ConnectionId, screen: Screen) -> None:
        """A page has this shape."""
        self._screens[connection] = screen
        mine = self._of(connection)
        for watch in mine:
            self._direct(watch)
        self._changed({key for watch in mine if (key := self._watches[watch].key) is not None})

    def set_tier(self, watch: Watch, tier: Tier) -> None:
        """The link of a watch takes that much."""
        taking = self._watches.get(watch)
        if taking is not None and taking.tier != tier:
            taking.tier = tier
            self._direct(watch)

    def watch(self, connection: ConnectionId, way: Way = "websocket", gate: Gate | None = None) -> Watch:
        """A page takes the moving picture from now on; what it took the same way before ends."""
        for other in self._of(connection):
            if self._watches[other].way == way:
                self._replace(other)
        watch = Watch(
            Taker(monotonic, gate), lambda stamp: self._say(connection, stamp), lambda: self._hand_over(watch)
        )
        self._watches[watch] = Taking(connection, way)
        self._direct(watch)
        return watch

    def unwatch(self, watch: Watch) -> None:
        """A page takes it no longer."""
        taking = self._watches.get(watch)
        if taking is None:
            return
        watch.taker.end()
        if taking.handover is not None:
            taking.handover.cancel()
        self._leave(watch)
        del self._watches[watch]

    def forget(self, connection: ConnectionId) -> None:
        """A page has gone."""
        for watch in self._of(connection):
            self.unwatch(watch)
        self._screens.pop(connection, None)
        if stage := self._stages.pop(connection, ""):
            self._forget_stage(stage)
        if not self._screens:
            self._scenes.clear()  # their volumes may go now

    async def close(self) -> None:
        """End all."""
        for watch in list(self._watches):
            self.unwatch(watch)
        await asyncio.gather(*self._closing, return_exceptions=True)

    def _of(self, connection: ConnectionId) -> list[Watch]:
        return [watch for watch, taking in self._watches.items() if taking.connection == connection]

    def _hand_over(self, newest: Watch) -> None:
        """A watch is live: those that the page had before it end in a moment."""
        taking = self._watches.get(newest)
        if taking is None:
            return
        before = [watch for watch in self._of(taking.connection) if watch is not newest]

        def end() -> None:
            for watch in before:
                self._replace(watch)

        if before:
            taking.handover = asyncio.get_running_loop().call_later(HANDOVER_S, end)

    def _replace(self, watch: Watch) -> None:
        if watch in self._watches:
            watch.replaced = True
            self.unwatch(watch)

    def _direct(self, watch: Watch) -> None:
        """Give a watch the output that fits it."""
        taking = self._watches[watch]
        stage = self._stages.get(taking.connection, "")
        screen, scene = self._screens.get(taking.connection), self._scenes.get(stage)
        if scene is None and taking.key is not None and taking.key.stage != stage:
            self._leave(watch)  # it shows what this page looks at no longer
        if screen is None or scene is None:
            return
        choice = (stage, screen, taking.tier)
        key = self._chosen.get(choice)
        if key is None:
            key = dataclasses.replace(choose(scene.shown.view, screen, taking.tier), stage=stage)
            self._chosen[choice] = key
        if taking.key == key:
            return
        self._leave(watch)
        output = self._outputs.get(key)
        if output is None:
            output = self._outputs[key] = Output(key, self._newest, self._room.pool, self._room.clock)
        taking.key = key
        output.join(watch.taker)
        output.changed(scene.shown.case)

    def _leave(self, watch: Watch) -> None:
        taking = self._watches[watch]
        key, taking.key = taking.key, None
        if key is None:
            return
        output = self._outputs[key]
        output.leave(watch.taker)
        if not output.takers:
            del self._outputs[key]
            task = asyncio.create_task(output.close(), name=f"close output {key.name}")
            self._closing.add(task)
            task.add_done_callback(self._closing.discard)

    def _newest(self, key: OutputKey) -> Drawing | None:
        scene = self._scenes.get(key.stage)
        if scene is None:
            return None
        view = scene.shown.view
        screens = {self._screens[taking.connection] for taking in self._watches.values() if taking.key == key}
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
        series = scene.case.find(viewport.series)
        assert series is not None  # the view was checked against this case
        image = scene.volumes[viewport.series].image(viewport.image)
        camera = replace(viewport.camera, radius=viewport.camera.radius / factor)
        return Placed(viewport, rect, series.grid, image, camera)
