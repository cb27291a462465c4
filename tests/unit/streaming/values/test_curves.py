"""A curve reads the native pixels of each step at the region's place, and says what it cannot read."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace

from consult.dicom.records import FrameAttributes
from consult.model.catalogue import Axis, ImageValues, Series
from consult.model.errors import DicomRefused, NotReady, Refused
from consult.model.identifiers import SeriesKey
from consult.model.image import Image
from consult.model.mark import MarkKind, Shape
from consult.streaming.arrays import Arrays
from consult.streaming.values import curves
from consult.streaming.values.curves import Curves
from tests.support.arrays import MadeVolume, MadeVolumes
from tests.support.cases import timed_series
from tests.support.clips import FRAMES
from tests.support.consults import SERIES

PLACES, TIMES = 4, 5
VALUES = 10, 40, 90, 60, 30
"""At each time; each place has one more than the one before it."""
PHASES = Axis("TemporalPositionIdentifier", tuple(f"time {n + 1}" for n in range(TIMES)), ((TIMES - 1, PLACES - 1),))


class TimedVolume(MadeVolume):
    """With the clock of each image: 8 s from one time to the next. Some do not load, or cannot be read."""

    def __init__(self, images: list[Image], times: list[int]) -> None:
        super().__init__(images)
        self.times = times
        self.never: set[int] = set()
        self.broken: set[int] = set()

    def attributes(self, image: int) -> FrameAttributes:
        return FrameAttributes(numbers={"AcquisitionTime": 100.0 + 8.0 * self.times[image]})

    async def ready(self, image: int) -> None:
        if image in self.never:
            await asyncio.Event().wait()
        if image in self.broken:
            raise DicomRefused("damaged", "The stream ends early.")


class TimedVolumes(MadeVolumes):
    async def open(self, series: SeriesKey) -> Any:
        return self.volumes[series]


def dynamic() -> Series:
    """The last place has no image of the last time."""
    made = timed_series("dynamic", places=PLACES, labels=PHASES.labels, missing=1)
    return replace(made, key=SERIES, axis=PHASES)


def images(series: Series) -> tuple[list[Image], list[int]]:
    """Constant, with a rescale; and the time of each."""
    cells = [series.locate(image) for image in range(series.images)]
    shape = series.grid.rows, series.grid.columns
    made = [Image(np.full(shape, VALUES[time] + place, np.int16), slope=2.0, intercept=-5.0) for place, time in cells]
    return made, [time for _, time in cells]


def region(kind: MarkKind = "ellipse", place: int = 1, time: int = 2, **more: Any) -> Shape:
    series = dynamic()
    image = series.image(place, time)
    assert image is not None
    x, y, z = series.grid.point(place, 30.0, 30.0)
    points = ((x, y, z), (x + 12.0, y, z), (x, y + 9.0, z)) if kind == "ellipse" else ((x, y, z),)
    return Shape(id="m1", kind=kind, series=SERIES, image=image, points=points, **more)


class Setup:
    """Curves over a made dynamic series."""

    def __init__(self, pool: ThreadPoolExecutor) -> None:
        self.series = dynamic()
        self.volume = TimedVolume(*images(self.series))
        volumes = TimedVolumes({SERIES: self.volume})
        self.arrays = Arrays(volumes, pool, max_bytes=1 << 24)
        self.curves = Curves(volumes, self.arrays, pool)
        self.turns: list[int] = []

    @asynccontextmanager
    async def turn(self, count: int) -> AsyncIterator[None]:
        self.turns.append(count)
        yield

    async def read(self, shape: Shape, series: Series | None = None) -> curves.Curve:
        return await self.curves.curve(shape, series or self.series, self.turn)


@pytest.fixture
async def setup() -> AsyncIterator[Setup]:
    with ThreadPoolExecutor(1) as pool:
        made = Setup(pool)
        yield made
        await made.arrays.close()


@pytest.mark.parametrize("kind", ["ellipse", "probe"])
async def test_each_step_is_read_at_the_place_of_the_region(setup: Setup, kind: MarkKind) -> None:
    """Seen to fail where images were taken by their number, and so of other places."""
    found = await setup.read(region(kind))
    assert (found.along, found.quantity, found.mark, found.series) == ("time", "time", "m1", SERIES)
    assert [step.index for step in found.steps] == list(range(TIMES))
    assert [step.at for step in found.steps] == [0.0, 8.0, 16.0, 24.0, 32.0]
    expected = [2.0 * (value + 1) - 5.0 for value in VALUES]
    assert [step.mean for step in found.steps] == expected
    assert [(step.low, step.high, step.sd) for step in found.steps] == [(value, value, 0.0) for value in expected]
    pixels = {step.pixels for step in found.steps}
    assert len(pixels) == 1
    assert (pixels == {1}) == (kind == "probe")


async def test_a_time_without_an_image_there_is_left_out(setup: Setup) -> None:
    found = await setup.read(region(place=PLACES - 1))
    assert [(step.index, step.at) for step in found.steps] == [(0, 0.0), (1, 8.0), (2, 16.0), (3, 24.0)]


async def test_the_deviation_is_that_of_the_pixels_and_padding_is_in_none(setup: Setup) -> None:
    image = setup.series.image(1, 0)
    assert image is not None
    values = np.full((64, 64), 20, np.int16)
    values[:30] = 40
    values[:, :30] = -2000
    setup.volume.images[image] = Image(values, padding=(-2000.0, -2000.0))
    first, second = (await setup.read(region())).steps[:2]
    assert 20.0 < first.mean < 40.0
    assert first.sd > 5.0
    assert (first.low, first.high) == (20.0, 40.0)
    assert "padding pixels left out" in first.sentence
    assert first.pixels < second.pixels


async def test_an_image_that_cannot_be_read_keeps_its_step_and_says_why(setup: Setup) -> None:
    """Seen to fail where one damaged image was the end of the curve."""
    image = setup.series.image(1, 3)
    assert image is not None
    setup.volume.broken.add(image)
    steps = (await setup.read(region())).steps
    assert [step.pixels > 0 for step in steps] == [True, True, True, False, True]
    assert steps[3].sentence == "The stream ends early."


async def test_what_is_not_loaded_in_time_is_asked_for_again(setup: Setup, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(curves, "LOAD_DEADLINE_S", 0.0)
    setup.volume.never.add(setup.series.image(1, 4) or 0)
    with pytest.raises(NotReady):
        await setup.read(region())


async def test_images_are_read_in_turns_of_their_seat(setup: Setup, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(curves, "AT_ONCE", 2)
    await setup.read(region())
    assert setup.turns == [2, 2, 1]


async def test_what_was_drawn_on_a_plane_reads_the_voxels_of_each_time(setup: Setup) -> None:
    """The last time lacks a layer at its end; the others are volumes as they are."""
    found = await setup.read(region("probe", in_space=True, plane="axial"))
    assert [step.mean for step in found.steps[:4]] == [2.0 * (value + 1) - 5.0 for value in VALUES[:4]]
    assert setup.turns == [1] * len(found.steps)


async def test_a_clip_is_read_frame_by_frame(setup: Setup) -> None:
    grid = replace(setup.series.grid, space="image", positions=setup.series.grid.positions[:1] * FRAMES)
    values = ImageValues(frame_time_ms=(40.0,))
    clip = replace(setup.series, images=FRAMES, grid=grid, axis=None, values=values)
    frames = [Image(np.full((64, 64), 3 * number, np.int16)) for number in range(FRAMES)]
    setup.volume.images = frames
    shape = Shape(id="m1", kind="probe", series=SERIES, image=7, points=(grid.point(7, 5.0, 5.0),))
    found = await setup.read(shape, clip)
    assert (found.along, found.quantity) == ("place", "time")
    assert [step.mean for step in found.steps] == [3.0 * number for number in range(FRAMES)]
    assert found.steps[10].at == pytest.approx(0.4)


@pytest.mark.parametrize("kind", ["length", "text"])
async def test_what_reads_no_pixels_has_no_curve(setup: Setup, kind: MarkKind) -> None:
    with pytest.raises(Refused) as refused:
        await setup.read(replace(region("probe"), kind=kind))
    assert refused.value.code == "no_curve"


async def test_a_series_of_one_time_or_in_colour_has_no_curve(setup: Setup) -> None:
    plain = replace(setup.series, axis=None, images=PLACES)
    for series in (plain, replace(setup.series, colour=True)):
        with pytest.raises(Refused) as refused:
            await setup.read(region("probe", time=0), series)
        assert refused.value.code == "no_curve"
