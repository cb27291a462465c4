"""What a stream shows: a view whose volumes are open, and how it is put on the stream's raster."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from msgspec.structs import replace

from consult.media.video.planes import Planes, compose
from consult.media.video.raster import Raster, StreamKey, fit
from consult.media.video.shared_stream import Drawing
from consult.model.catalogue import Case, Series
from consult.model.errors import NotReady
from consult.model.identifiers import SeriesKey
from consult.model.image import Image
from consult.model.stamp import Stamp, StampedViewport
from consult.model.view import Camera, Screen, Viewport
from consult.rendering.layout import Rect, place
from consult.rendering.stack import render_viewport, viewport_scale
from consult.sessions.features.view.messages import ShownView
from consult.streaming.stills import PixelSource


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
        shown = (v.id, v.shows, self.rect, v.camera, scale, v.window, v.invert)
        return StampedViewport(*shown, span_px=span_px, without=v.without)


def draw(raster: Raster, placed: list[Placed]) -> Planes:
    """Render all viewports and put them together; runs in the pool."""
    return compose(
        raster,
        [
            (
                p.rect,
                render_viewport(
                    p.image,
                    p.series.grid,
                    p.place,
                    p.camera,
                    p.viewport.window,
                    p.rect[2:],
                    invert=p.viewport.invert,
                    without=p.viewport.without,
                ),
            )
            for p in placed
        ],
    )


def draw_scene(scene: Scene, key: StreamKey, screens: Iterable[Screen]) -> Drawing | None:
    """The picture of a stream, to be drawn in the pool.

    Args:
        scene: what is shown.
        key: of the stream: its stage, the part of the view, its raster.
        screens: those that the stream is shown on; what a viewport shows must fit all of them.

    Returns:
        None where an image is not loaded yet.
    """
    view, size = scene.shown.view, key.raster
    factor = fit(view, key, screens)
    try:
        placed = [_place(scene, viewport, rect, factor) for viewport, rect in place(view, key.screen)]
    except NotReady:
        return None
    stamps = tuple(p.stamp(min(p.rect[2:]) / 2 * factor) for p in placed)
    stamp = Stamp(key.name, scene.shown.rev, scene.shown.case, size.width, size.height, stamps, stage=key.stage)
    return Drawing(stamp, lambda: draw(size, placed))


def _place(scene: Scene, viewport: Viewport, rect: Rect, factor: float) -> Placed:
    series, image = scene.case.shown_image(viewport.shows)
    pixels = scene.volumes[series.key].image(image)
    index, _ = series.locate(image)
    camera = replace(viewport.camera, radius=viewport.camera.radius / factor)
    return Placed(viewport, rect, series, index, pixels, camera)
