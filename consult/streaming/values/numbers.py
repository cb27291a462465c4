"""Numbers and sides of the marks of findings: computed twice, compared, and put into the consult's log.

Rules:
- Both ways agree, or the number is not confirmed: more than 1 % apart, or more than 0.5 mm; a NaN agrees with nothing.
- The newest points of each mark win; what was computed for others is not used (the core sees to it).
- Numbers are told to all. So what pixels say that guests are not shown is left out, for hosts as well: who draws could
  read a hidden name pixel by pixel. Lengths say nothing of pixels, and stay.
- One mark after another, each in the pool: nobody waits for it but who signs. One whose image is not loaded yet is
  passed over (`late.py`); the second computation, in a worker, goes series by series (`second_way.py`).
"""

from __future__ import annotations

import asyncio
import logging
import math
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import partial
from types import MappingProxyType

from msgspec import structs

from consult.dicom.checking.records import Asked, Checked
from consult.model.catalogue import Case, Series
from consult.model.errors import ConsultError, NotReady
from consult.model.image import Image
from consult.model.mark import Mark, MarkKind, Quantity
from consult.model.measuring.calibration import BY_HAND, Calibration, calibration_of
from consult.model.side import NOWHERE, Located
from consult.rendering.marks.measure import extremes
from consult.rendering.marks.numbers import Amount, Amounts, amounts_of
from consult.rendering.side import locate
from consult.sessions.features.findings.events import Check, MarkNumbers, Number, Source
from consult.streaming.stills import PixelSources, image_at_hand, loaded_image
from consult.streaming.values.hidden import BLACKED_OUT
from consult.streaming.values.late import Late
from consult.streaming.values.second_way import MarkChecker, SecondWay

logger = logging.getLogger(__name__)
IN_SPACE = "What was drawn on a plane has no numbers in the note: draw it on an image."
"""No second way reads a plane from the files."""
NEVER_LOADED = "The image did not load: what the mark measures is not known."
LOAD_DEADLINE_S = 60.0
MAX_TRIES = 5
"""Waits for the image of a mark, each so long at most."""
CONTOURS: tuple[MarkKind, ...] = ("rectangle", "freehand", "polygon")
SHARE, APART_MM = 0.01, 0.5
"""More apart than either is not confirmed."""
ROUNDING = 1e-6
"""Apart by no more than this, as a share or by itself, both are equal."""
MANY_DIGITS = 10_000.0
"""From this size on a value is written without decimals."""
FORMULAS: dict[Quantity, str] = {
    "length": "distance of both ends",
    "short_axis": "distance of both ends of the axis that is shorter",
    "diameter": "twice the radius",
    "angle": "angle at the second of three points",
    "area": "pi times both semi-axes",
    "time": "distance across, by the time of a pixel",
    "velocity": "distance down, by the velocity of a pixel",
    "depth": "distance down, by the depth of a pixel",
    "mean": "mean of the pixels whose centres lie in the shape",
    "sd": "standard deviation of these pixels (of the population)",
    "low": "lowest of these pixels",
    "high": "highest of these pixels",
    "value": "value of the pixel",
}
FORMULAS_OF: dict[tuple[MarkKind, Quantity], str] = {
    ("polyline", "length"): "sum of the distances from point to point",
    ("bidirectional", "length"): "distance of both ends of the axis that is longer",
    ("cobb", "angle"): "angle at which both lines meet",
    **{(kind, "area"): "half the sum of the cross products of the corners" for kind in CONTOURS},
}  # fmt: skip
"""Where a kind has another way to a quantity than others."""
POWERS: dict[str, int] = {"length": 1, "short_axis": 1, "diameter": 1, "area": 2}
"""Of a unit of length, in what a calibration by hand scales."""
NO_CALIBRATIONS: Mapping[str, Calibration] = MappingProxyType({})
LENGTHS = ("length", "short_axis", "diameter", "depth")
STATISTICS = ("mean", "sd", "low", "high", "value")


