"""Graphics and words that a presentation state draws over its images (PS3.3 C.10.5), by their layers (C.10.7)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from pydicom.dataset import Dataset

from consult.dicom.presentation_states.records import Annotated
from consult.dicom.presentation_states.references import ReferenceReader
from consult.dicom.reading import lenient
from consult.dicom.reading.attributes import integer, items, numbers, raw, text, written
from consult.model.errors import DicomRefused
from consult.model.presentation_states.drawn import Annotation, Figure, Point, Words
from consult.model.text import visible

Kind = Literal["point", "line", "curve", "circle", "ellipse"]
KINDS: dict[str, tuple[Kind, int, int]] = {
    "POINT": ("point", 1, 1), "POLYLINE": ("line", 2, 0), "INTERPOLATED": ("curve", 2, 0), "CIRCLE": ("circle", 2, 2),
    "ELLIPSE": ("ellipse", 4, 4),
}  # fmt: skip
"""By GraphicType (PS3.3 C.10.5.1.2): how many points it has at least, and at most; 0: any number."""
MAX_OBJECTS, MAX_POINTS, MAX_CHARACTERS = 5_000, 100_000, 50_000
"""Of one state."""
MAX_LAYERS = 64
MAX_LINES, MAX_LINE = 40, 200
"""Of a text: how many lines, and of how many characters each; what is longer is cut."""
MAX_READ = 1 << 20
"""Characters of a text in which its lines are looked for."""
MAX_COORDINATE = 1e6
WHITE = 65_535
"""The largest P-Value (PS3.3 C.10.7)."""
PIXEL, DISPLAY = "PIXEL", "DISPLAY"


def read_annotations(dataset: Dataset, reader: ReferenceReader) -> tuple[Annotated, ...]:
    """All of them, the lowest layer first. Raises DicomRefused."""
    layers = _layers(dataset)
    found: list[tuple[tuple[int, str], Annotated]] = []
    for item in items(dataset, "GraphicAnnotationSequence"):
        name = text(item, "GraphicLayer")
        order, grey = layers.get(name, (0, 255))
        figures = tuple(_figure(one) for one in items(item, "GraphicObjectSequence"))
        words = tuple(_words(one) for one in items(item, "TextObjectSequence"))
        found.append(((order, name), Annotated(Annotation(figures, words, grey), reader.named(item))))
    found.sort(key=lambda one: one[0])
    _count([annotated.annotation for _, annotated in found], len({layer for layer, _ in found}))
    return tuple(annotated for _, annotated in found)


def _count(found: Sequence[Annotation], layers: int) -> None:
    """What is drawn anew for each picture has an end. Raises DicomRefused("too_many")."""
    figures, words = [f for a in found for f in a.figures], [w for a in found for w in a.words]
    counts = {
        "GraphicAnnotationSequence": (len(figures) + len(words), MAX_OBJECTS, "objects"),
        "GraphicData": (sum(len(figure.points) for figure in figures), MAX_POINTS, "points"),
        "UnformattedTextValue": (sum(map(len, (x for w in words for x in w.lines))), MAX_CHARACTERS, "characters"),
        "GraphicLayer": (layers, MAX_LAYERS, "layers"),
    }
    for tag, (count, most, what) in counts.items():
        if count > most:
            raise DicomRefused("too_many", f"must have at most {most} {what}", tag=tag, value=str(count))


def _layers(dataset: Dataset) -> dict[str, tuple[int, int]]:
    """Of each layer its order and its grey."""
    found = {}
    for item in lenient.items(dataset, "GraphicLayerSequence"):
        value = lenient.integer(item, "GraphicLayerRecommendedDisplayGrayscaleValue")
        grey = 255 if value is None else round(min(max(value, 0), WHITE) * 255 / WHITE)
        found[text(item, "GraphicLayer")] = (lenient.integer(item, "GraphicLayerOrder") or 0, grey)
    return found


def _figure(item: Dataset) -> Figure:
    name = text(item, "GraphicType")
    if name not in KINDS:
        raise DicomRefused("bad_value", f"must be one of {', '.join(KINDS)}", tag="GraphicType", value=name)
    kind, least, most = KINDS[name]
    if (dimensions := integer(item, "GraphicDimensions")) not in (None, 2):
        raise DicomRefused("bad_value", "must be 2", tag="GraphicDimensions", value=str(dimensions))
    in_area = _is_in_area(item, "GraphicAnnotationUnits")
    flat = numbers(item, "GraphicData")
    count = len(flat) // 2
    if len(flat) % 2 or count < least or (most and count > most):
        rule = f"must be {least} points of a {name}" if most else f"must be {least} or more points of a {name}"
        raise DicomRefused("bad_value", rule, tag="GraphicData", value=f"{len(flat)} numbers")
    points = tuple(_point(pair, "GraphicData", in_area=in_area) for pair in zip(flat[::2], flat[1::2], strict=True))
    return Figure(kind, points, text(item, "GraphicFilled") == "Y", in_area)


def _words(item: Dataset) -> Words:
    box = _corners(item)
    anchor = numbers(item, "AnchorPoint")
    if len(anchor) not in (0, 2) or (box is None and not anchor):
        rule = "must be two numbers, or a bounding box be there"
        raise DicomRefused("bad_value", rule, tag="AnchorPoint", value=written(anchor) or "absent")
    of_box = box is not None and _is_in_area(item, "BoundingBoxAnnotationUnits")
    of_anchor = bool(anchor) and _is_in_area(item, "AnchorPointAnnotationUnits")
    return Words(
        lines=_lines(item),
        box=None if box is None else (_point(box[0], BOX[0], in_area=of_box), _point(box[1], BOX[1], in_area=of_box)),
        anchor=_point((anchor[0], anchor[1]), "AnchorPoint", in_area=of_anchor) if anchor else None,
        pointing=text(item, "AnchorPointVisibility") == "Y",
        box_in_area=of_box,
        anchor_in_area=of_anchor,
    )


BOX = ("BoundingBoxTopLeftHandCorner", "BoundingBoxBottomRightHandCorner")


def _corners(item: Dataset) -> tuple[Point, Point] | None:
    """Of the box that a text stands in; None where it has none."""
    found = [numbers(item, keyword) for keyword in BOX]
    if not any(found):
        return None
    for keyword, corner in zip(BOX, found, strict=True):
        if len(corner) != 2:
            raise DicomRefused("bad_value", "must be two numbers", tag=keyword, value=written(corner) or "absent")
    return (found[0][0], found[0][1]), (found[1][0], found[1][1])


def _lines(item: Dataset) -> tuple[str, ...]:
    value = str(raw(item, "UnformattedTextValue") or "")[:MAX_READ]
    lines = value.replace("\r\n", "\n").replace("\r", "\n").split("\n")[:MAX_LINES]
    return tuple(visible(line[:MAX_LINE]).rstrip() for line in lines)


def _is_in_area(item: Dataset, keyword: str) -> bool:
    """Whether coordinates are parts of the displayed area, not pixels. Raises DicomRefused("bad_value")."""
    found = text(item, keyword)
    if found not in (PIXEL, DISPLAY):
        raise DicomRefused("bad_value", "must be PIXEL or DISPLAY", tag=keyword, value=found or "absent")
    return found == DISPLAY


def _point(pair: tuple[float, float], keyword: str, *, in_area: bool) -> Point:
    """In the file the first pixel begins at 0 (PS3.3 C.10.5.1.2); here its centre is at 0."""
    if max(map(abs, pair)) > MAX_COORDINATE:
        rule = f"must be -{MAX_COORDINATE:g} to {MAX_COORDINATE:g}"
        raise DicomRefused("out_of_range", rule, tag=keyword, value=written(pair))
    return pair if in_area else (pair[0] - 0.5, pair[1] - 0.5)
