"""How the images of a stack ask to be shown, as the catalogue has it. Without pydicom."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from consult.dicom.per_image import per_image, runs
from consult.dicom.records import Frame
from consult.model.view import Part

PARTS: tuple[Part, ...] = ("mask", "overlay", "shutter", "palette")


def presented(frames: Sequence[Frame]) -> dict[str, Any]:
    """Fields of model.catalogue.Series: presents, subtracted, projections, regions."""
    shown = [frame.presentation for frame in frames]
    return {
        "presents": tuple(part for part in PARTS if any(part in each.parts for each in shown)),
        "subtracted": runs(image for image, each in enumerate(shown) if each.mask is not None),
        "projections": per_image([each.projection for each in shown], ""),
        "regions": per_image([each.regions for each in shown], ()),
    }
