"""What a picture is made of, and how it is painted: one place for stills and for the moving picture.

A recipe names all by the case's catalogue; painting takes pixels from open volumes and from arrays. `viewport.shows` is
matched here and nowhere else in this package.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, assert_never

import msgspec
import numpy as np
from numpy.typing import NDArray

from consult.model.catalogue import Case, Series
from consult.model.errors import NotReady
from consult.model.geometry import norm
from consult.model.identifiers import SeriesKey
from consult.model.image import Image
from consult.model.planes.aligning import unsigned
from consult.model.planes.volume import volume_geometry, volume_places
from consult.model.presentation_states.state import PresentationState
from consult.model.privacy.blackout import NOTHING_HIDDEN, HiddenParts, Rectangle
from consult.model.segmentations.segmentation import Segmentation
from consult.model.view import (
    Camera,
    Fusion,
    Plane,
    Shown,
    ShownSegmentation,
    Stack,
    Viewport,
    Volume,
    Window,
    shown_base,
    shown_series,
    shown_volumes,
)
from consult.rendering.affine import affine, mm_per_pixel
from consult.rendering.blackout import COARSE_MARGIN, MARGIN, Polygon, blacked_out, part_of_image, part_of_plane
from consult.rendering.planes.colour_maps import in_colours
from consult.rendering.planes.fusion import on_image, render_fusion, seen_by
from consult.rendering.planes.plane import NO_SLAB, RunBands, Slab, in_turn, render_plane
from consult.rendering.planes.volume import VolumeArray
from consult.rendering.planes.whole import whole_slab
from consult.rendering.presentation_states.painting import with_state
from consult.rendering.presentation_states.state import NOTHING, DrawnImage, DrawnState
from consult.rendering.segmentations.painting import Drawable, Layer, with_segmentations
from consult.rendering.segmentations.where import OnImage, OnPlane, Where
from consult.rendering.stack import render_viewport, viewport_scale, with_mask

Picture = NDArray[np.uint8]
Paint = Callable[[], Picture]
"""Paints a picture; runs in the pool."""


@dataclass(frozen=True)
class Recipe:
    """What a viewport shows.

    Attributes:
        series: of the image or the volume; of a fusion's base.
        image: of the stack; of a plane the one that stands for its volume.
        size: (width, height) device pixels.
        over: what lies over it in a fusion.
        segmentations: those that are drawn, the lowest first, each with how.
        presentation_state: the one that is drawn over the image, if one is.
        alone: one page sees it, which looks around.
        black: parts of the series' images that whoever it is for is not shown; black_over: of what lies over it.
    """

    viewport: Viewport
    series: Series
    image: int
    size: tuple[int, int]
    over: Series | None = None
    alone: bool = False
    segmentations: tuple[tuple[Segmentation, ShownSegmentation], ...] = ()
    presentation_state: PresentationState | None = None
    black: tuple[Rectangle, ...] = ()
    black_over: tuple[Rectangle, ...] = ()

    @property
    def pixels(self) -> int:
        """How many."""
        return self.size[0] * self.size[1]

    @property
    def resampled(self) -> bool:
        """Whether any of its pixels are interpolated between images."""
        return not isinstance(self.viewport.shows, Stack)

    @property
    def needs_image(self) -> bool:
        """Whether it needs that one image; else only whole volumes."""
        return isinstance(shown_base(self.viewport.shows), Stack)

    @property
    def masks(self) -> tuple[int, ...]:
        """Images whose mean is subtracted in place of the file's mask; none where the file subtracts nothing."""
        frames = self.viewport.mask_frames
        if not frames or not self.needs_image or "mask" in self.viewport.without:
            return ()
        return frames if any(first <= self.image <= last for first, last in self.series.subtracted) else ()

    @property
    def volumes(self) -> tuple[tuple[Series, int], ...]:
        """The whole volumes that it needs, each with its time."""
        of = {self.series.key: self.series} | ({self.over.key: self.over} if self.over is not None else {})
        return tuple((of[volume.series], volume.time) for volume in shown_volumes(self.viewport.shows))

    @property
    def scale(self) -> float:
        """Device pixels for a pixel of the image, or for the smallest side of a voxel; below 1 it is shown smaller."""
        camera, base = self.viewport.camera, shown_base(self.viewport.shows)
        if isinstance(base, Stack):
            return viewport_scale(self.series.grid, camera, self.size)
        geometry = volume_geometry(self.series, base.volume.time)
        finest = min(map(norm, (geometry.across, geometry.along, geometry.through)))
        return finest / mm_per_pixel(camera, self.size)


