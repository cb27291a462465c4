"""Calibrations by hand: somebody has said how long something on an image is, whose file does not say it.

Rules of this file:
- A calibration is of one image, or of all images of a series; that of the image goes before that of the series.
- Its lengths are in mm, and everywhere they are said, so is who calibrated them.
- It turns lengths of the grid into mm; what a file says of a region of its own is not touched by it.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from consult.model.geometry import SpacingUnit
from consult.model.identifiers import SeatId, SeriesKey

ALL_IMAGES = -1
BY_HAND = "calibrated by"
OPEN_UNITS: tuple[SpacingUnit, ...] = ("px", "mm at detector")
"""Of grids that can be calibrated: the file does not say how long anything in the patient is."""


class Calibration(Struct, frozen=True):
    """How long a unit of a grid is in the patient.

    Attributes:
        id: `calibration_id`.
        case: whose series it is.
        image: of the series; ALL_IMAGES: of each of them.
        factor: mm of a unit of the series' grid (a pixel, or a mm at the detector).
        mm: the length that was known.
        seat, name: who said so.
    """

    id: str
    case: str
    series: SeriesKey
    image: int
    factor: float
    mm: float
    seat: SeatId
    name: str

    @property
    def unit(self) -> str:
        """Of lengths by it: "mm calibrated by Dr. Host"."""
        return f"mm {BY_HAND} {self.name}"


def calibration_id(case: str, series: SeriesKey, image: int) -> str:
    """There is at most one of an image, and one of all images of a series."""
    return f"{case}/{series}/{'all' if image == ALL_IMAGES else image}"


def calibration_of(known: Mapping[str, Calibration], case: str, series: SeriesKey, image: int) -> Calibration | None:
    """The one that an image of a series is measured by; None where nobody has calibrated it."""
    own = known.get(calibration_id(case, series, image))
    return own or known.get(calibration_id(case, series, ALL_IMAGES))
