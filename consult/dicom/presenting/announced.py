"""How many instances a file says that its series has.

Rules of this file:
- Nothing here refuses a file: what cannot be read is as absent.
- NumberOfSeriesRelatedInstances (PS3.3 C.3.4) is believed of any file. What an acquisition had is believed of its own
  images alone (ORIGINAL\\PRIMARY): a series that was made of others may bear the counts of those.
"""

from __future__ import annotations

from pydicom.dataset import Dataset

from consult.dicom.reading import lenient
from consult.dicom.reading.attributes import text

MOST = 1_000_000
"""What is more is no count of anything."""
VOLUMES = {"STATIC", "WHOLE BODY"}
"""SeriesType of a PET whose slices are counted once (PS3.3 C.8.9.1.1.4)."""


def announced_instances(dataset: Dataset) -> int:
    """0 where the file does not say it."""
    found = _count(dataset, "NumberOfSeriesRelatedInstances")
    if found or text(dataset, "ImageType").split("\\")[:2] != ["ORIGINAL", "PRIMARY"]:
        return found
    if text(dataset, "Modality") == "PT":
        return _of_pet(dataset)
    return _count(dataset, "ImagesInAcquisition")


def _of_pet(dataset: Dataset) -> int:
    """NumberOfSlices of each volume, for as many as NumberOfTimeSlices says; a gated one is not reckoned."""
    kind, slices = text(dataset, "SeriesType").split("\\")[0], _count(dataset, "NumberOfSlices")
    if kind in VOLUMES:
        return slices
    return slices * _count(dataset, "NumberOfTimeSlices") if kind == "DYNAMIC" else 0


def _count(dataset: Dataset, keyword: str) -> int:
    found = lenient.integer(dataset, keyword) or 0
    return found if 0 < found <= MOST else 0