class Pixels(Protocol):
    """Where pixels come from. Both raise NotReady and DicomRefused."""

    def image(self, series: Series, image: int) -> Image:
        """A decoded image."""

    def array(self, series: Series, time: int) -> VolumeArray:
        """A whole volume."""

    def segmentation(self, segmentation: Segmentation) -> Drawable:
        """What of it can be drawn. Raises also StoreFailed, WorkerDied, Refused."""

    def presentation_state(self, state: PresentationState) -> DrawnState:
        """What of it is drawn. Raises also StoreFailed, Refused."""


class Named(Protocol):
    """An open volume, as a recipe's name needs it."""

    def source_digest(self, image: int) -> str:
        """Names the stored pixels of an image."""


def recipe_of(
    viewport: Viewport,
    case: Case,
    size: tuple[int, int],
    *,
    alone: bool = False,
    hidden: HiddenParts = NOTHING_HIDDEN,
) -> Recipe:
    """The recipe of a viewport that was let pass for this case, without the hidden parts. Raises Refused."""
    series, image = case.shown_image(viewport.shows)
    over = case.shown_image(Plane(viewport.shows.over, "axial"))[0] if isinstance(viewport.shows, Fusion) else None
    return Recipe(
        viewport,
        series,
        image,
        size,
        over,
        alone,
        _drawn_segmentations(viewport, case),
        drawn_state(viewport, case, series, image),
        hidden.get(series.key, ()),
        () if over is None else hidden.get(over.key, ()),
    )


def _drawn_segmentations(viewport: Viewport, case: Case) -> tuple[tuple[Segmentation, ShownSegmentation], ...]:
    """Those that lie over the image or the plane that is shown, or over what lies on it; a whole volume has none."""
    found = [(case.find_segmentation(shown.key), shown) for shown in viewport.segmentations]
    keys = shown_series(viewport.shows)
    return tuple((one, shown) for one, shown in found if one is not None and _lies_over(one, viewport.shows, keys))


def _lies_over(one: Segmentation, shows: Shown, keys: Sequence[SeriesKey]) -> bool:
    base, (below, *over) = shown_base(shows), keys
    if isinstance(base, Plane) and base.whole:
        return False
    return below in (one.over if isinstance(base, Stack) else one.planes) or any(key in one.planes for key in over)


def drawn_state(viewport: Viewport, case: Case, series: Series, image: int) -> PresentationState | None:
    """The one that was chosen, where it is for the image that is shown; on planes and fusions none is drawn."""
    if not isinstance(viewport.shows, Stack) or not viewport.presentation_state:
        return None
    state = case.find_presentation_state(viewport.presentation_state)
    return state if state is not None and state.look(series.key, image) is not None else None


def source_digest(recipe: Recipe, volumes: Mapping[SeriesKey, Named]) -> str:
    """Names all that a picture is made of, but the viewport's camera, window and size."""
    name = _digest(recipe, recipe.viewport.shows, volumes)
    if not recipe.black and not recipe.black_over:
        return name
    return f"{name} black {msgspec.json.encode((sorted(recipe.black), sorted(recipe.black_over))).decode()}"


def _digest(recipe: Recipe, shows: Stack | Plane | Fusion, volumes: Mapping[SeriesKey, Named]) -> str:
    match shows:
        case Stack(series=key):
            own, masks = volumes[key].source_digest(recipe.image), map(volumes[key].source_digest, recipe.masks)
            return " less ".join((own, *masks))
        case Plane(volume=volume, slab_mm=slab, projection=projection, whole=whole):
            thick = f" whole {projection}" if whole else f" {slab.hex()} {projection}" if slab else ""
            return f"plane {_volume_digest(recipe.series, volume, volumes)}{thick}"
        case Fusion(base=base, over=over):
            assert recipe.over is not None  # recipe_of gives one to every fusion
            alignment = None if shows.alignment is None else unsigned(shows.alignment)
            drawn = msgspec.structs.replace(shows, base=Stack(over.series, 0), alignment=alignment)
            how = msgspec.json.encode(drawn).decode()
            return f"{_digest(recipe, base, volumes)} below {_volume_digest(recipe.over, over, volumes)} {how}"
        case _ as never:
            assert_never(never)


