"""The second axis of a series whose images repeat at each place: found, labelled, ordered. Pure.

Rules of this file:
- An attribute makes an axis where its values distinguish all images of every place. Those that describe the
  acquisition come first (b value, echo, inversion time, cardiac phase, temporal position, the dimensions of an enhanced
  object), singly and then together; the acquisition's number and the clock come last, and only where there are several
  places: images of a single place already are in that order.
- The last time may be short (a dynamic that was stopped early); else two thirds of all images must be there.
- Trigger times, acquisition numbers and clocks may differ from place to place: the n-th of each place belong together.
- Where nothing distinguishes images there is no axis. No order is guessed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import combinations, pairwise
from statistics import median

from msgspec import Struct

from consult.dicom.placing import Item, one_position
from consult.dicom.records import FrameAttributes
from consult.model.catalogue import Axis

Places = Sequence[Sequence[Item]]
FILLED = 2 / 3
MAX_TOGETHER = 3
"""So many attributes may make an axis together."""


class Attribute(Struct, frozen=True):
    """An attribute that may make an axis.

    Attributes:
        label: of one value; {value} is the value, {number} counts the values from 1.
        tolerance: values nearer than this are one, in the attribute's unit.
        ranked: its values may differ from place to place; what they are called then, or "".
    """

    keyword: str
    label: str
    tolerance: float
    ranked: str = ""


DESCRIBING = (
    Attribute("DiffusionBValue", "b {value:g}", 0.5),
    Attribute("EchoTime", "TE {value:g} ms", 0.01),
    Attribute("InversionTime", "TI {value:g} ms", 0.5),
    Attribute("NominalPercentageOfCardiacPhase", "{value:g} %", 0.05),
    Attribute("NominalCardiacTriggerDelayTime", "{value:g} ms", 0.05, "phase {number}"),
    Attribute("TriggerTime", "{value:g} ms", 0.05, "phase {number}"),
    Attribute("TemporalPositionIdentifier", "time {number}", 0.5),
)
COUNTING = (
    Attribute("AcquisitionNumber", "time {number}", 0.5, "time {number}"),
    Attribute("AcquisitionTime", "time {number}", 0.0005, "time {number}"),
    Attribute("ContentTime", "time {number}", 0.0005, "time {number}"),
)
DIRECTION = "DiffusionGradientOrientation"


class _Column(Struct, frozen=True):
    """One attribute over all items. `indexes`: of the value at each place and item, into `labels`."""

    keyword: str
    indexes: list[list[int]]
    labels: list[str]


class _Cells(Struct, frozen=True):
    """Which time each item of each place belongs to."""

    keyword: str
    times: list[list[int]]
    labels: list[str]


def find_axis(places: Places) -> tuple[list[Item], Axis] | None:
    """The items time by time, in each time place by place, and their axis.

    Args:
        places: items by place, in anatomical order.

    Returns:
        None where no attribute distinguishes the images of every place.
    """
    if max(map(len, places)) == 1 or not all(map(one_position, places)):
        return None
    cells = _described(places) or (_counted(places) if len(places) > 1 else None)
    return None if cells is None else _ordered(places, cells)


def _ordered(places: Places, cells: _Cells) -> tuple[list[Item], Axis]:
    found = {
        (time, place): item
        for place, (items, times) in enumerate(zip(places, cells.times, strict=True))
        for item, time in zip(items, times, strict=True)
    }
    every = [(time, place) for time in range(len(cells.labels)) for place in range(len(places))]
    missing = tuple(cell for cell in every if cell not in found)
    return [found[cell] for cell in every if cell in found], Axis(cells.keyword, tuple(cells.labels), missing)


def _described(places: Places) -> _Cells | None:
    """By what describes the acquisition: the fewest attributes that do."""
    columns = []
    for attribute in DESCRIBING:
        values = _values(places, attribute)
        if values is None:
            continue
        column = _column(attribute, values)
        if cells := _singly(column, values, attribute):
            return cells
        columns.append(column)
    columns = [column for column in (*columns, *_directions(places), *_dimensions(places)) if _varies(column)]
    for count in range(1, MAX_TOGETHER + 1):
        for together in combinations(columns, count):
            if cells := _together(together):
                return cells
    return None


def _counted(places: Places) -> _Cells | None:
    """By the acquisition's number or the clock."""
    for attribute in COUNTING:
        values = _values(places, attribute)
        if values is not None and (cells := _singly(_column(attribute, values), values, attribute)):
            return cells
    return None


def _value(item: Item, keyword: str) -> float | None:
    frame = item.frame
    if keyword == "TemporalPositionIdentifier":
        return frame.order[0]
    if keyword == "AcquisitionNumber":
        return frame.order[1]
    return _attributes(item).numbers.get(keyword)


def _attributes(item: Item) -> FrameAttributes:
    return item.frame.attributes or FrameAttributes()


