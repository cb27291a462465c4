"""Values are read in the pool, sent to who asked, newest first of each mark, and cached."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from msgspec.structs import replace

from consult.model.errors import DicomRefused, NotReady
from consult.model.geometry import Grid
from consult.model.identifiers import ConnectionId, SeriesKey
from consult.model.image import Image
from consult.model.mark import Shape
from consult.rendering.marks.measure import Sample, sample
from consult.sessions.features.marks.messages import Measured, Reading
from consult.streaming.values.measurements import MAX_READINGS, Measurements, read
from tests.support.arrays import no_arrays
from tests.support.consults import SERIES, a_case, a_timed_case
from tests.support.waiting import PATIENCE_S

CASE = a_case()
ANN, BOB = ConnectionId("ann"), ConnectionId("bob")


class Source:
    """Images whose every value is their index times ten; they load when the test lets them."""

    def __init__(self) -> None:
        self.loaded = asyncio.Event()
        self.loaded.set()
        self.refusal: DicomRefused | None = None
        self.opened: list[SeriesKey] = []
        self.waited_for = asyncio.Event()
        self.read = 0
        self.never: set[int] = set()
        """Images that do not load."""

    async def open(self, series: SeriesKey) -> Source:
        self.opened.append(series)
        return self

    def source_digest(self, image: int) -> str:
        return str(image)

    def image(self, image: int) -> Image:
        if image in self.never or not self.loaded.is_set():
            raise NotReady("not_loaded", "This image is still being loaded.")
        if self.refusal:
            raise self.refusal
        self.read += 1
        return Image(np.full((64, 64), image * 10, np.int16))

    async def ready(self, image: int) -> None:
        self.waited_for.set()
        if image in self.never:
            await asyncio.Event().wait()
        await self.loaded.wait()
        if self.refusal:
            raise self.refusal


class Setup:
    """Measurements, and what they sent."""

    def __init__(self, pool: ThreadPoolExecutor) -> None:
        self.source = Source()
        self.sent: list[tuple[ConnectionId, Reading]] = []
        self.messages = 0
        self.news = asyncio.Event()
        self.measurements = Measurements("c-1", self.source, no_arrays(pool), pool, self.send)

    def send(self, connection: ConnectionId, message: Measured) -> None:
        self.messages += 1
        self.sent += [(connection, reading) for reading in message.readings]
        self.news.set()

    async def until(self, count: int) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while len(self.sent) < count:
                self.news.clear()
                await self.news.wait()


@pytest.fixture
async def setup() -> AsyncIterator[Setup]:
    with ThreadPoolExecutor(1) as pool:
        made = Setup(pool)
        yield made
        await made.measurements.close()


def probe(identifier: str = "m1", image: int = 3, x: float = 5.0) -> Shape:
    z = CASE.series[0].grid.positions[image][2]
    return Shape(id=identifier, kind="probe", series=SERIES, image=image, points=((x, 5.0, z),))


async def test_a_value_is_read_from_its_own_image_and_sent_to_all_who_asked(setup: Setup) -> None:
    setup.measurements.measure([ANN, BOB], [probe()], CASE)
    await setup.until(2)
    assert {c for c, _ in setup.sent} == {ANN, BOB}
    assert {(r.mark, r.pixels, r.mean, r.points) for _, r in setup.sent} == {("m1", 1, 30.0, probe().points)}


async def test_what_was_read_is_sent_again_without_reading_and_in_few_messages(setup: Setup) -> None:
    shapes = [probe(f"m{n}", x=float(n % 60)) for n in range(MAX_READINGS + 5)]
    setup.measurements.measure([ANN], shapes, CASE)
    await setup.until(len(shapes))
    read, setup.messages = setup.source.read, 0
    setup.measurements.measure([BOB], [replace(s, label="named since") for s in shapes], CASE)
    assert len([c for c, _ in setup.sent if c == BOB]) == len(shapes), "at once"
    assert (setup.source.read, setup.messages) == (read, 2)


async def test_of_a_mark_that_moves_only_the_newest_is_read(setup: Setup) -> None:
    setup.source.loaded.clear()
    setup.measurements.measure([ANN], [probe(x=1.0)], CASE)
    await setup.source.waited_for.wait()
    for x in (2.0, 3.0, 4.0):
        setup.measurements.measure([ANN], [probe(x=x)], CASE)
    setup.source.loaded.set()
    await setup.until(1)
    assert [r.points[0][0] for _, r in setup.sent] == [4.0]


async def test_an_image_that_never_loads_holds_no_other_marks_value(
    setup: Setup, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seen to fail: all others' values waited for 20 s, for each mark on it."""
    setup.source.never.add(2)
    for n in range(100):
        setup.measurements.measure([ANN], [probe(f"m{n}", image=2)], CASE)
    await setup.source.waited_for.wait()
    setup.measurements.measure([BOB], [probe("theirs")], CASE)
    await setup.until(1)
    assert [(to, reading.mark, reading.mean) for to, reading in setup.sent] == [(BOB, "theirs", 30.0)]
    assert len(setup.measurements._late._tasks) == 1, "all on one image wait together"


