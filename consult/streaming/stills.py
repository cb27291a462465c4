"""Exact stills: each viewport of a view, rendered once for each distinct size on a screen, named by what it shows.

Rules:
- A digest names source pixels, view, size and renderer's version: equal screens share one picture.
- A digest is known only after it was offered in a stamp; recipes are kept in memory only, so it is unknown after a
  restart (the page then asks anew).
- What one page sees alone, and what is larger than a 4K screen, waits for the pictures of all (`render_pool.py`).
- Who asks while it is rendered waits for the same rendering. Rendering and encoding are one hop to the pool.
- What is rendered ahead takes pixels that are there, and begins where nobody waits for anything. Who asks for it
  meanwhile has it as soon as if it were asked for first.
"""

from __future__ import annotations

import asyncio
import struct
from collections import OrderedDict
from collections.abc import Callable, Coroutine, Mapping
from concurrent.futures import Executor, Future
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Protocol, TypeVar

from consult.media.video.jpeg_xl import encode_jpeg_xl
from consult.media.video.png import encode_png, pixels_sha256
from consult.media.video.preview import encode_preview
from consult.model.catalogue import Series
from consult.model.errors import NotReady, Refused
from consult.model.identifiers import PresentationStateKey, SegmentationKey, SeriesKey
from consult.model.image import Image
from consult.model.presentation_states.state import PresentationState
from consult.model.segmentations.segmentation import Segmentation
from consult.rendering.digest import still_digest
from consult.rendering.planes.plane import in_turn
from consult.rendering.planes.volume import VolumeArray
from consult.rendering.presentation_states.state import DrawnState
from consult.rendering.segmentations.painting import Drawable
from consult.streaming.arrays import Arrays
from consult.streaming.recipes import Paint, Recipe, painter
from consult.streaming.render_pool import RenderPool
from consult.streaming.still_turns import LARGE_PIXELS

RECIPES = 8192
PREVIEWS = 32
"""Of stills that are kept: those of who comes next, on screens of the same size."""
LOAD_DEADLINE_S = 20.0
NOT_LOADED = "This image is still being loaded."
NOT_BEGUN: Future[Any] = Future()
"""The job of what is rendered ahead, until the pool has one."""
RAW = " raw"
_SIZE = struct.Struct("!LL")
UNKNOWN = "This picture is not known (any more). Ask for a new one."
W = TypeVar("W", contravariant=True)
D = TypeVar("D", covariant=True)


class PixelSource(Protocol):
    """One volume, as whoever reads pixels needs it."""

    def source_digest(self, image: int) -> str:
        """Names the stored pixels of an image."""

    def image(self, image: int) -> Image:
        """The decoded image. Raises NotReady, DicomRefused."""

    async def ready(self, image: int) -> None:
        """Wait until that image is decoded; it is put in front. Raises DicomRefused."""


class PixelSources(Protocol):
    """The volume cache, as whoever reads pixels needs it."""

    async def open(self, series: SeriesKey) -> PixelSource:
        """The volume of a series, loading or loaded."""


class DrawableSources(Protocol[W, D]):
    """All of one sort that are drawn over images, as whoever draws them needs them. Both raise ConsultError."""

    def now(self, wanted: W, /) -> D:
        """What of it is drawn. Raises NotReady: its reading is begun."""

    async def get(self, wanted: W, /) -> D:
        """The same, once it is read."""


SegmentationSources = DrawableSources[Segmentation, Drawable]
PresentationStateSources = DrawableSources[PresentationState, DrawnState]


def raw_of(digest: str) -> str:
    """The name of a still's raw pixels: fetched, rendered and kept as stills are."""
    return digest + RAW


async def loaded_image(volumes: PixelSources, series: SeriesKey, image: int, deadline_s: float) -> Image:
    """A decoded image, once it is there. Raises NotReady, DicomRefused."""
    volume = await volumes.open(series)
    try:
        async with asyncio.timeout(deadline_s):
            await volume.ready(image)
    except TimeoutError:
        raise NotReady("not_loaded", NOT_LOADED) from None
    return volume.image(image)


async def image_at_hand(volumes: PixelSources, series: SeriesKey, image: int) -> Image:
    """A decoded image, if it is there already. Raises NotReady, DicomRefused."""
    return (await volumes.open(series)).image(image)


