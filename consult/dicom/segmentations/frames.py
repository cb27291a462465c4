"""The frames of a segmentation (PS3.3 C.8.20): which segment each marks, where it lies, and which images it marks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pydicom.dataset import Dataset

from consult.dicom.reading import lenient
from consult.dicom.reading.attributes import integer, items, number, text
from consult.dicom.reading.placement import orientation, plane, position
from consult.dicom.reading.spacing import millimetres
from consult.dicom.records import Plane
from consult.model.errors import DicomRefused
from consult.model.words import counted

MAX_REFERENCES = 64
"""Images that one frame is read to mark."""
Group = Callable[[str], Dataset]


@dataclass(frozen=True)
class SegmentFrame:
    """One frame.

    Attributes:
        segment: its number; 0 in a label map, whose pixels are numbers.
        plane: None where it has no place in the patient.
        spacing_mm: (row, column), or None.
        between_mm, thickness_mm: from one frame to the next, and its own; 0 where unknown.
        references: (SOPInstanceUID, frame from 1; 0: all) of images that it marks.
    """

    segment: int
    plane: Plane | None
    spacing_mm: tuple[float, float] | None
    between_mm: float
    thickness_mm: float
    references: tuple[tuple[str, int], ...]


def read_segment_frames(dataset: Dataset, count: int, *, labels: bool) -> list[SegmentFrame]:
    """All frames.

    Args:
        count: of frames.
        labels: it is a label map.

    Raises:
        DicomRefused: "functional_groups", "missing", "bad_value", "orientation", "position".
    """
    own = items(dataset, "PerFrameFunctionalGroupsSequence")
    if own and len(own) != count:
        rule = f"must have an item for each of {counted(count, 'frame')}"
        raise DicomRefused("functional_groups", rule, tag="PerFrameFunctionalGroupsSequence", value=str(len(own)))
    shared = (items(dataset, "SharedFunctionalGroupsSequence") or [Dataset()])[0]
    whole = _whole_references(dataset) if count == 1 else ()
    return [_frame(_group_of(own[i] if own else Dataset(), shared), whole, labels=labels) for i in range(count)]


def _group_of(own: Dataset, shared: Dataset) -> Group:
    return lambda keyword: (items(own if keyword in own else shared, keyword) or [Dataset()])[0]


def _frame(group: Group, whole: tuple[tuple[str, int], ...], *, labels: bool) -> SegmentFrame:
    measures = group("PixelMeasuresSequence")
    place = plane(position(group("PlanePositionSequence")), orientation(group("PlaneOrientationSequence")))
    spacing = millimetres(measures, "PixelSpacing")
    return SegmentFrame(
        segment=0 if labels else _segment(group("SegmentIdentificationSequence")),
        plane=place if spacing is not None else None,
        spacing_mm=spacing,
        between_mm=max(0.0, lenient.number(measures, "SpacingBetweenSlices") or 0.0),
        thickness_mm=max(0.0, lenient.number(measures, "SliceThickness") or 0.0),
        references=_references(group("DerivationImageSequence")) or whole,
    )


def _segment(identification: Dataset) -> int:
    found = integer(identification, "ReferencedSegmentNumber")
    if found is None:
        raise DicomRefused("missing", "must be there for each frame", tag="ReferencedSegmentNumber", value="absent")
    return found


def _references(derivation: Dataset) -> tuple[tuple[str, int], ...]:
    """Of DerivationImageSequence (PS3.3 C.7.6.16.2.6): the first item's sources, each with its first frame."""
    found = lenient.items(derivation, "SourceImageSequence")[:MAX_REFERENCES]
    return tuple((text(item, "ReferencedSOPInstanceUID"), _frame_number(item)) for item in found)


def _frame_number(item: Dataset) -> int:
    return int(number(item, "ReferencedFrameNumber") or 0)


def _whole_references(dataset: Dataset) -> tuple[tuple[str, int], ...]:
    """Of the object itself (PS3.3 C.12.4): what its one frame marks, where the frame does not say."""
    found: list[tuple[str, int]] = []
    for series in lenient.items(dataset, "ReferencedSeriesSequence")[:MAX_REFERENCES]:
        for item in lenient.items(series, "ReferencedInstanceSequence")[:MAX_REFERENCES]:
            found.append((text(item, "ReferencedSOPInstanceUID"), 0))
    return tuple(found[:MAX_REFERENCES])
