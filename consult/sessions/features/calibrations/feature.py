"""Calibrations: a known distance makes the pixels of an image mm, in the name of who knows it."""

from __future__ import annotations

import math

from msgspec.structs import replace

from consult.model.errors import Refused
from consult.model.geometry import norm, subtract
from consult.model.identifiers import SeatId
from consult.model.mark import Shape
from consult.model.measuring.calibration import ALL_IMAGES, OPEN_UNITS, Calibration, calibration_id
from consult.sessions.features.calibrations.commands import Calibrate, CalibrationCommand, RemoveCalibration
from consult.sessions.features.calibrations.events import CalibrationPut, CalibrationRemoved
from consult.sessions.features.feature import Feature
from consult.sessions.features.kinds import Event
from consult.sessions.features.limits import MAX_CALIBRATIONS, full
from consult.sessions.features.marks.shapes import check_shape
from consult.sessions.features.standings import TAKING_PART
from consult.sessions.state import State

LEAST, MOST = 1e-4, 1e3
"""mm of a pixel: finer than a microscope's, and a pixel a metre wide."""


def decide(state: State, actor: SeatId, command: CalibrationCommand, now: float) -> list[Event]:
    """What a command about calibrations leads to.

    Raises:
        Refused: "has_spacing", "bad_calibration", "unknown_calibration", "too_many_calibrations", or those of
            `check_shape`.
    """
    match command:
        case Calibrate():
            return [CalibrationPut(_calibrated(state, actor, command))]
        case RemoveCalibration(calibration=identifier):
            known = state.calibrations.get(identifier)
            if known is None or known.case != state.current:
                raise Refused("unknown_calibration", "This calibration is not there (any more).")
            return [CalibrationRemoved(identifier, known.case)]


def _calibrated(state: State, actor: SeatId, command: Calibrate) -> Calibration:
    if (case := state.current_case) is None:
        raise Refused("unknown_series", "There is no case on the stage.")
    known = Shape(id="distance", kind="length", series=command.series, image=command.image, points=command.ends)
    series = check_shape(known, case)
    if series.grid.unit not in OPEN_UNITS:
        raise Refused("has_spacing", "How long something is on these images is known from their files.")
    factor = command.mm / norm(subtract(command.ends[1], command.ends[0]))
    if not (math.isfinite(factor) and LEAST <= factor <= MOST):
        raise Refused("bad_calibration", f"A pixel would be {factor:.3g} mm wide.")
    image = ALL_IMAGES if command.all_images else command.image
    identifier = calibration_id(case.id, series.key, image)
    if identifier not in state.calibrations and len(state.calibrations) >= MAX_CALIBRATIONS:
        raise full("too_many_calibrations", MAX_CALIBRATIONS, "calibrations", "remove one, or begin")
    name = state.seats[actor].name
    return Calibration(identifier, case.id, series.key, image, factor, command.mm, actor, name)


def apply(state: State, event: CalibrationPut | CalibrationRemoved, by: SeatId) -> State:
    """The state with it, or without."""
    match event:
        case CalibrationPut(calibration=calibration):
            return replace(state, calibrations={**state.calibrations, calibration.id: calibration})
        case CalibrationRemoved(calibration=identifier):
            left = {key: one for key, one in state.calibrations.items() if key != identifier}
            return replace(state, calibrations=left)


CALIBRATIONS = Feature[CalibrationCommand, CalibrationPut | CalibrationRemoved](
    name="calibrations",
    commands={Calibrate: TAKING_PART, RemoveCalibration: TAKING_PART},
    events=(CalibrationPut, CalibrationRemoved),
    decide=decide,
    apply=apply,
)
