"""What the values of a region are drawn against: seconds, b values, echo times, or numbers. Pure.

Rules of this file:
- The values are those of the very images at the region's place, by the attribute that made the second axis.
- Where that only counts (a temporal position), the clock of the images says when each was taken: FrameReferenceTime of
  PET, else AcquisitionTime, else ContentTime, in seconds from the first of them.
- Values that do not rise from step to step say nothing (directions of one b value, a clock that stands still, a frame
  that lasts no time): the steps are numbered then.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import accumulate, pairwise
from typing import Literal

from msgspec import Struct

from consult.dicom.records import FrameAttributes

Quantity = Literal["time", "trigger", "phase", "b", "echo", "inversion", "number"]
"""time in s; trigger, echo and inversion in ms; phase in % of the cycle; b in s/mm2; number: counted from 1."""
QUANTITIES: dict[str, Quantity] = {
    "DiffusionBValue": "b",
    "EchoTime": "echo",
    "InversionTime": "inversion",
    "NominalPercentageOfCardiacPhase": "phase",
    "NominalCardiacTriggerDelayTime": "trigger",
    "TriggerTime": "trigger",
}
"""By the attribute of the second axis."""
COUNTED = ("TemporalPositionIdentifier", "AcquisitionNumber", "AcquisitionTime", "ContentTime")
"""Axes that are times, and count them."""
CYCLE_MS = 5000.0
"""No cycle of a heart lasts longer: trigger times over more than this are the times of a dynamic series."""
Value = Callable[[FrameAttributes], float | None]


class Steps(Struct, frozen=True):
    """One value for each step, ascending."""

    quantity: Quantity
    at: tuple[float, ...]


def steps_along(attribute: str, images: Sequence[FrameAttributes | None]) -> Steps:
    """Of the images at one place.

    Args:
        attribute: `Axis.attribute` of their series.
        images: what their files say, in the order of the axis; None in records of before 29 Nov 2026.
    """
    known = [FrameAttributes() if image is None else image for image in images]
    if attribute in QUANTITIES and (found := _rising(known, _number(attribute))):
        return _measured(QUANTITIES[attribute], found)
    if attribute in COUNTED:
        for clock in (_reference_s, _number("AcquisitionTime"), _number("ContentTime")):
            if found := _rising(known, clock):
                return Steps("time", tuple(value - found[0] for value in found))
    return _numbered(len(known))


def steps_of_clip(frame_ms: Sequence[float | None]) -> Steps:
    """Of the frames of a clip: when each begins, by how long each is shown, in ms; numbered where that is not known of
    one before the last."""
    known = [ms for ms in frame_ms[:-1] if ms is not None and ms > 0]
    if len(known) < len(frame_ms) - 1:
        return _numbered(len(frame_ms))
    return Steps("time", tuple(accumulate((ms / 1000 for ms in known), initial=0.0)))


def _numbered(steps: int) -> Steps:
    return Steps("number", tuple(float(number) for number in range(1, steps + 1)))


def _measured(quantity: Quantity, at: tuple[float, ...]) -> Steps:
    if quantity == "trigger" and at[-1] - at[0] > CYCLE_MS:
        return Steps("time", tuple((value - at[0]) / 1000 for value in at))
    return Steps(quantity, at)


def _rising(images: Sequence[FrameAttributes], value: Value) -> tuple[float, ...]:
    """Of each image; empty where one has none, or where they do not rise."""
    found = tuple(at for image in images if (at := value(image)) is not None)
    rises = len(found) == len(images) and all(later > earlier for earlier, later in pairwise(found))
    return found if rises else ()


def _number(keyword: str) -> Value:
    return lambda image: image.numbers.get(keyword)


def _reference_s(image: FrameAttributes) -> float | None:
    """FrameReferenceTime of PET (PS3.3 C.8.9.4): when the decay is as on the average of the frame."""
    return None if image.uptake is None else image.uptake.reference_s
