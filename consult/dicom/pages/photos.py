"""Photos that people bring along, JPEG or PNG: decoded and written anew, so that nothing but pixels is kept of a file.

What a file says besides (names, places, the camera) is gone, and its pixels stand upright as it asks for.
"""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from consult.dicom.pages.records import Photo, PhotoKind
from consult.model.errors import DicomRefused

MAX_PIXELS = 60_000_000
BEGINNINGS: tuple[tuple[bytes, PhotoKind, str], ...] = (
    (b"\xff\xd8\xff", "image/jpeg", ".jpg"),
    (b"\x89PNG\r\n\x1a\n", "image/png", ".png"),
)
QUALITY = 92


def read_photo(path: str) -> Photo:
    """The photo of a file. Raises DicomRefused("no_photo"): it is neither, broken, or too large."""
    content = Path(path).read_bytes()
    found = next(((kind, suffix) for begins, kind, suffix in BEGINNINGS if content.startswith(begins)), None)
    if found is None:
        raise DicomRefused("no_photo", "A picture is a JPEG or PNG file.")
    pixels = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_COLOR)
    if pixels is None:
        raise DicomRefused("no_photo", "This picture cannot be read: it is broken.")
    height, width = pixels.shape[:2]
    if height * width > MAX_PIXELS:
        raise DicomRefused("no_photo", f"A picture has {MAX_PIXELS // 1_000_000} million pixels at most.")
    kind, suffix = found
    options = [cv2.IMWRITE_JPEG_QUALITY, QUALITY] if kind == "image/jpeg" else []
    written, encoded = cv2.imencode(suffix, pixels, options)
    if not written:
        raise DicomRefused("no_photo", "This picture cannot be kept.")
    return Photo(encoded.tobytes(), kind, width, height)
