"""Values of marks, read from the pixels of their volumes and sent to the pages that show them.

Rules:
- Derived, never stored: what was read once is cached within a bound, and sent again without reading.
- The newest shape of each id wins: while one is read, those that come meanwhile replace each other.
- Reading is one hop to the pool; for what cannot be read the reason is sent.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Literal

from consult.model.catalogue import Case, Series
from consult.model.errors import ConsultError, NotReady
from consult.model.identifiers import ConnectionId, SeriesKey
from consult.model.image import Image
from consult.model.mark import PIXEL_KINDS, Shape
from consult.model.side import NOWHERE
from consult.model.words import counted
from consult.rendering.measure import Sample, extremes, sample
from consult.rendering.side import locate
from consult.sessions.features.limits import MAX_MARKS
from consult.sessions.features.marks.messages import Measured, Reading
from consult.streaming.stills import PixelSources

logger = logging.getLogger(__name__)
MAX_CACHED = 2 * MAX_MARKS
"""Readings in the cache."""
MAX_DUE = MAX_MARKS + 128
"""Shapes that wait to be read; of more the oldest are not read (their next change asks again)."""
MAX_READINGS = 32
"""In one message."""
LOAD_DEADLINE_S = 20.0
NO_PIXELS = "There are no values here."
ONLY_PADDING = "There is only padding here."

LETTERS: dict[str, Literal["", "L", "R"]] = {"LEFT": "L", "RIGHT": "R"}

SendMessage = Callable[[ConnectionId, Measured], None]


@dataclass(frozen=True)
class Due:
    """A shape to be read, and the connections that get its values."""

    shape: Shape
    series: Series
    to: frozenset[ConnectionId]


class Measurements:
    """Reads shapes for one consult, one after another, each in the pool."""

    def __init__(self, consult: str, volumes: PixelSources, pool: Executor, send: SendMessage) -> None:
        self._volumes, self._pool, self._send = volumes, pool, send
        self._consult = consult
        self._due: OrderedDict[str, Due] = OrderedDict()
        self._cache: OrderedDict[Shape, Reading] = OrderedDict()
        self._wake = asyncio.Event()
        self._task = asyncio.create_task(self._run(), name=f"measuring {consult}")

    def measure(self, to: Sequence[ConnectionId], shapes: Sequence[Shape], case: Case) -> None:
        """Read these shapes of a case, and send those connections the values. Cached ones are sent at once."""
        cached: list[Reading] = []
        for shape in shapes:
            if (reading := self._cache.get(_without_label(shape))) is not None:
                cached.append(reading)
            elif (series := case.find(shape.series)) is not None:
                self._queue(shape, series, frozenset(to))
        for first in range(0, len(cached), MAX_READINGS):
            self._send_all(to, cached[first : first + MAX_READINGS])

    async def close(self) -> None:
        """Stop."""
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    def _queue(self, shape: Shape, series: Series, to: frozenset[ConnectionId]) -> None:
        before = self._due.get(shape.id)
        self._due[shape.id] = Due(shape, series, to | before.to if before is not None else to)
        if len(self._due) > MAX_DUE:
            self._due.popitem(last=False)
        self._wake.set()

    async def _run(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._due:
                batch = self._take()
                readings = [reading for due in batch if (reading := await self._try(due)) is not None]
                if readings:
                    self._send_all(batch[0].to, readings)

    def _take(self) -> list[Due]:
        """The next one, and those behind it for the same pages: a case with very many marks is not as many messages."""
        batch: list[Due] = []
        while self._due and len(batch) < MAX_READINGS:
            first = next(iter(self._due.values()))
            if batch and first.to != batch[0].to:
                break
            batch.append(self._due.pop(first.shape.id))
        return batch

    async def _try(self, due: Due) -> Reading | None:
        try:
            return await self._read(due)
        except Exception:  # a fault of ours in one value must not end the values of the whole consult
            logger.exception("consult %s: a mark was not measured", self._consult)
            return None

    async def _read(self, due: Due) -> Reading:
        shape = due.shape
        try:
            reading = await self._sample(shape, due.series)
        except ConsultError as error:
            return Reading(shape.id, shape.points, 0, sentence=error.sentence)
        self._cache[_without_label(shape)] = reading
        if len(self._cache) > MAX_CACHED:
            self._cache.popitem(last=False)
        return reading

    async def _sample(self, shape: Shape, series: Series) -> Reading:
        """What `read` finds; where that asks no pixel, none is loaded."""
        if shape.kind not in PIXEL_KINDS and not has_side(series):
            return Reading(shape.id, shape.points, 0)
        image = await self._image(shape.series, shape.image)
        place, _ = series.locate(shape.image)
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pool, read, image, series, place, shape)

    async def _image(self, series: SeriesKey, image: int) -> Image:
        volume = await self._volumes.open(series)
        try:
            async with asyncio.timeout(LOAD_DEADLINE_S):
                await volume.ready(image)
        except TimeoutError:
            raise NotReady("not_loaded", "This image is still being loaded.") from None
        return volume.image(image)

    def _send_all(self, to: Sequence[ConnectionId] | frozenset[ConnectionId], readings: Sequence[Reading]) -> None:
        message = Measured(tuple(readings))
        for connection in to:
            self._send(connection, message)


def has_side(series: Series) -> bool:
    """Whether a side may be read of its pixels: CT in HU, whatever files of others call their unit, and MR."""
    return series.modality == "MR" or (series.modality == "CT" and series.unit == "HU")


def read(image: Image, series: Series, place: int, shape: Shape) -> Reading:
    """What the pixels of an image say of a shape: values below it, and its side."""
    located = locate(image, series, place, extremes(shape)) if has_side(series) else NOWHERE
    side = LETTERS.get(located.side, "") if located.source == "outline" else ""
    if shape.kind not in PIXEL_KINDS:
        return Reading(shape.id, shape.points, 0, side=side)
    found = sample(image, series.grid, place, shape)
    if found is None:
        return Reading(shape.id, shape.points, 0, sentence=NO_PIXELS, side=side)
    words = padding_words(found) if found.padding else ""
    values = found.mean, found.sd, found.low, found.high
    return Reading(shape.id, shape.points, found.pixels, *values, sentence=words, side=side)


def padding_words(found: Sample) -> str:
    """What of a shape lies on padding, which is in no statistic."""
    if found.pixels == 0:
        return ONLY_PADDING
    return f"{counted(found.padding, 'padding pixel')} left out"


def _without_label(shape: Shape) -> Shape:
    """All of a shape that its value depends on, and its id: a new label needs no new reading."""
    return Shape(id=shape.id, kind=shape.kind, series=shape.series, image=shape.image, points=shape.points)
