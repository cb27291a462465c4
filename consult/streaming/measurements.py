"""Values of marks, read from the pixels of their volumes and told to those who show them.

Rules:
- Derived, never stored: what was read once is kept within a bound and told again without looking.
- The newest shape of each id wins: while one is read, those that come meanwhile replace each other.
- Reading is one hop to the pool; what cannot be read is told with the reason.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass

from consult.model.catalogue import Case
from consult.model.errors import ConsultError, NotReady
from consult.model.geometry import Grid
from consult.model.identifiers import ConnectionId, SeriesKey
from consult.model.image import Image
from consult.model.mark import Shape
from consult.rendering.measure import sample
from consult.sessions.features.marks.messages import Measured, Reading
from consult.streaming.stills import PixelSources

logger = logging.getLogger(__name__)
KEPT = 1024
"""Readings that are kept."""
MAX_DUE = 512
"""Shapes that wait to be read; of more the oldest are not read (their next change asks again)."""
TOLD_AT_ONCE = 32
LOAD_DEADLINE_S = 20.0
NO_PIXELS = "There are no values here."

SendMessage = Callable[[ConnectionId, Measured], None]


@dataclass(frozen=True)
class Due:
    """A shape to be read, and who waits for it."""

    shape: Shape
    grid: Grid
    to: frozenset[ConnectionId]


class Measurements:
    """Reads shapes for one consult, one after another, each in the pool."""

    def __init__(self, who: str, volumes: PixelSources, pool: Executor, tell: SendMessage) -> None:
        self._volumes, self._pool, self._tell = volumes, pool, tell
        self._who = who
        self._due: OrderedDict[str, Due] = OrderedDict()
        self._known: OrderedDict[Shape, Reading] = OrderedDict()
        self._wake = asyncio.Event()
        self._task = asyncio.create_task(self._run(), name=f"measuring {who}")

    def measure(self, to: Sequence[ConnectionId], shapes: Sequence[Shape], case: Case) -> None:
        """Read these shapes of a case, and tell those connections. What is known already is told at once."""
        known: list[Reading] = []
        for shape in shapes:
            if (reading := self._known.get(_bare(shape))) is not None:
                known.append(reading)
            elif (series := case.find(shape.series)) is not None:
                self._ask(shape, series.grid, frozenset(to))
        for first in range(0, len(known), TOLD_AT_ONCE):
            self._tell_all(to, known[first : first + TOLD_AT_ONCE])

    async def close(self) -> None:
        """Stop."""
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    def _ask(self, shape: Shape, grid: Grid, to: frozenset[ConnectionId]) -> None:
        before = self._due.get(shape.id)
        self._due[shape.id] = Due(shape, grid, to | before.to if before is not None else to)
        if len(self._due) > MAX_DUE:
            self._due.popitem(last=False)
        self._wake.set()

    async def _run(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._due:
                _, due = self._due.popitem(last=False)
                try:
                    self._tell_all(due.to, [await self._read(due)])
                except Exception:  # a fault of ours in one value must not end the values of the whole consult
                    logger.exception("consult %s: a mark was not measured", self._who)

    async def _read(self, due: Due) -> Reading:
        shape = due.shape
        try:
            found = await self._sample(shape, due.grid)
        except ConsultError as error:
            return Reading(shape.id, shape.points, 0, sentence=error.sentence)
        self._known[_bare(shape)] = found
        if len(self._known) > KEPT:
            self._known.popitem(last=False)
        return found

    async def _sample(self, shape: Shape, grid: Grid) -> Reading:
        image = await self._image(shape.series, shape.image)
        found = await asyncio.get_running_loop().run_in_executor(self._pool, sample, image, grid, shape)
        if found is None:
            return Reading(shape.id, shape.points, 0, sentence=NO_PIXELS)
        return Reading(shape.id, shape.points, found.pixels, found.mean, found.sd, found.low, found.high)

    async def _image(self, series: SeriesKey, image: int) -> Image:
        volume = await self._volumes.open(series)
        try:
            async with asyncio.timeout(LOAD_DEADLINE_S):
                await volume.ready(image)
        except TimeoutError:
            raise NotReady("not_loaded", "This image is still being loaded.") from None
        return volume.image(image)

    def _tell_all(self, to: Sequence[ConnectionId] | frozenset[ConnectionId], readings: Sequence[Reading]) -> None:
        message = Measured(tuple(readings))
        for connection in to:
            self._tell(connection, message)


def _bare(shape: Shape) -> Shape:
    """What its value depends on, and whose it is: not its label."""
    return Shape(id=shape.id, kind=shape.kind, series=shape.series, image=shape.image, points=shape.points)
