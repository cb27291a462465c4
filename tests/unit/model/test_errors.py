"""Errors name the tag, the value and the rule; a peer's fault and ours differ by type."""

from __future__ import annotations

from consult.model.errors import Conflict, ConsultError, DicomRefused, DifferentPatients, OurFault, PeerFault, Refused


def test_a_refused_file_names_tag_value_and_rule() -> None:
    error = DicomRefused("spacing", "two positive numbers in mm", tag="PixelSpacing", value="0\\0")
    assert str(error) == "spacing: PixelSpacing is '0\\\\0': two positive numbers in mm"
    assert (error.tag, error.value, error.rule) == ("PixelSpacing", "0\\0", "two positive numbers in mm")


def test_a_refused_file_as_a_whole_has_the_rule_alone() -> None:
    assert DicomRefused("not_dicom", "not a DICOM file").sentence == "not a DICOM file"


def test_faults_are_told_apart_by_type() -> None:
    assert issubclass(Refused, PeerFault)
    assert not issubclass(Refused, OurFault)
    assert isinstance(Conflict(3, 5), OurFault)
    assert Conflict(3, 5).sentence == "The log's head is 5, not 3."
    assert issubclass(PeerFault, ConsultError)


def test_different_patients_name_the_fields_in_words_and_the_values_apart() -> None:
    error = DifferentPatients({"PatientID": ("1", "2"), "PatientSex": ("F", "")})
    assert error.sentence == "These are not one patient's studies: PatientID, PatientSex differ."
    assert error.fields["PatientID"] == ("1", "2")
