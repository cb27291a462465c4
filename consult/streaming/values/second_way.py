"""The second computation of marks, series by series: files that take long to be read hold no other series' numbers.

Rules of this file:
- Of a series one mark after another; of each mark its newest points alone wait.
- A series whose file ended what read it, or took too long, is left alone for `REST_S`: what is asked meanwhile says so.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import NamedTuple, Protocol

from consult.clock import steady
from consult.dicom.checking.records import Asked, Checked
from consult.model.errors import ConsultError, WorkerDied
from consult.model.identifiers import SeriesKey

logger = logging.getLogger(__name__)
REST_S = 300.0
"""A file may take a minute of processor time: so it gets no more than a fifth of a worker."""
RESTS = "The file of this series took too long to be checked a short while ago."

Then = Callable[[Checked], Awaitable[None]]


class MarkChecker(Protocol):
    """The independent path (`library.library.Library`)."""

    async def check_mark(self, series: SeriesKey, image: int, asked: Asked) -> Checked:
        """What the file of an image says of a mark. Raises ConsultError."""


class _Wanted(NamedTuple):
    image: int
    asked: Asked
    then: Then


class SecondWay:
    """Of one consult.

    Args:
        consult: its id, for the log.
        checker: asks the files.
        clock: seconds, never falling.
    """

    def __init__(self, consult: str, checker: MarkChecker, clock: Callable[[], float] = steady) -> None:
        self._consult, self._checker, self._clock = consult, checker, clock
        self._waiting: dict[SeriesKey, OrderedDict[str, _Wanted]] = {}
        self._rests: dict[SeriesKey, float] = {}
        """Until when, of series that are left alone."""
        self._tasks: set[asyncio.Task[None]] = set()

    def check(self, mark: str, series: SeriesKey, image: int, asked: Asked, then: Then) -> None:
        """Call `then` with what the file says, or with why it says nothing; not for points that newer ones replace.

        Args:
            mark: its id.
            series, image: where it lies.
            asked: the mark.
            then: an error of it is logged.
        """
        wanted = _Wanted(image, asked, then)
        if (lane := self._waiting.get(series)) is not None:
            lane[mark] = wanted
            return
        self._waiting[series] = OrderedDict({mark: wanted})
        task = asyncio.create_task(self._go_through(series), name=f"checking numbers of {self._consult}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Stop; nothing more is called."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _go_through(self, series: SeriesKey) -> None:
        lane = self._waiting[series]
        while lane:
            _, wanted = lane.popitem(last=False)
            try:
                await wanted.then(await self._checked(series, wanted))
            except Exception:  # a fault of ours in one number must not end those of the whole series
                logger.exception("consult %s: the numbers of a mark were not computed", self._consult)
        del self._waiting[series]

    async def _checked(self, series: SeriesKey, wanted: _Wanted) -> Checked:
        if self._clock() < self._rests.get(series, float("-inf")):
            return Checked({}, sentence=RESTS)
        try:
            return await self._checker.check_mark(series, wanted.image, wanted.asked)
        except WorkerDied as died:
            self._rests = {key: until for key, until in self._rests.items() if self._clock() < until}
            self._rests[series] = self._clock() + REST_S
            return Checked({}, sentence=died.sentence)
        except ConsultError as error:
            return Checked({}, sentence=error.sentence)
