"""What a compressed stream says that it decodes to, read from its first markers, before a decoder allocates for it.

Rules of this file:
- A stream whose rows, columns or samples are not the header's is refused; so is one of more frames than one.
- Samples of more than 16 bits are decoded only where BitsAllocated is 32.
- Decoders write into zeros of exactly that shape: nothing that lay in memory before comes into a picture.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from consult.dicom.pixels.boxes import boxes
from consult.dicom.pixels.description import PixelDescription
from consult.dicom.pixels.jpeg_stream import damaged
from consult.model.errors import DicomRefused

JPEG_LS_FRAME, SCAN = 0xF7, 0xDA
JPEG_XL_BOXES = b"\0\0\0\x0cJXL "
JPEG_XL_STREAM = b"\xff\x0a"
SIZE_BITS = (9, 13, 18, 30)
RATIOS = ((0, 1), (1, 1), (12, 10), (4, 3), (3, 2), (16, 9), (5, 4), (2, 1))
"""Width to height (ISO/IEC 18181-1 D.1)."""


@dataclass(frozen=True)
class StreamSize:
    """Of a stream. `samples` is None where only its decoder can tell; `planar`: its colours come plane by plane."""

    rows: int
    columns: int
    samples: int | None
    bits: int
    signed: bool = False
    planar: bool = False

    def room(self, description: PixelDescription) -> NDArray[Any]:
        """Zeros to decode into.

        Raises:
            DicomRefused: "pixel_shape", "bad_value": the stream is not what the header describes.
        """
        found = (self.rows, self.columns, description.samples if self.samples is None else self.samples)
        wanted = (description.rows, description.columns, description.samples)
        if found != wanted:
            raise other_shape(found, wanted)
        if self.bits > max(16, description.bits_allocated):
            rule = f"its compressed samples have more bits than BitsAllocated ({description.bits_allocated})"
            raise DicomRefused("bad_value", rule, tag="PixelData", value=f"{self.bits} bits")
        width = 1 if self.bits <= 8 else 2 if self.bits <= 16 else 4
        shape = found[:2] if description.samples == 1 else (found[2], *found[:2]) if self.planar else found
        return np.zeros(shape, f"{'i' if self.signed else 'u'}{width}")


def other_shape(found: tuple[int, ...], wanted: tuple[int, ...]) -> DicomRefused:
    """The refusal of a stream of another shape."""
    rule = f"the compressed frame is {found}, Rows, Columns and SamplesPerPixel ask for {wanted}"
    return DicomRefused("pixel_shape", rule, tag="PixelData")


def jpeg_ls_size(data: bytes) -> StreamSize:
    """Of a JPEG-LS stream (ISO/IEC 14495-1 C): what stands in a comment is no frame. Raises DicomRefused("damaged")."""
    at, frame = 2, (0, 0, 0, 0)
    while at + 10 <= len(data) and data[at] == 0xFF:
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        if marker == JPEG_LS_FRAME and not any(frame):
            frame = struct.unpack_from(">BHHB", data, at + 4)
        elif marker == SCAN and any(frame):
            bits, rows, columns, samples = frame
            return StreamSize(rows, columns, samples, bits, planar=samples > 1 == data[at + 4])
        elif marker in (SCAN, JPEG_LS_FRAME) or (length < 2 and marker != 0xFF):
            break
        at += 1 if marker == 0xFF else 2 + length
    raise damaged("its JPEG-LS stream does not begin with one frame", data)


def jpeg_xl_size(data: bytes) -> StreamSize:
    """Of a JPEG XL stream (ISO/IEC 18181-1 D), with its boxes or without. Raises DicomRefused("damaged")."""
    stream = _first_box(data) if data.startswith(JPEG_XL_BOXES) else data
    if not stream.startswith(JPEG_XL_STREAM):
        raise damaged("the frame does not begin as a JPEG XL stream does", data)
    bits = _Bits(stream[2:66])
    rows, columns = _image_size(bits)
    if bits.take(1):
        return StreamSize(rows, columns, None, 8)  # all metadata have their defaults
    if bits.take(1):
        bits.take(3)  # the orientation
        if bits.take(1):
            _image_size(bits)
        if bits.take(1) or bits.take(1):
            raise damaged("its JPEG XL stream has a preview or moves", data)
    real = bits.take(1)
    depth = (32, 16, 24, 0)[kind] if (kind := bits.take(2)) < 3 and real else (8, 10, 12, 0)[kind]
    return StreamSize(rows, columns, None, depth or 1 + bits.take(6))


def _first_box(data: bytes) -> bytes:
    """What the first box holds that has a part of the codestream (18181-2)."""
    for kind, start, _ in boxes(data):
        if kind in (b"jxlc", b"jxlp"):
            return data[start + (4 if kind == b"jxlp" else 0) :]
    raise damaged("there is no codestream in its JPEG XL file", data)


class _Bits:
    """Bits from the lowest on; zeros behind the end."""

    def __init__(self, data: bytes) -> None:
        self._left = int.from_bytes(data, "little")

    def take(self, count: int) -> int:
        taken = self._left & ((1 << count) - 1)
        self._left >>= count
        return taken


def _image_size(bits: _Bits) -> tuple[int, int]:
    """SizeHeader: rows and columns."""
    small = bits.take(1)
    rows = _length(bits, small=small)
    across, down = RATIOS[bits.take(3)]
    return rows, rows * across // down if across else _length(bits, small=small)


def _length(bits: _Bits, *, small: int) -> int:
    return 8 * (bits.take(5) + 1) if small else 1 + bits.take(SIZE_BITS[bits.take(2)])
