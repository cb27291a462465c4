"""Reads a presentation state (PS3.3 A.33.1): windows, displayed area, turn, flip, shutters, what is drawn.

What it asks for beside that is named, never left out in silence. Nothing here refuses a file but one that is about no
image.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from pydicom.dataset import Dataset

from consult.dicom.presenting.state_records import Annotated, Box, Instance, Part, StateRecord
from consult.dicom.reading import lenient
from consult.dicom.reading.attributes import lut_items, text
from consult.dicom.reading.windows import voi_function, windows
from consult.model.errors import DicomRefused
from consult.model.states.state import Drawing, Pairs, Shutter

MAX_DRAWINGS, MAX_POINTS, MAX_TEXT = 500, 2_000, 200
ROUND = 64
"""Corners that a circle or an ellipse is drawn with."""
HALF = 0.5
"""Pixels in the file begin at their corner (PS3.3 C.10.5.1.1), here in their middle."""
MODALITY_LUT, VOI_LUT, MASK = "its modality LUT", "its VOI LUT", "its mask"
PRESENTATION_LUT, BITMAP, VOLUMES = "its presentation LUT", "its bitmap shutter", "its compound graphics"


def read_state(dataset: Dataset) -> StateRecord:
    """Of a Grayscale or Color Softcopy Presentation State.

    Raises:
        DicomRefused: "not_shown": it is about no image.
    """
    about = tuple(_instances(dataset))
    if not about:
        raise DicomRefused("not_shown", "It is about no image.", tag="ReferencedSeriesSequence")
    turn = lenient.integer(dataset, "ImageRotation") or 0
    return StateRecord(
        name=text(dataset, "ContentDescription") or text(dataset, "ContentLabel") or "Presentation state",
        about=about,
        parts=(*_windows(dataset), *_areas(dataset), *_drawn(dataset)),
        quarters=turn // 90 % 4,
        flipped=text(dataset, "ImageHorizontalFlip") == "Y",
        inverse=text(dataset, "PresentationLUTShape") == "INVERSE",
        shutters=tuple(_shutters(dataset)),
        creator=text(dataset, "ContentCreatorName").replace("^", " ").strip(),
        date=_date(text(dataset, "PresentationCreationDate")),
        lacks=tuple(_lacks(dataset)),
    )


def _date(written: str) -> str:
    return f"{written[:4]}-{written[4:6]}-{written[6:8]}" if len(written) == 8 and written.isdecimal() else ""


def _instances(dataset: Dataset) -> Iterator[Instance]:
    for series in lenient.items(dataset, "ReferencedSeriesSequence"):
        yield from _referenced(series)


def _referenced(item: Dataset) -> Iterator[Instance]:
    for image in lenient.items(item, "ReferencedImageSequence"):
        if uid := text(image, "ReferencedSOPInstanceUID"):
            yield Instance(uid, tuple(int(n) for n in lenient.numbers(image, "ReferencedFrameNumber")))


def _windows(dataset: Dataset) -> Iterator[Part]:
    for item in lenient.items(dataset, "SoftcopyVOILUTSequence"):
        for named in windows(item)[:1]:
            yield Part(tuple(_referenced(item)), window=named.window)


def _areas(dataset: Dataset) -> Iterator[Part]:
    for item in lenient.items(dataset, "DisplayedAreaSelectionSequence"):
        corners = (
            *lenient.numbers(item, "DisplayedAreaTopLeftHandCorner"),
            *lenient.numbers(item, "DisplayedAreaBottomRightHandCorner"),
        )
        if len(corners) == 4:
            yield Part(tuple(_referenced(item)), area=_box(corners))


def _box(corners: Pairs) -> Box:
    """The edges of an area between two pixels, both of which are in it; after a turn the corners may be others."""
    columns, rows = sorted(corners[::2]), sorted(corners[1::2])
    return columns[0] - 1.5, rows[0] - 1.5, columns[1] - HALF, rows[1] - HALF


def _drawn(dataset: Dataset) -> Iterator[Part]:
    left = MAX_DRAWINGS
    for item in lenient.items(dataset, "GraphicAnnotationSequence"):
        found = [*filter(None, _graphics(item)), *filter(None, _texts(item))][:left]
        left -= len(found)
        if found:
            yield Part(tuple(_referenced(item)), annotations=tuple(found))


def _graphics(item: Dataset) -> Iterator[Annotated | None]:
    for graphic in lenient.items(item, "GraphicObjectSequence"):
        points = lenient.numbers(graphic, "GraphicData")[: 2 * MAX_POINTS]
        relative = text(graphic, "GraphicAnnotationUnits") == "DISPLAY"
        line = _line(text(graphic, "GraphicType"), points)
        filled = text(graphic, "GraphicFilled") == "Y"
        yield Annotated(Drawing(_moved(line, relative), filled), relative) if line else None


def _line(kind: str, points: Pairs) -> Pairs:
    """The corners of what is drawn; none where its points are not what its kind wants (PS3.3 C.10.5.1.2)."""
    if kind in ("POLYLINE", "INTERPOLATED", "POINT") and len(points) >= 2 and len(points) % 2 == 0:
        return points
    if kind == "CIRCLE" and len(points) == 4:
        (x, y), (on_x, on_y) = points[:2], points[2:]
        radius = math.hypot(on_x - x, on_y - y)
        return _ring((x, y), (radius, 0.0), (0.0, radius))
    if kind == "ELLIPSE" and len(points) == 8:
        ax, ay, bx, by, cx, cy, dx, dy = points
        return _ring(((ax + bx) / 2, (ay + by) / 2), ((bx - ax) / 2, (by - ay) / 2), ((dx - cx) / 2, (dy - cy) / 2))
    return ()


def _ring(middle: Pairs, one: Pairs, other: Pairs) -> Pairs:
    """An ellipse by its two half axes, closed."""
    turns = [2 * math.pi * n / ROUND for n in range(ROUND + 1)]
    corners = ((math.cos(turn), math.sin(turn)) for turn in turns)
    return tuple(middle[i] + c * one[i] + s * other[i] for c, s in corners for i in (0, 1))


def _moved(points: Pairs, relative: bool) -> Pairs:
    return points if relative else tuple(value - HALF for value in points)


def _texts(item: Dataset) -> Iterator[Annotated | None]:
    for written in lenient.items(item, "TextObjectSequence"):
        words = text(written, "UnformattedTextValue")[:MAX_TEXT]
        box = lenient.numbers(written, "BoundingBoxTopLeftHandCorner")
        at = box or lenient.numbers(written, "AnchorPoint")
        units = text(written, "BoundingBoxAnnotationUnits" if box else "AnchorPointAnnotationUnits")
        relative = units == "DISPLAY"
        yield Annotated(Drawing(_moved(at, relative), text=words), relative) if words and len(at) == 2 else None


def _shutters(dataset: Dataset) -> Iterator[Shutter]:
    """Those that can be drawn; edges and corners are pixels from 1."""
    shapes = text(dataset, "ShutterShape").split("\\")
    if "RECTANGULAR" in shapes:
        sides = ("LeftVertical", "UpperHorizontal", "RightVertical", "LowerHorizontal")
        edges = [lenient.number(dataset, f"Shutter{side}Edge") for side in sides]
        if all(edge is not None for edge in edges):
            yield Shutter("rectangle", tuple((edge or 0.0) - 1 for edge in edges))
    if "CIRCULAR" in shapes:
        middle, radius = (
            lenient.numbers(dataset, "CenterOfCircularShutter"),
            lenient.number(dataset, "RadiusOfCircularShutter"),
        )
        if len(middle) == 2 and radius:
            yield Shutter("circle", (middle[1] - 1, middle[0] - 1, radius))
    if "POLYGONAL" in shapes:
        corners = lenient.numbers(dataset, "VerticesOfThePolygonalShutter")[: 2 * MAX_POINTS]
        if len(corners) >= 6 and len(corners) % 2 == 0:
            pairs = zip(corners[1::2], corners[::2], strict=True)
            yield Shutter("polygon", tuple(value - 1 for pair in pairs for value in pair))


def _lacks(dataset: Dataset) -> Iterator[str]:
    """What it asks for that is not applied."""
    softcopy = lenient.items(dataset, "SoftcopyVOILUTSequence")
    if any(lut_items(item, "VOILUTSequence") or voi_function(item) == "SIGMOID" for item in softcopy):
        yield VOI_LUT
    if lut_items(dataset, "ModalityLUTSequence"):
        yield MODALITY_LUT
    if lut_items(dataset, "PresentationLUTSequence"):
        yield PRESENTATION_LUT
    if lenient.items(dataset, "MaskSubtractionSequence"):
        yield MASK
    if "BITMAP" in text(dataset, "ShutterShape").split("\\"):
        yield BITMAP
    annotations = lenient.items(dataset, "GraphicAnnotationSequence")
    if any(lenient.items(item, "CompoundGraphicSequence") for item in annotations):
        yield VOLUMES
