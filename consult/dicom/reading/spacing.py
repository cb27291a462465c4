"""What a pixel measures, and what a length on it may claim.

Rules of this file (conventions.md):
- PixelSpacing with a place in the patient: "mm".
- PixelSpacing of a projection that differs from ImagerPixelSpacing, or says how it was calibrated: "mm calibrated",
  with the method that PixelSpacingCalibrationType names (PS3.3 10.7.1.3).
- Else ImagerPixelSpacing, NominalScannedPixelSpacing, or PixelSpacing without a place: "mm at detector".
- None, or 0\\0: "px", rows to columns by PixelAspectRatio. Ultrasound without a place: "px".
- Zero in one direction, negative or missing numbers cannot be used, and are never guessed.
"""

from __future__ import annotations

from msgspec import Struct
from pydicom.dataset import Dataset

from consult.dicom.reading.attributes import numbers, text, written
from consult.model.errors import DicomRefused
from consult.model.geometry import SpacingUnit

AT_DETECTOR = ("PixelSpacing", "ImagerPixelSpacing", "NominalScannedPixelSpacing")
ULTRASOUND = ("US", "IVUS")
CALIBRATED: dict[str, SpacingUnit] = {
    "FIDUCIAL": "mm calibrated (fiducial)", "GEOMETRY": "mm calibrated (geometry)"
}  # fmt: skip
SAME_RELATIVE = 1e-3
MIN_MM, MAX_MM = 1e-5, 1000.0
"""From a hundredth of the finest microscope on: far below it one device pixel would be more image pixels than can be
averaged."""


class Spacing(Struct, frozen=True):
    """Distance of rows and of columns, in `unit`."""

    row: float
    column: float
    unit: SpacingUnit


def millimetres(dataset: Dataset, keyword: str) -> tuple[float, float] | None:
    """(row, column) spacing of an attribute; None where it is absent or 0\\0.

    Raises:
        DicomRefused: "spacing".
    """
    found = numbers(dataset, keyword)
    if not found or found == (0.0, 0.0):
        return None
    if len(found) != 2 or not all(MIN_MM <= v <= MAX_MM for v in found):
        rule = f"must be two numbers from {MIN_MM:g} to {MAX_MM:g}"
        raise DicomRefused("spacing", rule, tag=keyword, value=written(found))
    return found[0], found[1]


def flat_spacing(dataset: Dataset, modality: str) -> Spacing:
    """Spacing of an image without a place in the patient. Raises DicomRefused("spacing", "bad_value")."""
    if modality not in ULTRASOUND and (calibrated := _calibrated(dataset)) is not None:
        return calibrated
    for keyword in AT_DETECTOR:
        found = millimetres(dataset, keyword)
        if found is not None and modality not in ULTRASOUND:
            return Spacing(*found, "mm at detector")
    return Spacing(1.0, aspect(dataset), "px")


def _calibrated(dataset: Dataset) -> Spacing | None:
    """PixelSpacing, where it is not the detector's (PS3.3 10.7.1.1)."""
    spacing = millimetres(dataset, "PixelSpacing")
    if spacing is None:
        return None
    method = text(dataset, "PixelSpacingCalibrationType").upper()
    detector = millimetres(dataset, "ImagerPixelSpacing")
    differs = detector is not None and any(
        abs(one - other) > SAME_RELATIVE * other for one, other in zip(spacing, detector, strict=True)
    )
    if not differs and (detector is not None or method not in CALIBRATED):
        return None
    return Spacing(*spacing, CALIBRATED.get(method, "mm calibrated"))


def aspect(dataset: Dataset) -> float:
    """Width of a pixel whose height is 1 (PS3.3 C.7.6.3.1.7: PixelAspectRatio is vertical\\horizontal).

    Raises:
        DicomRefused: "spacing".
    """
    found = numbers(dataset, "PixelAspectRatio")
    if not found:
        return 1.0
    if len(found) != 2 or min(found) <= 0 or not 0.01 <= found[1] / found[0] <= 100:
        rule = "must be two numbers above 0"
        raise DicomRefused("spacing", rule, tag="PixelAspectRatio", value=written(found))
    return found[1] / found[0]
