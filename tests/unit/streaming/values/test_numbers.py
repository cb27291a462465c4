"""The maker of numbers: both ways, compared, put; late images, faults and moved marks stop nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from msgspec.structs import replace

from consult.dicom.checking.records import Asked, Checked
from consult.model.errors import DicomRefused, NotReady, StoreFailed, WorkerDied
from consult.model.identifiers import SeatId, SeriesKey
from consult.model.image import Image
from consult.model.mark import Mark
from consult.model.measuring.calibration import Calibration, calibration_id
from consult.rendering.marks.numbers import Amount
from consult.sessions.features.findings.events import MarkNumbers
from consult.streaming.values.hidden import BLACKED_OUT
from consult.streaming.values.numbers import MAX_TRIES, NEVER_LOADED, MarkNumbersMaker, compared
from tests.support.consults import SERIES, a_case
from tests.support.waiting import PATIENCE_S, until

CASE = a_case()
MARK = Mark(
    id="m1", kind="length", series=SERIES, image=3, points=((0.0, 0.0, 6.0), (3.0, 4.0, 6.0)), case="c1",
    author=SeatId("s"),
)  # fmt: skip


class World:
    """Images, a checker, and what was put."""

    def __init__(self) -> None:
        self.checked = Checked({"length": 5.0}, 0, "PixelSpacing", 0.0, "", "1.2.3", 1)
        self.failure: Exception | None = None
        self.check_failure: Exception | None = None
        self.put_failure: StoreFailed | None = None
        self.put: asyncio.Queue[MarkNumbers] = asyncio.Queue()
        self.tries = 0
        self.never: set[int] = set()
        """Images that do not load."""
        self.asked: list[Asked] = []
        self.slow: set[SeriesKey] = set()
        """Series whose checks do not end."""

    async def open(self, series: SeriesKey) -> World:
        return self

    def source_digest(self, image: int) -> str:
        return ""

    async def ready(self, image: int) -> None:
        self.tries += 1
        if image in self.never:
            await asyncio.Event().wait()
        if self.failure is not None:
            raise self.failure

    def image(self, image: int) -> Image:
        if image in self.never:
            raise NotReady("not_loaded", "This image is still being loaded.")
        if self.failure is not None:
            raise self.failure
        return Image(np.zeros((64, 64), np.int16))

    async def check_mark(self, series: SeriesKey, image: int, asked: Asked) -> Checked:
        self.asked.append(asked)
        if series in self.slow:
            await asyncio.Event().wait()
        if self.check_failure is not None:
            raise self.check_failure
        return self.checked

    async def store(self, numbers: MarkNumbers) -> None:
        await self.put.put(numbers)
        if self.put_failure is not None:
            raise self.put_failure

    async def next(self) -> MarkNumbers:
        async with asyncio.timeout(PATIENCE_S):
            return await self.put.get()


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
async def maker(world: World) -> AsyncIterator[MarkNumbersMaker]:
    with ThreadPoolExecutor(1) as pool:
        made = MarkNumbersMaker("c-1", volumes=world, pool=pool, checker=world, put=world.store)
        yield made
        await made.close()


async def test_a_mark_gets_its_numbers_with_their_source(world: World, maker: MarkNumbersMaker) -> None:
    maker.compute([MARK], [CASE])
    found = await world.next()
    (number,) = found.numbers
    assert (found.mark, found.points) == ("m1", MARK.points)
    assert (number.value, number.other, number.check) == (5.0, 5.0, "confirmed")
    assert (number.source.sop_instance_uid, number.source.spacing_tag) == ("1.2.3", "PixelSpacing")
    assert world.asked[0].pixels == ((0.0, 0.0), (3.0, 4.0))


async def test_by_a_calibration_both_ways_are_in_its_mm(world: World, maker: MarkNumbersMaker) -> None:
    """Seen to fail where the second way stayed in pixels."""
    calibration = Calibration("c1/s/all", "c1", SERIES, -1, 0.5, 25.0, SeatId("s"), "Dr. Host")
    bare = replace(CASE.series[0], grid=replace(CASE.series[0].grid, unit="px"))
    case = replace(CASE, series=(bare, *CASE.series[1:]))
    maker.compute([MARK], [case], {calibration_id("c1", SERIES, -1): calibration})
    found = await world.next()
    (length,) = found.numbers
    assert (length.value, length.unit, length.check) == (2.5, "mm calibrated by Dr. Host", "confirmed")
    assert (length.other, length.source.spacing_tag, found.factor) == (2.5, "", 0.5)


async def test_the_newest_points_win_and_unknown_series_are_left_out(world: World, maker: MarkNumbersMaker) -> None:
    moved = replace(MARK, points=((0.0, 0.0, 6.0), (6.0, 8.0, 6.0)))
    maker.compute([MARK, replace(MARK, id="m2", series=SeriesKey("gone"))], [CASE])
    maker.compute([moved], [CASE])
    assert (await world.next()).points == moved.points
    assert world.put.empty()


async def test_what_cannot_be_read_says_why(world: World, maker: MarkNumbersMaker) -> None:
    world.failure = DicomRefused("unreadable", "the image cannot be read")
    maker.compute([MARK], [CASE])
    found = await world.next()
    assert (found.numbers, found.sentence) == ((), "the image cannot be read")


async def test_a_mark_on_a_plane_has_no_numbers_that_nobody_can_check(world: World, maker: MarkNumbersMaker) -> None:
    maker.compute([replace(MARK, in_space=True)], [CASE])
    found = await world.next()
    assert (found.numbers, found.side) == ((), "")
    assert found.sentence.startswith("What was drawn on a plane")


async def test_a_late_image_is_waited_for_so_often(world: World, maker: MarkNumbersMaker) -> None:
    world.failure = NotReady("not_loaded", "This image is still being loaded.")
    maker.compute([MARK], [CASE])
    assert (await world.next()).sentence == NEVER_LOADED
    assert world.tries == MAX_TRIES


async def test_an_image_that_never_loads_holds_no_other_marks_numbers(world: World, maker: MarkNumbersMaker) -> None:
    """Seen to fail: all others waited for it, 300 s for each mark on it."""
    world.never.add(2)
    maker.compute([replace(MARK, id=f"late-{n}", image=2) for n in range(100)], [CASE])
    await until(lambda: bool(world.tries))
    maker.compute([MARK], [CASE])
    assert (await world.next()).mark == "m1"
    assert world.tries == 1, "all on one image wait together"


async def test_of_a_mark_that_waits_the_newest_points_are_taken(world: World, maker: MarkNumbersMaker) -> None:
    world.failure = NotReady("not_loaded", "This image is still being loaded.")
    maker.compute([MARK], [CASE])
    await until(lambda: bool(world.tries))
    world.failure = None
    moved = replace(MARK, points=((0.0, 0.0, 6.0), (6.0, 8.0, 6.0)))
    maker.compute([moved], [CASE])
    assert (await world.next()).points == moved.points
    assert world.put.empty()


async def test_a_checker_that_fails_leaves_the_number_unconfirmed(world: World, maker: MarkNumbersMaker) -> None:
    world.check_failure = WorkerDied("worker_died", "The worker was killed.")
    maker.compute([MARK], [CASE])
    (number,) = (await world.next()).numbers
    assert (number.check, number.sentence, number.counts) == ("not_checked", "The worker was killed.", False)


async def test_a_series_whose_check_takes_long_holds_no_other_series(world: World, maker: MarkNumbersMaker) -> None:
    """Seen to fail: all numbers of the consult waited for the file, a minute for each mark on it."""
    world.slow.add(SERIES)
    other = SeriesKey("another")
    case = replace(CASE, series=(*CASE.series, replace(CASE.series[0], key=other)))
    maker.compute([replace(MARK, id=f"slow-{n}") for n in range(100)], [case])
    await until(lambda: bool(world.asked))
    maker.compute([replace(MARK, id="quick", series=other)], [case])
    assert (await world.next()).mark == "quick"
    assert len(world.asked) == 2, "one of a series at a time"


async def test_faults_and_a_full_disk_stop_no_other_mark(world: World, maker: MarkNumbersMaker) -> None:
    world.check_failure = RuntimeError("a fault of ours")
    maker.compute([MARK], [CASE])
    await until(lambda: bool(world.asked))
    world.check_failure = None
    world.put_failure = StoreFailed("not_stored", "The disk is full.")
    maker.compute([replace(MARK, id="m2")], [CASE])
    assert (await world.next()).mark == "m2"
    maker.compute([replace(MARK, id="m3")], [CASE])
    assert (await world.next()).mark == "m3"


@pytest.mark.parametrize(
    ("value", "other", "check"),
    [
        (100.0, 100.4, "confirmed"),
        (100.0, 100.6, "differs"),
        (10.0, 10.09, "confirmed"),
        (10.0, 10.2, "differs"),
        (0.0, 0.0, "confirmed"),
        (10.0, 70.0, "differs"),
    ],
)
def test_more_than_one_percent_or_half_a_millimetre_is_not_confirmed(value: float, other: float, check: str) -> None:
    assert compared(Amount("length", value, "mm"), Checked({"length": other})).check == check


def test_a_mark_that_lies_elsewhere_by_its_file_is_not_confirmed() -> None:
    for off, check in ((0.4, "confirmed"), (0.6, "differs"), (float("nan"), "differs")):
        assert compared(Amount("length", 5.0, "mm"), Checked({"length": 5.0}, off_mm=off)).check == check


async def test_what_guests_are_not_shown_is_in_no_number_for_nobody_and_lengths_stay(world: World) -> None:
    """All are told the numbers: who draws could read a hidden name pixel by pixel."""
    hidden = False
    with ThreadPoolExecutor(1) as pool:
        maker = MarkNumbersMaker(
            "c-1", volumes=world, pool=pool, checker=world, put=world.store, is_hidden=lambda mark, series: hidden
        )
        ellipse = replace(MARK, kind="ellipse", points=((10.0, 10.0, 6.0), (20.0, 10.0, 6.0), (10.0, 14.0, 6.0)))
        maker.compute([ellipse], [CASE])
        whole = await world.next()
        assert {"area", "mean", "high"} <= {number.quantity for number in whole.numbers}
        hidden = True
        maker.compute([replace(ellipse, id="m2")], [CASE])
        found = await world.next()
        assert [number.quantity for number in found.numbers] == ["area"]
        assert found.sentence == BLACKED_OUT
        maker.compute([replace(MARK, id="m3")], [CASE])
        assert [number.quantity for number in (await world.next()).numbers] == ["length"]
        await maker.close()
