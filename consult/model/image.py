"""One decoded image: what a DICOM worker leaves behind and a kernel reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

VoiFunction = Literal["LINEAR", "LINEAR_EXACT", "SIGMOID"]
OVERLAY, SHUTTER = 1, 2
"""Bits of a graphics plane: drawn over the image; behind the display shutter."""


@dataclass(frozen=True, eq=False)
class SupplementalColours:
    """Colours of stored values from `first` on (Supplemental Palette Color LUT, PS3.3 C.7.6.19); those below are grey.

    Attributes:
        colours: (n, 3) uint8 RGB of `first`, the next value, and so on; higher values have the last one's.
    """

    first: int
    colours: NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Image:
    """Stored values of one image, and how they become modality units.

    Attributes:
        pixels: (rows, columns) int8/16/32, uint8/16/32 or float32/64 stored values; (rows, columns, 3) uint8 RGB.
        slope, intercept: modality value = stored value x slope + intercept (PS3.3 C.11.1). A Modality LUT Sequence is
            already applied to `pixels`, with slope 1 and intercept 0.
        inverted: PhotometricInterpretation is MONOCHROME1: the smallest value is white.
        voi_function: VOI LUT Function (PS3.3 C.11.2.1.3).
        padding: (lowest, highest) stored value that is no image (PS3.3 C.7.5.1.1.2); None where there is none.
        voi_luts: VOI LUTs of the image (PS3.3 C.11.2.1.1), each as (n,) uint8 greys of its entries.
        mask: (rows, columns) float32 stored values that are subtracted (PS3.3 C.7.6.10); None: nothing is.
        graphics: (rows, columns) uint8 of OVERLAY and SHUTTER; None where the file has neither.
        supplemental: of grey images, what colours stand for some of their values; None where all are grey.
    """

    pixels: NDArray[Any]
    slope: float = 1.0
    intercept: float = 0.0
    inverted: bool = False
    voi_function: VoiFunction = "LINEAR"
    padding: tuple[float, float] | None = None
    voi_luts: tuple[NDArray[np.uint8], ...] = ()
    mask: NDArray[np.float32] | None = None
    graphics: NDArray[np.uint8] | None = None
    supplemental: SupplementalColours | None = None

    @property
    def colour(self) -> bool:
        """RGB instead of grey."""
        return self.pixels.ndim == 3

    def padded(self, pixels: NDArray[Any]) -> NDArray[np.bool_]:
        """Which of these stored values are no values of the image: padding, and what stands for a colour."""
        coloured = self.coloured(pixels)
        if self.padding is None:
            return coloured
        low, high = self.padding
        return np.asarray(coloured | ((pixels >= low) & (pixels <= high)), np.bool_)

    def coloured(self, pixels: NDArray[Any]) -> NDArray[np.bool_]:
        """Which of these stored values stand for a colour."""
        if self.supplemental is None:
            return np.zeros(pixels.shape, np.bool_)
        return np.asarray(pixels >= self.supplemental.first, np.bool_)

    def values(self) -> NDArray[np.float32]:
        """Modality values, (rows, columns) float32."""
        return self.pixels.astype(np.float32) * np.float32(self.slope) + np.float32(self.intercept)
