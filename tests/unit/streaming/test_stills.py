"""Exact stills: named by what they show, rendered once, cached within a bound, unknown unless offered."""

from __future__ import annotations

import asyncio
import hashlib
import threading
from collections.abc import Iterator
from dataclasses import replace

import imagecodecs
import numpy as np
import pytest

from consult.media.video.jpeg_xl import encode_jpeg_xl
from consult.media.video.png import pixels_sha256
from consult.model.catalogue import Series
from consult.model.errors import DicomRefused, NotReady, Refused
from consult.model.geometry import Grid
from consult.model.identifiers import SeriesKey, StudyKey
from consult.model.image import Image
from consult.model.view import Camera, Stack, Viewport, Window
from consult.streaming import stills as stills_module
from consult.streaming.recipes import Paint, Recipe
from consult.streaming.render_pool import RenderPool
from consult.streaming.stills import NOT_BEGUN, Still, Stills, raw_of
from tests.support.arrays import AlreadyRead, no_arrays
from tests.support.waiting import until

GRID = Grid("image", 8, 8, 1.0, 1.0, "px", (1, 0, 0), (0, 1, 0), ((0, 0, 0), (0, 0, 0)))
SERIES = Series(SeriesKey("s"), StudyKey("st"), "CT", 1, "", 2, GRID)
CAMERA = Camera((3.5, 3.5, 0.0), 4.0, (1.0, 0.0, 0.0), (0.0, 1.0, 0.0))


class Volume:
    """Two images, ready when the test lets them be."""

    def __init__(self) -> None:
        self.loaded = asyncio.Event()
        self.refused: DicomRefused | None = None
        self.not_ready = False
        self.waited_for: list[int] = []

    def source_digest(self, image: int) -> str:
        return f"pixels-{image}"

    def image(self, image: int) -> Image:
        if self.not_ready:
            raise NotReady("not_loaded", "Not yet.")
        return Image(np.arange(64, dtype=np.int16).reshape(8, 8))

    async def ready(self, image: int) -> None:
        self.waited_for.append(image)
        await self.loaded.wait()
        if self.refused:
            raise self.refused

    async def open(self, series: SeriesKey) -> Volume:
        return self


def recipe(image: int = 0, size: tuple[int, int] = (8, 8)) -> Recipe:
    return Recipe(Viewport("a", Stack(SERIES.key, image), CAMERA, Window(32, 64)), SERIES, image, size)


@pytest.fixture
def pool() -> Iterator[RenderPool]:
    with RenderPool(2) as executor:
        yield executor


async def test_a_still_is_rendered_once_for_all_who_ask(pool: RenderPool) -> None:
    rendered = []

    def render(paint: Paint, wanted: Recipe) -> Still:
        rendered.append(wanted)
        return Still(b"png", "hash")

    volume = Volume()
    stills = Stills(volume, pool, no_arrays(pool), AlreadyRead(), AlreadyRead(), cache_bytes=1000, render=render)
    digest = stills.offer(volume.source_digest(0), recipe())
    asked = [asyncio.create_task(stills.fetch(digest)) for _ in range(3)]
    await asyncio.sleep(0)
    volume.loaded.set()
    assert [s.sha256 for s in await asyncio.gather(*asked)] == ["hash"] * 3
    assert await stills.fetch(digest) == Still(b"png", "hash")
    assert len(rendered) == 1


async def test_the_name_depends_on_all_that_determines_the_picture(pool: RenderPool) -> None:
    stills = Stills(Volume(), pool, no_arrays(pool), AlreadyRead(), AlreadyRead(), cache_bytes=1000)
    names = {
        stills.offer("a", recipe()),
        stills.offer("b", recipe()),
        stills.offer("a", recipe(size=(8, 9))),
        stills.offer("a", Recipe(Viewport("a", Stack(SERIES.key, 0), CAMERA, Window(32, 65)), SERIES, 0, (8, 8))),
    }
    assert len(names) == 4
    assert stills.offer("a", recipe()) in names


async def test_a_name_that_was_never_offered_is_refused(pool: RenderPool) -> None:
    with pytest.raises(Refused, match="unknown_still"):
        await Stills(Volume(), pool, no_arrays(pool), AlreadyRead(), AlreadyRead(), cache_bytes=1000).fetch("0" * 64)