def _values(places: Places, attribute: Attribute) -> list[list[float]] | None:
    """At each place; None where an item has none."""
    found = [[_value(item, attribute.keyword) for item in place] for place in places]
    known = [[value for value in place if value is not None] for place in found]
    return known if [len(place) for place in known] == [len(place) for place in places] else None


def _column(attribute: Attribute, values: list[list[float]]) -> _Column:
    steps = _steps((value for place in values for value in place), attribute.tolerance)
    indexes = {value: number for number, step in enumerate(steps) for value in step}
    labels = [_label(attribute.label, step[0], number) for number, step in enumerate(steps)]
    return _Column(attribute.keyword, [[indexes[value] for value in place] for place in values], labels)


def _steps(values: Iterable[float], tolerance: float) -> list[list[float]]:
    """Different values, ascending; those nearer than the tolerance to the first of a step are one step."""
    steps: list[list[float]] = []
    for value in sorted(set(values)):
        if steps and value - steps[-1][0] < tolerance:
            steps[-1].append(value)
        else:
            steps.append([value])
    return steps


def _label(label: str, value: float, number: int) -> str:
    return label.format(value=round(value, 2), number=number + 1)


def _varies(column: _Column) -> bool:
    return any(len(set(place)) > 1 for place in column.indexes)


def _singly(column: _Column, values: list[list[float]], attribute: Attribute) -> _Cells | None:
    """One attribute: by its values; by their rank at each place where those differ from place to place."""
    if any(len(set(place)) < len(place) for place in column.indexes):
        return None
    counts = {len(place) for place in values}
    if attribute.ranked and len(counts) == 1 and len(column.labels) > max(counts):
        return _ranked(values, attribute)
    cells = _Cells(column.keyword, column.indexes, column.labels)
    return cells if _is_filled(cells, short=attribute in DESCRIBING) else None


def _is_filled(cells: _Cells, *, short: bool) -> bool:
    """Whether so many images are there that these times are times of one acquisition. `short`: the last may be."""
    counts = Counter(time for place in cells.times for time in place)
    places, times = len(cells.times), len(cells.labels)
    if short and all(counts[time] == places for time in range(times - 1)):
        return True
    return sum(counts.values()) >= FILLED * times * places


def _ranked(values: list[list[float]], attribute: Attribute) -> _Cells:
    ranks = [_indexes(place) for place in values]
    steps = [sorted(step) for step in zip(*map(sorted, values), strict=True)]
    middles = [median(step) for step in steps]
    gap = min(b - a for a, b in pairwise(middles))
    even = all(step[-1] - step[0] < gap / 2 for step in steps)
    label = attribute.label if even else attribute.ranked
    return _Cells(attribute.keyword, ranks, [_label(label, value, number) for number, value in enumerate(middles)])


def _indexes(values: Sequence[float]) -> list[int]:
    """Of each value among them all, sorted."""
    ranks = {value: rank for rank, value in enumerate(sorted(values))}
    return [ranks[value] for value in values]


def _together(columns: Sequence[_Column]) -> _Cells | None:
    """Several attributes, the first of which changes slowest."""
    tuples = [list(zip(*rows, strict=True)) for rows in zip(*(column.indexes for column in columns), strict=True)]
    if any(len(set(place)) < len(place) for place in tuples):
        return None
    steps = sorted({step for place in tuples for step in place})
    numbers = {step: number for number, step in enumerate(steps)}
    labels = [", ".join(filter(None, (c.labels[i] for c, i in zip(columns, step, strict=True)))) for step in steps]
    if not all(labels):
        return None
    cells = _Cells(columns[0].keyword, [[numbers[step] for step in place] for place in tuples], labels)
    return cells if _is_filled(cells, short=True) else None


def _directions(places: Places) -> list[_Column]:
    """Diffusion gradients, in the order in which they were taken; the first label, "", is of images without one."""
    numbers = _numbered(places, lambda item: _attributes(item).direction)
    return [] if numbers is None else [_Column(DIRECTION, *numbers)]


def _numbered(places: Places, value: Callable[[Item], tuple[float, ...]]) -> tuple[list[list[int]], list[str]] | None:
    found = [[value(item) for item in place] for place in places]
    order = dict.fromkeys(step for place in found for step in place if step)
    if not order:
        return None
    numbers = {step: number for number, step in enumerate(order, 1)}
    return [[numbers.get(step, 0) for step in place] for place in found], [
        "",
        *(f"direction {number}" for number in numbers.values()),
    ]


def _dimensions(places: Places) -> list[_Column]:
    """Further dimensions of enhanced objects, by their index."""
    names = {keyword: None for place in places for item in place for keyword in _attributes(item).dimensions}
    columns = []
    for keyword in names:
        found = [[_attributes(item).dimensions.get(keyword, 0) for item in place] for place in places]
        steps = sorted({step for place in found for step in place})
        numbers = {step: number for number, step in enumerate(steps)}
        words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", keyword).lower()
        indexes = [[numbers[step] for step in place] for place in found]
        columns.append(_Column(keyword, indexes, [f"{words} {step}" for step in steps]))
    return columns
