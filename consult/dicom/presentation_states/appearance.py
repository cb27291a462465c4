"""How a presentation state shows its images: greys (PS3.3 C.11.1, C.11.6, C.11.8), turn (C.10.6), area (C.10.4)."""

from __future__ import annotations

from typing import cast, get_args

from pydicom.dataset import Dataset

from consult.dicom.presentation_states.records import Area, References, Voi
from consult.dicom.presentation_states.references import ReferenceReader
from consult.dicom.presenting.presentation import voi_lut
from consult.dicom.presenting.records import VoiLut
from consult.dicom.reading.attributes import integer, items, lut_items, number, numbers, text, written
from consult.model.errors import DicomRefused
from consult.model.image import VoiFunction
from consult.model.presentation_states.state import Box, Sizing

MAX_VALUE = 1e9
MIN_WIDTH = 1e-6
MAX_LUTS = 16
"""Different VOI LUTs of one state."""
MAX_WINDOWS = 16
"""Of an image."""
MAX_AREA = 1_000_000
"""Pixels: no image is larger."""
MAX_MAGNIFICATION = 1000.0
SIZINGS: dict[str, Sizing] = {"SCALE TO FIT": "fit", "TRUE SIZE": "true", "MAGNIFY": "magnify"}
ROTATIONS = (0, 90, 180, 270)


def own_rescale(dataset: Dataset) -> tuple[float, float]:
    """(slope, intercept) of the state's own Modality LUT; as the standard has it, without one stored values are shown
    as they are. A slope of 0: it has a table. Raises DicomRefused("bad_value")."""
    if lut_items(dataset, "ModalityLUTSequence"):
        return 0.0, 0.0
    slope = number(dataset, "RescaleSlope")
    if slope == 0:
        raise DicomRefused("bad_value", "must not be 0", tag="RescaleSlope", value="0")
    return 1.0 if slope is None else slope, number(dataset, "RescaleIntercept") or 0.0


def read_vois(dataset: Dataset, reader: ReferenceReader) -> tuple[Voi, ...]:
    """Of SoftcopyVOILUTSequence. Raises DicomRefused."""
    below_zero = own_rescale(dataset)[1] < 0
    luts: dict[VoiLut, VoiLut] = {}
    found = []
    for item in items(dataset, "SoftcopyVOILUTSequence"):
        references = reader.named(item)
        tables = lut_items(item, "VOILUTSequence")[:1] if not numbers(item, "WindowCenter") else []
        for table in tables:
            lut = voi_lut(table, signed=below_zero)
            found.append(Voi(references, lut=luts.setdefault(lut, lut)))
        if not tables:
            found.append(_window(item, references))
        if len(luts) > MAX_LUTS:
            rule = f"must have at most {MAX_LUTS} different tables"
            raise DicomRefused("too_many", rule, tag="VOILUTSequence", value=str(len(luts)))
    return tuple(found)


def _window(item: Dataset, references: References) -> Voi:
    centers, widths = numbers(item, "WindowCenter"), numbers(item, "WindowWidth")
    for keyword, values in (("WindowCenter", centers), ("WindowWidth", widths)):
        if not values:
            raise DicomRefused("missing", "must be there, or a VOI LUT", tag=keyword, value="absent")
    if abs(centers[0]) > MAX_VALUE:
        rule = f"must be -{MAX_VALUE:g} to {MAX_VALUE:g}"
        raise DicomRefused("out_of_range", rule, tag="WindowCenter", value=written(centers))
    function = _function(item)
    least = 1.0 if function == "LINEAR" else MIN_WIDTH
    if not least <= widths[0] <= MAX_VALUE:
        rule = f"must be {least:g} to {MAX_VALUE:g}, with {function}"
        raise DicomRefused("bad_value", rule, tag="WindowWidth", value=written(widths))
    words = _explanations(item, len(centers))
    others = tuple(
        (center, width, said)
        for center, width, said in [*zip(centers, widths, words, strict=False)][1:MAX_WINDOWS]
        if abs(center) <= MAX_VALUE and least <= width <= MAX_VALUE
    )
    return Voi(references, centers[0], widths[0], function, explanation=words[0], others=others)


