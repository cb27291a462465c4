"""What the files say of each image of a stack, as a page shows it beside the image. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from consult.dicom.per_image import per_image
from consult.dicom.placing import Item
from consult.model.catalogue import ImageValues
from consult.model.geometry import cross, dot

SAME_LOCATION_MM = 0.05
"""SliceLocation is shown with one decimal."""
DAY_S = 86_400


def image_values(items: Sequence[Item]) -> ImageValues:
    """Of the images of a stack, in their order."""
    b_values = per_image([_number(item, "DiffusionBValue") for item in items], None)
    return ImageValues(
        instance_number=per_image([item.frame.order[2] or None for item in items], None),
        acquired=per_image([_clock(_number(item, "AcquisitionTime")) for item in items], None),
        slice_thickness_mm=per_image([item.frame.slice_thickness_mm or None for item in items], None),
        slice_location_mm=per_image([_own_location(item) for item in items], None),
        echo_time_ms=per_image([_number(item, "EchoTime") for item in items], None),
        b_value=b_values if any(b_values) else (),
        frame_time_ms=per_image([_number(item, "FrameTime") for item in items], None),
    )


def _number(item: Item, keyword: str) -> float | None:
    attributes = item.frame.attributes
    return None if attributes is None else attributes.numbers.get(keyword)


def _clock(seconds: float | None) -> str | None:
    if seconds is None:
        return None
    minutes, second = divmod(int(seconds) % DAY_S, 60)
    return f"{minutes // 60:02}:{minutes % 60:02}:{second:02}"


def _own_location(item: Item) -> float | None:
    """SliceLocation, where it is not the position along the normal."""
    recorded, plane = _number(item, "SliceLocation"), item.frame.plane
    if recorded is None or plane is None:
        return None
    return recorded if abs(recorded - dot(plane.position, cross(plane.right, plane.down))) >= SAME_LOCATION_MM else None