async def test_who_goes_away_does_not_stop_the_rendering_for_the_others(pool: RenderPool) -> None:
    volume = Volume()
    stills = Stills(volume, pool, no_arrays(pool), AlreadyRead(), AlreadyRead(), cache_bytes=1 << 20)
    digest = stills.offer("a", recipe())
    first, second = (asyncio.create_task(stills.fetch(digest)) for _ in range(2))
    await asyncio.sleep(0)
    first.cancel()
    volume.loaded.set()
    assert (await second).png.startswith(b"\x89PNG")


async def test_the_cache_is_bounded_and_forgets_the_oldest(pool: RenderPool) -> None:
    volume = Volume()
    volume.loaded.set()
    rendered: list[int] = []

    def render(paint: Paint, wanted: Recipe) -> Still:
        rendered.append(wanted.image)
        return Still(b"x" * 60, "hash")

    stills = Stills(volume, pool, no_arrays(pool), AlreadyRead(), AlreadyRead(), cache_bytes=100, render=render)
    first, second = (stills.offer(f"pixels-{i}", recipe(i)) for i in (0, 1))
    for digest in (first, second, second, first):
        await stills.fetch(digest)
    assert rendered == [0, 1, 0]


async def test_of_an_image_that_cannot_be_shown_the_reason_is_raised(pool: RenderPool) -> None:
    volume = Volume()
    volume.refused = DicomRefused("bits", "at most 16 bits are shown", tag="BitsStored", value="33")
    volume.loaded.set()
    stills = Stills(volume, pool, no_arrays(pool), AlreadyRead(), AlreadyRead(), cache_bytes=100)
    with pytest.raises(DicomRefused, match="BitsStored is '33'"):
        await stills.fetch(stills.offer("a", recipe()))


async def test_an_image_that_does_not_load_is_not_waited_for_without_end(
    pool: RenderPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stills_module, "LOAD_DEADLINE_S", 0.0)
    stills = Stills(Volume(), pool, no_arrays(pool), AlreadyRead(), AlreadyRead(), cache_bytes=100)
    with pytest.raises(NotReady):
        await stills.fetch(stills.offer("a", recipe()))


async def test_closing_cancels_what_is_being_rendered(pool: RenderPool) -> None:
    stills = Stills(Volume(), pool, no_arrays(pool), AlreadyRead(), AlreadyRead(), cache_bytes=100)
    asked = asyncio.create_task(stills.fetch(stills.offer("a", recipe())))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    await stills.close()
    with pytest.raises(asyncio.CancelledError):
        await asked


async def test_a_still_waits_for_its_own_image(pool: RenderPool) -> None:
    volume = Volume()
    volume.loaded.set()
    stills = Stills(volume, pool, no_arrays(pool), AlreadyRead(), AlreadyRead(), cache_bytes=1 << 20)
    await stills.fetch(stills.offer("a", recipe(1)))
    assert volume.waited_for == [1]


async def test_what_is_made_ahead_takes_only_what_is_there(pool: RenderPool) -> None:
    volume = Volume()
    stills = Stills(volume, pool, no_arrays(pool), AlreadyRead(), AlreadyRead(), cache_bytes=1 << 20)
    digest = stills.offer(volume.source_digest(0), recipe())
    volume.not_ready = True
    with pytest.raises(NotReady):
        await stills.fetch_ahead(digest)
    assert volume.waited_for == [], "nothing is loaded sooner for what nobody has asked for"
    volume.not_ready = False
    volume.loaded.set()
    still = await stills.fetch_ahead(digest)
    assert await stills.fetch(digest) is still
    assert await stills.fetch_ahead(digest) is still
    with pytest.raises(Refused):
        await stills.fetch_ahead("0" * 64)


