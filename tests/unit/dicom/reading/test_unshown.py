"""What is listed though nothing of it is shown: its name tells it from its brothers."""

from __future__ import annotations

import pytest
from pydicom.dataset import Dataset

from consult.dicom.reading.unshown import unshown_kind, unshown_name

SEGMENTATION, PRESENTATION = "1.2.840.10008.5.1.4.1.1.66.4", "1.2.840.10008.5.1.4.1.1.11.1"


def an_object(kind: str, *segments: str, **attributes: str) -> Dataset:
    """One of a SOP class, with segments of these labels."""
    dataset = Dataset()
    dataset.SOPClassUID = kind
    for keyword, value in attributes.items():
        setattr(dataset, keyword, value)
    if segments:
        dataset.SegmentSequence = [Dataset() for _ in segments]
        for item, label in zip(dataset.SegmentSequence, segments, strict=True):
            item.SegmentLabel = label
    return dataset


@pytest.mark.parametrize(
    ("made", "name"),
    [
        (an_object(SEGMENTATION, "Liver", ContentLabel="SEGMENTATION"), "Liver"),
        (an_object(SEGMENTATION, "Spleen", ContentLabel="SEGMENTATION", SeriesDescription="AI"), "AI · Spleen"),
        (an_object(SEGMENTATION, "Lung", "Lung", "Heart", ContentDescription="Organs"), "Organs · Lung, Heart"),
        (an_object(SEGMENTATION, *"ABCDEF"), "A, B, C, D, …"),
        (an_object(SEGMENTATION, "Liver", ContentDescription="Liver"), "Liver"),
        (an_object(SEGMENTATION, ContentLabel="SEGMENTATION"), "SEGMENTATION"),
        (an_object(PRESENTATION, ContentLabel="LUNG", SeriesDescription="Presets"), "Presets · LUNG"),
        (an_object(PRESENTATION), ""),
    ],
)
def test_segments_and_labels_tell_objects_apart(made: Dataset, name: str) -> None:
    # Seen to fail: two segmentations of one ContentLabel had one name.
    assert unshown_kind(made)
    assert unshown_name(made) == name
