"""Objects that are no images: what they are, what they are called, and why some are not shown."""

from __future__ import annotations

from pydicom.dataset import Dataset

from consult.dicom.reading import lenient
from consult.dicom.reading.attributes import text

SEGMENTATION, STRUCTURE_SET = "Segmentation", "RT structure set"
PRESENTATION_STATE = "Presentation state"
REPORT, PDF_DOCUMENT = "Structured report", "PDF document"
STORAGE = "1.2.840.10008.5.1.4.1.1."
KINDS = {
    "88.59": "Key object selection",
    "88.": REPORT,
    "104.1": PDF_DOCUMENT,
    "104.": "Document",
    "66.1": "Spatial registration",
    "66.2": "Spatial fiducials",
    "66.3": "Spatial registration",
    "66.5": "Surface segmentation",
    "66.6": "Tractography",
    "66.": SEGMENTATION,
    "11.": PRESENTATION_STATE,
    "481.3": STRUCTURE_SET,
    "481.5": "RT plan",
    "481.8": "RT plan",
    "481.4": "RT treatment record",
    "481.6": "RT treatment record",
    "481.7": "RT treatment record",
    "481.9": "RT treatment record",
    "9.": "Waveform",
    "67": "Real world value mapping",
}
"""By the SOP class behind STORAGE: all of it, or with a dot at the end all classes that begin so."""
NOT_SHOWN = "This kind of object is not shown."
WHY_NOT = {
    "Key object selection": "It only lists other objects.",
    "Spatial registration": "Registrations are not applied: series are aligned by hand.",
    "Spatial fiducials": "Registrations are not applied: series are aligned by hand.",
    "Document": "Of encapsulated documents only PDF is shown.",
    "RT plan": "A plan holds no picture.",
    "RT treatment record": "A record of treatment holds no picture.",
    "Waveform": "Waveforms are not shown.",
}
"""By kind."""
NAMED_BY = ("DocumentTitle", "StructureSetLabel", "RTPlanLabel", "ContentDescription")
MOST_SEGMENTS = 4
"""Segments of a segmentation that are named."""


def unshown_kind(dataset: Dataset) -> str:
    """What an object is, in words; "" for one that is an image."""
    kind = text(dataset, "SOPClassUID")
    if not kind.startswith(STORAGE):
        return ""
    rest = kind.removeprefix(STORAGE)
    return next((word for key, word in KINDS.items() if rest == key or (key[-1] == "." and rest.startswith(key))), "")


def unshown_name(dataset: Dataset) -> str:
    """The title of a document or report, else the series' description; "" where it has neither.

    What writes segmentations gives them all one ContentLabel, which is a code (PS3.3 10.9): their segments tell them
    apart, and a label of another object stands behind its title.
    """
    titles = [text(item, "CodeMeaning") for item in lenient.items(dataset, "ConceptNameCodeSequence")[:1]]
    named = (*(text(dataset, keyword) for keyword in NAMED_BY), *titles, text(dataset, "SeriesDescription"))
    title = next(filter(None, named), "")
    more = _segments(dataset) or text(dataset, "ContentLabel")
    return " · ".join(part for part in dict.fromkeys((title, more)) if part)


def _segments(dataset: Dataset) -> str:
    """What a segmentation marks (PS3.3 C.8.20.2): "Liver, Spleen"; "" for another object."""
    items = lenient.items(dataset, "SegmentSequence")
    labels = list(dict.fromkeys(label for item in items if (label := text(item, "SegmentLabel"))))
    return ", ".join(labels[:MOST_SEGMENTS]) + (", …" if len(labels) > MOST_SEGMENTS else "")
