"""Whether the decoders of compressed images work on this machine: each decodes what its encoder has made."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import imagecodecs
import numpy as np
from numpy.typing import NDArray

from consult.dicom.pixels.codecs import decompress
from consult.dicom.pixels.description import PixelDescription
from consult.model.errors import DicomRefused

SIDE, BITS = 64, 12
Encode = Callable[[NDArray[Any]], Any]
LOSSLESS: dict[str, tuple[str, Encode]] = {
    "JPEG": (
        "1.2.840.10008.1.2.4.70",
        lambda image: imagecodecs.jpeg8_encode(image, lossless=True, bitspersample=BITS),
    ),
    "JPEG-LS": ("1.2.840.10008.1.2.4.80", imagecodecs.jpegls_encode),
    "JPEG 2000": (
        "1.2.840.10008.1.2.4.90",
        lambda image: imagecodecs.jpeg2k_encode(image, codecformat="j2k", level=0, reversible=True, bitspersample=BITS),
    ),
    "HTJ2K": ("1.2.840.10008.1.2.4.201", lambda image: imagecodecs.htj2k_encode(image, reversible=True)),
    "JPEG XL": ("1.2.840.10008.1.2.4.110", lambda image: imagecodecs.jpegxl_encode(image, lossless=True)),
}
"""By what people call it: the transfer syntax, and what makes a frame of it."""


def try_decoders() -> dict[str, str]:
    """Of each, what is wrong with it; "": pixels come back as they were."""
    image = (np.arange(SIDE * SIDE, dtype=np.uint16).reshape(SIDE, SIDE) * 7) % (1 << BITS)
    return {name: _try(image, syntax, encode) for name, (syntax, encode) in LOSSLESS.items()}


def _try(image: NDArray[np.uint16], syntax: str, encode: Encode) -> str:
    description = PixelDescription(
        syntax, SIDE, SIDE, 1, 16, BITS, BITS - 1, signed=False, photometric="MONOCHROME2", planar=False, frames=1,
        floats=False,
    )  # fmt: skip
    try:
        found = decompress(bytes(encode(image)), description)
    except DicomRefused as refused:
        return refused.rule
    except Exception as error:  # whatever a library raises, it does not work
        return f"{type(error).__name__}: {error}"
    return "" if np.array_equal(found, image) else "pixels come back as others"
