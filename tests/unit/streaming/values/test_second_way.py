"""What files say of marks, series by series: who takes long holds nobody, and is left alone for a while."""

from __future__ import annotations

import asyncio

import pytest

from consult.dicom.checking.records import Asked, Checked
from consult.model.errors import DicomRefused, WorkerDied
from consult.model.identifiers import SeriesKey
from consult.streaming.values.second_way import REST_S, RESTS, SecondWay
from tests.support.waiting import until

ONE, OTHER = SeriesKey("one"), SeriesKey("other")


def asked(column: float = 0.0) -> Asked:
    return Asked("probe", ((0.0, 0.0, 0.0),), ((column, 0.0),), "mm", in_patient=True)


class Files:
    """Answer at once, or once they may; or end what reads them."""

    def __init__(self) -> None:
        self.asked: list[tuple[SeriesKey, float]] = []
        self.failure: Exception | None = None
        self.may_go_on = asyncio.Event()
        self.may_go_on.set()
        self.now = 100.0
        self.found: list[tuple[str, str]] = []

    async def check_mark(self, series: SeriesKey, image: int, asked: Asked) -> Checked:
        self.asked.append((series, asked.pixels[0][0]))
        await self.may_go_on.wait()
        if self.failure is not None:
            raise self.failure
        return Checked({"value": 1.0})

    def ask(self, way: SecondWay, mark: str, series: SeriesKey = ONE, column: float = 0.0) -> None:
        async def then(checked: Checked) -> None:
            self.found.append((mark, checked.sentence))

        way.check(mark, series, 0, asked(column), then)

    async def answered(self, count: int) -> None:
        await until(lambda: len(self.found) >= count)


async def test_of_a_mark_that_waits_the_newest_points_alone_are_checked() -> None:
    files = Files()
    way = SecondWay("c", files, lambda: files.now)
    files.may_go_on.clear()
    files.ask(way, "under way")
    await until(lambda: bool(files.asked))
    for column in range(50):
        files.ask(way, "moved", column=float(column))
    files.may_go_on.set()
    await files.answered(2)
    assert files.asked == [(ONE, 0.0), (ONE, 49.0)]
    await way.close()


async def test_a_series_that_ended_its_worker_is_left_alone_for_a_while_and_says_so() -> None:
    """Seen to fail: a file that takes a minute of a processor took it again for each of a hundred marks."""
    files = Files()
    way = SecondWay("c", files, lambda: files.now)
    files.failure = WorkerDied("processor_time", "reading the file takes more than 5 s of processor time")
    files.ask(way, "first")
    await files.answered(1)
    files.failure = None
    files.ask(way, "second")
    files.ask(way, "of another", OTHER)
    await files.answered(3)
    assert sorted(files.found) == [("first", "reading the file takes more than 5 s of processor time"),
                                   ("of another", ""), ("second", RESTS)]  # fmt: skip
    assert [series for series, _ in files.asked] == [ONE, OTHER]
    files.now += REST_S
    files.ask(way, "third")
    await files.answered(4)
    assert files.found[-1] == ("third", "")
    await way.close()


async def test_a_file_that_is_refused_or_a_fault_of_ours_stops_nothing(caplog: pytest.LogCaptureFixture) -> None:
    files = Files()
    way = SecondWay("c", files, lambda: files.now)
    files.failure = DicomRefused("truncated", "it ends early")
    files.ask(way, "refused")
    await files.answered(1)
    files.failure = RuntimeError("a fault of ours")
    files.ask(way, "fault")
    await until(lambda: len(files.asked) == 2)
    files.failure = None
    files.ask(way, "next")
    await files.answered(2)
    assert [mark for mark, _ in files.found] == ["refused", "next"]
    assert "were not computed" in caplog.text
    assert way._waiting == {}
    await way.close()
