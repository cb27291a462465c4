"""Standardized uptake values: what a PET's modality values are multiplied by, or why they stay as they are.

Rules of this file (QIBA's vendor-neutral pseudo-code for SUV, and PS3.3 C.8.9.1):
- Only of images that are corrected for attenuation and for decay, of a known weight and dose.
- START: the dose is what was left of it when the scan began. ADMIN: the dose as it was injected.
- The scan begins at SeriesTime, unless that lies after the first acquisition: such a series was made later, and the
  begin is GE's own attribute, or is reckoned back from FrameReferenceTime, or is the first acquisition.
- An injection whose time of day lies after the scan's was before midnight.
- Lean body mass is Janmahasatian's (Clin Pharmacokinet 2005;44:1051), of height, weight and sex.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from msgspec import Struct

from consult.model.catalogue import Suv

DAY_S = 86_400.0
MAX_WEIGHT_KG, MAX_HEIGHT_M, MIN_HEIGHT_M = 700.0, 2.8, 0.4
MIN_DOSE_BQ, MAX_DOSE_BQ = 1e5, 1e11
"""0.1 MBq to 100 GBq: a dose that was written in MBq is none."""
MIN_FACTOR, MAX_FACTOR = 1e-15, 1e15
"""g/ml of one unit of the values."""
MAX_HALF_LIVES = 20.0
"""After so many nothing is left: the times are not those of one injection."""
LEAN = {"M": (6680.0, 216.0), "F": (8780.0, 244.0)}
"""Janmahasatian's figures, of the sex and of the body mass index."""


class Uptake(Struct, frozen=True, omit_defaults=True):
    """What a PET file says of dose, patient and times. Times are seconds from one origin, dates included.

    Attributes:
        corrections: CorrectedImage; of an enhanced object those that it says are made.
        decay: DecayCorrection: "START", "ADMIN", "NONE".
        suv_type: SUVType (PS3.3 C.8.9.1.1.3): "BW", "LBM", ...; of images in g/ml.
        injected: of the radiopharmaceutical's start; `injected_clock` where the file has no date for it.
        injected_clock: seconds of the day.
        series, acquired: SeriesTime and AcquisitionTime.
        ge_scan: GE's own begin of the scan (0009,xx0D).
        corrected_to: DecayCorrectionDateTime.
        reference_s: FrameReferenceTime; `duration_s`: ActualFrameDuration.
        philips_suv, philips_activity: Philips' own factors (7053,xx00) and (7053,xx09) of images in counts.
    """

    corrections: tuple[str, ...] = ()
    decay: str = ""
    suv_type: str = ""
    weight_kg: float = 0.0
    height_m: float = 0.0
    sex: str = ""
    dose_bq: float = 0.0
    half_life_s: float = 0.0
    injected: float | None = None
    injected_clock: float | None = None
    series: float | None = None
    acquired: float | None = None
    ge_scan: float | None = None
    corrected_to: float | None = None
    reference_s: float = 0.0
    duration_s: float = 0.0
    philips_suv: float = 0.0
    philips_activity: float = 0.0


class _Unknown(Exception):
    """There is no SUV, and why."""


def suv(unit: str, uptakes: Sequence[Uptake]) -> Suv:
    """How the values of a series become SUV.

    Args:
        unit: of its modality values: "BQML", "CNTS", "GML", ...
        uptakes: of its files.
    """
    first = uptakes[0]
    try:
        factor = _plausible(_body_weight(unit, first, uptakes))
    except _Unknown as why:
        return Suv(reason=str(why))
    if why_no_lean := _why_no_lean_mass(first):
        return Suv(factor, lean_reason=why_no_lean)
    return Suv(factor, factor * lean_mass_kg(first) / first.weight_kg)


def _plausible(factor: float) -> float:
    """A factor that can be one: what no file should say becomes NaN, infinity or next to nothing in its reckoning, and
    no log and no page can hold that. Raises _Unknown."""
    if not MIN_FACTOR <= factor <= MAX_FACTOR:
        raise _Unknown("Dose, weight and times of the file do not go together.")
    return factor


def lean_mass_kg(uptake: Uptake) -> float:
    """Lean body mass after Janmahasatian, as QIBA's profile of FDG-PET/CT takes it: James' formula falls again where
    people are very heavy. 0 where height, weight or sex is missing."""
    if _why_no_lean_mass(uptake):
        return 0.0
    index = uptake.weight_kg / uptake.height_m**2
    of_sex, of_index = LEAN[uptake.sex]
    return 9270.0 * uptake.weight_kg / (of_sex + of_index * index)


