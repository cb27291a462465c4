"""What is shown until an exact still is here: the same picture with fewer pixels, as JPEG (ITU-T T.81)."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

MAX_PIXELS = 960 * 540
"""Of noisy CT about 60 kB: a tenth of a second at 5 Mbit/s."""
QUALITY = 60


def encode_preview(pixels: NDArray[np.uint8]) -> bytes:
    """A picture at most so large, of the same shape. Thread-safe; the long parts release the GIL.

    Args:
        pixels: (height, width) grey or (height, width, 3) RGB, uint8, at least one pixel.

    Raises:
        ValueError: it cannot be encoded.
    """
    height, width = pixels.shape[:2]
    share = min(1.0, (MAX_PIXELS / (width * height)) ** 0.5)
    size = max(1, round(width * share)), max(1, round(height * share))
    small = pixels if share == 1 else cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    ordered = small if small.ndim == 2 else cv2.cvtColor(small, cv2.COLOR_RGB2BGR)
    encoded, data = cv2.imencode(".jpg", ordered, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    if not encoded:
        raise ValueError(f"no preview of {pixels.shape}")
    return data.tobytes()