@dataclass(frozen=True)
class Still:
    """An encoded picture and the SHA-256 of its raw bytes, row by row.

    Attributes:
        png: empty where the pixels alone were asked for.
        jpeg_xl: the same pixels once more; None until they are encoded so.
        raw: the pixels themselves, where they were asked for: width and height (u32, big-endian), then row by row.
        colour: they are RGB, not grey.
    """

    png: bytes
    sha256: str
    jpeg_xl: bytes | None = None
    colour: bool = False
    raw: bytes | None = None

    @property
    def size(self) -> int:
        """Bytes of all."""
        return len(self.png) + len(self.jpeg_xl or b"") + len(self.raw or b"")


def render_still(paint: Paint, recipe: Recipe) -> Still:
    """Pixels to PNG; runs in the pool."""
    pixels = paint()
    return Still(encode_png(pixels), pixels_sha256(pixels), colour=pixels.ndim == 3)


def render_raw(paint: Paint) -> Still:
    """Pixels as they are, for pages on this machine: no network wants them smaller; runs in the pool."""
    pixels = paint()
    return Still(
        b"",
        pixels_sha256(pixels),
        colour=pixels.ndim == 3,
        raw=_SIZE.pack(pixels.shape[1], pixels.shape[0]) + pixels.tobytes(),
    )


def render_jpeg_xl(paint: Paint) -> bytes:
    """The same pixels to JPEG XL; runs in the pool."""
    return encode_jpeg_xl(paint())


Renderer = Callable[[Paint, Recipe], Still]


@dataclass(frozen=True)
class Ready:
    """Pixels of which all are there."""

    images: Mapping[tuple[SeriesKey, int], Image]
    arrays: Mapping[tuple[SeriesKey, int], VolumeArray]
    segmentations: Mapping[SegmentationKey, Drawable]
    presentation_states: Mapping[PresentationStateKey, DrawnState]

    def image(self, series: Series, image: int) -> Image:
        """The one that was waited for."""
        return self.images[series.key, image]

    def array(self, series: Series, time: int) -> VolumeArray:
        """The one that was waited for."""
        return self.arrays[series.key, time]

    def segmentation(self, segmentation: Segmentation) -> Drawable:
        """The one that was waited for."""
        return self.segmentations[segmentation.key]

    def presentation_state(self, state: PresentationState) -> DrawnState:
        """The one that was waited for."""
        return self.presentation_states[state.key]


