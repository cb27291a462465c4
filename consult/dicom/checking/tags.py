"""Where the pixels of a frame lie and what their values mean, by its file's tags alone.

Rules of this file:
- A functional group of the frame goes before a shared one, and that before the file's own attribute (PS3.3 C.7.6.16).
- Nothing is guessed: what is not there is None, and nothing is computed from it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from pydicom.dataset import Dataset

Vector = NDArray[np.float64]
CM = 3
"""PhysicalUnitsXDirection of centimetres (PS3.3 C.8.5.5.1.15)."""
TISSUE = 1
"""RegionSpatialFormat 2D (PS3.3 C.8.5.5.1.1)."""
SPECTRUM, MOTION = (3, 4, 7), (2, 4, 3)
"""RegionSpatialFormat and units across and down: seconds by cm/s, seconds by cm."""
DETECTOR = ("PixelSpacing", "ImagerPixelSpacing", "NominalScannedPixelSpacing")


class Spacing(Struct, frozen=True):
    """Distances of rows and of columns, and whose they are."""

    row: float
    column: float
    tag: str


class Plane(Struct, frozen=True):
    """Where the centre of pixel (0, 0) lies, and where columns and rows lead to."""

    position: tuple[float, ...]
    right: tuple[float, ...]
    down: tuple[float, ...]


def holders(dataset: Dataset, frame: int, group: str) -> Iterator[Dataset]:
    """Where an attribute of a frame may stand, the strongest first."""
    for sequence, number in (("PerFrameFunctionalGroupsSequence", frame), ("SharedFunctionalGroupsSequence", 0)):
        groups = dataset.get(sequence)
        if groups and number < len(groups):
            inner = groups[number].get(group)
            if inner:
                yield inner[0]
    yield dataset


def numbers(dataset: Dataset, frame: int, group: str, keyword: str) -> tuple[float, ...]:
    """The values of an attribute of a frame; none where it is absent."""
    for holder in holders(dataset, frame, group):
        value: Any = holder.get(keyword)
        if value is not None and value != "":
            values = value if isinstance(value, list | tuple) or hasattr(value, "__iter__") else [value]
            return tuple(float(one) for one in values)
    return ()


def spacing_of(dataset: Dataset, frame: int, unit: str) -> Spacing | None:
    """The spacing that a unit claims; in pixels their aspect."""
    if unit == "px":
        ratio = numbers(dataset, frame, "", "PixelAspectRatio")
        return Spacing(1.0, ratio[1] / ratio[0] if len(ratio) == 2 and all(ratio) else 1.0, "")
    for keyword in DETECTOR if unit == "mm at detector" else ("PixelSpacing",):
        found = numbers(dataset, frame, "PixelMeasuresSequence", keyword)
        if len(found) == 2 and min(found) > 0:
            return Spacing(found[0], found[1], keyword)
    return None


def plane_of(dataset: Dataset, frame: int) -> Plane | None:
    """Where a frame lies in the patient; None where it has no place."""
    position = numbers(dataset, frame, "PlanePositionSequence", "ImagePositionPatient")
    rows = numbers(dataset, frame, "PlaneOrientationSequence", "ImageOrientationPatient")
    if len(position) != 3 or len(rows) != 6:
        return None
    return Plane(position, rows[:3], rows[3:])


def region_of(dataset: Dataset, places: list[tuple[float, float]]) -> Dataset | None:
    """The ultrasound region that holds all these places of an image; None where none does."""
    regions: list[Dataset] = list(dataset.get("SequenceOfUltrasoundRegions") or [])
    for region in reversed(regions):
        left, right = sorted((region.RegionLocationMinX0, region.RegionLocationMaxX1))
        top, bottom = sorted((region.RegionLocationMinY0, region.RegionLocationMaxY1))
        if all(left <= x <= right and top <= y <= bottom for x, y in places):
            return region
    return None


def region_spacing(region: Dataset) -> Spacing | None:
    """Of a region of tissue, in mm; None of any other."""
    units = (region.get("PhysicalUnitsXDirection"), region.get("PhysicalUnitsYDirection"))
    if region.get("RegionSpatialFormat") != TISSUE or units != (CM, CM):
        return None
    return Spacing(abs(region.PhysicalDeltaY) * 10, abs(region.PhysicalDeltaX) * 10, "PhysicalDeltaX")


def in_trace(region: Dataset, places: list[tuple[float, float]]) -> dict[str, float]:
    """What lies between two places of a trace, or what one place says; nothing of other regions."""
    kind = tuple(region.get(k) for k in ("RegionSpatialFormat", "PhysicalUnitsXDirection", "PhysicalUnitsYDirection"))
    (x0, y0), (x1, y1) = places[0], places[-1]
    seconds, down = abs(x1 - x0) * abs(region.PhysicalDeltaX), abs(y1 - y0) * abs(region.PhysicalDeltaY)
    if kind == MOTION and len(places) == 2:
        return {"time": 1000.0 * seconds, "depth": 10.0 * down}
    if kind != SPECTRUM:
        return {}
    if len(places) == 2:
        return {"time": seconds, "velocity": down}
    reference = region.get("ReferencePixelY0")
    if reference is None:
        return {}
    below = y0 - region.RegionLocationMinY0 - reference
    return {"velocity": float(region.get("ReferencePixelPhysicalValueY") or 0.0) + below * region.PhysicalDeltaY}


def rescale_of(dataset: Dataset, frame: int) -> tuple[float, float]:
    """Slope and intercept from stored values to what they mean; a Modality LUT is applied already."""
    if dataset.get("ModalityLUTSequence"):
        return 1.0, 0.0
    slope = numbers(dataset, frame, "PixelValueTransformationSequence", "RescaleSlope")
    intercept = numbers(dataset, frame, "PixelValueTransformationSequence", "RescaleIntercept")
    return (slope[0] if slope else 1.0), (intercept[0] if intercept else 0.0)


def padding_of(dataset: Dataset) -> tuple[float, float] | None:
    """Lowest and highest stored value that is no image (PS3.3 C.7.5.1.1.2)."""
    value = dataset.get("PixelPaddingValue")
    if value is None or value == "":
        return None
    limit = dataset.get("PixelPaddingRangeLimit")
    ends = [_signed(dataset, one) for one in (value, value if limit in (None, "") else limit)]
    return min(ends), max(ends)


def first_colour(dataset: Dataset, frame: int) -> float | None:
    """The lowest stored value that stands for a colour (PS3.3 C.7.6.19); None where all are greys."""
    descriptor = dataset.get("RedPaletteColorLookupTableDescriptor")
    grey = str(dataset.get("PhotometricInterpretation", "")).startswith("MONOCHROME")
    if not descriptor or not grey or dataset.get("ModalityLUTSequence") or "MONOCHROME" in _presented(dataset, frame):
        return None
    return _signed(dataset, descriptor[1])


def _presented(dataset: Dataset, frame: int) -> set[str]:
    """PixelPresentation of a data set and of a frame of it."""
    groups = [*dataset.get("PerFrameFunctionalGroupsSequence", [])[frame : frame + 1]]
    groups += dataset.get("SharedFunctionalGroupsSequence", [])[:1]
    kinds = ("MRImageFrameTypeSequence", "CTImageFrameTypeSequence", "PETFrameTypeSequence")
    items = [item for group in groups for kind in kinds for item in group.get(kind, [])[:1]]
    return {str(each.get("PixelPresentation", "")) for each in (dataset, *items)}


def _signed(dataset: Dataset, value: Any) -> float:
    """A value that was read as another sign than the pixels have."""
    if isinstance(value, bytes):
        value = int.from_bytes(value[:2], "little")
    bits, number = int(dataset.get("BitsAllocated", 16)), int(value)
    if dataset.get("PixelRepresentation") == 1 and number >= 1 << (bits - 1):
        return float(number - (1 << bits))
    if dataset.get("PixelRepresentation") == 0 and number < 0:
        return float(number + (1 << bits))
    return float(number)
