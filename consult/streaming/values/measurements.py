"""Values of marks, read from the pixels of their volumes and sent to the pages that show them.

Rules:
- Derived, never stored: what was read once is cached within a bound, and sent again without reading.
- The newest shape of each id wins: while one is read, those that come meanwhile replace each other. Of what somebody
  draws the newest alone waits, whatever its id, and is not cached: nobody's drawing keeps others' values waiting.
- Reading is one hop to the pool; for what cannot be read the reason is sent.
- What is not loaded yet is passed over (`late.py`), so that one image that does not come holds no other's values.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import logging
import math
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial
from typing import Literal

from msgspec.structs import replace

from consult.model.catalogue import Case, Series
from consult.model.errors import ConsultError, NotReady
from consult.model.identifiers import ConnectionId
from consult.model.image import Image
from consult.model.mark import PIXEL_KINDS, Shape, trace
from consult.model.side import NOWHERE
from consult.model.words import counted
from consult.rendering.marks.measure import Sample, extremes, sample
from consult.rendering.planes.fusion import over_point
from consult.rendering.planes.native import NativeSample, sample_volume
from consult.rendering.planes.volume import VolumeArray
from consult.rendering.side import locate
from consult.sessions.features.limits import MAX_MARKS
from consult.sessions.features.marks.messages import Measured, OverReading, Reading
from consult.streaming.arrays import LOADING, Arrays
from consult.streaming.stills import PixelSources, image_at_hand, loaded_image
from consult.streaming.values.hidden import BLACKED_OUT
from consult.streaming.values.late import Late

logger = logging.getLogger(__name__)
MAX_CACHED = 2 * MAX_MARKS
"""Readings in the cache."""
MAX_DUE = MAX_MARKS + 128
"""Shapes that wait to be read; of more the oldest are not read (their next change asks again)."""
MAX_READINGS = 32
"""In one message."""
LOAD_DEADLINE_S = 20.0
NO_PIXELS = "There are no values here."
NOT_FINITE = "A value cannot be computed."
"""Of pixels that are no numbers, or so large that their sum is none: JSON, and a log, cannot hold it."""
ONLY_PADDING = "There is only padding here."
ONLY_COLOURS = "What lies here stands for colours, and has no value."

LETTERS: dict[str, Literal["", "L", "R"]] = {"LEFT": "L", "RIGHT": "R"}

SendMessage = Callable[[ConnectionId, Measured], None]
Hides = Callable[[ConnectionId, Shape, Series], bool]
"""Whether a page is not told what lies below a shape."""
Read = tuple[Shape, Series, Reading]
"""What was read of which shape, on which series."""


@dataclass(frozen=True)
class Due:
    """A shape to be read, on which series, what lies over it, and the connections that get its values."""

    shape: Shape
    series: Series
    over: Series | None
    to: frozenset[ConnectionId]
    drafting: str = ""
    is_late: bool = False
    """Its pixels have been waited for."""

    @property
    def key(self) -> str:
        """What replaces what."""
        return f"({self.drafting})" if self.drafting else self.shape.id


class Measurements:
    """Reads shapes for one consult, one after another, each in the pool."""

    def __init__(  # noqa: PLR0917 - each once
        self,
        consult: str,
        volumes: PixelSources,
        arrays: Arrays,
        pool: Executor,
        send: SendMessage,
        hides: Hides = lambda connection, shape, series: False,
    ) -> None:
        self._volumes, self._arrays, self._pool, self._send, self._hides = volumes, arrays, pool, send, hides
        self._consult = consult
        self._due: OrderedDict[str, Due] = OrderedDict()
        self._cache: OrderedDict[Shape, Reading] = OrderedDict()
        self._waiting: dict[str, Due] = {}
        """Those whose pixels are not loaded yet, the newest of each key."""
        self._late = Late()
        self._wake = asyncio.Event()
        self._task = asyncio.create_task(self._run(), name=f"measuring {consult}")

    def measure(self, to: Sequence[ConnectionId], shapes: Sequence[Shape], case: Case, drafting: str = "") -> None:
        """Read these shapes of a case, and send those connections the values. Cached ones are sent at once.

        Args:
            to: who gets them; those from whom the pixels below a shape are hidden, a sentence.
            shapes: marks; or what that seat draws just now.
            case: theirs.
            drafting: that seat; "": none.
        """
        cached: list[Read] = []
        for shape in shapes:
            if (series := case.find(shape.series)) is None:
                continue
            if (reading := self._cache.get(_without_label(shape))) is not None:
                cached.append((shape, series, reading))
            else:
                self._queue(Due(shape, series, case.find(shape.over), frozenset(to), drafting))
        for first in range(0, len(cached), MAX_READINGS):
            self._send_all(to, cached[first : first + MAX_READINGS])

    async def close(self) -> None:
        """Stop."""
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        await self._late.close()

    def _queue(self, due: Due) -> None:
        before = self._due.get(due.key) or self._waiting.pop(due.key, None)
        self._due[due.key] = due if before is None else dataclasses.replace(due, to=due.to | before.to)
        if len(self._due) > MAX_DUE:
            self._due.popitem(last=False)
        self._wake.set()

    async def _run(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._due:
                batch = self._take()
                found = [(due.shape, due.series, reading) for due in batch if (reading := await self._try(due))]
                if found:
                    self._send_all(batch[0].to, found)

    def _take(self) -> list[Due]:
        """The next one, and those behind it for the same pages: a case with very many marks is not as many messages."""
        batch: list[Due] = []
        while self._due and len(batch) < MAX_READINGS:
            first = next(iter(self._due.values()))
            if batch and first.to != batch[0].to:
                break
            batch.append(self._due.pop(first.key))
        return batch

    async def _try(self, due: Due) -> Reading | None:
        try:
            return await self._read(due)
        except Exception:  # a fault of ours in one value must not end the values of the whole consult
            logger.exception("consult %s: a mark was not measured", self._consult)
            return None

    async def _read(self, due: Due) -> Reading | None:
        """What is sent of a shape; None where it has to wait for its pixels first."""
        shape = due.shape
        try:
            reading = await (self._in_space(due) if shape.in_space else self._sample(shape, due.series))
            if due.over is not None and shape.kind in PIXEL_KINDS:
                reading = replace(reading, over=await self._over(due, due.over))
        except NotReady as error:
            if not due.is_late:
                self._wait(due)
                return None
            return Reading(shape.id, trace(shape.points), 0, sentence=error.sentence)
        except ConsultError as error:
            return Reading(shape.id, trace(shape.points), 0, sentence=error.sentence)
        if due.drafting:
            return reading
        self._cache[_without_label(shape)] = reading
        if len(self._cache) > MAX_CACHED:
            self._cache.popitem(last=False)
        return reading

    def _wait(self, due: Due) -> None:
        """Until its pixels are loaded, or have not come in time; meanwhile the others go on."""
        shape = due.shape
        self._waiting[due.key] = dataclasses.replace(due, is_late=True)
        key = shape.series, shape.image, shape.in_space, shape.over
        self._late.wait(key, partial(self._load, due), lambda: self._again(due.key))

    def _again(self, key: str) -> None:
        if (due := self._waiting.pop(key, None)) is not None:
            self._due.setdefault(key, due)
            self._wake.set()

    async def _load(self, due: Due) -> None:
        """All that a shape is read from. Raises ConsultError."""
        shape, series = due.shape, due.series
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LOAD_DEADLINE_S):
                if shape.in_space:
                    await self._arrays.get(series, series.locate(shape.image)[1])
                else:
                    await loaded_image(self._volumes, series.key, shape.image, LOAD_DEADLINE_S)
                if due.over is not None:
                    await self._arrays.get(due.over, 0)

    async def _sample(self, shape: Shape, series: Series) -> Reading:
        """What `read` finds; where that asks no pixel, none is loaded."""
        if shape.kind not in PIXEL_KINDS and not has_side(series):
            return Reading(shape.id, trace(shape.points), 0)
        image = await image_at_hand(self._volumes, shape.series, shape.image)
        place, _ = series.locate(shape.image)
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pool, read, image, series, place, shape)

    async def _in_space(self, due: Due) -> Reading:
        """Of a shape on a plane: the series' own voxels, never the resampled ones, nor a projection of them."""
        shape = due.shape
        if shape.kind not in PIXEL_KINDS:
            return Reading(shape.id, trace(shape.points), 0)
        return native_reading(shape, await self._native(due, due.series, due.series.locate(shape.image)[1]))

    async def _over(self, due: Due, over: Series) -> OverReading:
        """Of what lies over the image, its own voxels. Raises NotReady where these have to be waited for first."""
        try:
            found = await self._native(due, over, 0, aligned=True)
        except ConsultError as error:
            if isinstance(error, NotReady) and not due.is_late:
                raise
            return OverReading(over.key, 0, sentence=error.sentence)
        if found is None:
            return OverReading(over.key, 0, sentence=NO_PIXELS)
        values = found.mean, found.sd, found.low, found.high, found.peak
        if not all(map(math.isfinite, values)):
            return OverReading(over.key, 0, sentence=NOT_FINITE)
        return OverReading(over.key, found.voxels, *values)

    async def _native(self, due: Due, series: Series, time: int, *, aligned: bool = False) -> NativeSample | None:
        """`aligned`: the series lies over the image, and is read where it was put by hand."""
        array, shape = self._array(due, series, time), due.shape
        if aligned and shape.alignment is not None:
            shape = replace(shape, points=tuple(over_point(at, shape.alignment, array.geometry) for at in shape.points))
        read_voxels = partial(sample_volume, array, shape, peak=series.modality == "PT")
        return await asyncio.get_running_loop().run_in_executor(self._pool, read_voxels)

    def _array(self, due: Due, series: Series, time: int) -> VolumeArray:
        """If it is there. Raises NotReady; of one that was waited for, why it could not be made."""
        try:
            return self._arrays.now(series, time)
        except ConsultError as error:
            if due.is_late:
                raise
            raise NotReady("not_loaded", LOADING) from error  # it is tried (again) while this waits

    def _send_all(self, to: Sequence[ConnectionId] | frozenset[ConnectionId], found: Sequence[Read]) -> None:
        whole = Measured(tuple(reading for _, _, reading in found))
        for connection in to:
            told = tuple(self._told(connection, *one) for one in found)
            self._send(connection, whole if told == whole.readings else Measured(told))

    def _told(self, connection: ConnectionId, shape: Shape, series: Series, reading: Reading) -> Reading:
        """The reading, without its values where these are of what a page is not shown."""
        if not self._hides(connection, shape, series):
            return reading
        return Reading(shape.id, trace(shape.points), 0, sentence=BLACKED_OUT)