class Stills:
    """Names, renders and caches stills."""

    def __init__(
        self,
        volumes: PixelSources,
        pool: RenderPool,
        arrays: Arrays,
        segmentations: SegmentationSources,
        presentation_states: PresentationStateSources,
        *,
        cache_bytes: int,
        render: Renderer = render_still,
        render_small: Callable[[Paint], bytes] = render_jpeg_xl,
    ) -> None:
        self._volumes, self._pool, self._render, self._render_small = volumes, pool, render, render_small
        self.arrays, self.segmentations, self.presentation_states = arrays, segmentations, presentation_states
        self._recipes: OrderedDict[str, Recipe] = OrderedDict()
        self._done: OrderedDict[str, Still] = OrderedDict()
        self._free_bytes = cache_bytes
        self._rendering: dict[str, asyncio.Task[Still]] = {}
        self._ahead: dict[str, Future[Still] | None] = {}
        """Of what is rendered ahead, the job in the pool; None: somebody waits for it."""
        self._shrinking: dict[str, asyncio.Task[Still]] = {}
        self._previews: OrderedDict[str, asyncio.Task[bytes]] = OrderedDict()

    def offer(self, source_digest: str, recipe: Recipe) -> str:
        """The digest of a still; from now on it can be fetched."""
        digest = still_digest(source_digest, recipe.viewport, recipe.size)
        before = self._recipes.get(digest)
        self._recipes[digest] = recipe if before is None or before.alone else before  # all see it: so it stays
        self._recipes.move_to_end(digest)
        while len(self._recipes) > RECIPES:
            self._recipes.popitem(last=False)
        return digest

    def cost(self, digest: str) -> int:
        """Pixels that are rendered where it is fetched now; 0: it is kept, or not known."""
        return 0 if digest in self._done else self.pixels(digest)

    def pixels(self, digest: str) -> int:
        """How many a still has; 0: it is not known."""
        recipe = self._recipes.get(digest.removesuffix(RAW))
        return 0 if recipe is None else recipe.pixels

    async def loaded(self, digest: str) -> None:
        """Wait until the pixels of a still are there. Raises NotReady, DicomRefused."""
        if (recipe := self._recipes.get(digest.removesuffix(RAW))) is not None:
            await self._loaded(recipe)

    async def fetch(self, digest: str) -> Still:
        """The still of that name, or its raw pixels (`raw_of`).

        Raises:
            Refused: "unknown_still": never offered, or before a restart.
            NotReady: its pixels did not load in time.
            DicomRefused: its pixels cannot be shown.
        """
        if done := self._done.get(digest):
            self._done.move_to_end(digest)
            return done
        if digest in self._ahead:
            with suppress(NotReady):  # it did not wait for its pixels; who asks now does
                return await self._hurried(digest)
        task = self._rendering.get(digest)
        if task is None or task.done():
            task = self._begin(digest, self._make)
        return await asyncio.shield(task)

    async def _hurried(self, digest: str) -> Still:
        """What is rendered ahead, and waited for by now."""
        job, self._ahead[digest] = self._ahead[digest], None
        if job is not None:
            self._pool.hurry(job, alone=self._waits(self._recipe(digest)))
        return await asyncio.shield(self._rendering[digest])

    async def fetch_ahead(self, digest: str) -> Still:
        """The same, rendered when nobody waits for anything else.

        Raises:
            NotReady: its pixels are not there.
            Refused, DicomRefused: as `fetch`.
        """
        if (done := self._done.get(digest)) is not None:
            return done
        task = self._rendering.get(digest)
        if task is None:
            task = self._begin(digest, self._make_ahead)
            self._ahead[digest] = NOT_BEGUN
        return await asyncio.shield(task)

    async def fetch_small(self, digest: str, *, now: bool) -> Still:
        """The still of that name for a page that decodes JPEG XL: the second who asks has it encoded so when nobody
        waits for anything, and those behind have fewer bytes. `now`: wait for that.

        Raises:
            Refused, NotReady, DicomRefused: as `fetch`.
        """
        known = digest in self._done
        still = await self.fetch(digest)
        if still.jpeg_xl is not None or not (known or now):
            return still
        task = self._shrinking.get(digest)
        if task is None:
            pool = self._pool if now else self._pool.ahead
            task = self._shrinking[digest] = asyncio.create_task(self._shrink(digest, still, pool))
            task.add_done_callback(lambda done: self._shrunk(digest, done))
        return await asyncio.shield(task) if now else still

    async def _shrink(self, digest: str, still: Still, pool: Executor) -> Still:
        recipe = self._recipe(digest)
        paint = painter(recipe, await self._loaded(recipe), bands=in_turn)
        jpeg_xl = await asyncio.get_running_loop().run_in_executor(pool, self._render_small, paint)
        smaller = replace(still, jpeg_xl=jpeg_xl)
        if self._done.get(digest) is still:
            self._cache(digest, smaller)
        return smaller

    def _shrunk(self, digest: str, done: asyncio.Task[Still]) -> None:
        del self._shrinking[digest]
        if not done.cancelled():
            done.exception()  # the PNG stays

    def _recipe(self, digest: str) -> Recipe:
        recipe = self._recipes.get(digest.removesuffix(RAW))
        if recipe is None:
            raise Refused("unknown_still", UNKNOWN)
        return recipe

    def _begin(self, digest: str, make: Callable[[str, Recipe], Coroutine[Any, Any, Still]]) -> asyncio.Task[Still]:
        self._ahead.pop(digest, None)
        task = self._rendering[digest] = asyncio.create_task(make(digest, self._recipe(digest)))
        task.add_done_callback(lambda done: self._forget(digest, done))
        return task

    async def preview(self, digest: str) -> bytes:
        """A JPEG of that still with fewer pixels, for until the still is there. Raises as `fetch`."""
        task = self._previews.get(digest)
        if task is None or (task.done() and (task.cancelled() or task.exception() is not None)):
            task = self._previews[digest] = asyncio.create_task(self._make_preview(self._recipe(digest)))
            task.add_done_callback(lambda done: done.cancelled() or done.exception())
            while len(self._previews) > PREVIEWS:
                self._previews.popitem(last=False)
        return await asyncio.shield(task)

    async def close(self) -> None:
        """Cancel what is being rendered."""
        tasks: list[asyncio.Task[Any]] = [
            *self._rendering.values(), *self._shrinking.values(), *self._previews.values()
        ]  # fmt: skip
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _forget(self, digest: str, done: asyncio.Task[Still]) -> None:
        if self._rendering.get(digest) is done:
            del self._rendering[digest]
            self._ahead.pop(digest, None)
        if not done.cancelled():
            done.exception()  # asyncio warns of an exception that nobody took; here whoever waits has it

    async def _make(self, digest: str, recipe: Recipe) -> Still:
        pixels, pool = await self._loaded(recipe), self._pool_of(recipe)
        paint = painter(recipe, pixels, bands=self.arrays.bands if pool is self._pool else in_turn)
        still = await asyncio.get_running_loop().run_in_executor(pool, self._rendering_of(digest, paint, recipe))
        self._cache(digest, still)
        return still

    def _rendering_of(self, digest: str, paint: Paint, recipe: Recipe) -> Callable[[], Still]:
        return partial(render_raw, paint) if digest.endswith(RAW) else partial(self._render, paint, recipe)

    async def _make_ahead(self, digest: str, recipe: Recipe) -> Still:
        if recipe.needs_image:
            volume = await self._volumes.open(recipe.series.key)
            for image in (recipe.image, *recipe.masks):
                volume.image(image)  # NotReady: nothing is loaded sooner for what nobody has asked for
        for series, time in recipe.volumes:
            self.arrays.now(series, time)
        paint = painter(recipe, await self._loaded(recipe), bands=in_turn)
        render = self._rendering_of(digest, paint, recipe)
        if self._ahead.get(digest) is None:
            job = self._pool_of(recipe).submit(render)
        else:
            job = self._ahead[digest] = self._pool.submit_ahead(render)
        still = await asyncio.wrap_future(job)
        self._cache(digest, still)
        return still

    async def _make_preview(self, recipe: Recipe) -> bytes:
        paint = painter(recipe, await self._loaded(recipe), bands=self.arrays.bands)
        return await asyncio.get_running_loop().run_in_executor(self._pool, lambda: encode_preview(paint()))

    async def _loaded(self, recipe: Recipe) -> Ready:
        try:
            async with asyncio.timeout(LOAD_DEADLINE_S):
                return await self._pixels(recipe)
        except TimeoutError:
            raise NotReady("not_loaded", NOT_LOADED) from None

    def _pool_of(self, recipe: Recipe) -> Executor:
        return self._pool.background if self._waits(recipe) else self._pool

    def _waits(self, recipe: Recipe) -> bool:
        """Behind the pictures of all."""
        return recipe.alone or recipe.pixels > LARGE_PIXELS

    async def _pixels(self, recipe: Recipe) -> Ready:
        """Wait for all that a picture is made of."""
        images: dict[tuple[SeriesKey, int], Image] = {}
        if recipe.needs_image:
            volume = await self._volumes.open(recipe.series.key)
            for image in (recipe.image, *recipe.masks):
                await volume.ready(image)
                images[recipe.series.key, image] = volume.image(image)
        arrays = {(series.key, time): await self.arrays.get(series, time) for series, time in recipe.volumes}
        segmentations = {one.key: await self.segmentations.get(one) for one, _ in recipe.segmentations}
        state = recipe.presentation_state
        states = {} if state is None else {state.key: await self.presentation_states.get(state)}
        return Ready(images, arrays, segmentations, states)

    def _cache(self, digest: str, still: Still) -> None:
        if (before := self._done.pop(digest, None)) is not None:
            self._free_bytes += before.size
        self._done[digest] = still
        self._free_bytes -= still.size
        while self._free_bytes < 0 and len(self._done) > 1:
            _, oldest = self._done.popitem(last=False)
            self._free_bytes += oldest.size