@dataclass(frozen=True)
class Due:
    """A mark whose numbers are asked for."""

    mark: Mark
    series: Series
    calibration: Calibration | None = None
    tries: int = 0


class MarkNumbersMaker:
    """Computes what marks of findings measure, for one consult.

    Args:
        consult: its id, for the log.
        volumes: the images.
        pool: where pixels are read.
        checker: the second way.
        put: stores what was found; raises ConsultError.
        is_hidden: whether guests are not shown what lies below a mark.
    """

    def __init__(  # each once, by name
        self,
        consult: str,
        *,
        volumes: PixelSources,
        pool: Executor,
        checker: MarkChecker,
        put: Callable[[MarkNumbers], Awaitable[None]],
        is_hidden: Callable[[Mark, Series], bool] = lambda mark, series: False,
    ) -> None:
        self._consult, self._volumes, self._pool, self._put = consult, volumes, pool, put
        self._is_hidden = is_hidden
        self._second = SecondWay(consult, checker)
        self._due: OrderedDict[str, Due] = OrderedDict()
        self._waiting: dict[str, Due] = {}
        """Those whose image is not loaded yet, the newest of each mark."""
        self._late = Late()
        self._wake = asyncio.Event()
        self._task = asyncio.create_task(self._run(), name=f"numbers of {consult}")

    def compute(
        self, marks: Sequence[Mark], cases: Sequence[Case], calibrations: Mapping[str, Calibration] = NO_CALIBRATIONS
    ) -> None:
        """Compute the numbers of these marks; of one that waits already, with its newest points and calibration."""
        by_id = {case.id: case for case in cases}
        for mark in marks:
            case = by_id.get(mark.case)
            series = None if case is None else case.find(mark.series)
            if series is not None:
                by_hand = calibration_of(calibrations, mark.case, mark.series, mark.image)
                self._due[mark.id] = Due(mark, series, by_hand)
                self._waiting.pop(mark.id, None)
        self._wake.set()

    async def close(self) -> None:
        """Stop."""
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        await self._late.close()
        await self._second.close()

    async def _run(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._due:
                _, due = self._due.popitem(last=False)
                try:
                    await self._one(due)
                except Exception:  # a fault of ours in one number must not end those of the whole consult
                    logger.exception("consult %s: the numbers of a mark were not computed", self._consult)

    async def _one(self, due: Due) -> None:
        mark = due.mark
        try:
            amounts, located = await self._first(due)
        except NotReady:
            if due.tries < MAX_TRIES:
                self._wait(due)
                return
            amounts, located = Amounts(sentence=NEVER_LOADED), NOWHERE
        except ConsultError as error:
            amounts, located = Amounts(sentence=error.sentence), NOWHERE
        finish = partial(self._finish, due, amounts, located)
        if amounts.amounts:
            self._second.check(mark.id, mark.series, mark.image, asked_of(mark, due.series), finish)
        else:
            await finish(Checked({}))

    async def _finish(self, due: Due, amounts: Amounts, located: Located, second: Checked) -> None:
        """What both ways say is stored."""
        mark, unit = due.mark, due.series.grid.unit.partition(" ")[0]
        told, why = amounts.amounts, amounts.sentence
        if self._is_hidden(mark, due.series):  # asked when it is stored: it may have been hidden meanwhile
            told = tuple(one for one in told if one.quantity not in STATISTICS)
            why = why if told == amounts.amounts else BLACKED_OUT
        factor = 0.0 if due.calibration is None else due.calibration.factor
        second = by_hand(second, amounts, factor)
        numbers = tuple(compared(amount, second, mark.kind, unit) for amount in told)
        found = MarkNumbers(mark.id, mark.case, mark.points, numbers, located.side, located.source, why, factor)
        try:
            await self._put(found)
        except ConsultError as error:  # the core asks anew when the log is there again
            logger.warning("consult %s: the numbers of a mark are not stored: %s", self._consult, error.code)

    async def _first(self, due: Due) -> tuple[Amounts, Located]:
        mark, series = due.mark, due.series
        if mark.in_space:
            return Amounts(sentence=IN_SPACE), NOWHERE
        image = await image_at_hand(self._volumes, series.key, mark.image)
        path = partial(first_path, image, series, mark, due.calibration)
        return await asyncio.get_running_loop().run_in_executor(self._pool, path)

    def _wait(self, due: Due) -> None:
        """Until its image is loaded, or has not come in time; meanwhile the others go on."""
        mark, key = due.mark, due.series.key
        self._waiting[mark.id] = replace(due, tries=due.tries + 1)
        load = partial(loaded_image, self._volumes, key, mark.image, LOAD_DEADLINE_S)
        self._late.wait((key, mark.image), load, lambda: self._again(mark.id))

    def _again(self, identifier: str) -> None:
        if (due := self._waiting.pop(identifier, None)) is not None:
            self._due.setdefault(identifier, due)
            self._wake.set()


def first_path(
    image: Image, series: Series, mark: Mark, calibration: Calibration | None = None
) -> tuple[Amounts, Located]:
    """What the picture that people see says of a mark."""
    place, _ = series.locate(mark.image)
    return amounts_of(image, series, mark, calibration), locate(image, series, place, extremes(mark))


def asked_of(mark: Mark, series: Series) -> Asked:
    """A mark as the second way is asked about it."""
    place, _ = series.locate(mark.image)
    pixels = tuple(series.grid.pixel(place, point) for point in mark.points)
    return Asked(mark.kind, mark.points, pixels, series.grid.unit, series.grid.space == "patient")


def by_hand(checked: Checked, amounts: Amounts, factor: float) -> Checked:
    """What the file says, in the mm of a calibration by hand; where a mark was not measured by it, as it is."""
    units: dict[str, str] = {amount.quantity: amount.unit for amount in amounts.amounts}
    powers = {quantity: POWERS[quantity] for quantity in POWERS if BY_HAND in units.get(quantity, "")}
    values = {name: value * factor ** powers.get(name, 0) for name, value in checked.values.items()}
    return structs.replace(checked, values=values, spacing_tag="" if powers else checked.spacing_tag)


def compared(amount: Amount, checked: Checked, kind: MarkKind = "length", unit: str = "mm") -> Number:
    """A number of a mark of a kind, with what the file itself says of it. `unit`: of lengths in that series."""
    other = checked.values.get(amount.quantity)
    if other is not None and not math.isfinite(other):
        other = None
    spacing = "" if amount.quantity in (*STATISTICS, "angle") else checked.spacing_tag
    formula = FORMULAS_OF.get((kind, amount.quantity), FORMULAS[amount.quantity])
    source = Source(checked.sop_instance_uid, checked.frame, spacing, formula, amount.pixels)
    check, sentence = _verdict(amount, other, checked, unit)
    return Number(amount.quantity, amount.value, amount.unit, source, other, check, sentence)


def _verdict(amount: Amount, other: float | None, checked: Checked, unit: str) -> tuple[Check, str]:
    if other is None:
        return "not_checked", checked.sentence or "The file says nothing of it."
    if not checked.off_mm <= APART_MM:
        return "differs", f"By its file the mark lies {checked.off_mm:.1f} {unit} away."
    apart = abs(amount.value - other)
    limit = SHARE * abs(other)
    if amount.unit.startswith("mm") and amount.quantity in LENGTHS:
        limit = min(limit, APART_MM)
    is_counted = amount.quantity not in STATISTICS or amount.pixels == checked.pixels or apart > 0
    if apart <= max(limit, ROUNDING, ROUNDING * abs(other)) and is_counted:
        return "confirmed", ""
    return "differs", f"Computed from its file it is {_written(other, amount.unit)}."


def _written(value: float, unit: str) -> str:
    """So exactly that a hundredth of it shows: "14.21 mm"."""
    return f"{value:.4g} {unit}".strip() if abs(value) < MANY_DIGITS else f"{value:.0f} {unit}".strip()