def has_side(series: Series) -> bool:
    """Whether a side may be read of its pixels: CT in HU, whatever files of others call their unit, and MR."""
    return series.modality == "MR" or (series.modality == "CT" and series.unit == "HU")


def read(image: Image, series: Series, place: int, shape: Shape) -> Reading:
    """What the pixels of an image say of a shape: values below it, and its side."""
    located = locate(image, series, place, extremes(shape)) if has_side(series) else NOWHERE
    side = LETTERS.get(located.side, "") if located.source == "outline" else ""
    if shape.kind not in PIXEL_KINDS:
        return Reading(shape.id, trace(shape.points), 0, side=side)
    return replace(values_of(image, series, place, shape), side=side)


def values_of(image: Image, series: Series, place: int, shape: Shape) -> Reading:
    """The values of the pixels of an image below an area or a probe."""
    found = sample(image, series.grid, place, shape)
    if found is None:
        return Reading(shape.id, trace(shape.points), 0, sentence=NO_PIXELS)
    words = left_out_words(found, colours=image.supplemental is not None) if found.padding else ""
    values = found.mean, found.sd, found.low, found.high
    if not all(map(math.isfinite, values)):
        return Reading(shape.id, trace(shape.points), 0, sentence=NOT_FINITE)
    return Reading(shape.id, trace(shape.points), found.pixels, *values, sentence=words)


def native_reading(shape: Shape, found: NativeSample | None) -> Reading:
    """What the voxels below a shape in space say; None: it lies outside of them."""
    if found is None:
        return Reading(shape.id, trace(shape.points), 0, sentence=NO_PIXELS)
    values = found.mean, found.sd, found.low, found.high
    if not all(map(math.isfinite, (*values, found.peak))):
        return Reading(shape.id, trace(shape.points), 0, sentence=NOT_FINITE)
    return Reading(shape.id, trace(shape.points), found.voxels, *values, peak=found.peak)


def left_out_words(found: Sample, *, colours: bool) -> str:
    """What of a shape is in no statistic: padding, or what stands for a colour."""
    if found.pixels == 0:
        return ONLY_COLOURS if colours else ONLY_PADDING
    return f"{counted(found.padding, 'coloured pixel' if colours else 'padding pixel')} left out"


def _without_label(shape: Shape) -> Shape:
    """All of a shape that its value depends on, and its id: a new label needs no new reading."""
    return replace(shape, label="")