async def test_what_has_not_loaded_in_time_says_so(setup: Setup, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("consult.streaming.values.measurements.LOAD_DEADLINE_S", 0.0)
    setup.source.never.add(2)
    setup.measurements.measure([ANN], [probe(image=2)], CASE)
    await setup.until(1)
    assert (setup.sent[0][1].pixels, setup.sent[0][1].sentence) == (0, "This image is still being loaded.")


async def test_who_draws_without_end_keeps_nobodys_values_waiting_and_nothing_cached(setup: Setup) -> None:
    """Seen to fail: drafts of ever new ids were 2,000 readings before anybody else's, and pushed marks out of the
    cache, so that whoever came next had all marks read anew."""
    setup.source.loaded.clear()
    setup.measurements.measure([ANN], [probe("first")], CASE)
    await setup.source.waited_for.wait()
    for n in range(500):
        setup.measurements.measure([ANN], [probe(f"d{n}", x=float(n % 60))], CASE, "eve")
    setup.measurements.measure([ANN], [probe("theirs", x=7.0)], CASE, "bob")
    setup.source.loaded.set()
    await setup.until(3)
    assert sorted(reading.mark for _, reading in setup.sent) == ["d499", "first", "theirs"]
    assert {shape.id for shape in setup.measurements._cache} == {"first"}


async def test_of_what_cannot_be_read_the_reason_is_sent_and_the_next_is_read(setup: Setup) -> None:
    setup.source.refusal = DicomRefused("bad", "the pixels cannot be decoded")
    setup.measurements.measure([ANN], [probe()], CASE)
    await setup.until(1)
    assert (setup.sent[0][1].pixels, setup.sent[0][1].sentence) == (0, "the pixels cannot be decoded")
    setup.source.refusal = None
    setup.measurements.measure([ANN], [probe(), probe("m2", x=-50.0), probe("m3")], CASE)
    await setup.until(4)
    assert [(r.mark, r.pixels) for _, r in setup.sent[1:]] == [("m1", 1), ("m2", 0), ("m3", 1)]
    assert setup.sent[2][1].sentence.endswith(".")


async def test_a_series_of_another_case_is_not_opened(setup: Setup) -> None:
    setup.measurements.measure([ANN], [replace(probe(), series=SeriesKey("of-another"))], CASE)
    setup.measurements.measure([ANN], [probe()], CASE)
    await setup.until(1)
    assert setup.source.opened == [SERIES]


async def test_reading_does_not_hold_up_the_loop(setup: Setup, monkeypatch: pytest.MonkeyPatch) -> None:
    threads: list[str] = []

    def noted(image: Image, grid: Grid, place: int, shape: Shape) -> Sample | None:
        threads.append(threading.current_thread().name)
        return sample(image, grid, place, shape)

    monkeypatch.setattr("consult.streaming.values.measurements.sample", noted)
    setup.measurements.measure([ANN], [probe()], CASE)
    await setup.until(1)
    assert threads[0] != threading.main_thread().name


async def test_a_mark_is_read_on_the_image_of_its_own_time_at_its_place(setup: Setup) -> None:
    case = a_timed_case(places=5)
    z = case.series[0].grid.positions[3][2]
    shape = Shape(id="m1", kind="probe", series=SERIES, image=8, points=((5.0, 5.0, z),))
    setup.measurements.measure([ANN], [shape], case)
    await setup.until(1)
    assert [(r.pixels, r.mean) for _, r in setup.sent] == [(1, 80.0)]


def test_a_length_has_no_value_and_its_side() -> None:
    y, x = np.mgrid[:64, :64]
    trunk = np.where(((x - 31.5) / 25) ** 2 + ((y - 31.5) / 18) ** 2 <= 1, 40, -1000).astype(np.int16)
    corner = (-31.5 * 8.0, -31.5 * 8.0, 0.0)
    grid = replace(CASE.series[0].grid, row_spacing=8.0, column_spacing=8.0, positions=(corner,))
    series = replace(CASE.series[0], grid=grid, unit="HU")
    line = Shape(id="m1", kind="length", series=SERIES, image=0, points=((60.0, 0.0, 0.0), (80.0, 0.0, 0.0)))
    assert read(Image(trunk), series, 0, line) == Reading("m1", line.points, 0, side="L")
    assert read(Image(trunk), replace(series, unit=""), 0, line).side == ""
    assert read(Image(trunk), replace(series, modality="PT"), 0, line).side == "", "whatever its file calls the unit"
    assert read(Image(trunk), replace(series, modality="MR", unit=""), 0, line).side == "L"
