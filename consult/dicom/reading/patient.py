"""Who, when and what: patient, study and series of a file (PS3.3 C.7.1.1, C.7.2.1, C.7.3.1)."""

from __future__ import annotations

import datetime

from pydicom.dataset import Dataset

from consult.dicom.naming import short_key
from consult.dicom.reading.attributes import date, moment, text, time
from consult.model.catalogue import Patient, Study
from consult.model.errors import DicomRefused
from consult.model.identifiers import StudyKey

MAX_UID = 128
"""Characters. The standard allows 64; some anonymizers write more."""


def uid(dataset: Dataset, keyword: str) -> str:
    """A UID that must be there.

    Raises:
        DicomRefused: "missing", "bad_value".
    """
    found = text(dataset, keyword)
    if not found:
        raise DicomRefused("missing", "must be there", tag=keyword, value="absent")
    if len(found) > MAX_UID or " " in found:
        raise DicomRefused("bad_value", "must be a UID", tag=keyword, value=found[:60])
    return found


def patient(dataset: Dataset) -> Patient:
    """The patient, names as in the file ("DEMO^ANNA")."""
    return Patient(
        name=text(dataset, "PatientName"),
        id=text(dataset, "PatientID"),
        birth_date=date(text(dataset, "PatientBirthDate")),
        sex=text(dataset, "PatientSex"),
        issuer=text(dataset, "IssuerOfPatientID"),
    )


def study(dataset: Dataset) -> Study:
    """The study. Raises DicomRefused("missing", "bad_value")."""
    day = date(text(dataset, "StudyDate"))
    return Study(
        key=StudyKey(short_key(uid(dataset, "StudyInstanceUID"))),
        description=text(dataset, "StudyDescription"),
        date=day,
        time=time(text(dataset, "StudyTime")),
        institution=text(dataset, "InstitutionName"),
        age=_stated_age(dataset) or age(date(text(dataset, "PatientBirthDate")), day),
    )


def _stated_age(dataset: Dataset) -> str:
    """PatientAge; "" where it is none, as 0000 and 000Y are."""
    stated = text(dataset, "PatientAge")
    return stated if stated.strip("0DWMY") else ""


def age(born: str, at: str) -> str:
    """Whole years between two ISO dates as an AS ("065Y"); months below two years; "" where a date is missing."""
    if not born or not at:
        return ""
    a, b = datetime.date.fromisoformat(born), datetime.date.fromisoformat(at)
    months = (b.year - a.year) * 12 + b.month - a.month - (b.day < a.day)
    if months < 0:
        return ""
    return f"{months:03}M" if months < 24 else f"{months // 12:03}Y"


def acquired(dataset: Dataset) -> str:
    """When the image was acquired, else when the series began; ISO 8601."""
    whole = text(dataset, "AcquisitionDateTime")
    if date(whole):
        return moment(date(whole), time(whole[8:14]))
    for kind in ("Acquisition", "Series"):
        day = date(text(dataset, f"{kind}Date"))
        if day:
            return moment(day, time(text(dataset, f"{kind}Time")))
    return ""