async def test_who_asks_for_what_is_made_ahead_waits_no_longer_than_without(pool: RenderPool) -> None:
    """Seen to fail where it stayed behind the pictures that pages see alone: they fill the pool here."""
    begun, let = list[int](), threading.Event()

    def render(paint: Paint, wanted: Recipe) -> Still:
        begun.append(wanted.image)
        if wanted.alone:
            let.wait()
        return Still(b"png", str(wanted.image))

    volume = Volume()
    volume.loaded.set()
    stills = Stills(volume, pool, no_arrays(pool), AlreadyRead(), AlreadyRead(), cache_bytes=1 << 20, render=render)
    alone = stills.offer("alone", replace(recipe(), alone=True))
    busy = asyncio.create_task(stills.fetch(alone))
    digest = stills.offer("ahead", recipe(1))
    ahead = asyncio.create_task(stills.fetch_ahead(digest))
    await until(lambda: bool(begun) and stills._ahead.get(digest) not in (None, NOT_BEGUN))
    assert begun == [0]
    assert (await stills.fetch(digest)).sha256 == "1"
    assert (await ahead).sha256 == "1"
    assert begun == [0, 1], "once for both"
    let.set()
    await busy


async def test_who_asks_waits_for_pixels_that_what_is_made_ahead_does_not_wait_for(pool: RenderPool) -> None:
    volume = Volume()
    stills = Stills(volume, pool, no_arrays(pool), AlreadyRead(), AlreadyRead(), cache_bytes=1 << 20)
    digest = stills.offer(volume.source_digest(0), recipe())
    volume.not_ready = True
    ahead = asyncio.create_task(stills.fetch_ahead(digest))
    await asyncio.sleep(0)
    asked = asyncio.create_task(stills.fetch(digest))
    with pytest.raises(NotReady):
        await ahead
    await until(lambda: volume.waited_for == [0])
    volume.not_ready = False
    volume.loaded.set()
    assert (await asked).png


async def test_the_second_who_asks_has_it_encoded_smaller_and_those_behind_get_that(pool: RenderPool) -> None:
    volume, shrunk = Volume(), list[bytes]()

    def render_small(paint: Paint) -> bytes:
        shrunk.append(encode_jpeg_xl(paint()))
        return shrunk[-1]

    volume.loaded.set()
    stills = Stills(
        volume, pool, no_arrays(pool), AlreadyRead(), AlreadyRead(), cache_bytes=1 << 20, render_small=render_small
    )
    digest = stills.offer(volume.source_digest(0), recipe())
    first = await stills.fetch_small(digest, now=False)
    assert (first.jpeg_xl, shrunk) == (None, [])
    assert await stills.fetch_small(digest, now=False) is first
    await until(lambda: bool(shrunk) and not stills._shrinking)
    third = await stills.fetch_small(digest, now=False)
    assert third.jpeg_xl == shrunk[0]
    assert (third.png, third.sha256) == (first.png, first.sha256)
    decoded = imagecodecs.jpegxl_decode(third.jpeg_xl)
    assert pixels_sha256(np.asarray(decoded)) == third.sha256
    assert len(shrunk) == 1


async def test_a_slow_link_waits_for_the_smaller_one(pool: RenderPool) -> None:
    volume = Volume()
    volume.loaded.set()
    stills = Stills(volume, pool, no_arrays(pool), AlreadyRead(), AlreadyRead(), cache_bytes=1 << 20)
    digest = stills.offer(volume.source_digest(1), recipe(1))
    both = await asyncio.gather(*(stills.fetch_small(digest, now=True) for _ in range(2)))
    assert both[0].jpeg_xl is not None
    assert both[0] is both[1]
    assert await stills.fetch(digest) is both[0]


async def test_raw_pixels_are_rendered_and_kept_as_stills_are(pool: RenderPool) -> None:
    volume = Volume()
    volume.loaded.set()
    stills = Stills(volume, pool, no_arrays(pool), AlreadyRead(), AlreadyRead(), cache_bytes=1 << 20)
    digest = stills.offer(volume.source_digest(0), recipe())
    raw = await stills.fetch_ahead(raw_of(digest))
    assert await stills.fetch(raw_of(digest)) is raw
    png = await stills.fetch(digest)
    assert raw.raw is not None
    assert raw.raw[:8] == bytes((0, 0, 0, 8, 0, 0, 0, 8))
    assert hashlib.sha256(raw.raw[8:]).hexdigest() == raw.sha256 == png.sha256
    assert (raw.png, png.raw) == (b"", None)
    assert stills.cost(digest) == stills.cost(raw_of(digest)) == 0
