"""How stored values become modality values, and the windows that a file offers (PS3.3 C.11.1, C.11.2)."""

from __future__ import annotations

from typing import cast, get_args

from msgspec import Struct
from pydicom.dataset import Dataset

from consult.dicom.reading.attributes import lut_items, number, numbers, raw, text
from consult.model.errors import DicomRefused
from consult.model.image import VoiFunction
from consult.model.view import NamedWindow, Window

MAX_VALUE = 1e9
NO_UNIT = ("US", "UNSPECIFIED")
HOUNSFIELD = ("hounsfield", "houndsfield")
"""Scanners that spell out the unit, and how."""


class Rescale(Struct, frozen=True):
    """modality value = stored value x slope + intercept. Not usable: a slope of 0 makes all values one."""

    slope: float = 1.0
    intercept: float = 0.0
    usable: bool = True


def rescale(dataset: Dataset) -> Rescale:
    """Of a data set or functional group; identity where a Modality LUT Sequence is applied instead.

    A slope of 0 makes all values one (PS3.3 C.11.1): then the stored values are shown, and a note says so.

    Raises:
        DicomRefused: "bad_value".
    """
    if lut_items(dataset, "ModalityLUTSequence"):
        return Rescale()
    slope = number(dataset, "RescaleSlope")
    if slope is None:
        slope = number(dataset, "DoseGridScaling")
    if slope == 0:
        return Rescale(usable=False)
    return Rescale(1.0 if slope is None else slope, number(dataset, "RescaleIntercept") or 0.0)


def unit(dataset: Dataset, modality: str) -> str:
    """Unit of the modality values; "" where there is none."""
    if not rescale(dataset).usable:
        return ""
    found = text(dataset, "RescaleType")
    for lut in lut_items(dataset, "ModalityLUTSequence")[:1]:
        found = text(lut, "ModalityLUTType")
    if modality == "PT":
        found = text(dataset, "Units") or found
    if modality == "RTDOSE":
        found = text(dataset, "DoseUnits") or found
    if modality == "CT" and (found.lower().startswith(HOUNSFIELD) or (not found and raw(dataset, "RescaleSlope"))):
        return "HU"
    return "" if found in NO_UNIT else found


def windows(dataset: Dataset) -> tuple[NamedWindow, ...]:
    """All windows of a data set or functional group that mean something; what does not is left out."""
    try:
        centers, widths = numbers(dataset, "WindowCenter"), numbers(dataset, "WindowWidth")
    except DicomRefused:
        return ()
    explanations = text(dataset, "WindowCenterWidthExplanation").split("\\")
    found = []
    for i, (center, width) in enumerate(zip(centers, widths, strict=False)):
        if 0 < width <= MAX_VALUE and abs(center) <= MAX_VALUE:
            explanation = explanations[i].strip() if i < len(explanations) else ""
            found.append(NamedWindow(Window(center, max(width, 1e-6)), explanation))
    return tuple(found)


def voi_function(dataset: Dataset) -> VoiFunction:
    """VOI LUT Function (PS3.3 C.11.2.1.3); LINEAR where the file names none that exists."""
    found = text(dataset, "VOILUTFunction")
    return cast(VoiFunction, found) if found in get_args(VoiFunction) else "LINEAR"