def _volume_digest(series: Series, volume: Volume, volumes: Mapping[SeriesKey, Named]) -> str:
    """Names the stored values of all its images, in their order, and which of them are its layers."""
    cells = [(place, series.image(place, volume.time)) for place in volume_places(series, volume.time)]
    names = [(place, volumes[series.key].source_digest(image)) for place, image in cells if image is not None]
    return hashlib.sha256(msgspec.json.encode(names)).hexdigest()


def painter(recipe: Recipe, pixels: Pixels, *, coarse: bool = False, bands: RunBands = in_turn) -> Paint:
    """How a picture is painted; all that it needs is taken now.

    Args:
        recipe: what.
        pixels: where they come from.
        coarse: the picture moves: thick slabs are painted in half the detail.
        bands: runs parts of the work.

    Raises:
        NotReady: something is not loaded yet.
        DicomRefused: something cannot be shown.
    """
    paint, polygons = _overlaid_painter(recipe, pixels, coarse, bands), _black_polygons(recipe)
    if not any(polygons):
        return paint
    return lambda: blacked_out(paint(), polygons, COARSE_MARGIN if coarse else MARGIN)


def _black_polygons(recipe: Recipe) -> list[Polygon]:
    """What of the picture is black, whatever lies there."""
    if not recipe.black and not recipe.black_over:
        return []
    series, viewport, shows, size = recipe.series, recipe.viewport, recipe.viewport.shows, recipe.size
    base, half_slab_mm = shown_base(shows), 0.0
    if isinstance(base, Stack):
        place, _ = series.locate(recipe.image)
        parts = [_with_mask(one, viewport) for one in recipe.black]
        found = [part_of_image(one, series.grid, place, viewport.camera, size) for one in parts]
    else:
        half_slab_mm = math.inf if base.whole else base.slab_mm / 2
        geometry = volume_geometry(series, base.volume.time)
        found = [part_of_plane(one, geometry, viewport.camera, size, half_slab_mm) for one in recipe.black]
    if recipe.over is None or not isinstance(shows, Fusion):
        return found
    geometry, camera = volume_geometry(recipe.over, shows.over.time), _over_camera(recipe, shows)
    return [*found, *(part_of_plane(one, geometry, camera, size, half_slab_mm) for one in recipe.black_over)]


def _with_mask(rectangle: Rectangle, viewport: Viewport) -> Rectangle:
    """What is hidden where a mask is subtracted that was moved: its own text lies beside that of the image."""
    left, top, right, bottom = rectangle
    down, across = (math.ceil(abs(shift)) for shift in viewport.mask_shift)
    return left - across, top - down, right + across, bottom + down


def _overlaid_painter(recipe: Recipe, pixels: Pixels, coarse: bool, bands: RunBands) -> Paint:
    """With segmentations. Raises as `painter`."""
    below = _picture_painter(recipe, pixels, coarse, bands)
    if not recipe.segmentations:
        return below
    layers = [
        Layer(pixels.segmentation(one), one.segments, shown, *_where(recipe, one, coarse=coarse))
        for one, shown in recipe.segmentations
    ]
    return lambda: with_segmentations(below(), layers, recipe.size)


def _where(recipe: Recipe, one: Segmentation, *, coarse: bool) -> tuple[Where, Camera]:
    """Where the picture lies for a segmentation, and seen by which camera."""
    series, viewport, shows = recipe.series, recipe.viewport, recipe.viewport.shows
    base = shown_base(shows)
    if isinstance(base, Stack) and series.key in one.over:
        place, time = series.locate(recipe.image)
        return OnImage(series.key, series.grid, place, recipe.image, time), viewport.camera
    slab = Slab(base.slab_mm, base.projection, coarse) if isinstance(base, Plane) else NO_SLAB
    if isinstance(base, Plane) and series.key in one.planes:
        return OnPlane(series.key, series.grid, base.volume.time, slab), viewport.camera
    assert isinstance(shows, Fusion)  # it lies over what is shown, or it is not here
    assert recipe.over is not None
    return OnPlane(recipe.over.key, recipe.over.grid, shows.over.time, slab), _over_camera(recipe, shows)


