"""Where a frame lies in the patient (PS3.3 C.7.6.2.1.1). What is no orientation is never guessed."""

from __future__ import annotations

from pydicom.dataset import Dataset

from consult.dicom.reading.attributes import numbers, text, written
from consult.dicom.records import Plane
from consult.model.errors import DicomRefused
from consult.model.geometry import Vec, dot, norm, scale, subtract

TOLERANCE = 1e-3
"""Of the lengths and the scalar product of ImageOrientationPatient; within it, they are made exact."""
MAX_MM = 1e6
AXIS_OF = {"R": "x", "L": "x", "A": "y", "P": "y", "H": "z", "F": "z"}
"""Letters of PatientOrientation for bipeds; an animal's are others, and are not shown."""


def orientation(dataset: Dataset) -> tuple[Vec, Vec] | None:
    """(right, down): unit vectors of increasing column and row index, perpendicular. None where absent.

    Raises:
        DicomRefused: "orientation".
    """
    found = numbers(dataset, "ImageOrientationPatient")
    if not found:
        return None
    if len(found) != 6:
        raise _refused(found, "must be six direction cosines")
    right, down = (found[0], found[1], found[2]), (found[3], found[4], found[5])
    if abs(norm(right) - 1) > TOLERANCE or abs(norm(down) - 1) > TOLERANCE:
        raise _refused(found, "must be two unit vectors")
    if abs(dot(right, down)) > TOLERANCE:
        raise _refused(found, "must be two perpendicular vectors")
    right = scale(right, 1 / norm(right))
    down = subtract(down, scale(right, dot(right, down)))
    return right, scale(down, 1 / norm(down))


def patient_orientation(dataset: Dataset) -> tuple[str, str] | None:
    """PatientOrientation (PS3.3 C.7.6.1.1.1): letters of where rows and columns lead to; None where it is none.

    Wrong letters are worse than none: a pair that names one axis of the patient twice is none.
    """
    row, _, column = text(dataset, "PatientOrientation").upper().partition("\\")
    letters = row.strip(), column.strip()
    axes = [AXIS_OF.get(letter, "") for word in letters for letter in word]
    if not all(letters) or "" in axes or any(len({AXIS_OF[c] for c in word}) < len(word) for word in letters):
        return None
    return None if AXIS_OF[letters[0][0]] == AXIS_OF[letters[1][0]] else letters


def position(dataset: Dataset) -> Vec | None:
    """Centre of the first pixel, LPS mm; None where absent. Raises DicomRefused("position")."""
    found = numbers(dataset, "ImagePositionPatient")
    if not found:
        return None
    if len(found) != 3 or max(abs(v) for v in found) > MAX_MM:
        rule = "must be three numbers in mm"
        raise DicomRefused("position", rule, tag="ImagePositionPatient", value=written(found))
    return found[0], found[1], found[2]


def plane(place: Vec | None, axes: tuple[Vec, Vec] | None) -> Plane | None:
    """Both together; None where one is missing."""
    return None if place is None or axes is None else Plane(place, *axes)


def _refused(found: tuple[float, ...], rule: str) -> DicomRefused:
    return DicomRefused("orientation", rule, tag="ImageOrientationPatient", value=written(found))
