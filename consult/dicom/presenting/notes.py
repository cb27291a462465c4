"""What must be said on a picture, because the file asks for something that is not applied or cannot be used."""

from __future__ import annotations

from collections.abc import Iterable

from pydicom.dataset import Dataset

from consult.dicom.presenting.presentation import AVERAGE, DIFFERENCE, REVERSED, SUBTRACTED
from consult.dicom.presenting.supplemental import asks_for_colours, supplemental_palette
from consult.dicom.reading import lenient
from consult.dicom.reading.attributes import text
from consult.dicom.records import Frame
from consult.model.errors import DicomRefused

UNUSABLE = "geometry not usable"
NOT_FOR_READING = "not for reading"
SLOPE_0 = "RescaleSlope is 0, stored values are shown"
PALETTE = "colours of the supplemental palette are not shown"
SHUTTER = "the display shutter is not applied"
MASK = "the mask is not subtracted"
KNOWN_SHUTTERS = {"RECTANGULAR", "CIRCULAR", "POLYGONAL"}


def notes(dataset: Dataset, frames: Iterable[Frame]) -> str:
    """All notes of a file, joined; of each kind that frames have of their own, the first."""
    of_frames = {note.partition(":")[0]: note for frame in frames for note in reversed(frame.presentation.notes)}
    found = (
        NOT_FOR_READING if text(dataset, "Modality") == "MG" else "",
        *of_frames.values(),
        PALETTE if asks_for_colours(dataset) and supplemental_palette(dataset) is None else "",
        SHUTTER if set(filter(None, text(dataset, "ShutterShape").split("\\"))) - KNOWN_SHUTTERS else "",
        _mask_note(dataset),
    )
    return joined(found)


def joined(found: Iterable[str]) -> str:
    """Notes in one line, each once."""
    return ", ".join(filter(None, dict.fromkeys(found)))


def geometry_note(unusable: DicomRefused) -> str:
    """Names the attribute and what it holds."""
    return f"{UNUSABLE}: {unusable.tag} {unusable.value}".rstrip()


def _mask_note(dataset: Dataset) -> str:
    if text(dataset, "RecommendedViewingMode") != SUBTRACTED:
        return ""
    found = {text(item, "MaskOperation") for item in lenient.items(dataset, "MaskSubtractionSequence")}
    return "" if found and found <= {AVERAGE, DIFFERENCE, REVERSED, "NONE"} else MASK
