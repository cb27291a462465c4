"""What a segmentation marks (PS3.3 C.8.20): its segments, and where its frames lie; in a worker, at import."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from pydicom.dataset import Dataset

from consult.dicom.pixels.colour import paint_by_palette
from consult.dicom.pixels.lookup import palette
from consult.dicom.reading import lenient
from consult.dicom.reading.attributes import integer, items, text
from consult.dicom.reading.opening import OpenedFile
from consult.dicom.reading.pixel_attributes import PALETTE, Pixels, colours, read_pixels
from consult.dicom.segmentations.colours import lab_colour, own_colour
from consult.dicom.segmentations.frames import SegmentFrame, read_segment_frames
from consult.dicom.segmentations.records import MAX_SEGMENTS, SegmentationRecord
from consult.model.errors import DicomRefused
from consult.model.geometry import Vec, cross, dot, norm, subtract
from consult.model.segmentations.layers import SAME_MM, Layers, distinct, nearest, spacing
from consult.model.segmentations.segmentation import Colour, Segment

TYPES = ("BINARY", "FRACTIONAL", "LABELMAP")
FRACTIONS = {"PROBABILITY": "paler where it is less sure", "OCCUPANCY": "paler where it fills less of a pixel"}
SAME_PLACE = "several frames at one place, which name no images: they are drawn over each other"
SAME_DIRECTION = 1e-3
Placed = tuple[SegmentFrame, int]
"""A frame and the index of its layer; -1 where it has no place."""


def read_segmentation(opened: OpenedFile) -> SegmentationRecord:
    """What is kept of it.

    Raises:
        DicomRefused: names tag, value and rule.
    """
    dataset = opened.dataset
    pixels, segments = read_pixels(opened), read_segments(dataset)
    frames = segment_frames(dataset, pixels, segments)
    layers = layers_of(frames)
    repeats = layers is None or _repeats(placed(frames, layers))
    references = tuple(dict.fromkeys(uid for f in frames for uid, _ in f.references)) if repeats else ()
    return SegmentationRecord(
        kind="regions",
        segments=segments,
        layers=layers,
        shape=(pixels.format.rows, pixels.format.columns),
        spacing_mm=frames[0].spacing_mm or (0.0, 0.0),
        corner=corners(frames, layers)[0] if layers is not None else (0.0, 0.0, 0.0),
        references=references,
        note=_note(dataset) or (SAME_PLACE if layers is not None and repeats and not references else ""),
    )


def segmentation_type(dataset: Dataset) -> str:
    """BINARY, FRACTIONAL or LABELMAP. Raises DicomRefused("bad_value")."""
    found = text(dataset, "SegmentationType")
    if found not in TYPES:
        raise DicomRefused("bad_value", f"must be one of {', '.join(TYPES)}", tag="SegmentationType", value=found)
    return found


def read_segments(dataset: Dataset) -> tuple[Segment, ...]:
    """The segments, in the order of the file; of a label map without its background. Raises DicomRefused."""
    found = items(dataset, "SegmentSequence")
    if not 1 <= len(found) <= MAX_SEGMENTS:
        rule = f"must have 1 to {MAX_SEGMENTS} items"
        raise DicomRefused("too_many", rule, tag="SegmentSequence", value=str(len(found)))
    painted = _palette_colours(dataset)
    segments = [_segment(item, painted) for item in found]
    numbers = [segment.number for segment in segments]
    if len(set(numbers)) < len(numbers):
        raise DicomRefused("bad_value", "must number each segment once", tag="SegmentNumber", value=str(max(numbers)))
    return tuple(segment for segment in segments if segment.number > 0)


def _palette_colours(dataset: Dataset) -> Callable[[int], Colour]:
    """What colours numbers have by the palette of a label map, else by our own. Raises DicomRefused("lut")."""
    if colours(dataset)[0] != PALETTE:
        return own_colour
    tables = palette(dataset)

    def painted(number: int) -> Colour:
        red, green, blue = paint_by_palette(np.array([[number]], np.uint16), tables)[0, 0].tolist()
        return red, green, blue

    return painted


def _segment(item: Dataset, painted: Callable[[int], Colour]) -> Segment:
    number = integer(item, "SegmentNumber")
    if number is None or not 0 <= number <= 65535:
        raise DicomRefused("bad_value", "must be 0 to 65535", tag="SegmentNumber", value=str(number))
    lab = lenient.numbers(item, "RecommendedDisplayCIELabValue")
    usable = len(lab) == 3 and all(0 <= value <= 65535 for value in lab)
    return Segment(number, text(item, "SegmentLabel"), lab_colour(lab) if usable else painted(number))


def segment_frames(dataset: Dataset, pixels: Pixels, segments: Sequence[Segment]) -> list[SegmentFrame]:
    """The frames, held against the segments. Raises DicomRefused."""
    kind = segmentation_type(dataset)
    photometric = colours(dataset)[0]
    if pixels.format.colour and not (photometric == PALETTE and kind == "LABELMAP"):
        rule = "must be MONOCHROME2, of a label map also PALETTE COLOR"
        raise DicomRefused("photometric", rule, tag="PhotometricInterpretation", value=photometric)
    if pixels.format.dtype not in ("uint8", "uint16"):
        bits = str(integer(dataset, "BitsAllocated"))
        raise DicomRefused("bad_value", "must be 1, 8 or 16, without a sign", tag="BitsAllocated", value=bits)
    frames = read_segment_frames(dataset, pixels.frames, labels=kind == "LABELMAP")
    known = {segment.number for segment in segments} | {0}
    odd = next((frame.segment for frame in frames if frame.segment not in known), None)
    if odd is not None:
        rule = "must be the number of a segment of SegmentSequence"
        raise DicomRefused("bad_value", rule, tag="ReferencedSegmentNumber", value=str(odd))
    return frames


def layers_of(frames: Sequence[SegmentFrame]) -> Layers | None:
    """The layers that the frames lie in; None where one has no place.

    Raises:
        DicomRefused: "orientation": they lie in planes of several directions.
    """
    planes = [frame.plane for frame in frames if frame.plane is not None]
    if len(planes) < len(frames):
        return None
    first = planes[0]
    if any(max(_off(p.right, first.right), _off(p.down, first.down)) > SAME_DIRECTION for p in planes):
        rule = "frames must lie in planes of one direction"
        raise DicomRefused("orientation", rule, tag="ImageOrientationPatient", value="several")
    normal = cross(first.right, first.down)
    locations = distinct([dot(plane.position, normal) for plane in planes])
    between, thick = max(f.between_mm for f in frames), max(f.thickness_mm for f in frames)
    return Layers(first.right, first.down, locations, spacing(locations, between, thick))


def _off(a: Vec, b: Vec) -> float:
    return norm(subtract(a, b))


def placed(frames: Sequence[SegmentFrame], layers: Layers | None) -> list[Placed]:
    """Each frame with its layer."""
    if layers is None:
        return [(frame, -1) for frame in frames]
    found: list[Placed] = []
    for frame in frames:
        at = nearest(layers.locations, dot(frame.plane.position, layers.normal)) if frame.plane is not None else None
        found.append((frame, -1 if at is None else at))
    return found


def _repeats(frames: Sequence[Placed]) -> bool:
    """Whether several frames mark one segment in one layer: at several times."""
    marked = [(frame.segment, layer) for frame, layer in frames]
    return len(set(marked)) < len(marked)


def corners(frames: Sequence[SegmentFrame], layers: Layers) -> tuple[Vec, ...]:
    """The centre of the first pixel of each layer.

    Raises:
        DicomRefused: "position": frames of one layer begin at several places.
    """
    found: dict[int, Vec] = {}
    for frame, layer in placed(frames, layers):
        assert frame.plane is not None  # there are layers: each has one
        corner = found.setdefault(layer, frame.plane.position)
        if _off(corner, frame.plane.position) > 2 * SAME_MM:
            rule = "frames of one plane must begin at one place"
            raise DicomRefused("position", rule, tag="ImagePositionPatient", value="several")
    return tuple(found[layer] for layer in range(len(layers.locations)))


def _note(dataset: Dataset) -> str:
    kind = text(dataset, "SegmentationFractionalType") if segmentation_type(dataset) == "FRACTIONAL" else ""
    return FRACTIONS.get(kind, "")
