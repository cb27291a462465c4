"""One volume: what it gives, what it reports while it loads, and who learns of it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace

from consult.dicom.records import DECODER_VERSION, PixelFormat
from consult.model.errors import DicomRefused, NotReady
from consult.volumes.volume import Volume, stack_digest
from consult.volumes.volume_file import VolumeFile
from tests.support.stacks import KEY, make_stack

FORMAT = PixelFormat(2, 3, "int16")
STACK = make_stack([f"{i}.dcm" for i in range(6)], FORMAT)


@pytest.fixture
def woken() -> list[None]:
    return []


@pytest.fixture
def volume(tmp_path: Path, woken: list[None]) -> Iterator[Volume]:
    volume = Volume(STACK, VolumeFile(tmp_path / "a.raw", FORMAT, 6), lambda: woken.append(None))
    yield volume
    volume.let_go()


def test_an_image_is_a_view_with_its_frames_rescale(volume: Volume) -> None:
    with pytest.raises(NotReady):
        volume.image(2)
    volume.decoded(2)
    image = volume.image(2)
    assert image.intercept == -1024.0
    assert np.shares_memory(image.pixels, volume.file.pixels)
    assert not image.pixels.flags.writeable
    assert volume.source_digest(2) == f"2.dcm/0/{DECODER_VERSION}"


def test_what_is_ready_is_reported_in_runs(volume: Volume) -> None:
    for image in (0, 1, 4):
        volume.decoded(image)
    volume.refuse(3, DicomRefused("bits", "at most 32", tag="BitsStored", value="33"))
    loading = volume.loading()
    assert (loading.series, loading.images) == (KEY, 6)
    assert loading.ready == ((0, 1), (4, 4))
    assert loading.failed == (3,)
    assert loading.sentence == "BitsStored is '33': at most 32"


async def test_who_waits_is_put_in_front_and_woken(volume: Volume, woken: list[None]) -> None:
    waits = [asyncio.create_task(volume.ready(5)) for _ in range(2)]
    await asyncio.sleep(0)
    assert volume.order.peek() == (5, -1)
    assert woken
    volume.decoded(5)
    await asyncio.gather(*waits)
    await volume.ready(5)


async def test_who_gives_up_does_not_take_the_others_along(volume: Volume) -> None:
    first, second = (asyncio.create_task(volume.ready(5)) for _ in range(2))
    await asyncio.sleep(0)
    first.cancel()
    await asyncio.sleep(0)
    volume.decoded(5)
    await second
    assert first.cancelled()
    assert volume.loading().ready == ((5, 5),)


async def test_what_is_put_back_is_single_and_goes_first_where_somebody_waits(volume: Volume) -> None:
    for image in (3, 4):
        volume.order.take(image)
    waits = asyncio.create_task(volume.ready(4))
    await asyncio.sleep(0)
    for image in (3, 4):
        volume.put_back(image)
    assert volume.single == {3, 4}
    assert volume.order.peek() == (4, -1)
    volume.order.take(4)
    assert volume.order.peek() == (3, 0)
    volume.decoded(4)
    await waits


async def test_who_waits_for_a_refused_image_is_reported_why(volume: Volume) -> None:
    waits = asyncio.create_task(volume.ready(1))
    await asyncio.sleep(0)
    volume.refuse(1, DicomRefused("codec", "broken"))
    for asked in (waits, volume.ready(1)):
        with pytest.raises(DicomRefused, match="broken"):
            await asked
    with pytest.raises(DicomRefused):
        volume.image(1)


async def test_who_waits_when_it_is_let_go_is_reported(volume: Volume) -> None:
    waits = asyncio.create_task(volume.ready(1))
    await asyncio.sleep(0)
    volume.let_go()
    with pytest.raises(NotReady):
        await waits
    with pytest.raises(NotReady):
        await volume.ready(0)
    with pytest.raises(NotReady):
        volume.image(0)
    volume.decoded(1)  # a worker that ends later harms nothing


def test_the_digest_names_sources_order_and_format() -> None:
    other_order = replace(STACK, frames=STACK.frames[::-1])
    other_format = replace(STACK, format=PixelFormat(3, 2, "int16"))
    fewer = replace(STACK, frames=STACK.frames[:-1])
    assert len({stack_digest(stack) for stack in (STACK, other_order, other_format, fewer)}) == 4
