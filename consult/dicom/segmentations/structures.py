"""What a structure set marks (PS3.3 C.8.8.5, C.8.8.6): ROIs with names, colours and contours. In a worker.

Rules of this file:
- Coordinates are read from the file's own text, without an object for each: a structure set may have millions.
- The plane that most of the contours' area lies in is the structure set's; what lies in others is left out, and said.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset

from consult.dicom.limits import MAX_NUMBER
from consult.dicom.reading import lenient
from consult.dicom.reading.attributes import integer, items, text
from consult.dicom.reading.opening import OpenedFile, open_dicom
from consult.dicom.segmentations.colours import own_colour
from consult.dicom.segmentations.records import MAX_SEGMENTS, SegmentationRecord
from consult.model.errors import DicomRefused
from consult.model.geometry import Vec, cross, norm, scale
from consult.model.segmentations.layers import SAME_MM, Layers, distinct, nearest, spacing
from consult.model.segmentations.segmentation import Colour, Segment
from consult.model.words import counted
from consult.rendering.segmentations.contours import Contour

MAX_CONTOURS = 200_000
MAX_POINTS = 3_000_000
"""Of all contours; 72 MB as numbers."""
PART_BYTES = 1 << 20
"""Of ContourData that are read at once."""
Kind = Literal["closed", "open", "points"]
KINDS: dict[str, Kind] = {
    "CLOSED_PLANAR": "closed", "CLOSEDPLANAR_XOR": "closed", "OPEN_PLANAR": "open", "OPEN_NONPLANAR": "open",
    "POINT": "points",
}  # fmt: skip
Points = NDArray[np.float64]
AXIAL: Vec = (0.0, 0.0, 1.0)
SAMPLED = 64
"""Closed contours of which the plane is found."""


@dataclass(frozen=True)
class Outline:
    """A contour as the file has it; its points (n, 3) LPS mm."""

    segment: int
    kind: Kind
    points: Points


@dataclass(frozen=True)
class Structures:
    """All that is read of a structure set.

    Attributes:
        frame: its FrameOfReferenceUID.
        left_out: contours that lie in other planes than its layers.
    """

    frame: str
    segments: tuple[Segment, ...]
    layers: Layers
    contours: tuple[Contour, ...]
    left_out: int


def read_structure_set(opened: OpenedFile) -> tuple[SegmentationRecord, str]:
    """What is kept of it, and its FrameOfReferenceUID. Raises DicomRefused."""
    found = _structures(opened.dataset)
    note = f"{counted(found.left_out, 'contour')} in other planes not drawn" if found.left_out else ""
    return SegmentationRecord("contours", found.segments, found.layers, note=note), found.frame


def read_contours(path: str) -> tuple[Layers, tuple[Contour, ...]]:
    """The contours of a file, and their layers. Raises DicomRefused."""
    with open_dicom(path) as opened:
        found = _structures(opened.dataset)
    return found.layers, found.contours


def _structures(dataset: Dataset) -> Structures:
    rois = items(dataset, "StructureSetROISequence")
    if not 1 <= len(rois) <= MAX_SEGMENTS:
        rule = f"must have 1 to {MAX_SEGMENTS} items"
        raise DicomRefused("too_many", rule, tag="StructureSetROISequence", value=str(len(rois)))
    frame = _frame(dataset, rois)
    drawn = items(dataset, "ROIContourSequence")
    colours = {number: _colour(item, number) for item in drawn if (number := _number(item, "ReferencedROINumber")) >= 0}
    segments = tuple(
        Segment(number, text(roi, "ROIName"), colours.get(number, own_colour(number)))
        for roi in rois
        if (number := _number(roi, "ROINumber")) >= 0 and text(roi, "ReferencedFrameOfReferenceUID") in ("", frame)
    )
    known = {segment.number for segment in segments}
    outlines = [outline for outline in _outlines(drawn) if outline.segment in known]
    if not outlines:
        raise DicomRefused("missing", "must hold contours", tag="ROIContourSequence", value="none")
    layers, contours = _layered(outlines)
    return Structures(frame, segments, layers, contours, len(outlines) - len(contours))


def _number(item: Dataset, keyword: str) -> int:
    """A ROI's number. Raises DicomRefused("bad_value")."""
    found = integer(item, keyword)
    if found is None or not 0 <= found <= 65535:
        raise DicomRefused("bad_value", "must be 0 to 65535", tag=keyword, value=str(found))
    return found


def _frame(dataset: Dataset, rois: list[Dataset]) -> str:
    """The frame of reference of its first ROI, else of the first that is referenced."""
    named = [text(roi, "ReferencedFrameOfReferenceUID") for roi in rois]
    named += [
        text(item, "FrameOfReferenceUID") for item in lenient.items(dataset, "ReferencedFrameOfReferenceSequence")
    ]
    return next(filter(None, named), text(dataset, "FrameOfReferenceUID"))


