"""How many images a stack should have, where some of them are not here. Pure.

Rules of this file:
- Where nothing shows that images are missing, nothing is said: a stack that was cut off at an end looks whole.
- What files announce counts where all of a series say the same, and its images are one stack of single-frame files of
  one acquisition: of several, each announces its own.
- Between places images are missing where InstanceNumber leaves out as many as would fill the gap: a gap alone may have
  been scanned so.
- A second axis knows the images that it lacks (`Axis.missing`).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from consult.dicom.records import FileRecord
from consult.model.catalogue import Series
from consult.model.geometry import norm, subtract

OFF_BASE, OFF_RELATIVE = 0.1, 0.05
"""How far a gap may be from as many steps as its numbers leave out: files write few digits, which add up."""


def announced_images(files: Sequence[FileRecord]) -> int:
    """How many images the files of one series say that it has; 0 where they do not say it of the series.

    Args:
        files: of the series, whatever they hold.
    """
    images = [file for file in files if file.frames]
    announced = {file.announced for file in images}
    acquisitions = {frame.order[1] for file in images for frame in file.frames}
    if len(announced) != 1 or len(acquisitions) != 1 or any(len(file.frames) > 1 for file in images):
        return 0
    return max(0, announced.pop() - (len(files) - len(images)))


def expected_images(series: Series, announced: int) -> int:
    """How many images a stack should have; 0 where it is not known to lack any.

    Args:
        series: the stack.
        announced: as `announced_images`, where all images of its series are in the stack; else 0.
    """
    lacks = len(series.axis.missing) if series.axis is not None else 0
    missing = max(lacks + _left_out(series) * series.times, announced - series.images)
    return series.images + missing if missing else 0


def _left_out(series: Series) -> int:
    """Places between others that have no image."""
    numbers = _numbers(series)
    known = [(at, n) for at, n in zip(series.grid.positions, numbers, strict=True) if n is not None]
    steps = [(norm(subtract(b, a)), abs(m - n)) for (a, n), (b, m) in pairwise(known)]
    if not steps or len(known) < series.places:
        return 0
    usual_mm, usual = median(mm for mm, _ in steps), median(n for _, n in steps)
    if usual_mm <= 0 or usual <= 0:
        return 0
    return sum(_images_between(mm / usual_mm, n / usual) for mm, n in steps)


def _images_between(by_place: float, by_number: float) -> int:
    """Of two neighbours, given how many steps lie between them by position and by number."""
    near = abs(by_place - by_number) <= OFF_BASE + OFF_RELATIVE * by_number
    return max(0, int(by_number) - 1) if near and by_number.is_integer() else 0


def _numbers(series: Series) -> list[int | None]:
    """InstanceNumber at each place, at the first time."""
    numbers = series.values.instance_number
    if len(numbers) != series.images:
        return [None] * series.places
    images = (series.image(place) for place in range(series.places))
    return [None if image is None else numbers[image] for image in images]
