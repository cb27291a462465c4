"""Values are read in the pool, told to who asked, newest first of each mark, and kept."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from msgspec.structs import replace

from consult.model.errors import DicomRefused
from consult.model.geometry import Grid
from consult.model.identifiers import ConnectionId, SeriesKey
from consult.model.image import Image
from consult.model.mark import Shape
from consult.rendering.measure import Sample, sample
from consult.sessions.messages import Measured, Reading
from consult.streaming.measurements import TOLD_AT_ONCE, Measurements
from tests.support.consults import SERIES, a_case

CASE = a_case()
ANN, BOB = ConnectionId("ann"), ConnectionId("bob")


class Source:
    """Images whose every value is their index times ten; they load when told."""

    def __init__(self) -> None:
        self.loaded = asyncio.Event()
        self.loaded.set()
        self.refusal: DicomRefused | None = None
        self.opened: list[SeriesKey] = []
        self.waited_for = asyncio.Event()
        self.read = 0

    async def open(self, series: SeriesKey) -> Source:
        self.opened.append(series)
        return self

    def source_digest(self, image: int) -> str:
        return str(image)

    def image(self, image: int) -> Image:
        self.read += 1
        return Image(np.full((64, 64), image * 10, np.int16))

    async def ready(self, image: int) -> None:
        self.waited_for.set()
        await self.loaded.wait()
        if self.refusal:
            raise self.refusal


class Desk:
    """Measurements, and what it told."""

    def __init__(self, pool: ThreadPoolExecutor) -> None:
        self.source = Source()
        self.told: list[tuple[ConnectionId, Reading]] = []
        self.messages = 0
        self.news = asyncio.Event()
        self.measuring = Measurements("c-1", self.source, pool, self.tell)

    def tell(self, connection: ConnectionId, message: Measured) -> None:
        self.messages += 1
        self.told += [(connection, reading) for reading in message.readings]
        self.news.set()

    async def until(self, count: int) -> None:
        async with asyncio.timeout(60):
            while len(self.told) < count:
                self.news.clear()
                await self.news.wait()


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    with ThreadPoolExecutor(1) as pool:
        made = Desk(pool)
        yield made
        await made.measuring.close()


def probe(identifier: str = "m1", image: int = 3, x: float = 5.0) -> Shape:
    z = CASE.series[0].grid.positions[image][2]
    return Shape(id=identifier, kind="probe", series=SERIES, image=image, points=((x, 5.0, z),))


async def test_a_value_is_read_from_its_own_image_and_told_to_all_who_asked(desk: Desk) -> None:
    desk.measuring.measure([ANN, BOB], [probe()], CASE)
    await desk.until(2)
    assert {c for c, _ in desk.told} == {ANN, BOB}
    assert {(r.mark, r.pixels, r.mean, r.points) for _, r in desk.told} == {("m1", 1, 30.0, probe().points)}


async def test_what_was_read_is_told_again_without_reading_and_in_few_messages(desk: Desk) -> None:
    shapes = [probe(f"m{n}", x=float(n % 60)) for n in range(TOLD_AT_ONCE + 5)]
    desk.measuring.measure([ANN], shapes, CASE)
    await desk.until(len(shapes))
    read, desk.messages = desk.source.read, 0
    desk.measuring.measure([BOB], [replace(s, label="named since") for s in shapes], CASE)
    assert len([c for c, _ in desk.told if c == BOB]) == len(shapes), "at once"
    assert (desk.source.read, desk.messages) == (read, 2)


async def test_of_a_mark_that_moves_only_the_newest_is_read(desk: Desk) -> None:
    desk.source.loaded.clear()
    desk.measuring.measure([ANN], [probe(x=1.0)], CASE)
    await desk.source.waited_for.wait()
    for x in (2.0, 3.0, 4.0):
        desk.measuring.measure([ANN], [probe(x=x)], CASE)
    desk.source.loaded.set()
    await desk.until(2)
    assert [r.points[0][0] for _, r in desk.told] == [1.0, 4.0]


async def test_what_cannot_be_read_is_told_with_the_reason_and_the_next_is_read(desk: Desk) -> None:
    desk.source.refusal = DicomRefused("bad", "the pixels cannot be decoded")
    desk.measuring.measure([ANN], [probe()], CASE)
    await desk.until(1)
    assert (desk.told[0][1].pixels, desk.told[0][1].sentence) == (0, "the pixels cannot be decoded")
    desk.source.refusal = None
    desk.measuring.measure([ANN], [probe(), probe("m2", x=-50.0), probe("m3")], CASE)
    await desk.until(4)
    assert [(r.mark, r.pixels) for _, r in desk.told[1:]] == [("m1", 1), ("m2", 0), ("m3", 1)]
    assert desk.told[2][1].sentence.endswith(".")


async def test_a_series_of_another_case_is_not_looked_for(desk: Desk) -> None:
    desk.measuring.measure([ANN], [replace(probe(), series=SeriesKey("of-another"))], CASE)
    desk.measuring.measure([ANN], [probe()], CASE)
    await desk.until(1)
    assert desk.source.opened == [SERIES]


async def test_reading_does_not_hold_up_the_loop(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    threads: list[str] = []

    def noted(image: Image, grid: Grid, shape: Shape) -> Sample | None:
        threads.append(threading.current_thread().name)
        return sample(image, grid, shape)

    monkeypatch.setattr("consult.streaming.measurements.sample", noted)
    desk.measuring.measure([ANN], [probe()], CASE)
    await desk.until(1)
    assert threads[0] != threading.main_thread().name
