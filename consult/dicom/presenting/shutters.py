"""Display shutters of a data set (PS3.3 C.7.6.11): of an image, or of a presentation state."""

from __future__ import annotations

from pydicom.dataset import Dataset

from consult.dicom.reading.attributes import integer, numbers, text, written
from consult.model.errors import DicomRefused
from consult.model.presentation_states.drawn import Shutter

EDGES = ("ShutterLeftVerticalEdge", "ShutterRightVerticalEdge", "ShutterUpperHorizontalEdge",
         "ShutterLowerHorizontalEdge")  # fmt: skip
FARTHEST = 1_000_000.0
"""Pixels: further away no edge of an image is."""
MAX_CORNERS = 10_000
WHITE = 65_535
"""The largest P-Value (PS3.3 C.7.6.11.1)."""


def read_shutter(dataset: Dataset) -> Shutter | None:
    """All of its shapes; None where it has none. Raises DicomRefused("missing", "bad_value")."""
    shapes = text(dataset, "ShutterShape").split("\\")
    found = Shutter(
        rectangle=_rectangle(dataset) if "RECTANGULAR" in shapes else None,
        circle=_circle(dataset) if "CIRCULAR" in shapes else None,
        polygon=_polygon(dataset) if "POLYGONAL" in shapes else (),
    )
    return None if found == Shutter() else found


def hidden_grey(dataset: Dataset) -> int:
    """ShutterPresentationValue as a grey; black where there is none. Raises DicomRefused("bad_value")."""
    value = integer(dataset, "ShutterPresentationValue") or 0
    if not 0 <= value <= WHITE:
        raise DicomRefused("bad_value", f"must be 0 to {WHITE}", tag="ShutterPresentationValue", value=str(value))
    return round(value * 255 / WHITE)


def _rectangle(dataset: Dataset) -> tuple[float, float, float, float]:
    left, right, upper, lower = (_several(dataset, keyword, 1)[0] for keyword in EDGES)
    return left, right, upper, lower


def _circle(dataset: Dataset) -> tuple[float, float, float]:
    row, column = _several(dataset, "CenterOfCircularShutter", 2)
    (radius,) = _several(dataset, "RadiusOfCircularShutter", 1)
    return row, column, radius


def _polygon(dataset: Dataset) -> tuple[tuple[float, float], ...]:
    keyword = "VerticesOfThePolygonalShutter"
    found = _several(dataset, keyword, None)
    if not 6 <= len(found) <= 2 * MAX_CORNERS or len(found) % 2:
        rule = f"must be 3 to {MAX_CORNERS} pairs of row and column"
        raise DicomRefused("bad_value", rule, tag=keyword, value=f"{len(found)} numbers")
    return tuple(zip(found[::2], found[1::2], strict=True))


def _several(dataset: Dataset, keyword: str, count: int | None) -> tuple[float, ...]:
    """So many numbers, of pixels. Raises DicomRefused."""
    found = numbers(dataset, keyword)
    if not found:
        raise DicomRefused("missing", "must be there for this ShutterShape", tag=keyword, value="absent")
    if count is not None and len(found) != count:
        rule = "must be one number" if count == 1 else f"must be {count} numbers"
        raise DicomRefused("bad_value", rule, tag=keyword, value=written(found))
    if max(map(abs, found)) > FARTHEST:
        rule = f"must be -{FARTHEST:.0f} to {FARTHEST:.0f}"
        raise DicomRefused("out_of_range", rule, tag=keyword, value=written(found))
    return found
