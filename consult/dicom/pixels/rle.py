"""One RLE segment (PS3.5 G.3): exactly as many bytes as the image has pixels, counted before it is unpacked."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from consult.dicom.pixels.jpeg_stream import damaged
from consult.model.errors import DicomRefused


def unpack_segment(segment: bytes, size: int) -> NDArray[np.uint8]:
    """The bytes of a segment.

    Args:
        segment: with its padding.
        size: how many it must hold.

    Raises:
        DicomRefused: "truncated": it holds fewer; "damaged": more.
    """
    from imagecodecs import packbits_decode

    from consult.dicom.pixels.walks import walk_packbits

    end = int(walk_packbits(np.frombuffer(segment, np.uint8), size))
    if end < 0 and -1 - end < size:
        rule = f"the image is damaged: an RLE segment holds {-1 - end} of {size} bytes"
        raise DicomRefused("truncated", rule, tag="PixelData", value=f"{len(segment)} bytes")
    if end < 0 or any(segment[end:]):
        raise damaged(f"an RLE segment holds more than {size} bytes", segment)
    return np.frombuffer(packbits_decode(segment[:end]), np.uint8)
