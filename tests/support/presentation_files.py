"""Grayscale Softcopy Presentation States of made images (PS3.3 A.33.1)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydicom.dataset import Dataset
from pydicom.uid import GrayscaleSoftcopyPresentationStateStorage

from tests.support.dicom_files import changed, item
from tests.support.segmentation_files import derived_object


def presentation_state(images: Sequence[Dataset], label: str = "LUNG", **changes: Any) -> Dataset:
    """A state for these images, of their study and patient; `changes` as of `dicom_files.ct`. It asks for nothing but
    IDENTITY, and keeps the images' own rescale."""
    first = images[0]
    made = derived_object(first, GrayscaleSoftcopyPresentationStateStorage, "PR", 80)
    made.ContentLabel, made.ContentDescription, made.ContentCreatorName = label, "For the meeting", "READER^RITA"
    made.InstanceNumber, made.PresentationCreationDate, made.PresentationCreationTime = 1, "20261125", "101500"
    series: dict[str, list[Dataset]] = {}
    for image in images:
        series.setdefault(image.SeriesInstanceUID, []).append(named(image))
    made.ReferencedSeriesSequence = [
        item(SeriesInstanceUID=uid, ReferencedImageSequence=found) for uid, found in series.items()
    ]
    if "RescaleSlope" in first:
        made.RescaleSlope, made.RescaleIntercept, made.RescaleType = first.RescaleSlope, first.RescaleIntercept, "HU"
    made.PresentationLUTShape = "IDENTITY"
    return changed(made, changes)


def named(image: Dataset, frames: Sequence[int] = ()) -> Dataset:
    """An item of ReferencedImageSequence."""
    found = item(ReferencedSOPClassUID=image.SOPClassUID, ReferencedSOPInstanceUID=image.SOPInstanceUID)
    if frames:
        found.ReferencedFrameNumber = list(frames)
    return found


def window(center: float, width: float, function: str = "", images: Sequence[Dataset] = ()) -> Dataset:
    """An item of SoftcopyVOILUTSequence."""
    found = item(WindowCenter=center, WindowWidth=width)
    if function:
        found.VOILUTFunction = function
    return _for(found, images)


def area(
    top_left: Sequence[int], bottom_right: Sequence[int], mode: str = "SCALE TO FIT", images: Sequence[Dataset] = (),
    **more: Any,
) -> Dataset:  # fmt: skip
    """An item of DisplayedAreaSelectionSequence; corners are (column, row) from 1."""
    found = item(
        DisplayedAreaTopLeftHandCorner=list(top_left),
        DisplayedAreaBottomRightHandCorner=list(bottom_right),
        PresentationSizeMode=mode,
        PresentationPixelAspectRatio=[1, 1],
        **more,
    )
    return _for(found, images)


def annotation(
    graphics: Sequence[Dataset] = (), texts: Sequence[Dataset] = (), layer: str = "L", images: Sequence[Dataset] = ()
) -> Dataset:
    """An item of GraphicAnnotationSequence."""
    found = item(GraphicLayer=layer)
    if graphics:
        found.GraphicObjectSequence = list(graphics)
    if texts:
        found.TextObjectSequence = list(texts)
    return _for(found, images)


def graphic(kind: str, data: Sequence[float], units: str = "PIXEL", filled: str = "N") -> Dataset:
    """An item of GraphicObjectSequence."""
    return item(
        GraphicAnnotationUnits=units,
        GraphicDimensions=2,
        NumberOfGraphicPoints=len(data) // 2,
        GraphicData=[float(value) for value in data],
        GraphicType=kind,
        GraphicFilled=filled,
    )


def words(text: str, at: Sequence[float], units: str = "PIXEL", **more: Any) -> Dataset:
    """An item of TextObjectSequence, beside what it points at."""
    return item(
        UnformattedTextValue=text,
        AnchorPoint=[float(value) for value in at],
        AnchorPointAnnotationUnits=units,
        AnchorPointVisibility="Y",
        **more,
    )


def _for(found: Dataset, images: Sequence[Dataset]) -> Dataset:
    if images:
        found.ReferencedImageSequence = [named(image) for image in images]
    return found