def _why_no_lean_mass(uptake: Uptake) -> str:
    """ "" where there is one."""
    if not 0 < uptake.weight_kg <= MAX_WEIGHT_KG:
        return "The patient's weight is not known (PatientWeight)."
    if not uptake.height_m > 0:
        return "The patient's height is not known (PatientSize)."
    if not MIN_HEIGHT_M <= uptake.height_m <= MAX_HEIGHT_M:
        return f"PatientSize is {uptake.height_m:g} m: that is no height."
    if uptake.sex not in LEAN:
        return f"Lean body mass is known of M and F alone (PatientSex {uptake.sex or 'absent'})."
    return ""


def _body_weight(unit: str, first: Uptake, uptakes: Sequence[Uptake]) -> float:
    """g/ml of one unit. Raises _Unknown."""
    if unit == "GML":
        if first.suv_type not in ("", "BW"):
            raise _Unknown(f"The values are SUV already, but not by body weight (SUVType {first.suv_type}).")
        return 1.0
    if "ATTN" not in first.corrections:
        raise _Unknown("The images are not corrected for attenuation (CorrectedImage has no ATTN).")
    if not {"DECY", "DECAY"} & set(first.corrections):
        raise _Unknown("The images are not corrected for decay (CorrectedImage has no DECY).")
    if unit == "CNTS" and first.philips_suv > 0:
        return first.philips_suv
    if unit == "CNTS" and first.philips_activity > 0:
        return first.philips_activity * _of_activity(first, uptakes)
    if unit == "CNTS":
        raise _Unknown("The values are counts, without the factor that makes them Bq/ml.")
    if unit != "BQML":
        raise _Unknown(f"The unit of the values is {unit or 'not known'}, not Bq/ml.")
    return _of_activity(first, uptakes)


def _of_activity(first: Uptake, uptakes: Sequence[Uptake]) -> float:
    """g/ml of one Bq/ml. Raises _Unknown."""
    if not 0 < first.weight_kg <= MAX_WEIGHT_KG:
        raise _Unknown("The patient's weight is not known (PatientWeight).")
    if not first.dose_bq:
        raise _Unknown("The injected dose is not known (RadionuclideTotalDose).")
    if not MIN_DOSE_BQ <= first.dose_bq <= MAX_DOSE_BQ:
        raise _Unknown(f"RadionuclideTotalDose is {first.dose_bq:g} Bq: that is no dose.")
    match first.decay:
        case "ADMIN":
            return first.weight_kg * 1000.0 / first.dose_bq
        case "START":
            return first.weight_kg * 1000.0 / (first.dose_bq * math.pow(2.0, -_half_lives(first, uptakes)))
        case _:
            raise _Unknown(f"Decay is not corrected to a known time (DecayCorrection {first.decay or 'absent'}).")


def _half_lives(first: Uptake, uptakes: Sequence[Uptake]) -> float:
    """From the injection to the begin of the scan. Raises _Unknown."""
    if not first.half_life_s > 0:
        raise _Unknown("The radionuclide's half-life is not known (RadionuclideHalfLife).")
    scan = scan_start(first, uptakes)
    if scan is None:
        raise _Unknown("When the scan began is not known (SeriesTime, AcquisitionTime).")
    waited = _waited(first, scan)
    if waited is None:
        raise _Unknown("When the dose was injected is not known (RadiopharmaceuticalStartTime).")
    half_lives = waited / first.half_life_s
    if half_lives > MAX_HALF_LIVES:
        raise _Unknown("Injection and scan lie too far apart to be of one dose.")
    return half_lives


def scan_start(first: Uptake, uptakes: Sequence[Uptake]) -> float | None:
    """What the decay is corrected to; None where no time is known."""
    if first.corrected_to is not None:
        return first.corrected_to
    acquired = min((u.acquired for u in uptakes if u.acquired is not None), default=None)
    if first.series is not None and (acquired is None or first.series <= acquired):
        return first.series
    if first.ge_scan is not None:
        return first.ge_scan
    return _reckoned_back(first) or acquired


def _reckoned_back(uptake: Uptake) -> float | None:
    """From the time within a frame at which the decay was as it was on the average of the frame."""
    if uptake.acquired is None or min(uptake.reference_s, uptake.duration_s, uptake.half_life_s) <= 0:
        return None
    rate = math.log(2.0) / uptake.half_life_s
    during = rate * uptake.duration_s
    if not during > 0.0:
        return None  # so short that nothing of it is left in a float
    average = math.log(during / -math.expm1(-during)) / rate
    return uptake.acquired - uptake.reference_s + average


def _waited(uptake: Uptake, scan: float) -> float | None:
    """Seconds from the injection to the scan; None where the injection's time is not known."""
    if uptake.injected is not None and uptake.injected <= scan:
        return scan - uptake.injected
    clock = uptake.injected_clock if uptake.injected is None else uptake.injected % DAY_S
    return None if clock is None else (scan - clock) % DAY_S
