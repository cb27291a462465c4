"""Who, when and what."""

from __future__ import annotations

import pytest

from consult.dicom.naming import short_key
from consult.dicom.reading.file_reader import read_file
from consult.dicom.reading.patient import acquired, age, patient, study, uid
from consult.model.catalogue import Patient
from consult.model.errors import DicomRefused
from tests.support.dicom_files import ABSENT, ct, item
from tests.support.shared_data import shared


def test_the_patient_is_reported_as_in_the_file() -> None:
    assert patient(ct()) == Patient("DEMO^ANNA", "10042", "1961-03-14", "F")
    assert patient(ct(IssuerOfPatientID="NORTH")).issuer == "NORTH"
    assert patient(item()) == Patient("", "")


def test_the_study_with_its_key_date_and_age() -> None:
    found = study(ct())
    assert found.key == short_key("1.2.3")
    assert (found.date, found.time, found.age) == ("2026-11-24", "09:12:40", "065Y")
    assert study(ct(PatientAge="003M")).age == "003M"


@pytest.mark.parametrize("value", [ABSENT, ""])
def test_a_uid_that_is_not_there_is_refused(value: object) -> None:
    with pytest.raises(DicomRefused) as refused:
        uid(ct(StudyInstanceUID=value), "StudyInstanceUID")
    assert (refused.value.code, refused.value.tag) == ("missing", "StudyInstanceUID")


@pytest.mark.parametrize(
    ("born", "at", "expected"),
    [
        ("1961-03-14", "2026-03-13", "064Y"),
        ("1961-03-14", "2026-03-14", "065Y"),
        ("2026-01-15", "2026-03-14", "001M"),
        ("2027-01-01", "2026-01-01", ""),
        ("", "2026-01-01", ""),
    ],
)
def test_age(born: str, at: str, expected: str) -> None:
    assert age(born, at) == expected


def test_the_moment_of_acquisition_comes_before_that_of_the_series() -> None:
    dated = {"SeriesDate": "20260102", "SeriesTime": "0304"}
    assert acquired(item(**dated)) == "2026-01-02T03:04:00"
    assert acquired(item(**dated, AcquisitionDate="20260103", AcquisitionTime="010203")) == "2026-01-03T01:02:03"
    assert acquired(item(**dated, AcquisitionDateTime="20260104050607.5+0100")) == "2026-01-04T05:06:07"
    assert acquired(item()) == ""


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("chrGreek", "Διονυσιος"),
        ("chrRuss", "Люкceмбypг"),
        ("chrArab", "قباني^لنزار"),
        ("chrH31", "Yamada^Tarou=山田^太郎=やまだ^たろう"),
        ("chrX1", "Wang^XiaoDong=王^小東"),
    ],
)
def test_names_are_decoded_by_the_character_set_of_the_file(file: str, name: str) -> None:
    path = shared(f"conformance/pydicom/charset_files/{file}.dcm")
    assert read_file(str(path)).patient.name == name
