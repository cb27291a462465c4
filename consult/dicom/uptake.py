"""What a PET file says of dose, patient and times (PS3.3 C.8.9.1, C.8.9.2, C.8.22); reckoned with in rendering/suv.py.

Nothing here refuses a file: what cannot be read is as absent, and then there is no SUV.
"""

from __future__ import annotations

from pydicom.dataset import Dataset

from consult.dicom.library_errors import LIBRARY_ERRORS
from consult.dicom.limits import MAX_NUMBER
from consult.dicom.reading import lenient
from consult.dicom.reading.attributes import date, date_and_clock, seconds, text
from consult.rendering.suv import Uptake

PHILIPS, GE = "Philips PET Private Group", "GEMS_PETD_01"
CM_FROM = 3.0
"""A height above is in cm, whatever the standard says (PatientSize is in m)."""


def read_uptake(dataset: Dataset) -> Uptake | None:
    """Of a PET image; None of any other."""
    if text(dataset, "Modality") != "PT":
        return None
    dose = (lenient.items(dataset, "RadiopharmaceuticalInformationSequence") or [Dataset()])[0]
    injected = _moment(text(dose, "RadiopharmaceuticalStartDateTime"))
    height = _number(dataset, "PatientSize")
    return Uptake(
        corrections=_corrections(dataset),
        decay=text(dataset, "DecayCorrection") or ("START" if text(dataset, "DecayCorrected") == "YES" else ""),
        suv_type=text(dataset, "SUVType"),
        weight_kg=_number(dataset, "PatientWeight"),
        height_m=height / 100 if height > CM_FROM else height,
        sex=text(dataset, "PatientSex"),
        dose_bq=_number(dose, "RadionuclideTotalDose"),
        half_life_s=_number(dose, "RadionuclideHalfLife"),
        injected=injected,
        injected_clock=_clock(text(dose, "RadiopharmaceuticalStartTime")),
        series=_at(dataset, "Series"),
        acquired=_moment(text(dataset, "AcquisitionDateTime")) or _at(dataset, "Acquisition"),
        ge_scan=_moment(_private(dataset, 0x0009, GE, 0x0D)),
        corrected_to=_moment(text(dataset, "DecayCorrectionDateTime")),
        reference_s=_number(dataset, "FrameReferenceTime") / 1000,
        duration_s=_number(dataset, "ActualFrameDuration") / 1000,
        philips_suv=_float(_private(dataset, 0x7053, PHILIPS, 0x00)),
        philips_activity=_float(_private(dataset, 0x7053, PHILIPS, 0x09)),
    )


def _corrections(dataset: Dataset) -> tuple[str, ...]:
    """CorrectedImage; of an enhanced object what its own attributes say."""
    stated = tuple(value.strip() for value in text(dataset, "CorrectedImage").split("\\") if value.strip())
    enhanced = (("AttenuationCorrected", "ATTN"), ("DecayCorrected", "DECY"))
    return stated or tuple(term for keyword, term in enhanced if text(dataset, keyword) == "YES")


def _number(dataset: Dataset, keyword: str) -> float:
    return lenient.number(dataset, keyword) or 0.0


def _at(dataset: Dataset, kind: str) -> float | None:
    day = date(text(dataset, f"{kind}Date"))
    return _clock(text(dataset, f"{kind}Time"), day) if day else None


def _moment(value: str) -> float | None:
    """A DT (PS3.5 6.2) in seconds; its offset from UTC is left out, as all times of a file have the same."""
    day, clock = date_and_clock(value)
    return _clock(clock, day) if day else None


def _clock(value: str, day: str = "") -> float | None:
    """A TM (PS3.5 6.2) in seconds, of the day or with an ISO date; an hour alone is none: too much decays in one."""
    hour_alone = len(value.replace(":", "").strip().partition(".")[0]) == 2
    return None if hour_alone else seconds(day, value)


def _private(dataset: Dataset, group: int, creator: str, element: int) -> str:
    """A private element's value as text; "" where it is absent or unreadable. As UN it is bytes."""
    try:
        value = dataset.private_block(group, creator)[element].value
    except LIBRARY_ERRORS:
        return ""
    if isinstance(value, bytes):
        value = value.decode("ascii", "replace")
    return str(value).strip("\0 ")


def _float(value: str) -> float:
    """A number of a private element; 0 where it is none that can be reckoned with."""
    try:
        found = float(value)
    except ValueError:
        return 0.0
    return found if abs(found) <= MAX_NUMBER else 0.0  # NaN is not
