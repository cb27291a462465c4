"""Where a frame lies: exact, or refused."""

from __future__ import annotations

import pytest
from pydicom.dataset import Dataset

from consult.dicom.reading.placement import orientation, patient_orientation, plane, position
from consult.model.errors import DicomRefused
from consult.model.geometry import dot, norm
from tests.support.dicom_files import item


@pytest.mark.parametrize(
    "cosines",
    [
        [2, 0, 0, 0, 2, 0],
        [0.99, 0, 0, 0, 1, 0],
        [1, 0, 0, 1, 0, 0],
        [1, 0, 0, 0.01, 1, 0],
        [0, 0, 0, 0, 0, 0],
        [1, 0, 0, 0, 1],
    ],
)
def test_an_orientation_that_is_none_is_refused(cosines: list[float]) -> None:
    with pytest.raises(DicomRefused) as refused:
        orientation(item(ImageOrientationPatient=cosines))
    assert (refused.value.code, refused.value.tag) == ("orientation", "ImageOrientationPatient")


def test_a_rounded_orientation_is_made_exact() -> None:
    found = orientation(item(ImageOrientationPatient=[0.9998, -0.0114, 0.0161, 0.0148, 0.9738, -0.2271]))
    assert found is not None
    right, down = found
    assert norm(right) == pytest.approx(1, abs=1e-15)
    assert norm(down) == pytest.approx(1, abs=1e-15)
    assert dot(right, down) == pytest.approx(0, abs=1e-15)
    assert right[0] == pytest.approx(0.9998, abs=2e-4)


def test_a_position_is_three_numbers_or_refused() -> None:
    assert position(item(ImagePositionPatient=[1, 2, 3])) == (1, 2, 3)
    assert position(Dataset()) is None
    for wrong in ([1, 2], [1, 2, 1e9]):
        with pytest.raises(DicomRefused):
            position(item(ImagePositionPatient=wrong))


def test_a_plane_needs_both() -> None:
    axes = orientation(item(ImageOrientationPatient=[1, 0, 0, 0, 1, 0]))
    assert plane(None, axes) is None
    assert plane((1, 2, 3), None) is None
    assert plane((1, 2, 3), axes) is not None


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (["L", "F"], ("L", "F")),
        (["P", "FL"], ("P", "FL")),
        (["l", "f"], ("L", "F")),
        (None, None),
        (["L"], None),
        (["L", ""], None),
        (["L", "R"], None),  # both along one axis of the patient
        (["LR", "F"], None),
        (["CR", "V"], None),  # an animal's
        (["\\", "X"], None),
    ],
)
def test_patient_orientation_is_two_directions_of_a_patient_or_none(
    value: list[str] | None, found: tuple[str, str] | None
) -> None:
    assert patient_orientation(item(PatientOrientation=value) if value else Dataset()) == found