def _over_camera(recipe: Recipe, fusion: Fusion) -> Camera:
    """The camera as what lies over the picture sees it."""
    assert recipe.over is not None  # recipe_of gives one to every fusion
    camera = recipe.viewport.camera
    if isinstance(fusion.base, Stack):
        camera = on_image(camera, recipe.series.grid, recipe.series.locate(recipe.image)[0])
    if fusion.alignment is None:
        return camera
    return seen_by(camera, fusion.alignment, volume_geometry(recipe.over, fusion.over.time))


def _picture_painter(recipe: Recipe, pixels: Pixels, coarse: bool, bands: RunBands) -> Paint:
    """Without segmentations."""
    shows = recipe.viewport.shows
    _begin(recipe, pixels)
    match shows:
        case Stack():
            return _state_painter(recipe, pixels)
        case Plane():
            return _coloured(recipe.viewport, _plane_painter(recipe, shows, pixels, coarse, bands))
        case Fusion():
            return _fusion_painter(recipe, shows, pixels, coarse, bands)
        case _ as never:
            assert_never(never)


def _coloured(viewport: Viewport, paint: Paint) -> Paint:
    """In the colours of its palette, if it has one."""
    palette = viewport.palette
    return (lambda: in_colours(paint(), palette)) if palette else paint


def _begin(recipe: Recipe, pixels: Pixels) -> None:
    """All volumes of a recipe are loaded together, not one after the other. Raises as `painter`."""
    missing: list[NotReady] = []
    for series, time in recipe.volumes:
        try:
            pixels.array(series, time)
        except NotReady as error:
            missing.append(error)
    if missing:
        raise missing[0]


def _state_painter(recipe: Recipe, pixels: Pixels) -> Paint:
    """An image in its colours, and what a presentation state draws over it."""
    state, series = recipe.presentation_state, recipe.series
    if state is None:
        return _coloured(recipe.viewport, _stack_painter(recipe, pixels))
    drawn, grid = pixels.presentation_state(state).of(series.key, recipe.image), series.grid
    below = _coloured(recipe.viewport, _stack_painter(recipe, pixels, drawn))
    mapping = affine(grid, series.locate(recipe.image)[0], recipe.viewport.camera, recipe.size)
    return lambda: with_state(below(), drawn, (grid.rows, grid.columns), mapping, recipe.size)


def _stack_painter(recipe: Recipe, pixels: Pixels, drawn: DrawnImage = NOTHING) -> Paint:
    viewport, grid = recipe.viewport, recipe.series.grid
    own, (place, _) = pixels.image(recipe.series, recipe.image), recipe.series.locate(recipe.image)
    masks = [pixels.image(recipe.series, mask).pixels for mask in recipe.masks]
    image, window = drawn.greys(own, viewport.window)
    return lambda: render_viewport(
        with_mask(image, masks),
        grid,
        place,
        viewport.camera,
        window,
        recipe.size,
        invert=viewport.invert,
        without=(*viewport.without, "palette") if viewport.palette else viewport.without,
        mask_shift=viewport.mask_shift,
    )


def _plane_painter(recipe: Recipe, plane: Plane, pixels: Pixels, coarse: bool, bands: RunBands) -> Paint:
    array, viewport = pixels.array(recipe.series, plane.volume.time), recipe.viewport
    camera, slab = viewport.camera, Slab(plane.slab_mm, plane.projection, coarse)
    if plane.whole:
        camera, slab = whole_slab(array, camera, plane.projection, coarse=coarse)
    window = viewport.window or Window(0.5, 1.0)
    return lambda: render_plane(array, camera, window, recipe.size, slab, invert=viewport.invert, bands=bands)


def _fusion_painter(recipe: Recipe, fusion: Fusion, pixels: Pixels, coarse: bool, bands: RunBands) -> Paint:
    assert recipe.over is not None  # recipe_of gives one to every fusion
    over, camera = pixels.array(recipe.over, fusion.over.time), recipe.viewport.camera
    if isinstance(fusion.base, Stack):
        below, slab = _stack_painter(recipe, pixels), NO_SLAB
        camera = on_image(camera, recipe.series.grid, recipe.series.locate(recipe.image)[0])
    else:
        below = _plane_painter(recipe, fusion.base, pixels, coarse, bands)
        slab = Slab(fusion.base.slab_mm, fusion.base.projection, coarse)
    return lambda: render_fusion(below(), over, fusion, camera, recipe.size, slab, bands=bands)
