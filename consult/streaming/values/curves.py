"""The values of a region over the second axis of its series, or over the frames of a clip: a time-intensity curve.

Rules:
- The region stays where it was drawn; each step reads the native pixels of its own image, as a mark's values are read
  (of a region that was drawn on a plane, the voxels of that time's volume).
- Images are waited for one after another, so that a curve puts no more than one in front of what others see; a few are
  read in one hop to the pool.
- A step that cannot be read keeps its place, and the sentence why. One without an image is left out.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from contextlib import AbstractAsyncContextManager
from functools import partial
from typing import Literal, Protocol

from msgspec import Struct

from consult.dicom.records import FrameAttributes
from consult.model.catalogue import Series
from consult.model.cine.frames import frame_time
from consult.model.errors import DicomRefused, NotReady, Refused
from consult.model.geometry import Vec
from consult.model.identifiers import SeriesKey
from consult.model.image import Image
from consult.model.mark import PIXEL_KINDS, Shape, trace
from consult.model.planes.volume import why_no_planes
from consult.rendering.planes.native import sample_volume
from consult.sessions.features.marks.messages import Reading
from consult.streaming.arrays import Arrays
from consult.streaming.stills import NOT_LOADED, PixelSource
from consult.streaming.values.measurements import native_reading, values_of
from consult.streaming.values.steps import Quantity, Steps, steps_along, steps_of_clip

LOAD_DEADLINE_S = 20.0
AT_ONCE = 16
"""Images that are read in one hop."""
NO_AREA = "A curve is read below an area or a probe."
NO_COLOUR = "A curve is not read from colours."
NO_STEPS = "This series has no times, b values or echoes at one place."


class CurveSource(PixelSource, Protocol):
    """One volume, as whoever reads curves needs it."""

    def attributes(self, image: int) -> FrameAttributes | None:
        """What the file of an image says of it; None in records of before 29 Nov 2026."""


class CurveSources(Protocol):
    """The volume cache, as whoever reads curves needs it."""

    async def open(self, series: SeriesKey) -> CurveSource:
        """The volume of a series, loading or loaded."""


Turn = Callable[[int], AbstractAsyncContextManager[None]]
"""While so many images are read for a seat."""


class CurveStep(Struct, frozen=True):
    """The values at one step, in the unit of the series; as in `Reading`.

    Attributes:
        index: of the time, or of the frame of a clip.
        at: where it lies on the axis, in the unit of the curve's quantity.
    """

    index: int
    at: float
    pixels: int
    mean: float
    sd: float
    low: float
    high: float
    sentence: str = ""


class Curve(Struct, frozen=True):
    """The values of a mark, step by step.

    Attributes:
        mark: its id; `points`: those that it was read at, as a `Reading` names them.
        along: what passes: times of the series, or places (frames of a clip).
        quantity: of the axis.
    """

    mark: str
    points: tuple[Vec, ...]
    series: SeriesKey
    along: Literal["time", "place"]
    quantity: Quantity
    steps: tuple[CurveStep, ...]


Cell = tuple[int, int]
"""Index of a step, and of its image."""


class Curves:
    """Reads curves of one consult, in the pool."""

    def __init__(self, volumes: CurveSources, arrays: Arrays, pool: Executor) -> None:
        self._volumes, self._arrays, self._pool = volumes, arrays, pool

    async def curve(self, shape: Shape, series: Series, turn: Turn) -> Curve:
        """Read all steps.

        Raises:
            Refused: "no_curve"; as `turn`.
            NotReady: not all images are loaded in time.
            StoreFailed: as `Volumes.open`; "memory_full".
        """
        along, cells = steps_at(shape, series)
        volume = await self._volumes.open(series.key)
        steps = _steps(along, series, volume, cells)
        try:
            async with asyncio.timeout(LOAD_DEADLINE_S):
                read = self._in_space if shape.in_space else partial(self._in_images, volume)
                readings = await read(shape, series, cells, turn)
        except TimeoutError:
            raise NotReady("not_loaded", NOT_LOADED) from None
        found = zip(cells, steps.at, readings, strict=True)
        all_steps = tuple(
            CurveStep(index, at, one.pixels, one.mean, one.sd, one.low, one.high, one.sentence)
            for (index, _), at, one in found
        )
        return Curve(shape.id, trace(shape.points), series.key, along, steps.quantity, all_steps)

    async def _in_images(
        self, volume: CurveSource, shape: Shape, series: Series, cells: Sequence[Cell], turn: Turn
    ) -> list[Reading]:
        readings: list[Reading] = []
        for first in range(0, len(cells), AT_ONCE):
            images = [await _loaded(volume, image) for _, image in cells[first : first + AT_ONCE]]
            place, _ = series.locate(shape.image)
            async with turn(len(images)):
                look = partial(_read_all, images, series, place, shape)
                readings += await asyncio.get_running_loop().run_in_executor(self._pool, look)
        return readings

    async def _in_space(self, shape: Shape, series: Series, cells: Sequence[Cell], turn: Turn) -> list[Reading]:
        return [await self._voxels(shape, series, time, turn) for time, _ in cells]

    async def _voxels(self, shape: Shape, series: Series, time: int, turn: Turn) -> Reading:
        """Of the volume of one time."""
        try:
            array = await self._arrays.get(series, time)
            async with turn(1):
                look = partial(sample_volume, array, shape)
                found = await asyncio.get_running_loop().run_in_executor(self._pool, look)
        except DicomRefused as refused:
            return _unread(shape, refused)
        return native_reading(shape, found)


def steps_at(shape: Shape, series: Series) -> tuple[Literal["time", "place"], list[Cell]]:
    """What passes at the place of a shape, and the steps that have an image there. Raises Refused ("no_curve")."""
    if shape.kind not in PIXEL_KINDS:
        raise Refused("no_curve", NO_AREA)
    if series.colour:
        raise Refused("no_curve", NO_COLOUR)
    if is_clip(series):
        return "place", [(frame, frame) for frame in range(series.images)]
    place, _ = series.locate(shape.image)
    times = [time for time in range(series.times) if not (shape.in_space and why_no_planes(series, time))]
    cells = [(time, image) for time in times if (image := series.image(place, time)) is not None]
    if len(cells) < 2:
        raise Refused("no_curve", NO_STEPS)
    return "time", cells


def is_clip(series: Series) -> bool:
    """Whether its images are frames that follow each other in time, all seen from one place."""
    timed = bool(series.values.frame_time_ms)
    return series.times == 1 and series.images > 1 and series.grid.space == "image" and timed and not series.document


def _steps(along: Literal["time", "place"], series: Series, volume: CurveSource, cells: Sequence[Cell]) -> Steps:
    if along == "place":
        return steps_of_clip([frame_time(series, image) for _, image in cells])
    attribute = series.axis.attribute if series.axis is not None else ""
    return steps_along(attribute, [volume.attributes(image) for _, image in cells])


async def _loaded(volume: CurveSource, image: int) -> Image | DicomRefused:
    """A decoded image, or why it cannot be shown. Raises NotReady: it was let go meanwhile."""
    try:
        await volume.ready(image)
        return volume.image(image)
    except DicomRefused as refused:
        return refused


def _read_all(images: Sequence[Image | DicomRefused], series: Series, place: int, shape: Shape) -> list[Reading]:
    return [
        _unread(shape, image) if isinstance(image, DicomRefused) else values_of(image, series, place, shape)
        for image in images
    ]


def _unread(shape: Shape, refused: DicomRefused) -> Reading:
    return Reading(shape.id, trace(shape.points), 0, sentence=refused.sentence)
