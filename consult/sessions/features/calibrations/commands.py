"""What a page asks for about calibrations."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from consult.model.geometry import Vec
from consult.model.identifiers import SeriesKey
from consult.model.view import MAX_IMAGES
from consult.sessions.features.kinds import ParticipantCommand

MAX_MM = 5000.0
MAX_ID = 256


class Calibrate(ParticipantCommand, frozen=True, tag="calibrate"):
    """The distance of two points on an image is known.

    Attributes:
        ends: both points, in the space of the series' grid.
        mm: how far they are apart.
        all_images: of the series, not of this one alone.
    """

    series: SeriesKey
    image: Annotated[int, Meta(ge=0, le=MAX_IMAGES)]
    ends: tuple[Vec, Vec]
    mm: Annotated[float, Meta(gt=0, le=MAX_MM)]
    all_images: bool = False


class RemoveCalibration(ParticipantCommand, frozen=True, tag="remove_calibration"):
    """Lengths are in the file's own unit again."""

    calibration: Annotated[str, Meta(min_length=1, max_length=MAX_ID)]


CalibrationCommand = Calibrate | RemoveCalibration