def _colour(item: Dataset, number: int) -> Colour:
    found = lenient.numbers(item, "ROIDisplayColor")
    if len(found) != 3 or not all(0 <= value <= 255 for value in found):
        return own_colour(number)
    return round(found[0]), round(found[1]), round(found[2])


def _outlines(drawn: list[Dataset]) -> Iterator[Outline]:
    """All contours, counted. Raises DicomRefused."""
    contours = points = 0
    for item in drawn:
        number = _number(item, "ReferencedROINumber")
        for contour in lenient.items(item, "ContourSequence"):
            kind = KINDS.get(text(contour, "ContourGeometricType"))
            if kind is None:
                continue
            placed = _points(contour, MAX_POINTS - points)
            if len(placed) == 0:
                continue
            contours, points = contours + 1, points + len(placed)
            if contours > MAX_CONTOURS:
                rule = f"must hold at most {MAX_CONTOURS} contours"
                raise DicomRefused("too_many", rule, tag="ContourSequence", value=f"more than {MAX_CONTOURS}")
            yield Outline(number, kind, placed)


def _points(contour: Dataset, most: int) -> Points:
    """(n, 3) of ContourData. Raises DicomRefused("bad_value", "too_many", "out_of_range")."""
    element = contour.get_item("ContourData")
    is_raw = isinstance(element, RawDataElement)
    value = element.value if is_raw and element is not None else text(contour, "ContourData").encode()
    written = bytes(value or b"").rstrip(b"\0 ")
    if not written:
        return np.empty((0, 3))
    if written.count(b"\\") >= 3 * most:
        rule = f"must hold at most {MAX_POINTS} points"
        raise DicomRefused("too_many", rule, tag="ContourData", value=f"more than {MAX_POINTS}")
    try:
        numbers = np.concatenate([*_numbers(written)])
    except ValueError:
        shown = written[:40].decode("ascii", "replace")
        raise DicomRefused("bad_value", "must be numbers", tag="ContourData", value=shown) from None
    if len(numbers) % 3:
        raise DicomRefused("bad_value", "must be points of three numbers", tag="ContourData", value=str(len(numbers)))
    if not np.isfinite(numbers).all() or np.abs(numbers).max() > MAX_NUMBER:
        raise DicomRefused("out_of_range", "must be finite millimetres", tag="ContourData", value="beyond")
    return numbers.reshape(-1, 3)


def _numbers(written: bytes) -> Iterator[NDArray[np.float64]]:
    """Numbers as they are written, part by part: of all at once each word would be an object. Raises ValueError."""
    at = 0
    while at <= len(written):
        end = written.find(b"\\", at + PART_BYTES)
        end = len(written) if end < 0 else end
        yield np.array([float(word) for word in written[at:end].split(b"\\")], np.float64)
        at = end + 1


def _layered(outlines: list[Outline]) -> tuple[Layers, tuple[Contour, ...]]:
    """The layers that contours lie in, and those that do."""
    right, down = _axes(_normal(outlines))
    normal = np.array(cross(right, down))
    depths = [outline.points @ normal for outline in outlines]
    flat = [bool(np.ptp(depth) <= 2 * SAME_MM) for depth in depths]
    means = [float(depth.mean()) for depth in depths]
    locations = distinct([mean for mean, lies in zip(means, flat, strict=True) if lies])
    layers = Layers(right, down, locations, spacing(locations, 0.0, 0.0))
    contours = [
        Contour(layer, outline.segment, outline.kind, outline.points)
        for outline, mean, lies in zip(outlines, means, flat, strict=True)
        if lies and (layer := nearest(locations, mean)) is not None
    ]
    return layers, tuple(contours)


def _normal(outlines: list[Outline]) -> Vec:
    """Of the largest of the closed contours (Newell's method); axial where none is closed."""
    best, found = 0.0, AXIAL
    closed = [outline.points for outline in outlines if outline.kind == "closed" and len(outline.points) > 2]
    for points in closed[:: max(1, len(closed) // SAMPLED)]:
        from_first = points - points[0]
        area = np.cross(from_first, np.roll(from_first, -1, axis=0)).sum(axis=0)
        size = float(np.linalg.norm(area))
        if size > best:
            best, found = size, (float(area[0]), float(area[1]), float(area[2]))
    found = scale(found, 1 / norm(found))
    strongest = max(found, key=abs)
    return found if strongest > 0 else scale(found, -1.0)


def _axes(normal: Vec) -> tuple[Vec, Vec]:
    """(right, down) of planes with that normal."""
    along = (1.0, 0.0, 0.0) if abs(normal[0]) < 0.9 else (0.0, 1.0, 0.0)
    down = cross(normal, along)
    down = scale(down, 1 / norm(down))
    return cross(down, normal), down
