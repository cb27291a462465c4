"""One decoded image: what a DICOM worker leaves behind and a kernel reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

VoiFunction = Literal["LINEAR", "LINEAR_EXACT", "SIGMOID"]


@dataclass(frozen=True, eq=False)
class Image:
    """Stored values of one image, and how they become modality units.

    Attributes:
        pixels: (rows, columns) int8/16/32, uint8/16/32 or float32/64 stored values; (rows, columns, 3) uint8 RGB.
        slope, intercept: modality value = stored value x slope + intercept (PS3.3 C.11.1). A Modality LUT Sequence is
            already applied to `pixels`, with slope 1 and intercept 0.
        inverted: PhotometricInterpretation is MONOCHROME1: the smallest value is white.
        voi_function: VOI LUT Function (PS3.3 C.11.2.1.3).
    """

    pixels: NDArray[Any]
    slope: float = 1.0
    intercept: float = 0.0
    inverted: bool = False
    voi_function: VoiFunction = "LINEAR"

    @property
    def colour(self) -> bool:
        """RGB instead of grey."""
        return self.pixels.ndim == 3

    def values(self) -> NDArray[np.float32]:
        """Modality values, (rows, columns) float32."""
        return self.pixels.astype(np.float32) * np.float32(self.slope) + np.float32(self.intercept)
