"""Calibrations that were put and removed."""

from __future__ import annotations

from consult.model.measuring.calibration import Calibration
from consult.sessions.features.kinds import Event


class CalibrationPut(Event, frozen=True, tag="calibration_put"):
    """Somebody has said how long something is; it replaces what was said of the same image or series."""

    calibration: Calibration


class CalibrationRemoved(Event, frozen=True, tag="calibration_removed"):
    """It does not count any more."""

    calibration: str
    case: str
