"""What a stream shows: a view whose volumes are open, and how it is put on the stream's raster."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from msgspec.structs import replace

from consult.media.video.planes import compose
from consult.media.video.raster import StreamKey, fit
from consult.media.video.shared_stream import Drawing
from consult.model.catalogue import Case, Series
from consult.model.errors import NotReady
from consult.model.identifiers import SeriesKey
from consult.model.image import Image
from consult.model.presentation_states.state import PresentationState
from consult.model.privacy.blackout import NOTHING_HIDDEN, HiddenParts
from consult.model.segmentations.segmentation import Segmentation
from consult.model.stamp import Stamp, StampedViewport
from consult.model.view import Screen, Viewport
from consult.rendering.layout import Rect, place
from consult.rendering.planes.plane import RunBands, in_turn
from consult.rendering.planes.volume import VolumeArray
from consult.rendering.presentation_states.state import DrawnState
from consult.rendering.segmentations.painting import Drawable
from consult.sessions.features.view.messages import ShownView
from consult.streaming.arrays import Arrays
from consult.streaming.recipes import Paint, Recipe, painter, recipe_of
from consult.streaming.stills import PixelSource, PresentationStateSources, SegmentationSources


@dataclass(frozen=True)
class Scene:
    """The newest view with the volumes that it shows, open."""

    shown: ShownView
    case: Case
    volumes: Mapping[SeriesKey, PixelSource]
    arrays: Arrays
    segmentations: SegmentationSources
    presentation_states: PresentationStateSources

    def image(self, series: Series, image: int) -> Image:
        """A decoded image. Raises NotReady, DicomRefused."""
        return self.volumes[series.key].image(image)

    def array(self, series: Series, time: int) -> VolumeArray:
        """A whole volume. Raises NotReady: its making is begun."""
        return self.arrays.now(series, time)

    def segmentation(self, segmentation: Segmentation) -> Drawable:
        """What of it can be drawn. Raises NotReady: its reading is begun."""
        return self.segmentations.now(segmentation)

    def presentation_state(self, state: PresentationState) -> DrawnState:
        """What of it is drawn. Raises NotReady: its reading is begun."""
        return self.presentation_states.now(state)


@dataclass(frozen=True)
class Placed:
    """One viewport in its place on a raster.

    Attributes:
        viewport: as the view has it.
        recipe: with a radius that fills every screen.
    """

    viewport: Viewport
    rect: Rect
    recipe: Recipe
    paint: Paint

    def stamp(self, span_px: float) -> StampedViewport:
        """Its part of the stamp: the view's own camera, and how large it is drawn."""
        return stamped(self.viewport, self.rect, self.recipe, span_px=span_px)


def stamped(
    viewport: Viewport, rect: Rect, recipe: Recipe, *, digest: str = "", span_px: float = 0.0
) -> StampedViewport:
    """What a viewport's picture shows. `recipe`: as it is drawn, perhaps with another radius."""
    return StampedViewport(
        id=viewport.id,
        shows=viewport.shows,
        rect_px=rect,
        camera=viewport.camera,
        scale=recipe.scale,
        window=viewport.window,
        invert=viewport.invert,
        palette=viewport.palette,
        digest=digest,
        span_px=span_px,
        without=viewport.without,
        mask_shift=viewport.mask_shift,
        mask_frames=viewport.mask_frames,
        resampled=recipe.resampled,
        segmentations=viewport.segmentations,
        presentation_state=viewport.presentation_state,
    )


def draw_scene(
    scene: Scene, key: StreamKey, screens: Iterable[Screen], hidden: HiddenParts = NOTHING_HIDDEN
) -> Drawing | None:
    """The picture of a stream, to be drawn in the pool.

    Args:
        scene: what is shown.
        key: of the stream: its stage, the part of the view, its raster.
        screens: those that the stream is shown on; what a viewport shows must fit all of them.
        hidden: parts that are black.

    Returns:
        None where an image is not loaded yet.
    """
    view, size = scene.shown.view, key.raster
    factor = fit(view, key, screens)
    try:
        bands = in_turn if key.stage else scene.arrays.bands  # who looks around alone takes one thread
        placed = [_place(scene, viewport, rect, factor, bands, hidden) for viewport, rect in place(view, key.screen)]
    except NotReady:
        return None
    stamps = tuple(p.stamp(min(p.rect[2:]) / 2 * factor) for p in placed)
    stamp = Stamp(key.name, scene.shown.rev, scene.shown.case, size.width, size.height, stamps, stage=key.stage)
    return Drawing(stamp, lambda: compose(size, [(p.rect, p.paint()) for p in placed]))


def _place(  # noqa: PLR0917 - what a picture is made of, each once
    scene: Scene, viewport: Viewport, rect: Rect, factor: float, bands: RunBands, hidden: HiddenParts
) -> Placed:
    camera = replace(viewport.camera, radius=viewport.camera.radius / factor)
    recipe = recipe_of(replace(viewport, camera=camera), scene.case, rect[2:], hidden=hidden)
    return Placed(viewport, rect, recipe, painter(recipe, scene, coarse=True, bands=bands))
