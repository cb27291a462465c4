"""The moving picture of one consult: who takes which output, and what each output shows.

Rules:
- An output lives while somebody takes it; the key says who shares it. Without takers it is closed at once.
- A page takes the output that fits its screen and the view's layout; where either changes, it may take another.
- A frame's stamp goes into the mailbox of the page's control connection before the frame goes to its socket.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from time import monotonic

from msgspec.structs import replace

from consult.media.output import Drawing, Output
from consult.media.planes import Planes, compose
from consult.media.raster import OutputKey, Raster, choose, fit
from consult.media.rtp_clock import RtpClock
from consult.media.taker import Numbered, Taker
from consult.model.catalogue import Case
from consult.model.errors import NotReady
from consult.model.geometry import Grid
from consult.model.identifiers import ConnectionId, SeriesKey
from consult.model.image import Image
from consult.model.stamp import Stamp, StampedViewport
from consult.model.view import Camera, Screen, Viewport
from consult.rendering.layout import Rect, place
from consult.rendering.stack import render_viewport, viewport_scale
from consult.runtime.stills import PixelSource
from consult.sessions.messages import ShownStamp, ShownView


@dataclass(frozen=True)
class MediaRoom:
    """What the outputs of all consults share."""

    pool: Executor
    clock: RtpClock


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
    """One page that takes the moving picture."""

    def __init__(self, taker: Taker, say: Callable[[ShownStamp], None]) -> None:
        self.taker = taker
        self._say = say

    async def take(self) -> Numbered | None:
        """The next frame, its stamp said; None at the end, or when the page takes nothing."""
        numbered = await self.taker.take()
        if numbered is not None:
            self._say(ShownStamp(numbered.unit.stamp))
        return numbered


class Moving:
    """One consult's. `say` leaves a message in a connection's outbox."""

    def __init__(self, room: MediaRoom, say: Callable[[ConnectionId, ShownStamp], None]) -> None:
        self._room, self._say = room, say
        self._screens: dict[ConnectionId, Screen] = {}
        self._takers: dict[ConnectionId, Taker] = {}
        self._takes: dict[ConnectionId, OutputKey] = {}
        self._outputs: dict[OutputKey, Output] = {}
        self._closing: set[asyncio.Task[None]] = set()
        self._scene: Scene | None = None

    @property
    def outputs(self) -> tuple[OutputKey, ...]:
        """Those that run."""
        return tuple(self._outputs)

    def show(self, scene: Scene) -> None:
        """The view has changed, and its volumes are open."""
        self._scene = scene
        for connection in self._takers:
            self._direct(connection)
        self.changed()

    def changed(self) -> None:
        """More of what is shown can be drawn."""
        if self._scene is not None:
            for output in self._outputs.values():
                output.changed(self._scene.shown.case)

    def set_screen(self, connection: ConnectionId, screen: Screen) -> None:
        """A page has this shape."""
        self._screens[connection] = screen
        if connection in self._takers:
            self._direct(connection)
            self.changed()

    def watch(self, connection: ConnectionId) -> Watch:
        """A page takes the moving picture from now on; what it took before ends."""
        self.unwatch(connection)
        taker = self._takers[connection] = Taker(monotonic)
        self._direct(connection)
        return Watch(taker, lambda stamp: self._say(connection, stamp))

    def unwatch(self, connection: ConnectionId, taker: Taker | None = None) -> None:
        """A page takes it no longer; with a taker, only where it is still that one."""
        mine = self._takers.get(connection)
        if mine is None or (taker is not None and taker is not mine):
            return
        mine.end()
        del self._takers[connection]
        self._leave(connection, mine)

    def forget(self, connection: ConnectionId) -> None:
        """A page has gone."""
        self.unwatch(connection)
        self._screens.pop(connection, None)
        if not self._screens:
            self._scene = None  # its volumes may go now

    async def close(self) -> None:
        """End all."""
        for connection in list(self._takers):
            self.unwatch(connection)
        await asyncio.gather(*self._closing, return_exceptions=True)

    def _direct(self, connection: ConnectionId) -> None:
        """Give a page the output that fits it."""
        screen, taker, scene = self._screens.get(connection), self._takers[connection], self._scene
        if screen is None or scene is None:
            return
        key = choose(scene.shown.view, screen)
        if self._takes.get(connection) == key:
            return
        self._leave(connection, taker)
        output = self._outputs.get(key)
        if output is None:
            output = self._outputs[key] = Output(key, self._newest, self._room.pool, self._room.clock)
        self._takes[connection] = key
        output.join(taker)
        output.changed(scene.shown.case)

    def _leave(self, connection: ConnectionId, taker: Taker) -> None:
        key = self._takes.pop(connection, None)
        if key is None:
            return
        output = self._outputs[key]
        output.leave(taker)
        if not output.takers:
            del self._outputs[key]
            task = asyncio.create_task(output.close(), name=f"close output {key.name}")
            self._closing.add(task)
            task.add_done_callback(self._closing.discard)

    def _newest(self, key: OutputKey) -> Drawing | None:
        scene = self._scene
        if scene is None:
            return None
        view = scene.shown.view
        screens = [self._screens[c] for c, taken in self._takes.items() if taken == key]
        factor = fit(view, key, screens)
        try:
            placed = [self._place(scene, viewport, rect, factor) for viewport, rect in place(view, key.screen)]
        except NotReady:
            return None
        stamps = tuple(p.stamp(min(p.rect[2:]) / 2 * factor) for p in placed)
        size = key.raster
        stamp = Stamp(key.name, scene.shown.rev, scene.shown.case, size.width, size.height, stamps)
        return Drawing(stamp, lambda: draw(size, placed))

    @staticmethod
    def _place(scene: Scene, viewport: Viewport, rect: Rect, factor: float) -> Placed:
        series = scene.case.find(viewport.series)
        assert series is not None  # the view was checked against this case
        image = scene.volumes[viewport.series].image(viewport.image)
        camera = replace(viewport.camera, radius=viewport.camera.radius / factor)
        return Placed(viewport, rect, series.grid, image, camera)