def _explanations(item: Dataset, count: int) -> list[str]:
    """Of that many windows, "" where one has none."""
    found = [said.strip() for said in text(item, "WindowCenterWidthExplanation").split("\\")]
    return [*found, *[""] * count][:count]


def _function(item: Dataset) -> VoiFunction:
    known, found = get_args(VoiFunction), text(item, "VOILUTFunction") or "LINEAR"
    if found not in known:
        raise DicomRefused("bad_value", f"must be one of {', '.join(known)}", tag="VOILUTFunction", value=found)
    return cast(VoiFunction, found)


def is_inverse(dataset: Dataset) -> bool:
    """PresentationLUTShape. Raises DicomRefused("bad_value")."""
    found = text(dataset, "PresentationLUTShape") or "IDENTITY"
    if found not in ("IDENTITY", "INVERSE"):
        raise DicomRefused("bad_value", "must be IDENTITY or INVERSE", tag="PresentationLUTShape", value=found)
    return found == "INVERSE"


def spatial(dataset: Dataset) -> tuple[int, bool]:
    """(rotation clockwise in degrees, whether left and right then change places). Raises DicomRefused("bad_value")."""
    rotation = integer(dataset, "ImageRotation") or 0
    if rotation not in ROTATIONS:
        raise DicomRefused("bad_value", "must be 0, 90, 180 or 270", tag="ImageRotation", value=str(rotation))
    flip = text(dataset, "ImageHorizontalFlip") or "N"
    if flip not in ("Y", "N"):
        raise DicomRefused("bad_value", "must be Y or N", tag="ImageHorizontalFlip", value=flip)
    return rotation, flip == "Y"


def read_areas(dataset: Dataset, reader: ReferenceReader) -> tuple[Area, ...]:
    """Of DisplayedAreaSelectionSequence. Raises DicomRefused."""
    return tuple(_area(item, reader) for item in items(dataset, "DisplayedAreaSelectionSequence"))


def _area(item: Dataset, reader: ReferenceReader) -> Area:
    mode = text(item, "PresentationSizeMode")
    if mode not in SIZINGS:
        raise DicomRefused("bad_value", f"must be one of {', '.join(SIZINGS)}", tag="PresentationSizeMode", value=mode)
    return Area(_box(item), reader.named(item), SIZINGS[mode], _magnification(item) if mode == "MAGNIFY" else 1.0)


def _box(item: Dataset) -> Box:
    """Corners are named as they lie on the screen, after rotation and flip; their pixels are those of the image."""
    corners = [_corner(item, f"DisplayedArea{corner}HandCorner") for corner in ("TopLeft", "BottomRight")]
    (left, right), (top, bottom) = (sorted(axis) for axis in zip(*corners, strict=True))
    return left - 1.5, top - 1.5, right - 0.5, bottom - 0.5


def _corner(item: Dataset, keyword: str) -> tuple[float, float]:
    found = numbers(item, keyword)
    whole = all(value == int(value) and abs(value) <= MAX_AREA for value in found)
    if len(found) != 2 or not whole:
        raise DicomRefused("bad_value", "must be a column and a row", tag=keyword, value=written(found) or "absent")
    return found[0], found[1]


def _magnification(item: Dataset) -> float:
    keyword = "PresentationPixelMagnificationRatio"
    found = number(item, keyword)
    if found is None or not 1 / MAX_MAGNIFICATION <= found <= MAX_MAGNIFICATION:
        rule = f"must be {1 / MAX_MAGNIFICATION:g} to {MAX_MAGNIFICATION:g} where the area is magnified"
        raise DicomRefused("bad_value", rule, tag=keyword, value="absent" if found is None else f"{found:g}")
    return found
