"""How the images of a stack ask to be shown, as the catalogue has it. Without pydicom."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from consult.dicom.per_image import per_image
from consult.dicom.records import Frame
from consult.model.view import Part

PARTS: tuple[Part, ...] = ("mask", "overlay", "shutter")


def presented(frames: Sequence[Frame]) -> dict[str, Any]:
    """Fields of model.catalogue.Series: presents, subtracted, projections, regions."""
    shown = [frame.presentation for frame in frames]
    return {
        "presents": tuple(part for part in PARTS if any(part in each.parts for each in shown)),
        "subtracted": _runs([each.mask is not None for each in shown]),
        "projections": per_image([each.projection for each in shown], ""),
        "regions": per_image([each.regions for each in shown], ()),
    }


def _runs(flags: Sequence[bool]) -> tuple[tuple[int, int], ...]:
    """(first, last) of each run that is true."""
    runs = []
    for flag, run in groupby(enumerate(flags), key=lambda pair: pair[1]):
        indexes = [index for index, _ in run]
        if flag:
            runs.append((indexes[0], indexes[-1]))
    return tuple(runs)
