"""Lossless JPEG XL (ISO/IEC 18181) of exact stills: two thirds of their PNG, and several times the work.

imagecodecs is used here for what the server has drawn itself; files are decoded in worker processes (`dicom/pixels`).
"""

from __future__ import annotations

import numpy as np

from consult.media.video.png import Pixels

EFFORT = 2
"""Of libjxl (1 to 10): more costs many times as much, for a few percent."""


def encode_jpeg_xl(pixels: Pixels) -> bytes:
    """Encode a picture, on one thread. Thread-safe; the long parts release the GIL.

    Args:
        pixels: (height, width) grey or (height, width, 3) RGB, uint8.
    """
    from imagecodecs import jpegxl_encode  # here: a server begins without it

    return bytes(jpegxl_encode(np.ascontiguousarray(pixels), lossless=True, effort=EFFORT, numthreads=1))
