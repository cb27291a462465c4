"""The images that a presentation state, or a part of it, is for (PS3.3 C.11.11)."""

from __future__ import annotations

from pydicom.dataset import Dataset

from consult.dicom.limits import MAX_FRAMES
from consult.dicom.presentation_states.records import MAX_REFERENCES, Reference, References
from consult.dicom.reading.attributes import items, numbers, written
from consult.dicom.reading.patient import uid
from consult.model.errors import DicomRefused


class ReferenceReader:
    """Reads references of one state, and counts them."""

    def __init__(self) -> None:
        self._count = 0

    def named(self, dataset: Dataset) -> References:
        """Of a ReferencedImageSequence; none where it is absent. Raises DicomRefused."""
        found = items(dataset, "ReferencedImageSequence")
        self._count += len(found)
        if self._count > MAX_REFERENCES:
            rule = f"must name at most {MAX_REFERENCES} images"
            raise DicomRefused("too_many", rule, tag="ReferencedImageSequence", value=str(self._count))
        return tuple(Reference(uid(item, "ReferencedSOPInstanceUID"), _frames(item)) for item in found)

    def all_images(self, dataset: Dataset) -> References:
        """All that the state is for. Raises DicomRefused, also where there is none."""
        found = [named for series in items(dataset, "ReferencedSeriesSequence") for named in self.named(series)]
        if not found:
            raise DicomRefused("missing", "must name images", tag="ReferencedSeriesSequence", value="none")
        return tuple(found)


def _frames(item: Dataset) -> tuple[int, ...]:
    keyword = "ReferencedFrameNumber"
    found = numbers(item, keyword)
    if len(found) > MAX_FRAMES or not all(number == int(number) and 1 <= number <= MAX_FRAMES for number in found):
        raise DicomRefused(
            "bad_value", f"must be numbers of frames, 1 to {MAX_FRAMES}", tag=keyword, value=written(found)
        )
    return tuple(int(number) for number in found)
