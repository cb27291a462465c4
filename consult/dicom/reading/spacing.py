"""What a pixel measures, and what a length on it may claim.

Rules of this file (conventions.md):
- PixelSpacing with a place in the patient: "mm".
- ImagerPixelSpacing, NominalScannedPixelSpacing, or PixelSpacing without a place: "mm at detector".
- None, or 0\\0: "px", rows to columns by PixelAspectRatio. Ultrasound without a place: "px".
- Zero in one direction, negative or missing numbers are refused, never guessed.
"""

from __future__ import annotations

from msgspec import Struct
from pydicom.dataset import Dataset

from consult.dicom.reading.attributes import numbers
from consult.model.errors import DicomRefused
from consult.model.geometry import SpacingUnit

AT_DETECTOR = ("PixelSpacing", "ImagerPixelSpacing", "NominalScannedPixelSpacing")
MAX_MM = 1000.0


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
    if len(found) != 2 or not all(0 < v <= MAX_MM for v in found):
        shown = "\\".join(f"{v:g}" for v in found)
        raise DicomRefused("spacing", f"must be two numbers above 0, at most {MAX_MM:g}", tag=keyword, value=shown)
    return found[0], found[1]


def flat_spacing(dataset: Dataset, modality: str) -> Spacing:
    """Spacing of an image without a place in the patient. Raises DicomRefused("spacing", "bad_value")."""
    for keyword in AT_DETECTOR:
        found = millimetres(dataset, keyword)
        if found is not None and modality not in ("US", "IVUS"):
            return Spacing(*found, "mm at detector")
    return Spacing(1.0, aspect(dataset), "px")


def aspect(dataset: Dataset) -> float:
    """Width of a pixel whose height is 1 (PS3.3 C.7.6.3.1.7: PixelAspectRatio is vertical\\horizontal).

    Raises:
        DicomRefused: "spacing".
    """
    found = numbers(dataset, "PixelAspectRatio")
    if not found:
        return 1.0
    if len(found) != 2 or min(found) <= 0 or not 0.01 <= found[1] / found[0] <= 100:
        shown = "\\".join(f"{v:g}" for v in found)
        raise DicomRefused("spacing", "must be two numbers above 0", tag="PixelAspectRatio", value=shown)
    return found[1] / found[0]
