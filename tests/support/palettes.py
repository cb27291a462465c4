"""Grey images whose upper stored values have colours (Supplemental Palette Color LUT, PS3.3 C.7.6.19)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset

from tests.support.dicom_files import ct

FIRST = 3000
COLOURS = ((255, 0, 0), (0, 255, 0), (0, 0, 255))
"""Of FIRST and the two values above."""


def supplemental(
    colours: Sequence[tuple[int, int, int]] = COLOURS, first: int = FIRST, *, bits: int = 8
) -> dict[str, Any]:
    """The palette's attributes, by keyword."""
    made: dict[str, Any] = {}
    for channel, name in enumerate(("Red", "Green", "Blue")):
        entries = np.array([colour[channel] for colour in colours], "<u2")
        made[f"{name}PaletteColorLookupTableDescriptor"] = [len(colours), first, bits]
        made[f"{name}PaletteColorLookupTableData"] = (entries * 257 if bits == 16 else entries).astype("<u2").tobytes()
    return made


def coloured_ct(stored: NDArray[Any], **changes: Any) -> Dataset:
    """A CT with these stored values and a palette."""
    rows, columns = stored.shape
    pixels = {"Rows": rows, "Columns": columns, "PixelData": stored.astype("<u2").tobytes()}
    made = ct(**{**pixels, "BitsStored": 16, "HighBit": 15, "PixelPresentation": "COLOR", **supplemental(), **changes})
    made["PixelData"].VR = "OW"
    return made
